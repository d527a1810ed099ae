//! A house that does not let the checks be skipped, and the people who may waive them.

use crate::test_house::*;
use axum::Router;
use keep::{Entry, Object};
use policy::Act;
use web::testing::{get, post};

async fn rule(house: &House, change: impl Fn(&mut policy::HouseRules)) {
    let mut settings = (*house.keep.settings()).clone();
    change(&mut settings.house_rules);
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
}

/// Answers everything up to the checks.
async fn up_to_checks(guest: &Router, door: &str) {
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(guest, door).await;
    post(guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
}

/// The house rule is read at the moment of the step: the next visit obeys, and a waiver is a finding.
#[tokio::test]
async fn skipped_checks_hold_until_they_run_or_are_waived() {
    let house = House::open().await;
    let first = house.booked().await;
    let (guest, door) = (house.as_guest(&first), house.door(&first).await);
    let checks = format!("/g/{door}/check-in/readiness");
    up_to_checks(&guest, &door).await;
    let onward = post(&guest, &checks, &[]).await;
    assert!(onward.location().ends_with("/location"), "the default house lets them skip");
    assert_eq!(house.findings().await, [("checks-skipped", 1)]);

    rule(&house, |rules| rules.checks_must_run = true).await;
    let held = post(&guest, &checks, &[]).await;
    assert_eq!(held.location(), checks, "{}", held.text);
    assert!(get(&guest, &checks).await.text.contains("asks for the checks"));

    let page = format!("/visits/{}", first.visit.text());
    let press = format!("{page}/participants/{}/waive", first.participant.text());
    assert!(get(&house.as_desk(), &page).await.text.contains("The checks have not run"));
    assert_eq!(post(&house.as_desk(), &press, &[("reason", " ")]).await.status, 400);
    let waived = post(&house.as_desk(), &press, &[("reason", "The camera is broken")]).await;
    assert_eq!(waived.location(), format!("{page}?done=waived"));
    post(&house.as_desk(), &press, &[("reason", "Pressed twice")]).await;
    assert_eq!(
        house.findings().await.iter().filter(|(kind, n)| *kind == "checks-waived" && *n == 1).count(),
        1
    );
    assert!(post(&guest, &checks, &[]).await.location().ends_with("/location"));
    let after = get(&house.as_desk(), &page).await.text;
    assert!(!after.contains("The checks have not run"));
    let told = house.trail().await;
    assert!(told.iter().any(|entry| entry.act == "visit.waive_readiness"));
}

#[tokio::test]
async fn a_poor_result_is_a_result_and_never_blocks() {
    let house = House::open().await;
    rule(&house, |rules| rules.checks_must_run = true).await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    up_to_checks(&guest, &door).await;
    let dark =
        [("camera", "ok"), ("microphone", "ok"), ("light", "poor"), ("voice", "good"), ("noise", "good")];
    let onward = post(&guest, &format!("/g/{door}/check-in/readiness"), &dark).await;
    assert!(onward.location().ends_with("/location"));
    assert_eq!(house.findings().await, [("poor-light", 1)]);
}

#[tokio::test]
async fn the_house_can_keep_waiving_for_the_host() {
    let house = House::open().await;
    rule(&house, |rules| {
        rules.checks_must_run = true;
        rules.desk_may_waive = false;
    })
    .await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    let press = format!("{page}/participants/{}/waive", booked.participant.text());
    let why = [("reason", "No camera at all")];
    assert_eq!(post(&house.as_desk(), &press, &why).await.status, 404);
    assert!(!get(&house.as_desk(), &page).await.text.contains("The checks have not run"));
    assert_eq!(post(&house.as_other_doctor(), &press, &why).await.status, 404);
    assert_eq!(post(&house.as_doctor(), &press, &why).await.status, 303);
}

#[tokio::test]
async fn a_patient_in_another_state_is_shown_and_found_and_not_stopped() {
    let house = House::open().await;
    rule(&house, |rules| rules.states = "NH".into()).await;
    let booked = house.booked().await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    assert_eq!(house.findings().await, [("outside-states", 1)]);
    let page = get(&house.as_desk(), &format!("/visits/{}", booked.visit.text())).await.text;
    assert!(page.contains("not a state we serve"), "{page}");
}
