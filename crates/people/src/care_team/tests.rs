//! Care teams in the store.

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
