//! Words to the lobby and from it: sealed, in the trail, for those whom they concern.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{MINUTE_MS, Role};
use web::testing::{get, post};

const OWN: &str = "canary words: my elbow hurts more";

#[tokio::test]
async fn the_desk_and_whoever_waits_write_to_each_other() {
    let house = House::open().await;
    let booked = house.booked_for(house.other_patient, 5 * MINUTE_MS).await;
    house.waits(&booked).await;
    let (desk, guest) = (house.as_desk(), house.as_guest(&booked));
    let visit = format!("/visits/{}", booked.visit.text());
    let word = format!("/g/{}/word", house.door(&booked).await);
    // A phrase is said in the language of whoever waits, whatever the desk's own is.
    let said = post(&desk, &format!("{visit}/say"), &[("phrase", "say-soon")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    let page = get(&guest, &word).await.text;
    assert!(page.contains("Enseguida"), "{page}");

    house.clock.advance_ms(MINUTE_MS);
    let sent = post(&guest, &word, &[("words", OWN)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let queue = get(&desk, "/day/queue").await.text;
    assert!(queue.contains("1 message") && !queue.contains("elbow"), "the list says that, not what: {queue}");
    let read = get(&desk, &visit).await.text;
    assert!(read.contains(OWN) && read.contains("From the waiting room"), "{read}");
    house.clock.advance_ms(MINUTE_MS);
    post(&desk, &format!("{visit}/say"), &[("words", "We will call you.")]).await;
    assert!(!get(&desk, "/day/queue").await.text.contains("1 message"), "answered");
    assert!(get(&guest, &word).await.text.contains("We will call you."));

    let told = house.trail().await;
    let of =
        |act: &str| told.iter().rfind(|body| body.act == act && body.details.contains_key("to")).unwrap();
    assert_eq!(of("lobby.message").details["to"], "lobby");
    assert_eq!(of("lobby.write").details["to"], "desk");
    let mut read = house.keep.read().await.unwrap();
    let rows = read.rows("SELECT body FROM lobby_message ORDER BY at", keep::args![]).await.unwrap();
    let readable = |row: &keep::Row| String::from_utf8_lossy(row.blob("body").unwrap()).contains("elbow");
    assert!(rows.len() == 3 && !rows.iter().any(readable), "sealed");
}

#[tokio::test]
async fn nobody_writes_for_others_or_about_nothing() {
    let house = House::open().await;
    let booked = house.booked().await;
    let other = house.booked_for(house.other_patient, 60 * MINUTE_MS).await;
    let visit = format!("/visits/{}/say", booked.visit.text());
    let fields = [("phrase", "say-soon")];
    assert_eq!(post(&house.as_other_doctor(), &visit, &fields).await.status, StatusCode::NOT_FOUND);
    let admin = house.staff(house.desk, &[Role::Administrator]);
    assert_eq!(post(&admin, &visit, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&house.as_doctor(), &visit, &fields).await.status, StatusCode::SEE_OTHER);
    let word = format!("/g/{}/word", house.door(&booked).await);
    assert_eq!(get(&house.as_guest(&other), &word).await.status, StatusCode::NOT_FOUND);
    let guest = house.as_guest(&booked);
    let empty = post(&guest, &word, &[("words", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Write something"), "{}", empty.text);
    let long = "x".repeat(281);
    assert_eq!(post(&guest, &word, &[("words", &long)]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    post(&house.as_desk(), &format!("/visits/{}/cancel", booked.visit.text()), &[("by", "patient")]).await;
    assert_eq!(post(&house.as_desk(), &visit, &fields).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_visit_holds_a_hundred_messages() {
    let house = House::open().await;
    let booked = house.booked().await;
    let guest = house.as_guest(&booked);
    let word = format!("/g/{}/word", house.door(&booked).await);
    for _ in 0..100 {
        assert_eq!(post(&guest, &word, &[("phrase", "word-help")]).await.status, StatusCode::SEE_OTHER);
    }
    let more = post(&guest, &word, &[("phrase", "word-help")]).await;
    assert_eq!(more.status, StatusCode::CONFLICT);
}
