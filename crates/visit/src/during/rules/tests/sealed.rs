//! The sealed group by tables: who hears what, and in which order.

use super::super::super::wire::{DoorTo, Found, Log, Seal, WelcomeFor};
use super::super::sealed::{LOG_BYTES, LOG_ENTRIES, LOG_PAGE};
use super::*;

#[test]
fn a_founded_group_is_told_to_the_room_and_to_whoever_comes_in_after_the_room() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    run.ok(from(host(), found("g")));
    for id in [host(), patient()] {
        assert_eq!(run.last_told(id), &founded("g", 0));
    }
    assert!(matches!(run.last_told(guest()), Notice::View(View::Lobby(_))));
    run.ok(from(host(), seal(0, "c", None)));
    run.ok(from(host(), admit(guest())));
    assert_eq!(run.last_told(guest()), &founded("g", 1));
    assert!(matches!(run.told[&guest()].iter().rev().nth(1), Some(Notice::View(View::Room(_)))));
    // Also to a page that comes back.
    run.ok(Event::LosesSocket(patient()));
    run.ok(Event::Enters(patient()));
    assert_eq!(run.last_told(patient()), &founded("g", 1));
}

#[test]
fn nobody_but_the_host_founds_while_the_host_is_here() {
    let mut run = with_deputy();
    run.ok(Event::Enters(guest()));
    assert_eq!(run.try_step(from(patient(), found("g"))), Err(Trouble::NotYours));
    assert_eq!(run.try_step(from(deputy(), found("g"))), Err(Trouble::NotYours));
    assert_eq!(run.try_step(from(guest(), found("g"))), Err(Trouble::NotAdmitted));
    assert!(run.visit.group.is_none());
}

#[test]
fn of_two_commits_for_one_epoch_the_first_is_taken() {
    let mut run = Run::met();
    run.ok(from(host(), found("g")));
    run.ok(from(host(), seal(0, "add", Some(patient()))));
    run.ok(from(patient(), seal(1, "one", None)));
    for id in [host(), patient()] {
        assert_eq!(run.last_told(id), &sealed(1, patient(), "one"));
    }
    let told = run.told.clone();
    for epoch in [0, 1, 3, u64::MAX] {
        assert_eq!(run.try_step(from(host(), seal(epoch, "two", None))), Err(Trouble::EpochTaken));
    }
    assert_eq!(run.told, told);
    run.ok(from(host(), seal(2, "two", None)));
    assert_eq!(run.last_told(patient()), &sealed(2, host(), "two"));
}

/// Nobody would take theirs, and nothing could follow it: also not from whoever leads.
#[test]
fn whoever_was_never_let_into_a_group_puts_nothing_into_its_log() {
    let mut run = with_deputy();
    run.ok(from(host(), found("g")));
    for id in [patient(), deputy()] {
        assert_eq!(run.try_step(from(id, seal(0, "foreign", None))), Err(Trouble::NotYours));
    }
    let foreign = seal(0, "foreign", Some(patient()));
    assert_eq!(run.try_step(from(deputy(), foreign)), Err(Trouble::NotYours));
    run.ok(from(host(), seal(0, "add", Some(deputy()))));
    assert_eq!(run.try_step(from(patient(), seal(1, "foreign", None))), Err(Trouble::NotYours));
    run.ok(from(deputy(), seal(1, "add", Some(patient()))));
    run.ok(from(patient(), seal(2, "own", None)));
    // Of another group it counts nothing.
    run.ok(from(host(), found("h")));
    assert_eq!(run.try_step(from(deputy(), seal(0, "foreign", None))), Err(Trouble::NotYours));
}

#[test]
fn a_welcome_goes_to_its_one_addressee_and_only_with_its_commit() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    run.ok(from(host(), found("g")));
    run.ok(from(guest(), knock("k")));
    run.ok(from(host(), seal(0, "one", None)));
    // In the lobby: they are not let in yet.
    let early = seal(1, "early", Some(guest()));
    assert_eq!(run.try_step(from(host(), early)), Err(Trouble::PersonNotHere));
    run.ok(from(host(), admit(guest())));
    let (lost, taken) = (seal(0, "two", Some(guest())), seal(1, "two", Some(guest())));
    assert_eq!(run.try_step(from(host(), lost)), Err(Trouble::EpochTaken));
    assert!(!run.told[&guest()].iter().any(|notice| matches!(notice, Notice::WelcomeIn { .. })));
    let effects = run.ok(from(host(), taken));
    let welcomed: Vec<&Effect> =
        effects.iter().filter(|it| matches!(it, Effect::Tell(_, Notice::WelcomeIn { .. }))).collect();
    let notice = Notice::WelcomeIn { blob: payload("welcome"), group: payload("g") };
    assert_eq!(welcomed, [&Effect::Tell(guest(), notice)]);
    // The knock is answered: a host who comes again is not told of it.
    assert!(run.visit.people[&guest()].knock.is_none());
}

#[test]
fn a_welcome_is_refused_from_who_does_not_lead_and_for_who_is_not_there() {
    let mut run = Run::met();
    run.ok(from(host(), found("g")));
    assert_eq!(run.try_step(from(patient(), seal(0, "c", Some(guest())))), Err(Trouble::NotYours));
    run.ok(from(host(), remove(guest())));
    let strangers = [guest(), host(), ParticipantId::from_bytes([99; 16])];
    for to in strangers {
        assert_eq!(run.try_step(from(host(), seal(0, "c", Some(to)))), Err(Trouble::PersonNotHere));
    }
    run.ok(from(host(), seal(0, "c", None)));
}

#[test]
fn a_knock_is_shown_to_those_who_lead_now_or_when_they_come_and_the_newest_counts() {
    let mut run = Run::new();
    run.ok(Event::Enters(patient()));
    run.ok(from(patient(), knock("one")));
    run.ok(from(patient(), knock("two")));
    run.ok(Event::Enters(guest()));
    assert!(!run.told[&guest()].iter().any(|notice| matches!(notice, Notice::Knocked { .. })));
    run.ok(Event::Enters(host()));
    assert_eq!(knocks(&run, host()), [knocked(patient(), "two")]);
    run.ok(from(guest(), knock("three")));
    assert_eq!(knocks(&run, host()).last(), Some(&knocked(guest(), "three")));
    // A page that came back says it again: no news.
    run.ok(from(guest(), knock("three")));
    assert_eq!(knocks(&run, host()).len(), 2);
    // Also from inside the room, after a reload.
    run.ok(from(host(), admit(patient())));
    run.ok(from(patient(), knock("four")));
    assert_eq!(knocks(&run, host()).last(), Some(&knocked(patient(), "four")));
    assert!(knocks(&run, patient()).is_empty());
}

#[test]
fn the_door_is_between_one_who_leads_and_one_who_wants_in_and_nobody_else() {
    let mut run = with_deputy();
    run.ok(Event::Enters(guest()));
    run.ok(Event::Enters(other()));
    let stranger = ParticipantId::from_bytes([99; 16]);
    let refused = [
        (guest(), Some(other())),
        (guest(), Some(patient())),
        (guest(), Some(guest())),
        (guest(), Some(stranger)),
        (patient(), Some(guest())),
        (patient(), Some(host())),
        (patient(), None),
        (host(), Some(patient())),
        (host(), Some(deputy())),
        (host(), Some(stranger)),
        (host(), None),
    ];
    for (by, to) in refused {
        assert_eq!(run.try_step(from(by, door(to, "x"))), Err(Trouble::PersonNotHere), "{by:?} {to:?}");
    }
    let heard = |run: &Run, id| run.last_told(id) == &Notice::Door { from: guest(), blob: payload("a") };
    run.ok(from(guest(), door(None, "a")));
    assert!(heard(&run, host()) && heard(&run, deputy()) && !heard(&run, other()));
    run.ok(from(deputy(), door(Some(guest()), "b")));
    assert_eq!(run.last_told(guest()), &Notice::Door { from: deputy(), blob: payload("b") });
    run.ok(from(guest(), door(Some(host()), "c")));
    assert_eq!(run.last_told(host()), &Notice::Door { from: guest(), blob: payload("c") });
    // Whoever reloaded in the room knocks first.
    run.ok(from(patient(), knock("k")));
    run.ok(from(host(), door(Some(patient()), "d")));
    run.ok(from(patient(), door(Some(host()), "e")));
}

#[test]
fn without_anybody_who_leads_there_is_nobody_at_the_door() {
    let mut run = Run::new();
    run.ok(Event::Enters(patient()));
    assert_eq!(run.try_step(from(patient(), door(None, "x"))), Err(Trouble::PersonNotHere));
    assert_eq!(run.try_step(from(patient(), door(Some(host()), "x"))), Err(Trouble::PersonNotHere));
}

#[test]
fn a_note_goes_to_all_others_with_a_place() {
    let mut run = with_deputy();
    run.ok(Event::Enters(guest()));
    run.ok(Event::LosesSocket(deputy()));
    let effects = run.ok(from(patient(), note()));
    let heard: Vec<ParticipantId> = effects
        .iter()
        .filter_map(|it| match it {
            Effect::Tell(id, Notice::Note { from, .. }) if *from == patient() => Some(*id),
            _ => None,
        })
        .collect();
    // Who lost the network for a moment has it repeated.
    assert_eq!(heard, [host(), deputy()]);
}

#[test]
fn the_log_answers_who_asks_from_where_they_are_and_a_page_at_a_time() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    assert_eq!(run.try_step(from(patient(), log(0))), Err(Trouble::LogGone));
    assert_eq!(run.try_step(from(patient(), seal(0, "c", None))), Err(Trouble::LogGone));
    run.ok(from(host(), found("g")));
    for epoch in 0..LOG_PAGE as u64 + 2 {
        run.ok(from(host(), seal(epoch, &format!("c{epoch}"), None)));
    }
    let answers = run.ok(from(patient(), log(LOG_PAGE as u64)));
    let last = LOG_PAGE as u64;
    let entry = |epoch: u64| Effect::Answer(patient(), sealed(epoch, host(), &format!("c{epoch}")));
    assert_eq!(answers, [entry(last), entry(last + 1)]);
    assert_eq!(run.ok(from(patient(), log(0))).len(), LOG_PAGE);
    assert!(run.ok(from(patient(), log(u64::MAX))).is_empty());
    assert_eq!(run.try_step(from(guest(), log(0))), Err(Trouble::NotAdmitted));
}

#[test]
fn a_full_log_says_so_and_a_new_group_starts_at_nothing() {
    let mut run = Run::met();
    run.ok(from(host(), found("g")));
    for epoch in 0..LOG_ENTRIES as u64 {
        run.ok(from(host(), seal(epoch, "c", None)));
    }
    let next = LOG_ENTRIES as u64;
    assert_eq!(run.try_step(from(host(), seal(next, "c", None))), Err(Trouble::LogFull));
    run.ok(from(host(), found("h")));
    assert_eq!(run.last_told(patient()), &founded("h", 0));
    let long = "c".repeat(LOG_BYTES / 2);
    run.ok(from(host(), seal(0, &long, None)));
    run.ok(from(host(), seal(1, &long, None)));
    assert_eq!(run.try_step(from(host(), seal(2, "c", None))), Err(Trouble::LogFull));
}

#[test]
fn whoever_is_removed_or_sent_back_hears_nothing_more_of_the_group() {
    let mut run = with_deputy();
    run.ok(from(host(), found("g")));
    run.ok(Event::LosesSocket(deputy()));
    for out in [remove(deputy()), FromPage::BackToLobby(Whom { participant: patient() })] {
        run.ok(from(host(), out));
    }
    let told = (run.told[&deputy()].len(), run.told[&patient()].len());
    run.ok(from(host(), note()));
    run.ok(from(host(), seal(0, "c", None)));
    run.ok(from(host(), found("h")));
    run.ok(Event::Enters(deputy()));
    assert_eq!((run.told[&deputy()].len(), run.told[&patient()].len()), told);
    assert_eq!(run.try_step(from(patient(), log(0))), Err(Trouble::NotAdmitted));
    assert_eq!(run.try_step(from(patient(), seal(0, "c", None))), Err(Trouble::NotAdmitted));
    assert_eq!(run.try_step(from(deputy(), knock("k"))), Err(Trouble::NotAdmitted));
}

#[test]
fn everything_of_the_group_is_deleted_at_the_end() {
    let mut run = Run::met();
    run.ok(Event::Enters(guest()));
    run.ok(from(guest(), knock("k")));
    run.ok(from(host(), found("g")));
    run.ok(from(host(), seal(0, "c", None)));
    run.ok(from(host(), FromPage::End(Nothing {})));
    assert!(run.visit.group.is_none());
    assert!(run.visit.people.values().all(|one| one.knock.is_none()));
    assert_eq!(run.try_step(from(patient(), log(0))), Err(Trouble::VisitOver));
}

fn with_deputy() -> Run {
    let mut run = Run::met();
    run.ok(Event::Known { id: deputy(), role: Role::Deputy, state: S::Admitted, waiting_since: NOW });
    run.ok(Event::Enters(deputy()));
    run
}

fn knocks(run: &Run, id: ParticipantId) -> Vec<Notice> {
    let told = run.told.get(&id).into_iter().flatten();
    told.filter(|notice| matches!(notice, Notice::Knocked { .. })).cloned().collect()
}

fn payload(text: &str) -> Payload {
    Payload(text.into())
}

fn knocked(from: ParticipantId, text: &str) -> Notice {
    Notice::Knocked { from, blob: payload(text) }
}

fn founded(group: &str, epoch: u64) -> Notice {
    Notice::Founded { group: payload(group), epoch }
}

fn sealed(epoch: u64, from: ParticipantId, commit: &str) -> Notice {
    Notice::Sealed { index: epoch + 1, epoch, from, commit: payload(commit) }
}

fn found(group: &str) -> FromPage {
    FromPage::Found(Found { group: group.into() })
}

fn knock(blob: &str) -> FromPage {
    FromPage::Knock(BlobBody { blob: blob.into() })
}

fn door(to: Option<ParticipantId>, blob: &str) -> FromPage {
    FromPage::Door(DoorTo { to, blob: blob.into() })
}

fn seal(epoch: u64, commit: &str, to: Option<ParticipantId>) -> FromPage {
    let welcome = to.map(|to| WelcomeFor { to, blob: "welcome".into() });
    FromPage::Seal(Seal { epoch, commit: commit.into(), welcome })
}

fn log(after: u64) -> FromPage {
    FromPage::Log(Log { after })
}
