//! What somebody says about texts holds for those that wait already, whoever has an old page open.

use super::rules::Way;
use super::tests::{ask, in_portal, send_from};
use super::texting_tests::{NUMBER, Peer, asks, carrier, hook, open, write};
use axum::http::StatusCode;
use keep::outbox::deliver_due;
use keep::outbox::texts::ANSWERS_A_DAY;
use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, Role};
use web::mail::Mail;

const PORTAL: &str = "/portal/contact";
const BY_TEXT: [(&str, &str); 3] = [("channel", "text"), ("texts", "yes"), ("phone", "555-010-0777")];

/// R69 (part: whoever wants no texts any more, or gets them elsewhere, gets none of those that wait), R70
/// (part: nothing that waits goes to the number of before)
#[tokio::test]
async fn what_waits_for_a_number_is_given_up_with_the_wish_for_it() {
    let changes: [&[(&str, &str)]; 3] = [
        &[("channel", "text"), ("texts", "yes"), ("phone", "555-010-0888")],
        &[("channel", "call"), ("phone", "555-010-0777")],
        &[("channel", "call"), ("texts", "yes"), ("phone", "555-010-0777")],
    ];
    for change in changes {
        let (house, _) = open().await;
        let peer = Peer::default();
        let gateway = carrier(peer.start().await);
        let (patient, other) = (house.patient().await, house.patient().await);
        let when = house.keep.clock().now().plus_ms(9 * DAY_MS);
        asks(&house, patient, |_| {}).await;
        asks(&house, other, |_| {}).await;
        assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
        assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));
        assert_eq!(write(&house, patient, Some(Mail::MovedKept { when })).await, Way::Text);
        assert_eq!(write(&house, other, Some(Mail::Restored { when })).await, Way::Text);
        assert_eq!(peer.texts().len(), 1);
        let mut own = in_portal(&house, patient).await;
        assert_eq!(ask(&mut own, PORTAL, change).await.status, 303, "{change:?}");
        for _ in 0..4 {
            house.clock.advance_ms(DAY_MS);
            deliver_due(&house.keep, &gateway).await.unwrap();
        }
        let sent = peer.texts();
        assert!(sent.len() == 1 && sent[0].starts_with(NUMBER), "what the other waits for: {sent:?}");
        let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
        assert!(desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));
    }
}

/// R104 (part: a form that was open when the STOP came does not undo it)
#[tokio::test]
async fn a_stop_outlives_a_form_that_was_open() {
    let (house, _) = open().await;
    let patient = house.patient().await;
    asks(&house, patient, |_| {}).await;
    let page = format!("/patients/{}/contact", patient.text());
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let seen = desk.get(&page).await.text;
    assert!(seen.contains("name=\"texts\" value=\"yes\" checked"), "{seen}");
    assert_eq!(hook(&house, "hook-secret", "STOP").await, StatusCode::NO_CONTENT);
    let late = send_from(&mut desk, (&page, &seen), &BY_TEXT).await;
    assert_eq!(late.status, 422, "the page shows what came in between");
    let stands = || async {
        let mut conn = house.keep.read().await.unwrap();
        keep::outbox::texts::stopped(&mut conn, &house.keep, NUMBER).await.unwrap().is_some()
    };
    assert!(stands().await);
    // Another patient's page, of the same number, brings texts back to nobody either.
    let other = house.patient().await;
    asks(&house, other, |asked| asked.phone = "555-010-0888".into()).await;
    let mut own = in_portal(&house, other).await;
    assert_eq!(ask(&mut own, PORTAL, &BY_TEXT).await.status, 303);
    assert!(stands().await, "their tick was for another number");
    // Ticked again by somebody who saw the STOP.
    assert_eq!(ask(&mut desk, &page, &BY_TEXT).await.status, 303);
    assert!(!stands().await);
}

/// R69 (part: a text keeps the safe hours also when it is held back or tried again)
#[tokio::test]
async fn no_text_comes_outside_the_hours_that_are_safe() {
    let (house, _) = open().await;
    let when = house.keep.clock().now().plus_ms(9 * DAY_MS);
    let (night, evening) = (house.patient().await, house.patient().await);
    asks(&house, night, |asked| (asked.from, asked.until) = (21, 24)).await;
    assert_eq!(write(&house, night, Some(Mail::Cancelled { when })).await, Way::Call, "no text at night");
    asks(&house, evening, |asked| (asked.from, asked.until) = (18, 20)).await;
    assert_eq!(write(&house, evening, Some(Mail::Cancelled { when })).await, Way::Text);
    let peer = Peer::default();
    let gateway = carrier(peer.start().await);
    *peer.answers.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    // From the afternoon until noon of the next day; the gateway is back long after eight in the evening.
    for half in 0..44 {
        if half == 16 {
            *peer.answers.lock().unwrap() = StatusCode::OK;
        }
        deliver_due(&house.keep, &gateway).await.unwrap();
        house.clock.advance_ms(HOUR_MS / 2);
    }
    assert!(peer.texts().is_empty());
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    assert!(desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));
}

/// R104 (part: one confirmation of a STOP, and no endless talk with a machine)
#[tokio::test]
async fn answers_have_a_bound() {
    let (house, _) = open().await;
    let peer = Peer::default();
    let gateway = carrier(peer.start().await);
    for _ in 0..3 {
        assert_eq!(hook(&house, "hook-secret", "STOP").await, StatusCode::NO_CONTENT);
    }
    deliver_due(&house.keep, &gateway).await.unwrap();
    assert_eq!(peer.texts().len(), 1, "a STOP brought again is not confirmed again");
    for _ in 0..9 {
        assert_eq!(hook(&house, "hook-secret", "Info: nobody reads this").await, StatusCode::NO_CONTENT);
        deliver_due(&house.keep, &gateway).await.unwrap();
    }
    assert_eq!(peer.texts().len(), ANSWERS_A_DAY - 1);
    house.clock.advance_ms(DAY_MS);
    // An answer that a gateway would not take comes within minutes or not at all.
    *peer.answers.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(hook(&house, "hook-secret", "START").await, StatusCode::NO_CONTENT);
    deliver_due(&house.keep, &gateway).await.unwrap();
    *peer.answers.lock().unwrap() = StatusCode::OK;
    house.clock.advance_ms(6 * MINUTE_MS);
    deliver_due(&house.keep, &gateway).await.unwrap();
    assert!(peer.texts().is_empty());
    assert_eq!(hook(&house, "hook-secret", "STOP").await, StatusCode::NO_CONTENT);
    deliver_due(&house.keep, &gateway).await.unwrap();
    assert_eq!(peer.texts().len(), 1, "a new one is confirmed");
}
