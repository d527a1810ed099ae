//! The reducer by tables; by random histories in `histories`; the sealed group in `sealed`.

mod ahead;
mod histories;
mod sealed;

use super::super::problem::Trouble;
use super::super::view::View;
use super::super::wire::{BlobBody, Compared, FromPage, Heard, Lock, Nothing, Offer, Role, Say, Whom};
use super::*;
use crate::before::rules::{ParticipantState as S, VisitState};
use std::collections::BTreeMap;
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
    assert_eq!(run.try_step(from(patient(), note())), Err(Trouble::NotAdmitted));
}

/// The desk looks at somebody ahead of the host: the visit waits before, is open meanwhile, and waits after.
#[test]
fn whoever_a_deputy_sends_back_waits_and_so_does_the_visit() {
    let mut run = Run::new();
    for id in [guest(), other(), last()] {
        run.visit.people.remove(&id);
    }
    run.ok(Event::Enters(patient()));
    let deputy = ParticipantId::from_bytes([77; 16]);
    let known = Event::Known { id: deputy, role: Role::Deputy, state: S::Admitted, waiting_since: NOW };
    run.ok(known);
    run.ok(Event::Enters(deputy));
    run.ok(from(deputy, admit(patient())));
    assert_eq!((run.state(patient()), run.visit.state), (S::Admitted, VisitState::Open));
    run.ok(from(deputy, FromPage::BackToLobby(Whom { participant: patient() })));
    assert_eq!((run.state(patient()), run.visit.state), (S::Waiting, VisitState::Waiting));
    run.ok(from(deputy, FromPage::Leave(Nothing {})));
    assert_eq!((run.state(patient()), run.visit.state), (S::Waiting, VisitState::Waiting));
}

/// A person's word counts each time, what a browser remembers only where nobody has said anything; and the
/// same word again, from a page whose line was dead, is nothing new.
#[test]
fn what_was_said_of_the_digits_is_written_down_and_a_known_device_overrules_nobody() {
    let mut run = Run::met();
    let before = run.visit.clone();
    let written = |run: &Run, heard| {
        step(&run.visit, from(host(), compared(patient(), heard)), NOW).map(|step| step.writes)
    };
    let known = vec![Write::Spoken(patient(), SpokenCode::KnownDevice)];
    assert_eq!(written(&run, Heard::KnownDevice), Ok(known));
    run.ok(from(host(), compared(patient(), Heard::Mismatch)));
    assert_eq!(written(&run, Heard::KnownDevice), Ok(vec![]));
    assert_eq!(written(&run, Heard::Mismatch), Ok(vec![]));
    let matches = vec![Write::Spoken(patient(), SpokenCode::Matches)];
    assert_eq!(written(&run, Heard::Matches), Ok(matches));
    run.visit = before;
    for (by, whom, trouble) in [
        (host(), host(), Trouble::NotYours),
        (patient(), host(), Trouble::NotYours),
        (host(), guest(), Trouble::PersonNotHere),
    ] {
        assert_eq!(run.try_step(from(by, compared(whom, Heard::Matches))), Err(trouble));
    }
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
fn a_room_holds_eight_and_keeps_a_seat_for_the_host() {
    let mut run = Run::new();
    let crowd: Vec<ParticipantId> = (20..27).map(|n| ParticipantId::from_bytes([n; 16])).collect();
    for id in &crowd {
        run.ok(Event::Known { id: *id, role: Role::Supporter, state: S::Waiting, waiting_since: NOW });
        run.ok(Event::Enters(*id));
    }
    run.ok(Event::Known { id: deputy(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    run.ok(Event::Enters(deputy()));
    // The host was there, so that more than one may come in, and is gone.
    run.ok(Event::Enters(host()));
    run.ok(from(host(), FromPage::Leave(Nothing {})));
    for id in &crowd[..6] {
        run.ok(from(deputy(), admit(*id)));
    }
    assert_eq!(run.try_step(from(deputy(), admit(crowd[6]))), Err(Trouble::RoomFull));
    run.visit.people.get_mut(&host()).unwrap().state = S::Admitted;
    run.ok(Event::Enters(host()));
    assert_eq!(run.try_step(from(host(), admit(crowd[6]))), Err(Trouble::RoomFull));
    let inside = run.visit.people.values().filter(|one| one.state.holds_a_place()).count();
    assert_eq!(inside, ROOM_PEOPLE);
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

fn compared(participant: ParticipantId, outcome: Heard) -> FromPage {
    FromPage::Compared(Compared { participant, outcome })
}

fn remove(participant: ParticipantId) -> FromPage {
    FromPage::Remove(Whom { participant })
}

fn note() -> FromPage {
    FromPage::Note(BlobBody { blob: "sealed".into() })
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
