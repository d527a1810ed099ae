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

/// R116 (part: the decision is read again by an official), R113 (part: the accounting of copies made here)
#[tokio::test]
async fn what_left_is_read_by_the_privacy_official_alone() {
    let house = House::open().await;
    let (maria, james) = (house.patient().await, house.patient_named("James Whitfield").await);
    let doctor = house.hire(&[Role::Clinician]).await;
    let mut tx = house.keep.begin().await.unwrap();
    for patient in [maria, james] {
        care_team::put(&mut tx, patient, doctor, doctor, house.in_a_day()).await.unwrap();
    }
    tx.commit(&system(), Entry::new(Object::of("care_team", ""))).await.unwrap();
    let mut browser = house.signed_in(doctor).await;
    let court = [
        ("recipient", "County court"),
        ("address", "1 Main Street"),
        ("purpose", "law"),
        ("words", "A subpoena for the address"),
        ("contact", "yes"),
    ];
    let friend = [("recipient", "Dr. Lee"), ("purpose", "treatment")];
    for (patient, fields) in [(maria, &court[..]), (james, &friend[..])] {
        let path = format!("/patients/{}/copy", patient.text());
        assert_eq!(browser.submit(&path, &path, fields).await.status, 200);
    }
    let (list, one) = ("/practice/disclosures", format!("/practice/disclosures/{}", maria.text()));
    let mut official = house.signed_in(house.hire(&[Role::PrivacyOfficial]).await).await;
    let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
    let all = plain(official.get(list).await.text);
    for said in ["County court", "1 Main Street", "Why: A subpoena", "Dr. Lee", "James Whitfield", CANARY] {
        assert!(all.contains(said), "{said}: {all}");
    }
    assert_eq!(all.matches("Belongs in the accounting").count(), 1, "not what is for treatment");
    for patient in [maria, james] {
        let acts = house.acts(Some(patient)).await;
        assert!(acts.contains(&"disclosure.see done".into()), "the list is a look at each of them");
    }
    let hers = plain(official.get(&one).await.text);
    assert!(hers.contains("County court") && hers.contains("March 9, 1961") && !hers.contains("Dr. Lee"));
    assert!(house.acts(Some(maria)).await.contains(&"disclosure.see done".into()));
    for role in [Role::SecurityOfficial, Role::Owner, Role::Administrator, Role::Desk, Role::Clinician] {
        let mut other = house.signed_in(house.hire(&[role]).await).await;
        assert_eq!(other.get(list).await.status, 404, "{role:?}");
        assert_eq!(other.get(&one).await.status, 404, "{role:?}");
    }
    house.clock.advance_ms(super::store::ACCOUNTED_MS);
    let mut later = house.signed_in(house.hire(&[Role::PrivacyOfficial]).await).await;
    assert!(!later.get(&one).await.text.contains("County court"), "six years");
}
