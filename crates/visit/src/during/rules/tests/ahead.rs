//! A deputy opens the room for a check before the host was ever there: who founds, who is let in, and how it
//! ends.

use super::super::super::wire::Found;
use super::super::ahead::ALONE_MS;
use super::*;

#[test]
fn ahead_of_the_host_a_deputy_founds_and_lets_in_one_person_and_nobody_else() {
    let mut run = opened();
    run.ok(from(deputy(), admit(patient())));
    run.ok(from(deputy(), found("check")));
    assert_eq!(run.last_told(patient()), &founded("check"));
    assert_eq!(run.try_step(from(deputy(), admit(guest()))), Err(Trouble::OneUntilHost));
    assert_eq!(run.try_step(from(patient(), found("mine"))), Err(Trouble::NotYours));
    // Sent back, there is room for the next.
    run.ok(from(deputy(), back(patient())));
    run.ok(from(deputy(), admit(guest())));
    assert_eq!((run.state(patient()), run.state(guest())), (S::Waiting, S::Admitted));
}

#[test]
fn a_deputy_whose_page_reloads_founds_anew_and_no_other_deputy_does() {
    let mut run = opened();
    run.ok(from(deputy(), found("check")));
    run.ok(from(deputy(), found("again")));
    assert_eq!(run.last_told(deputy()), &founded("again"));
    run.ok(Event::Known { id: second(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    assert_eq!(run.try_step(Event::Enters(second())), Err(Trouble::OtherChecks));
    // Whose group it is has left: it is free.
    run.ok(from(deputy(), FromPage::Leave(Nothing {})));
    assert!(run.visit.group.is_none());
    run.ok(Event::Enters(second()));
    run.ok(from(second(), found("theirs")));
}

/// A reload is back in time; who closed the page without a word keeps nobody out for long, and finds the
/// other one there.
#[test]
fn one_deputy_at_a_time_is_there_ahead_of_the_host() {
    let mut run = opened();
    run.ok(from(deputy(), found("check")));
    run.ok(Event::Known { id: second(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    run.ok(Event::LosesSocket(deputy()));
    run.now = NOW.plus_ms(ALONE_MS - 1);
    assert_eq!(run.try_step(Event::Enters(second())), Err(Trouble::OtherChecks));
    run.now = NOW.plus_ms(ALONE_MS);
    run.ok(Event::Enters(second()));
    assert!(run.visit.group.is_none());
    run.ok(from(second(), admit(patient())));
    run.ok(from(second(), found("theirs")));
    assert_eq!(run.try_step(Event::Enters(deputy())), Err(Trouble::OtherChecks));
    // With the host there both lead.
    host_comes(&mut run);
    run.ok(Event::Enters(deputy()));
}

/// A colleague whose page was refused, or who pressed *open* and closed the tab before the program was
/// started again, bars nobody's way back, and stands in no list.
#[test]
fn whoever_checks_comes_back_past_a_colleague_who_is_not_there() {
    let second_pressed = |run: &mut Run| {
        run.ok(Event::Known { id: second(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    };
    let mut run = opened();
    run.ok(from(deputy(), found("check")));
    second_pressed(&mut run);
    assert_eq!(run.try_step(Event::Enters(second())), Err(Trouble::OtherChecks));
    run.ok(Event::Tick);
    run.ok(Event::LosesSocket(deputy()));
    run.ok(Event::Enters(deputy()));
    run.ok(Event::TurnedAway(second()));
    assert_eq!((run.state(second()), run.state(deputy())), (S::Left, S::InRoom));
    // Started again: no group, and everybody's socket is gone since the first tick.
    let mut run = Run::new();
    run.visit.people.get_mut(&host()).unwrap().state = S::Invited;
    run.ok(Event::Known { id: deputy(), role: Role::Deputy, state: S::InRoom, waiting_since: NOW });
    second_pressed(&mut run);
    run.ok(Event::Tick);
    run.ok(Event::Enters(deputy()));
    assert_eq!(run.try_step(Event::Enters(second())), Err(Trouble::OtherChecks));
}

#[test]
fn with_more_than_one_guest_in_the_room_a_deputy_founds_nothing() {
    let mut run = opened();
    run.ok(from(deputy(), admit(patient())));
    run.ok(Event::Known { id: second(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    run.ok(from(deputy(), found("g")));
    run.ok(Event::Known { id: guest(), role: Role::Supporter, state: S::Admitted, waiting_since: NOW });
    assert_eq!(run.try_step(from(deputy(), found("g"))), Err(Trouble::NotYours));
}

#[test]
fn the_host_ends_the_group_of_a_check_and_from_then_on_founds_alone() {
    let mut run = opened();
    run.ok(from(deputy(), admit(patient())));
    run.ok(from(deputy(), found("check")));
    let compared = step(&run.visit, from(deputy(), compared(patient(), Heard::Matches)), NOW).unwrap();
    assert_eq!(compared.writes, []);
    host_comes(&mut run);
    assert!(run.visit.group.is_none());
    let late = step(&run.visit, from(deputy(), self::compared(patient(), Heard::Matches)), NOW).unwrap();
    assert_eq!(late.writes, [], "said before the host founded");
    assert_eq!(run.try_step(from(deputy(), found("again"))), Err(Trouble::NotYours));
    run.ok(from(host(), found("visit")));
    for id in [deputy(), patient()] {
        assert_eq!(run.last_told(id), &founded("visit"));
    }
    // Also when they are gone again: they were here.
    run.ok(from(host(), FromPage::Leave(Nothing {})));
    assert_eq!(run.try_step(from(deputy(), found("again"))), Err(Trouble::NotYours));
    run.ok(from(deputy(), admit(guest())));
    // Started again while the host is gone: the pages go on under the keys of the host, and it counts.
    run.visit.group = None;
    let later = step(&run.visit, from(deputy(), self::compared(patient(), Heard::Matches)), NOW).unwrap();
    assert_eq!(later.writes, [Write::Spoken(patient(), SpokenCode::Matches)]);
}

#[test]
fn whoever_is_sent_back_keeps_their_place_in_the_line() {
    let mut run = opened();
    run.ok(from(deputy(), admit(patient())));
    run.now = NOW.plus_ms(5 * 60_000);
    run.ok(from(deputy(), back(patient())));
    assert_eq!(run.visit.people[&patient()].waiting_since, NOW);
    assert!(matches!(run.last_told(patient()), Notice::View(View::Lobby(lobby)) if lobby.position == 1));
    // Sent back by the host they were met, and wait anew.
    host_comes(&mut run);
    run.ok(from(host(), admit(patient())));
    run.ok(from(host(), back(patient())));
    assert_eq!(run.visit.people[&patient()].waiting_since, run.now);
}

/// The deputy leaves, loses the seat, or is gone for a minute: whoever was looked at waits again.
#[test]
fn nobody_is_left_alone_in_a_room_without_a_host() {
    for how in ["leaves", "seat over", "gone"] {
        let mut run = opened();
        run.ok(from(deputy(), admit(patient())));
        run.ok(Event::MediaUp(patient()));
        match how {
            "leaves" => drop(run.ok(from(deputy(), FromPage::Leave(Nothing {})))),
            "seat over" => {
                run.ok(Event::SeatOver(deputy()));
                assert_eq!(run.state(deputy()), S::Removed);
            }
            _ => {
                run.ok(Event::LosesSocket(deputy()));
                run.now = NOW.plus_ms(ALONE_MS - 1);
                run.ok(Event::Tick);
                assert_eq!(run.state(patient()), S::InRoom, "a reload is back sooner");
                run.now = NOW.plus_ms(ALONE_MS);
                run.ok(Event::Tick);
            }
        }
        assert_eq!(run.state(patient()), S::Waiting, "{how}");
        assert_eq!(run.visit.state, VisitState::Waiting, "{how}");
        assert!(run.told[&patient()].contains(&Notice::Returned), "{how}");
    }
    // With the host there the visit goes on.
    let mut run = opened();
    host_comes(&mut run);
    run.ok(from(host(), admit(patient())));
    run.ok(from(deputy(), FromPage::Leave(Nothing {})));
    assert_eq!(run.state(patient()), S::Admitted);
}

/// The deputy's page is in the room, the host's was never there; patient and guest wait.
fn opened() -> Run {
    let mut run = Run::new();
    run.visit.people.get_mut(&host()).unwrap().state = S::Invited;
    run.ok(Event::Known { id: deputy(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    for id in [deputy(), patient(), guest()] {
        run.ok(Event::Enters(id));
    }
    run
}

/// By a press on the practice's pages, and then their page.
fn host_comes(run: &mut Run) {
    run.visit.people.get_mut(&host()).unwrap().state = S::Admitted;
    run.ok(Event::Enters(host()));
}

fn second() -> ParticipantId {
    ParticipantId::from_bytes([77; 16])
}

fn found(group: &str) -> FromPage {
    FromPage::Found(Found { group: group.into() })
}

fn founded(group: &str) -> Notice {
    Notice::Founded { group: Payload(group.into()), epoch: 0 }
}

fn back(participant: ParticipantId) -> FromPage {
    FromPage::BackToLobby(Whom { participant })
}
