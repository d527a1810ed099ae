//! The reducer by tables and by random histories: whatever happens, the lobby hears nothing of the room.

use super::super::problem::Trouble;
use super::super::view::View;
use super::super::wire::{BlobTo, FromPage, Lock, MediaState, Nothing, Offer, Role, Say, Slot, Whom};
use super::*;
use crate::before::rules::{ParticipantState as S, VisitState};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{ParticipantId, UnixMillis};

/// A patient waits, the host admits, both are in the room; a guest stands in the lobby all the while.
#[test]
fn a_patient_waits_until_admitted() {
    let mut run = Run::new();
    run.ok(Event::Enters(patient()));
    assert!(matches!(run.last_told(patient()), Notice::View(View::Lobby(lobby)) if lobby.position == 1));
    run.ok(Event::Enters(host()));
    assert_eq!(run.visit.state, VisitState::Live);
    assert_eq!(run.state(host()), S::InRoom);
    run.ok(from(host(), admit(patient())));
    assert_eq!(run.state(patient()), S::Admitted);
    assert_eq!(run.told[&patient()][1], Notice::Admitted);
    assert!(matches!(run.last_told(patient()), Notice::View(View::Room(room)) if room.people.len() == 2));
    run.ok(from(patient(), FromPage::Offer(Offer { sdp: "v=0".into() })));
    run.ok(Event::MediaUp(patient()));
    assert_eq!(run.state(patient()), S::InRoom);
}

#[test]
fn everybody_but_the_host_may_be_removed_and_hears_nothing_afterwards() {
    let mut run = Run::met();
    assert_eq!(run.try_step(from(host(), remove(host()))), Err(Trouble::NotYours));
    run.ok(from(host(), remove(patient())));
    assert_eq!(run.last_told(patient()), &Notice::Removed);
    assert_eq!(run.state(patient()), S::Removed);
    let told = run.told[&patient()].len();
    run.ok(from(host(), FromPage::Say(Say { text: "hello".into() })));
    run.ok(Event::Enters(patient()));
    run.ok(Event::MediaUp(patient()));
    assert_eq!(run.told[&patient()].len(), told);
    assert_eq!(
        run.try_step(from(patient(), FromPage::Offer(Offer { sdp: "v=0".into() }))),
        Err(Trouble::NotAdmitted)
    );
}

#[test]
fn a_locked_room_admits_nobody_and_says_why() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    run.ok(from(host(), FromPage::Lock(Lock { locked: true })));
    assert_eq!(run.try_step(from(host(), admit(guest()))), Err(Trouble::RoomLocked));
    assert_eq!(run.state(guest()), S::Waiting);
    // Who has a place keeps it.
    run.ok(Event::LosesSocket(patient()));
    run.ok(Event::Enters(patient()));
    run.ok(Event::MediaUp(patient()));
    assert_eq!(run.state(patient()), S::InRoom);
    run.ok(from(host(), FromPage::Lock(Lock { locked: false })));
    run.ok(from(host(), admit(guest())));
}

#[test]
fn a_reload_needs_no_second_admission() {
    let mut run = Run::met();
    run.ok(Event::LosesSocket(patient()));
    assert_eq!(run.state(patient()), S::Away);
    run.ok(Event::Enters(patient()));
    assert!(matches!(run.last_told(patient()), Notice::View(View::Room(_))));
    run.ok(Event::MediaUp(patient()));
    assert_eq!(run.state(patient()), S::InRoom);
}

#[test]
fn back_to_lobby_ends_media_and_shows_the_lobby_alone() {
    let mut run = Run::met();
    let step = run.ok(from(host(), FromPage::BackToLobby(Whom { participant: patient() })));
    assert!(step.contains(&Effect::StopMedia(patient())));
    assert_eq!(run.state(patient()), S::Waiting);
    assert!(matches!(run.last_told(patient()), Notice::View(View::Lobby(_))));
    assert_eq!(run.try_step(from(patient(), blob(None))), Err(Trouble::NotAdmitted));
}

#[test]
fn the_end_is_for_everyone_and_once() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    let effects = run.ok(from(host(), FromPage::End(Nothing {})));
    assert_eq!(run.visit.state, VisitState::Ended);
    for id in [host(), patient(), guest()] {
        assert_eq!(run.last_told(id), &Notice::Ended);
        assert!(effects.contains(&Effect::Close(id)));
        assert_eq!(run.state(id), S::Left);
    }
    assert!(effects.contains(&Effect::CloseRoom));
    assert_eq!(run.try_step(from(host(), FromPage::End(Nothing {}))), Err(Trouble::VisitOver));
}

#[test]
fn a_room_holds_four_and_keeps_a_seat_for_the_host() {
    let mut run = Run::new();
    for id in [patient(), guest(), other(), last()] {
        run.ok(Event::Enters(id));
    }
    run.ok(Event::Known { id: deputy(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    run.ok(Event::Enters(deputy()));
    run.ok(from(deputy(), admit(patient())));
    run.ok(from(deputy(), admit(guest())));
    assert_eq!(run.try_step(from(deputy(), admit(other()))), Err(Trouble::RoomFull));
    run.ok(Event::Enters(host()));
    assert_eq!(run.try_step(from(host(), admit(other()))), Err(Trouble::RoomFull));
}

#[test]
fn what_only_leaders_do_is_refused_to_everyone_else() {
    let whom = Whom { participant: host() };
    let acts = [
        FromPage::Admit(whom),
        FromPage::Remove(whom),
        FromPage::BackToLobby(whom),
        FromPage::Lock(Lock { locked: true }),
        FromPage::End(Nothing {}),
        FromPage::Say(Say { text: "x".into() }),
    ];
    for act in acts {
        let mut inside = Run::met();
        assert_eq!(inside.try_step(from(patient(), act.clone())), Err(Trouble::NotYours));
        let mut waiting = Run::met();
        waiting.ok(Event::Enters(guest()));
        assert_eq!(waiting.try_step(from(guest(), act)), Err(Trouble::NotAdmitted));
        assert_eq!(inside.state(host()), S::InRoom);
    }
}

#[test]
fn those_who_wait_longest_come_first() {
    let mut run = Run::new();
    run.ok(Event::Known {
        id: guest(),
        role: Role::Supporter,
        state: S::Waiting,
        waiting_since: NOW.plus_ms(-9),
    });
    run.ok(Event::Enters(patient()));
    run.ok(Event::Enters(guest()));
    assert!(matches!(run.last_told(guest()), Notice::View(View::Lobby(lobby)) if lobby.ahead == 0));
    run.ok(Event::Tick);
    assert!(matches!(run.last_told(patient()), Notice::View(View::Lobby(lobby)) if lobby.ahead == 1));
}

#[test]
fn the_expected_wait_is_told_only_while_it_is_known() {
    let mut run = Run::new();
    run.visit.starts_at = NOW.plus_ms(61_000);
    run.ok(Event::Enters(patient()));
    assert!(
        matches!(run.last_told(patient()), Notice::View(View::Lobby(l)) if l.expected_wait_min == Some(2))
    );
    run.now = NOW.plus_ms(61_000);
    run.ok(Event::Tick);
    assert!(
        matches!(run.last_told(patient()), Notice::View(View::Lobby(l)) if l.expected_wait_min.is_none())
    );
}

#[test]
fn media_end_when_a_person_stays_away() {
    let mut run = Run::met();
    run.ok(Event::LosesSocket(patient()));
    assert!(!run.ok(Event::Tick).contains(&Effect::StopMedia(patient())));
    run.now = run.now.plus_ms(MEDIA_OUTLIVES_SOCKET_MS);
    assert!(run.ok(Event::Tick).contains(&Effect::StopMedia(patient())));
    assert_eq!(run.state(patient()), S::Away);
}

#[test]
fn a_page_of_the_practice_that_ends_the_visit_ends_it_here() {
    let mut run = Run::met();
    run.ok(Event::VisitIs { state: VisitState::MovedToPhone, starts_at: NOW });
    assert_eq!(run.last_told(patient()), &Notice::Ended);
    assert_eq!(run.visit.state, VisitState::MovedToPhone);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// The promises of this file, over random histories. After each step: whoever was not in the room before
    /// and after hears nothing of it; whoever is out hears nothing at all; seats hold; writes say what the
    /// state says.
    #[test]
    fn nothing_of_the_room_reaches_the_lobby(events in proptest::collection::vec(any_event(), 1..120)) {
        let mut run = Run::new();
        for event in events {
            let before = run.visit.clone();
            let Ok(step) = step(&before, event.clone(), run.now) else { continue };
            for effect in &step.effects {
                if let Effect::Tell(id, notice) = effect {
                    let was = before.people.get(id).map(|one| one.state);
                    let is = step.visit.people[id].state;
                    may_hear(notice, was, is);
                }
            }
            may_change(&before, &step, &event);
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
        Notice::View(_) | Notice::Admitted | Notice::Blob { .. } => assert!(inside, "{notice:?} to {is:?}"),
        Notice::Removed => assert_eq!(is, S::Removed),
        Notice::Left | Notice::Ended => assert!(!inside && is != S::Waiting),
    }
    // One last word, never two.
    assert!(was.is_none_or(|was| was == S::Waiting || was.holds_a_place()), "{notice:?} after {was:?}");
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
        3 => proptest::option::of(id).prop_map(blob),
        1 => Just(FromPage::Leave(Nothing {})),
        1 => Just(FromPage::Alive(Nothing {})),
    ]
}

struct Run {
    visit: Visit,
    now: UnixMillis,
    told: BTreeMap<ParticipantId, Vec<Notice>>,
}

impl Run {
    /// The host's page is open to come in, four people are in the lobby by their rows.
    fn new() -> Run {
        let mut visit = Visit::new(VisitState::Waiting, false, NOW, None);
        visit.people.insert(host(), Someone::new(Role::Host, S::Admitted, NOW));
        for id in [patient(), guest(), other(), last()] {
            visit.people.insert(id, Someone::new(role(id), S::Waiting, NOW));
        }
        Run { visit, now: NOW, told: BTreeMap::new() }
    }

    /// Host and patient are in the room.
    fn met() -> Run {
        let mut run = Run::new();
        run.ok(Event::Enters(patient()));
        run.ok(Event::Enters(host()));
        run.ok(from(host(), admit(patient())));
        run.ok(Event::MediaUp(patient()));
        run
    }

    fn ok(&mut self, event: Event) -> Vec<Effect> {
        self.try_step(event).unwrap()
    }

    fn try_step(&mut self, event: Event) -> Result<Vec<Effect>, Trouble> {
        let step = step(&self.visit, event, self.now)?;
        for effect in &step.effects {
            if let Effect::Tell(id, notice) = effect {
                self.told.entry(*id).or_default().push(notice.clone());
            }
        }
        self.visit = step.visit;
        Ok(step.effects)
    }

    fn state(&self, id: ParticipantId) -> S {
        self.visit.people[&id].state
    }

    fn last_told(&self, id: ParticipantId) -> &Notice {
        self.told[&id].last().unwrap()
    }
}

fn from(id: ParticipantId, message: FromPage) -> Event {
    Event::From(id, message)
}

fn admit(participant: ParticipantId) -> FromPage {
    FromPage::Admit(Whom { participant })
}

fn remove(participant: ParticipantId) -> FromPage {
    FromPage::Remove(Whom { participant })
}

fn blob(to: Option<ParticipantId>) -> FromPage {
    FromPage::Blob(BlobTo { to, blob: "sealed".into() })
}

fn slot(participant: ParticipantId) -> Slot {
    Slot { slot: 0, kind: super::super::wire::Kind::Video, participant }
}

fn role(id: ParticipantId) -> Role {
    match id.bytes()[0] {
        1 => Role::Host,
        2 => Role::Deputy,
        3 => Role::Patient,
        _ => Role::Supporter,
    }
}

const NOW: UnixMillis = UnixMillis(1_795_291_200_000);

fn host() -> ParticipantId {
    ParticipantId::from_bytes([1; 16])
}

fn deputy() -> ParticipantId {
    ParticipantId::from_bytes([2; 16])
}

fn patient() -> ParticipantId {
    ParticipantId::from_bytes([3; 16])
}

fn guest() -> ParticipantId {
    ParticipantId::from_bytes([4; 16])
}

fn other() -> ParticipantId {
    ParticipantId::from_bytes([5; 16])
}

fn last() -> ParticipantId {
    ParticipantId::from_bytes([6; 16])
}
