//! Care teams in the store.

use super::rules::CONFIRM_MS;
use super::{is_member, members, patients_of, put};
use crate::testing::{House, system};
use keep::testing::START;
use keep::{Entry, Object};
use vocabulary::{DAY_MS, PatientId, PersonId, Role};

async fn grant(house: &House, patient: PatientId, person: PersonId, approver: PersonId, days: i64) {
    let mut tx = house.keep.begin().await.unwrap();
    put(&mut tx, patient, person, approver, START.plus_ms(days * DAY_MS)).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("care_team", patient.text()))).await.unwrap();
}

#[tokio::test]
async fn a_membership_is_over_at_its_end_and_not_before() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (clinician, desk) = (house.hire(&[Role::Clinician]).await, house.hire(&[Role::Desk]).await);
    grant(&house, patient, clinician, desk, 1).await;
    let mut conn = house.keep.read().await.unwrap();
    let end = START.plus_ms(DAY_MS);
    for (now, member) in [(end.plus_ms(-1), true), (end, false), (end.plus_ms(1), false)] {
        assert_eq!(is_member(&mut conn, patient, clinician, now).await.unwrap(), member);
        assert_eq!(members(&mut conn, patient, now).await.unwrap().len(), usize::from(member));
        assert_eq!(patients_of(&mut conn, clinician, now).await.unwrap().len(), usize::from(member));
    }
    assert!(!is_member(&mut conn, patient, desk, START).await.unwrap());
}

/// R12 (part: a grant on a care team shows its approver and its dates)
#[tokio::test]
async fn a_grant_names_who_approved_it_and_until_when() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (clinician, desk) = (house.hire(&[Role::Clinician]).await, house.hire(&[Role::Desk]).await);
    grant(&house, patient, clinician, desk, 1).await;
    grant(&house, patient, clinician, clinician, 30).await;
    let mut conn = house.keep.read().await.unwrap();
    let team = members(&mut conn, patient, START).await.unwrap();
    assert_eq!(team.len(), 1, "renewed, not doubled");
    assert_eq!((team[0].person, team[0].approver), (clinician, clinician));
    assert_eq!((team[0].since, team[0].ends_at), (START, START.plus_ms(30 * DAY_MS)));
}

/// R12 (part: periodic re-certification, by another person than the member)
#[tokio::test]
async fn after_half_a_year_somebody_else_says_whether_it_is_still_needed() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (ana, ben) = (house.hire(&[Role::Clinician]).await, house.hire(&[Role::Clinician]).await);
    for person in [ana, ben] {
        grant(&house, patient, person, ana, 365).await;
    }
    let official = house.hire(&[Role::PrivacyOfficial]).await;
    let list = "/practice/care-teams";
    assert!(house.signed_in(official).await.get(list).await.text.contains("Nothing to confirm"));
    house.clock.advance_ms(CONFIRM_MS);
    let mut grace = house.signed_in(official).await;
    let due = grace.get(list).await;
    assert_eq!(due.text.matches("Should be confirmed since").count(), 2);
    let of =
        |person: PersonId, what: &str| format!("/patients/{}/team/{}/{what}", patient.text(), person.text());
    let kept = grace.submit(list, &of(ana, "confirm"), &[]).await;
    assert_eq!(kept.location(), list);

    let chart = format!("/patients/{}", patient.text());
    let mut doctor = house.signed_in(ben).await;
    let shown = doctor.get(&chart).await;
    assert!(shown.text.contains("approved by") && shown.text.contains("Should be confirmed since"));
    assert_eq!(doctor.submit(&chart, &of(ben, "confirm"), &[]).await.status, 409, "not for oneself");
    grant(&house, patient, ben, ben, 400).await;
    let booked = doctor.get(&chart).await;
    assert!(booked.text.contains("Should be confirmed since"), "nor by booking for oneself");
    let ended = grace.submit(list, &of(ben, "end"), &[]).await;
    assert_eq!(ended.location(), list);
    assert_eq!(doctor.get(&chart).await.status, 404, "from the next page on");
    assert!(grace.get(list).await.text.contains("Nothing to confirm"));
    let mut conn = house.keep.read().await.unwrap();
    let team = members(&mut conn, patient, house.keep.clock().now()).await.unwrap();
    assert_eq!((team.len(), team[0].person, team[0].confirmed_by), (1, ana, official));
    assert_eq!(team[0].approver, ana, "who let them on stays");
}

#[tokio::test]
async fn a_member_adds_a_colleague_with_a_reason_and_a_stranger_adds_nobody() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (ana, ben) = (house.hire(&[Role::Clinician]).await, house.hire(&[Role::Assistant]).await);
    let desk = house.hire(&[Role::Desk]).await;
    grant(&house, patient, ana, ana, 30).await;
    let (chart, team) =
        (format!("/patients/{}", patient.text()), format!("/patients/{}/team", patient.text()));
    let mut doctor = house.signed_in(ana).await;
    let ben_id = ben.text();
    let new = [("person", ben_id.as_str()), ("why", "Covers on Fridays")];
    let mut stranger = house.signed_in(ben).await;
    assert_eq!(stranger.submit("/me", &team, &new).await.status, 404);
    assert_eq!(doctor.submit(&chart, &team, &new[..1]).await.status, 422);
    assert_eq!(doctor.submit(&chart, &team, &new).await.location(), chart);
    assert_eq!(stranger.get(&chart).await.status, 200);
    for nobody in [desk.text(), ana.text(), PersonId::from_bytes([9; 16]).text(), "x".into()] {
        let wrong = [("person", nobody.as_str()), new[1]];
        assert_eq!(
            doctor.submit(&chart, &team, &wrong).await.status,
            404,
            "no chart for a desk, nor oneself"
        );
    }
    let acts = house.acts(Some(patient)).await;
    assert!(acts.contains(&"care_team.change done".into()), "{acts:?}");
}

#[tokio::test]
async fn whoever_comes_back_begins_anew() {
    let house = House::open().await;
    let patient = house.patient().await;
    let ana = house.hire(&[Role::Clinician]).await;
    grant(&house, patient, ana, ana, 1).await;
    house.clock.advance_ms(2 * DAY_MS);
    grant(&house, patient, ana, ana, 9).await;
    let now = house.keep.clock().now();
    let mut conn = house.keep.read().await.unwrap();
    assert_eq!(members(&mut conn, patient, now).await.unwrap()[0].since, now);
}
