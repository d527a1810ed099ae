//! A consent that is taken back while its patient waits: both sides read why.

use super::Scope;
use super::tests::take_back;
use crate::test_house::*;
use vocabulary::MINUTE_MS;
use web::testing::{get, post};

/// R63 (part: seen): taken back on another page while she waits, her visit page says what happened, when, and
/// what she can do, and staff read it in the list of the day and on the visit; signed again, nobody does.
#[tokio::test]
async fn whoever_takes_it_back_while_waiting_reads_why_they_are_outside() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    house.enters_lobby(&booked).await;
    house.clock.advance_ms(MINUTE_MS);
    take_back(&house, &house.as_patient(house.patient), Scope::Telehealth).await;

    let lobby = get(&guest, &format!("/g/{door}/lobby")).await;
    assert_eq!(lobby.location(), format!("/g/{door}/check-in/consent"));
    let why = plain(&get(&guest, lobby.location()).await.text);
    for sentence in [
        "was taken back on Saturday, November 21, 3:01\u{a0}PM",
        "nobody can let you in",
        "Read this and sign it",
        "Call 555-0142",
    ] {
        assert!(why.contains(sentence), "{sentence}: {why}");
    }
    let spanish = plain(&get_es(&house.as_demo_guest(&booked), lobby.location()).await.text);
    assert!(spanish.contains("se retiró el sábado, 21 de noviembre"), "{spanish}");
    let visit = format!("/visits/{}", booked.visit.text());
    for path in ["/day", "/day/queue", &visit] {
        let page = get(&house.as_desk(), path).await.text;
        assert!(page.contains("Consent taken back") && page.contains("Said no to consent"), "{path}: {page}");
    }
    assert!(get_es(&house.as_desk(), "/day").await.text.contains("Consentimiento retirado"));

    house.clock.advance_ms(1);
    sign_papers(&guest, &door).await;
    assert!(!get(&guest, lobby.location()).await.text.contains("nobody can let you in"));
    assert!(!get(&house.as_desk(), "/day").await.text.contains("Consent taken back"));
}

/// The same when it was the desk that was told, also of somebody who never signed on a screen: the first page
/// that is open to them says it.
#[tokio::test]
async fn what_the_desk_was_told_stands_on_the_page_of_whoever_waits() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    house.enters_lobby(&booked).await;
    take_back(&house, &house.as_patient(house.patient), Scope::ESign).await;
    house.clock.advance_ms(1);
    let told = [("scope", "telehealth"), ("how", "voice")];
    let press = format!("/visits/{}/consent/taken-back", booked.visit.text());
    assert!(post(&house.as_desk(), &press, &told).await.location().ends_with("done=taken-back"));
    let lobby = get(&guest, &format!("/g/{door}/lobby")).await;
    assert_eq!(lobby.location(), format!("/g/{door}/check-in/screen"));
    let why = plain(&get(&guest, lobby.location()).await.text);
    assert!(why.contains("We were told on Saturday, November 21") && why.contains("Call 555-0142"), "{why}");
}
