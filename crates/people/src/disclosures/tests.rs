//! A copy leaves: who may, what it asks, what it holds, what stays behind.

use super::rules::Purpose;
use crate::care_team;
use crate::testing::{CANARY, House, system};
use keep::{Entry, Object, args};
use vocabulary::{MINUTE_MS, Role};

/// R116 (part: a non-routine disclosure keeps its minimum-necessary decision)
#[tokio::test]
async fn a_copy_for_another_purpose_asks_why_so_much_and_no_more() {
    let house = House::open().await;
    let patient = house.patient().await;
    let doctor = house.hire(&[Role::Clinician]).await;
    let path = format!("/patients/{}/copy", patient.text());
    let mut browser = house.signed_in(doctor).await;
    assert_eq!(browser.get(&path).await.status, 404, "not on the care team");
    let mut tx = house.keep.begin().await.unwrap();
    care_team::put(&mut tx, patient, doctor, doctor, house.in_a_day()).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("care_team", ""))).await.unwrap();
    let to = ("recipient", "Blue Insurance");
    for purpose in Purpose::ALL {
        let bare = browser.submit(&path, &path, &[to, ("purpose", purpose.code())]).await;
        let wanted = if purpose.asks_for_minimum() { 422 } else { 200 };
        assert_eq!(bare.status, wanted, "{purpose:?}");
    }
    assert_eq!(browser.submit(&path, &path, &[to]).await.status, 422, "for something");
    assert_eq!(browser.submit(&path, &path, &[("purpose", "treatment")]).await.status, 422, "to somebody");
    let why = ("words", "The claim asks for the address alone");
    let copy = browser.submit(&path, &path, &[to, ("purpose", "payment"), why, ("contact", "yes")]).await;
    assert!(copy.text.contains("555-010-0142") && copy.text.contains("Blue Insurance"));
    assert!(!copy.text.contains(&format!("<dd>{CANARY}</dd>")), "what was not picked stays behind");
    let mut conn = house.keep.read().await.unwrap();
    let rows = conn.rows("SELECT words FROM disclosure", args![]).await.unwrap();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| !row.blob("words").unwrap().windows(4).any(|part| part == b"Blue")));
    drop(conn);
    let acts = house.acts(Some(patient)).await;
    assert_eq!(acts.iter().filter(|act| *act == "chart.export done").count(), 5);
    house.clock.advance_ms(6 * MINUTE_MS);
    assert!(browser.get(&path).await.location().starts_with("/sign-in/again"), "a fresh proof");
}
