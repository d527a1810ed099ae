//! The register of licences through its pages.

use crate::testing::House;
use vocabulary::{DAY_MS, Role};

fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

fn in_days(house: &House, days: i64) -> String {
    crate::patients::day_in(house.keep.clock().now().plus_ms(days * DAY_MS), "America/New_York").to_string()
}

/// R88 (part: the register with its ends, and the warning sixty days ahead on the administrator's page).
#[tokio::test]
async fn a_licence_is_entered_with_its_last_day_and_warns_before_it() {
    let house = House::open().await;
    let admin = house.hire(&[Role::Owner, Role::Administrator, Role::Clinician]).await;
    let mut browser = house.signed_in(admin).await;
    let page = format!("/staff/{}/licences", admin.text());
    let told = plain(&browser.get("/staff").await.text);
    assert!(told.contains("/staff/licences") && told.contains("2 licenses"), "no last day yet: {told}");
    for (state, days) in [("MA", 400), ("NH", 59), ("ME", 61)] {
        let fields = [("state", state), ("compact", ""), ("until", &in_days(&house, days))];
        let saved = browser.submit(&page, &page, &fields).await;
        assert_eq!(saved.location(), page, "{}", saved.text);
    }
    let told = plain(&browser.get("/staff").await.text);
    assert!(told.contains("1 license runs out within 60 days"), "{told}");
    let list = browser.get("/staff/licences").await.text;
    assert!(list.contains("New Hampshire") && list.contains("Runs out on"), "{list}");
    let wrong = [("state", "CA"), ("compact", "nlc"), ("until", "2020-01-01")];
    let again = browser.submit(&page, &page, &wrong).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("is no member") && again.text.contains("in the past"), "{}", again.text);
    // Taken out of the register: the account's own old word for the state does not bring it back.
    let listed = browser.get(&page).await.text;
    let at = listed.find("/end\"").unwrap();
    let from = listed[..at].rfind("/staff/").unwrap();
    let end = listed[from..at + 4].to_owned();
    let before = super::of_person(&mut house.keep.read().await.unwrap(), admin).await.unwrap();
    assert_eq!(browser.submit(&page, &end, &[]).await.location(), page);
    let after = super::of_person(&mut house.keep.read().await.unwrap(), admin).await.unwrap();
    assert_eq!(before.len(), after.len());
    assert_eq!(after.iter().filter(|one| one.ended).count(), 1);
    let acts = house.acts(None).await;
    assert_eq!(acts.iter().filter(|act| act.starts_with("licence.change")).count(), 4, "{acts:?}");
}

#[tokio::test]
async fn nobody_else_sees_or_changes_the_register() {
    let house = House::open().await;
    let doctor = house.hire(&[Role::Clinician]).await;
    let mut browser = house.signed_in(doctor).await;
    let page = format!("/staff/{}/licences", doctor.text());
    assert_eq!(browser.get(&page).await.status, 404);
    assert_eq!(browser.submit("/me", &page, &[("state", "MA")]).await.status, 404);
}
