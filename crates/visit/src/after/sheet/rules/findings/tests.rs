//! A visit by the book, and what becomes of it when one thing is otherwise.

use super::super::{Interpreted, Located, Look};
use super::*;
use crate::before::check_in::answers::{DoorIs, Headphones, Near, Place, Readiness};
use crate::before::consent::Outcome as Answer;
use crate::before::identity::rules::Outcome as Looked;
use crate::before::licence::ForVisit;
use crate::before::privacy_notice::{NoticeRow, Outcome as Noticed};
use crate::before::rules::{Kind as VisitKind, ParticipantState, SpokenCode, VisitState};
use crate::before::staff_readiness::OwnCheck;
use crate::before::store::{ParticipantRow, VisitRow};
use people::licences::Cover;
use policy::HouseRules;
use vocabulary::{ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

const AT: UnixMillis = UnixMillis(1_795_289_400_000);
const PLACE: Place =
    Place { near: Near::Alone, door: DoorIs::Closed, headphones: Headphones::Yes, listening: None };

fn guest(n: u8) -> ParticipantId {
    ParticipantId::from_bytes([n; 16])
}

fn host() -> PersonId {
    PersonId::from_bytes([1; 16])
}

fn readiness(other: &[(&str, &str)]) -> Readiness {
    let good = |name: &str| match name {
        "camera" | "microphone" => "ok",
        "light" | "voice" | "noise" | "speaker" | "browser" => "good",
        "way" => "udp",
        "round_trip" => "21",
        "lost" => "0",
        "up" | "down" => "900",
        name if name.starts_with("device_") => "yes",
        _ => "",
    };
    let said = |name: &str| other.iter().find(|one| one.0 == name).map_or(good(name), |one| one.1).to_owned();
    Readiness::read(said, AT).unwrap()
}

fn look(outcome: Looked) -> Look {
    Look { outcome, by: host(), at: AT, document: true }
}

fn came(n: u8, part: Part) -> Checked {
    let staff = matches!(part, Part::Clinician | Part::Deputy);
    Checked {
        row: ParticipantRow {
            id: ParticipantId::from_bytes([n; 16]),
            visit: VisitId::from_bytes([7; 16]),
            part,
            person: staff.then(host),
            patient: (part == Part::Patient).then(|| PatientId::from_bytes([9; 16])),
            state: ParticipantState::Left,
            arrived_at: Some(AT),
            admitted_at: Some(AT),
            left_at: Some(AT),
            spoken: (!staff).then_some((SpokenCode::Matches, AT)),
            version: 1,
        },
        place: Some(PLACE),
        readiness: Some(readiness(&[])),
        waived: None,
        promised_at: part.accompanies().then_some(AT),
        located: Some(Located::Served),
        done_at: Some(AT),
        identity: Some(look(Looked::Passed)),
    }
}

/// What a visit raises where `people` and then `rest` changed it.
fn found(people: impl FnOnce(&mut Vec<Checked>), rest: impl FnOnce(&mut Known)) -> Vec<Kind> {
    let visit = VisitRow {
        id: VisitId::from_bytes([7; 16]),
        patient: PatientId::from_bytes([9; 16]),
        clinician: host(),
        starts_at: AT,
        length_min: 20,
        kind: VisitKind::FollowUp,
        state: VisitState::Ended,
        reason: None,
        locked: false,
        booked_by: None,
        version: 4,
        created_at: AT,
        started_at: Some(AT),
        ended_at: Some(AT),
    };
    let mut who = vec![came(2, Part::Patient), came(3, Part::Clinician)];
    people(&mut who);
    let mut known = Known {
        visit: &visit,
        people: &who,
        preferences: Some((None, AT)),
        needs: Some((Some(host()), AT)),
        consent: Some((Answer::Given, true, AT)),
        e_sign: Some(AT),
        notice: Some(NoticeRow { outcome: Noticed::Acknowledged, visit: Some(visit.id), at: AT }),
        overridden: None,
        summary: None,
        host: (host(), Some(OwnCheck { at: AT, room: None, place: PLACE, readiness: readiness(&[]) })),
        licence: ForVisit {
            state: Some("MA".into()),
            cover: Some(Cover::Yes { compact: None, ends_at: None }),
            decided: None,
        },
        emergency: Some(true),
        drop_out: true,
        interpreted: Interpreted::default(),
        house: &HouseRules::default(),
    };
    rest(&mut known);
    known.findings()
}

#[test]
fn a_visit_by_the_book_has_nothing_open() {
    assert_eq!(found(|_| {}, |_| {}), []);
    let all = [Part::Deputy, Part::Supporter, Part::Interpreter, Part::Representative];
    let full = |who: &mut Vec<Checked>| who.extend(all.into_iter().zip(4..).map(|(part, n)| came(n, part)));
    assert_eq!(found(full, |_| {}), []);
}

#[test]
fn what_nobody_did_for_whoever_came_in_is_found_once() {
    type Change = fn(&mut Checked);
    let table: [(Change, &[Kind]); 14] = [
        (|it| it.row.spoken = None, &[Kind::CodeSkipped]),
        (|it| it.row.spoken = Some((SpokenCode::Skipped, AT)), &[Kind::CodeSkipped]),
        (|it| it.row.spoken = Some((SpokenCode::Mismatch, AT)), &[Kind::CodeMismatch]),
        (|it| it.row.spoken = Some((SpokenCode::KnownDevice, AT)), &[]),
        (|it| it.identity = None, &[Kind::NotIdentified]),
        (|it| it.place = None, &[Kind::StepMissing]),
        (|it| it.located = None, &[Kind::StepMissing]),
        (|it| it.readiness = None, &[Kind::StepMissing]),
        (|it| (it.readiness, it.place) = (None, None), &[Kind::StepMissing]),
        (|it| it.readiness = Some(readiness(&[("noise", "")])), &[Kind::StepMissing]),
        (|it| it.readiness = Some(readiness(&[("device_asked", "")])), &[Kind::StepMissing]),
        // Nobody was let in.
        (|it| (it.row.admitted_at, it.place, it.identity) = (None, None, None), &[]),
        // Looked at by a deputy, and gone before the host came.
        (
            |it| (it.row.admitted_at, it.row.spoken, it.identity) = (Some(UnixMillis(AT.0 - 1)), None, None),
            &[],
        ),
        (|it| (it.row.spoken, it.identity) = (None, None), &[Kind::NotIdentified, Kind::CodeSkipped]),
    ];
    for (row, (change, kinds)) in table.into_iter().enumerate() {
        assert_eq!(found(|who| change(&mut who[0]), |_| {}), kinds, "row {row}");
    }
    // The same of two people is one finding of the visit; of somebody who never came, none.
    let two = |who: &mut Vec<Checked>| {
        who.push(came(4, Part::Supporter));
        who.iter_mut().for_each(|it| (it.row.spoken, it.identity) = (None, None));
    };
    assert_eq!(found(two, |_| {}), [Kind::NotIdentified, Kind::CodeSkipped]);
    let absent = |who: &mut Vec<Checked>| {
        let mut one = came(4, Part::Supporter);
        (one.row.admitted_at, one.row.spoken, one.place, one.promised_at) = (None, None, None, None);
        who.push(one);
    };
    assert_eq!(found(absent, |_| {}), []);
}

#[test]
fn what_a_step_has_told_is_not_told_again() {
    type Change = fn(&mut Checked);
    let table: [Change; 8] = [
        |it| it.place = Some(Place { near: Near::Others, ..PLACE }),
        |it| it.readiness = Some(readiness(&[("light", "poor")])),
        // What could not be measured for want of a camera; nothing ran at all; somebody waived it.
        |it| it.readiness = Some(readiness(&[("camera", "refused"), ("light", "")])),
        |it| it.readiness = Some(Readiness::read(|_| String::new(), AT).unwrap()),
        |it| (it.readiness, it.waived) = (None, Some((AT, Some(host())))),
        |it| it.readiness = Some(readiness(&[("device_lock", "")])),
        |it| it.located = Some(Located::Outside),
        |it| it.identity = Some(look(Looked::Waived)),
    ];
    for (row, change) in table.into_iter().enumerate() {
        assert_eq!(found(|who| change(&mut who[0]), |_| {}), [], "row {row}");
    }
    assert_eq!(found(|_| {}, |it| it.emergency = Some(false)), []);
    assert_eq!(found(|_| {}, |it| it.licence.cover = Some(Cover::No)), []);
    assert_eq!(found(|_| {}, |it| it.consent = Some((Answer::Withdrawn, true, AT))), []);
    let overridden = |it: &mut Known| {
        (it.consent, it.e_sign, it.overridden) = (None, None, Some((AT, Some(host()))));
    };
    assert_eq!(found(|_| {}, overridden), []);
}

#[test]
fn papers_wishes_interpreters_and_the_hosts_own_side_count_too() {
    type Change = fn(&mut Known);
    let own = |place, readiness| Some(OwnCheck { at: AT, room: None, place, readiness });
    let declined = |it: &mut Known, visit| {
        it.notice = Some(NoticeRow { outcome: Noticed::Declined, visit, at: AT });
    };
    let table: [(Change, &[Kind]); 11] = [
        (|it| it.preferences = None, &[Kind::NotAsked]),
        (|it| (it.preferences, it.needs) = (None, None), &[Kind::NotAsked]),
        (|it| it.notice = None, &[Kind::StepMissing]),
        (|it| it.drop_out = false, &[Kind::StepMissing]),
        (|it| it.consent = Some((Answer::Given, false, AT)), &[Kind::StepMissing]),
        (|it| it.host.1 = None, &[Kind::HostUnchecked]),
        (|it| it.interpreted.needed = true, &[Kind::InterpreterMissing]),
        (
            |it| it.interpreted.booked = vec![(ParticipantId::from_bytes([5; 16]), false)],
            &[Kind::InterpreterMissing],
        ),
        (|it| it.interpreted.booked = [(5, true), (6, false)].map(|(n, came)| (guest(n), came)).into(), &[]),
        (
            |it| it.interpreted = Interpreted { needed: true, booked: vec![], excepted: vec![(host(), AT)] },
            &[Kind::InterpreterException],
        ),
        (|it| it.summary = None, &[]),
    ];
    for (row, (change, kinds)) in table.into_iter().enumerate() {
        assert_eq!(found(|_| {}, change), kinds, "row {row}");
    }
    // Declined on the way to this visit, and to one before it.
    let here = |it: &mut Known| {
        let visit = it.visit.id;
        declined(it, Some(visit));
    };
    assert_eq!(found(|_| {}, here), [Kind::NoticeDeclined]);
    assert_eq!(found(|_| {}, |it| declined(it, None)), []);
    // The host's step tells of itself what failed; what it left out shows here.
    let loud = Place { near: Near::Others, ..PLACE };
    assert_eq!(found(|_| {}, |it| it.host.1 = own(loud, readiness(&[("noise", "poor")]))), []);
    let passed_over = readiness(&[("device_asked", "")]);
    assert_eq!(found(|_| {}, |it| it.host.1 = own(PLACE, passed_over)), [Kind::HostUnchecked]);
}

#[test]
fn a_visit_that_never_began_raises_nothing() {
    let nothing = |who: &mut Vec<Checked>| who[0].identity = None;
    let never = |it: &mut Known| {
        let visit = VisitRow { started_at: None, state: VisitState::MovedToPhone, ..it.visit.clone() };
        it.visit = Box::leak(Box::new(visit));
    };
    assert_eq!(found(nothing, never), []);
    assert_eq!(found(nothing, |_| {}), [Kind::NotIdentified]);
}

#[test]
fn digits_that_nobody_read_fall_away_with_the_video() {
    let by_phone = |it: &mut Known| {
        let visit = VisitRow { state: VisitState::MovedToPhone, ..it.visit.clone() };
        it.visit = Box::leak(Box::new(visit));
    };
    assert_eq!(found(|who| who[0].row.spoken = None, by_phone), []);
    let said = Some((SpokenCode::Skipped, AT));
    assert_eq!(found(|who| who[0].row.spoken = said, by_phone), [Kind::CodeSkipped]);
}
