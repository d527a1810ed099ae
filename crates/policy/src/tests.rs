//! The whole matrix as a snapshot, and the rules that must hold whatever the matrix says.

use crate::{Act, Facts, RecordClass, Refusal, Scope, decide, needs_to_see};
use proptest::prelude::*;
use std::fmt::Write;
use vocabulary::{
    ParticipantId, PatientId, PersonId, Principal, Relation, Relations, RepresentativeId, Role, Roles,
    SessionId, VisitId,
};

#[test]
fn the_matrix_is_the_committed_one() {
    assert_committed("matrix.txt", &matrix());
}

/// R116: which role needs which class of data is a committed table, and a change of it shows
#[test]
fn the_table_of_data_classes_is_the_committed_one() {
    assert_committed("classes.txt", &classes());
}

/// R116 (part: no page about one patient opens to somebody from whom the table keeps what it shows)
#[test]
fn no_act_gives_a_class_that_the_table_keeps_back() {
    use RecordClass::{Chart, Consent, Demographics, Reason, Trail};
    let shown: [(Act, &[RecordClass]); 16] = [
        (Act::OpenChart, &[Demographics, Chart]),
        (Act::ExportChart, &[Demographics, Chart]),
        (Act::SeeReason, &[Reason]),
        (Act::ReadSummary, &[Chart]),
        (Act::WriteSummary, &[Chart]),
        (Act::AddPatient, &[Demographics]),
        (Act::SeePreferences, &[Demographics]),
        (Act::ChangePreferences, &[Demographics]),
        (Act::ImportPatients, &[Demographics]),
        (Act::BookVisit, &[Demographics]),
        (Act::ChangeCareTeam, &[Demographics]),
        (Act::SeeRepresentatives, &[Demographics]),
        (Act::SeeDisclosures, &[Demographics]),
        (Act::SeeOwnConsent, &[Consent]),
        (Act::ReadTrail, &[Trail]),
        (Act::SeeOwnDisclosures, &[Trail]),
    ];
    for (act, classes) in shown {
        let may = columns().into_iter().filter_map(|(name, who, facts)| {
            let access = decide(&who, &Facts { fresh: true, ..facts }, act).ok()?;
            Some((name, access))
        });
        let may: Vec<_> = may.collect();
        assert!(!may.is_empty(), "{act:?}");
        for (name, access) in may {
            for class in classes {
                assert!(access.shows(*class), "{name} may {} without need of {}", act.code(), class.code());
            }
        }
    }
}

fn assert_committed(name: &str, now: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("ALCOVE_ACCEPT").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "who may do what has changed; look at it, then accept it with ALCOVE_ACCEPT=1");
}

#[test]
fn every_act_has_a_code_of_its_own() {
    for (i, act) in Act::ALL.iter().enumerate() {
        assert_eq!(Act::parse(act.code()), Some(*act), "{act:?}");
        assert!(Act::ALL[..i].iter().all(|other| other.code() != act.code()), "{act:?}");
    }
}

/// R11 (part: the decision): a clinician without a relationship to the patient is denied the chart.
#[test]
fn a_clinician_without_a_relationship_opens_no_chart() {
    let stranger = decide(&staff(Role::Clinician), &Facts::default(), Act::OpenChart);
    assert_eq!(stranger.unwrap_err(), Refusal::NotYours);
    let own = Facts { relations: Relations::NONE.with(Relation::CareTeam), ..Facts::default() };
    assert_eq!(decide(&staff(Role::Clinician), &own, Act::OpenChart).unwrap().grounds(), "care_team");
}

/// R22 (part: the decision): an administrator, even one put on a care team by mistake, opens no chart.
#[test]
fn an_administrator_opens_no_chart_even_on_a_care_team() {
    let relations = Relation::ALL.iter().copied().collect();
    let facts = Facts { relations, from_room: true, ..Facts::default() };
    for act in [Act::OpenChart, Act::SeeReason, Act::WriteSummary, Act::ReadSummary, Act::Admit] {
        assert_eq!(
            decide(&staff(Role::Administrator), &facts, act).unwrap_err(),
            Refusal::NotYours,
            "{act:?}"
        );
    }
}

#[test]
fn admitting_works_only_from_the_open_room() {
    let relations = Relations::NONE.with(Relation::Host);
    let from_day_page = Facts { relations, ..Facts::default() };
    let host = staff(Role::Clinician);
    assert_eq!(decide(&host, &from_day_page, Act::Admit).unwrap_err(), Refusal::OnlyFromRoom);
    assert!(decide(&host, &Facts { from_room: true, ..from_day_page }, Act::Admit).is_ok());
}

#[test]
fn the_house_may_keep_waiving_for_the_host() {
    let of_host = Relations::NONE.with(Relation::Host);
    for (only_host_waives, desk) in [(false, true), (true, false)] {
        let facts = Facts { only_host_waives, ..Facts::default() };
        assert_eq!(decide(&staff(Role::Desk), &facts, Act::WaiveReadiness).is_ok(), desk);
        let host = Facts { relations: of_host, ..facts };
        assert!(decide(&staff(Role::Clinician), &host, Act::WaiveReadiness).is_ok());
    }
}

#[test]
fn a_house_without_a_list_serves_every_state() {
    let of = |states: &str| crate::HouseRules { states: states.into(), ..crate::HouseRules::default() };
    assert!(of("").serves("TX") && of("MA NH").serves("NH") && !of("MA NH").serves("N"));
}

#[test]
fn an_act_that_needs_a_fresh_proof_asks_only_those_who_may_do_it() {
    let fresh = Facts { fresh: true, ..Facts::default() };
    let (asked, other) = (staff(Role::Administrator), staff(Role::Desk));
    for facts in [Facts::default(), fresh] {
        assert_eq!(decide(&other, &facts, Act::InviteStaff).unwrap_err(), Refusal::NotYours);
    }
    assert_eq!(decide(&asked, &Facts::default(), Act::InviteStaff).unwrap_err(), Refusal::ProveAgain);
    assert!(decide(&asked, &fresh, Act::InviteStaff).is_ok());
}

/// R19 (part: the decision): an emergency opens a chart to a clinician alone, to read and not to write.
#[test]
fn an_emergency_lets_a_clinician_read_and_nobody_write() {
    let open = Facts { emergency: true, fresh: true, ..Facts::default() };
    let read = [Act::OpenChart, Act::SeeVisit, Act::SeeReason, Act::ReadSummary];
    for act in Act::ALL {
        let stranger = Facts { emergency: false, ..open };
        let gained = decide(&staff(Role::Clinician), &stranger, *act).is_err()
            && decide(&staff(Role::Clinician), &open, *act).is_ok();
        assert_eq!(gained, read.contains(act), "{act:?}");
        for role in Role::ALL.iter().filter(|role| **role != Role::Clinician) {
            let (with, without) =
                (decide(&staff(*role), &open, *act), decide(&staff(*role), &stranger, *act));
            assert_eq!(with.is_ok(), without.is_ok(), "{role:?} {act:?}");
        }
    }
    let access = decide(&staff(Role::Clinician), &open, Act::OpenChart).unwrap();
    assert!(access.is_emergency() && access.grounds() == "break_glass");
}

/// R74 (part: the decision): a representative does and sees what their authority covers, while it is in
/// force, and nothing of it once the relation has ended.
#[test]
fn a_representative_is_bound_by_their_scope() {
    let who = guest(true);
    let acts = [Act::GiveConsent, Act::RefuseConsent, Act::SeeOwnConsent, Act::AnswerSurvey];
    let relations = Relations::NONE.with(Relation::Representative);
    for granted in Scope::CLASSES {
        let facts = Facts { relations, scope: Scope::NONE.with(granted), ..Facts::default() };
        let ended = Facts { relations: Relations::NONE, ..facts };
        for class in RecordClass::ALL {
            assert_eq!(needs_to_see(&who, &facts, class), class == granted, "{granted:?} {class:?}");
            assert!(!needs_to_see(&who, &ended, class) && !needs_to_see(&guest(false), &facts, class));
        }
        for act in acts {
            assert_eq!(decide(&who, &facts, act).is_ok(), granted == RecordClass::Consent, "{granted:?}");
            assert_eq!(decide(&who, &ended, act).unwrap_err(), Refusal::NotYours);
        }
    }
    let own = Facts { relations: Relations::NONE.with(Relation::Patient), ..Facts::default() };
    assert!(acts.into_iter().all(|act| decide(&who, &own, act).is_ok()), "patients need no scope");
}

#[test]
fn a_scope_survives_the_database_and_never_holds_the_trail() {
    let all: Scope = RecordClass::ALL.into_iter().fold(Scope::NONE, Scope::with);
    assert_eq!(all.text(), "demographics reason chart consent messages");
    assert_eq!(Scope::parse(&all.text()), Some(all));
    assert_eq!((Scope::parse("trail"), Scope::parse("chart king")), (None, None));
}

proptest! {
    /// R11 (part: default deny): without a role or a relation nobody gets past the acts open to all.
    #[test]
    fn nobody_without_role_or_relation_does_anything(act in act(), from_room: bool) {
        let facts = Facts { from_room, fresh: true, ..Facts::default() };
        let open_to_all = decide(&Principal::Anonymous, &facts, act).is_ok();
        let own = matches!(act, Act::SignOut | Act::SeeOwnSessions | Act::EndOwnSession);
        let proofs = matches!(act, Act::ProveAgain | Act::ChangeOwnProofs | Act::StopOwnRecovery);
        let asked = matches!(act, Act::AnswerAskedQuestion | Act::GiveInsight | Act::ReportIncident);
        let any_staff = own || proofs || asked;
        let nobody = staff_with(Roles::NONE);
        prop_assert_eq!(decide(&nobody, &facts, act).is_ok(), open_to_all || any_staff);
        prop_assert_eq!(decide(&guest(true), &facts, act).is_ok(), open_to_all || is_of_own_seat(act));
    }

    #[test]
    fn a_guest_never_holds_a_staff_relation(act in act(), from_room: bool) {
        let relations = [Relation::CareTeam, Relation::Host, Relation::Deputy].into_iter().collect();
        let facts = Facts { relations, from_room, ..Facts::default() };
        let open_to_all = decide(&Principal::Anonymous, &facts, act).is_ok();
        prop_assert_eq!(decide(&guest(true), &facts, act).is_ok(), open_to_all || is_of_own_seat(act));
    }

    #[test]
    fn more_relations_never_take_a_right_away(act in act(), bits in 0usize..128, more in 0usize..7) {
        let some: Relations = (0..7).filter(|i| bits >> i & 1 == 1).map(|i| Relation::ALL[i]).collect();
        let facts = Facts { relations: some, from_room: true, ..Facts::default() };
        let wider = Facts { relations: some.with(Relation::ALL[more]), ..facts };
        for who in principals() {
            prop_assert!(decide(&who.1, &facts, act).is_err() || decide(&who.1, &wider, act).is_ok());
        }
    }
}

/// Of the seat itself, whoever sits in it; nothing of a patient shows.
fn is_of_own_seat(act: Act) -> bool {
    act == Act::ContinueElsewhere
}

/// One line an act, one column a kind of person: `x` yes, `r` only from the open room, `.` no.
fn matrix() -> String {
    let columns = columns();
    let mut text = String::from(HEAD);
    for (i, (name, ..)) in columns.iter().enumerate() {
        writeln!(text, "{:>2} {name}", i + 1).unwrap();
    }
    write!(text, "\n{:<24}", "act").unwrap();
    (1..=columns.len()).for_each(|i| write!(text, "{i:>3}").unwrap());
    for act in Act::ALL {
        write!(text, "\n{:<24}", act.code()).unwrap();
        for (_, who, facts) in &columns {
            let facts = *facts;
            let mark = match decide(who, &facts, *act) {
                Ok(_) => "x",
                Err(Refusal::ProveAgain) => "p",
                Err(_) if decide(who, &Facts { from_room: true, ..facts }, *act).is_ok() => "r",
                Err(_) => ".",
            };
            write!(text, "{mark:>3}").unwrap();
        }
    }
    text.push('\n');
    text
}

/// One line a kind of person, one column a class of data.
fn classes() -> String {
    let mut text = String::from(CLASSES_HEAD);
    write!(text, "{:<26}", "").unwrap();
    RecordClass::ALL.iter().for_each(|class| write!(text, "{:>13}", class.code()).unwrap());
    for (name, who, facts) in columns() {
        write!(text, "\n{name:<26}").unwrap();
        for class in RecordClass::ALL {
            let mark = if needs_to_see(&who, &facts, class) { "x" } else { "." };
            write!(text, "{mark:>13}").unwrap();
        }
    }
    text.push('\n');
    text
}

const CLASSES_HEAD: &str = "Which classes of a patient's data each role needs to see (45 CFR 164.514(d)(2)).
An act must allow the page first; then this decides what of it is drawn.

";

const HEAD: &str = "Who may do what. x = yes, p = after a fresh proof of who they are, . = no,
r = only from their open room document.
Written by the test `the_matrix_is_the_committed_one`; a change here is a change of permission.

";

fn columns() -> Vec<(String, Principal, Facts)> {
    let mut columns = Vec::new();
    for (name, who) in principals() {
        columns.push((name.clone(), who, Facts::default()));
        if matches!(who, Principal::Staff { roles, .. } if roles.has(Role::Clinician)) {
            let facts = Facts { emergency: true, ..Facts::default() };
            columns.push((format!("{name} + break_glass"), who, facts));
        }
        for relation in Relation::ALL {
            let staff_side = matches!(relation, Relation::CareTeam | Relation::Host | Relation::Deputy);
            let fits = match who {
                Principal::Staff { roles, .. } => {
                    staff_side && roles.has_any(&[Role::Clinician, Role::Desk, Role::Assistant])
                }
                Principal::Guest { known, .. } => known && !staff_side,
                Principal::Patient { .. } => *relation == Relation::Patient,
                Principal::Representative { .. } => *relation == Relation::Representative,
                _ => false,
            };
            if fits {
                let facts = Facts { relations: Relations::NONE.with(*relation), ..Facts::default() };
                let acts_for = *relation == Relation::Representative;
                let all = Scope::CLASSES.into_iter().fold(Scope::NONE, Scope::with);
                let scope = if acts_for { all } else { Scope::NONE };
                columns.push((format!("{name} + {}", relation.code()), who, Facts { scope, ..facts }));
            }
        }
    }
    columns
}

fn principals() -> Vec<(String, Principal)> {
    let session = SessionId::from_bytes([1; 16]);
    let mut all =
        vec![("anonymous".to_owned(), Principal::Anonymous), ("program".to_owned(), Principal::System)];
    all.extend(Role::ALL.iter().map(|role| (role.code().to_owned(), staff(*role))));
    all.push(("guest before second fact".to_owned(), guest(false)));
    all.push(("guest".to_owned(), guest(true)));
    let patient = PatientId::from_bytes([4; 16]);
    all.push(("portal".to_owned(), Principal::Patient { patient, session }));
    let representative = RepresentativeId::from_bytes([6; 16]);
    all.push((
        "portal for another".to_owned(),
        Principal::Representative { representative, patient, session },
    ));
    all
}

fn staff(role: Role) -> Principal {
    staff_with(Roles::NONE.with(role))
}

fn staff_with(roles: Roles) -> Principal {
    Principal::Staff { person: PersonId::from_bytes([2; 16]), session: SessionId::from_bytes([1; 16]), roles }
}

fn guest(known: bool) -> Principal {
    Principal::Guest {
        participant: ParticipantId::from_bytes([3; 16]),
        visit: VisitId::from_bytes([5; 16]),
        session: SessionId::from_bytes([1; 16]),
        known,
    }
}

fn act() -> impl Strategy<Value = Act> {
    (0..Act::ALL.len()).prop_map(|i| Act::ALL[i])
}
