//! Random histories: whatever happens, the lobby hears nothing of the room, nobody hears anything after the
//! last word, and the log has one commit per epoch.

use super::super::super::wire::{
    BlobBody, DoorTo, Found, FromPage, Kind, Lock, Log, MediaState, Nothing, Offer, Say, Seal, Slot,
    WelcomeFor, Whom,
};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// The promises of this file, over random histories. After each step: whoever was not in the room before
    /// and after hears nothing of it; whoever is out hears nothing at all; seats hold; writes say what the
    /// state says.
    #[test]
    fn nothing_of_the_room_reaches_the_lobby(events in proptest::collection::vec(any_event(), 1..120)) {
        let mut run = Run::new();
        let mut log = BTreeMap::new();
        for event in events {
            let before = run.visit.clone();
            let Ok(step) = step(&before, event.clone(), run.now) else { continue };
            for effect in &step.effects {
                if let Effect::Tell(id, notice) | Effect::Answer(id, notice) = effect {
                    let was = before.people.get(id).map(|one| one.state);
                    let is = step.visit.people[id].state;
                    may_hear(notice, was, is);
                }
            }
            may_change(&before, &step, &event);
            one_commit_per_epoch(&mut log, &step);
            let inside = step.visit.people.values().filter(|one| one.state.holds_a_place()).count();
            prop_assert!(inside <= ROOM_PEOPLE + 1, "{inside} people");
            for write in &step.writes {
                if let Write::Participant(id, state) = write {
                    prop_assert_eq!(step.visit.people[id].state, *state);
                }
            }
            run.now = run.now.plus_ms(700);
            run.visit = step.visit;
        }
    }
}

fn may_hear(notice: &Notice, was: Option<S>, is: S) {
    let inside = is.holds_a_place();
    match notice {
        Notice::View(View::Lobby(_)) | Notice::Returned => assert_eq!(is, S::Waiting),
        Notice::View(_)
        | Notice::Admitted
        | Notice::Knocked { .. }
        | Notice::Founded { .. }
        | Notice::Sealed { .. }
        | Notice::Note { .. } => assert!(inside, "{notice:?} to {is:?}"),
        Notice::Door { .. } | Notice::WelcomeIn { .. } => {
            assert!(inside || is == S::Waiting, "{notice:?} to {is:?}");
        }
        Notice::Removed => assert_eq!(is, S::Removed),
        Notice::Left | Notice::Ended => assert!(!inside && is != S::Waiting),
    }
    // One last word, never two.
    assert!(was.is_none_or(|was| was == S::Waiting || was.holds_a_place()), "{notice:?} after {was:?}");
}

/// All who hear of an entry hear the same one, live or by `log`, until the host founds anew.
fn one_commit_per_epoch(log: &mut BTreeMap<u64, Payload>, step: &Step) {
    let inside = step.visit.people.values().filter(|one| one.state.holds_a_place()).count();
    let mut told = 0;
    for effect in &step.effects {
        let (Effect::Tell(_, notice) | Effect::Answer(_, notice)) = effect else { continue };
        match notice {
            Notice::Founded { epoch: 0, .. } => log.clear(),
            Notice::Founded { epoch, .. } => assert_eq!(*epoch, log.len() as u64),
            Notice::Sealed { index, epoch, commit, .. } => {
                assert_eq!(*index, epoch + 1);
                assert_eq!(log.entry(*index).or_insert_with(|| commit.clone()), commit);
                told += usize::from(matches!(effect, Effect::Tell(..)));
            }
            _ => {}
        }
    }
    assert!(told == 0 || told == inside, "{told} of {inside} heard of a commit");
    let last = log.last_key_value().map_or(0, |(index, _)| *index);
    assert_eq!(last, log.len() as u64, "a hole in the log");
}

/// Only whoever leads changes anything about somebody else.
fn may_change(before: &Visit, step: &Step, event: &Event) {
    let Event::From(by, _) = event else { return };
    if before.people[by].role.leads() {
        return;
    }
    assert_eq!(before.locked, step.visit.locked);
    let changed: BTreeSet<ParticipantId> = step
        .visit
        .people
        .iter()
        .filter(|(id, one)| before.people[id].state != one.state)
        .map(|(id, _)| *id)
        .collect();
    assert!(changed.iter().all(|id| id == by), "{changed:?} by {by:?}");
}

fn any_event() -> impl Strategy<Value = Event> {
    let id = proptest::sample::select(vec![host(), deputy(), patient(), guest(), other(), last()]);
    let states = proptest::sample::select(S::ALL.to_vec());
    let known = (id.clone(), states).prop_map(|(id, state)| Event::Known {
        id,
        role: role(id),
        state,
        waiting_since: NOW,
    });
    prop_oneof![
        1 => known,
        6 => id.clone().prop_map(Event::Enters),
        2 => id.clone().prop_map(Event::LosesSocket),
        1 => id.clone().prop_map(Event::CutOff),
        3 => id.clone().prop_map(Event::MediaUp),
        1 => id.clone().prop_map(Event::MediaDown),
        1 => id.clone().prop_map(Event::MediaGone),
        1 => (id.clone(), id.clone()).prop_map(|(id, other)| Event::Slots(id, vec![slot(other)])),
        1 => id.clone().prop_map(|id| Event::Sizes(id, vec![Size::Large])),
        1 => Just(Event::Tick),
        18 => (id.clone(), any_message()).prop_map(|(id, message)| Event::From(id, message)),
    ]
}

fn any_message() -> impl Strategy<Value = FromPage> {
    let id = proptest::sample::select(vec![host(), deputy(), patient(), guest(), other(), last()]);
    let whom = id.clone().prop_map(|participant| Whom { participant });
    prop_oneof![
        4 => whom.clone().prop_map(FromPage::Admit),
        1 => whom.clone().prop_map(FromPage::Remove),
        2 => whom.prop_map(FromPage::BackToLobby),
        1 => any::<bool>().prop_map(|locked| FromPage::Lock(Lock { locked })),
        2 => Just(FromPage::Say(Say { text: "soon".into() })),
        2 => Just(FromPage::Offer(Offer { sdp: "v=0".into() })),
        2 => any::<(bool, bool)>().prop_map(|(mic, camera)| FromPage::Media(MediaState { mic, camera })),
        2 => Just(note()),
        3 => blob().prop_map(|blob| FromPage::Knock(BlobBody { blob })),
        3 => (proptest::option::of(id.clone()), blob())
            .prop_map(|(to, blob)| FromPage::Door(DoorTo { to, blob })),
        2 => blob().prop_map(|group| FromPage::Found(Found { group })),
        5 => (0..5_u64, blob(), proptest::option::of(id)).prop_map(|(epoch, commit, to)| {
            let welcome = to.map(|to| WelcomeFor { to, blob: "welcome".into() });
            FromPage::Seal(Seal { epoch, commit, welcome })
        }),
        1 => (0..5_u64).prop_map(|after| FromPage::Log(Log { after })),
        1 => Just(FromPage::Leave(Nothing {})),
        1 => Just(FromPage::Alive(Nothing {})),
    ]
}

fn slot(participant: ParticipantId) -> Slot {
    Slot { slot: 0, kind: Kind::Video, participant }
}

fn blob() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{1,6}"
}
