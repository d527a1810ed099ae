//! The state and the licence through the pages: stopped by default, decided by the host, asked again.

use super::for_visit;
use crate::before::check_in::{NotReady, enter_lobby};
use crate::before::store::load_visit;
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use keep::{Entry, Object};
use people::licences::rules::Typed;
use policy::Act;
use vocabulary::DAY_MS;
use web::testing::{get, post};

async fn says(guest: &Router, door: &str, state: &str) -> web::testing::Answer {
    let here = [("address", ADDRESS), ("state", state), ("call_back", CALL_BACK)];
    post(guest, &format!("/g/{door}/check-in/location"), &here).await
}

async fn up_to_location(guest: &Router, door: &str) {
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(guest, door).await;
    post(guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    post(guest, &at("readiness"), &[]).await;
}

async fn enters(house: &House, booked: &crate::before::booking::Booked) -> Result<(), NotReady> {
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    enter_lobby(&mut tx, booked.participant, &rules).await?;
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
    Ok(())
}

async fn licensed(house: &House, state: &str, compact: &str, days: i64) {
    let now = house.keep.clock().now();
    let until = people::patients::day_in(now.plus_ms(days * DAY_MS), "America/New_York").to_string();
    let typed = Typed { state: state.into(), compact: compact.into(), until };
    let new = typed.check(people::patients::day_in(now, "America/New_York"), "America/New_York").unwrap();
    let mut tx = house.keep.begin().await.unwrap();
    people::licences::add(&mut tx, (house.doctor, None), &new).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("licence", ""))).await.unwrap();
}

/// R88: a state that no licence or compact privilege of the clinician covers stops the visit by default,
/// whoever runs out is covered no more, the host alone goes on, with a reason that the trail and the sheet
/// keep, and another place is asked about anew, the lobby included.
#[tokio::test]
async fn an_uncovered_state_stops_until_the_host_decides_for_that_state() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let location = format!("/g/{door}/check-in/location");
    up_to_location(&guest, &door).await;
    let held = says(&guest, &door, "CA").await;
    assert_eq!(held.location(), location, "no way on");
    let page = plain(&get(&guest, &location).await.text);
    assert!(page.contains("cannot treat you in California yet"), "{page}");
    let spanish = plain(&get_es(&guest, &location).await.text);
    assert!(spanish.contains("todavía no puede atenderle en California"), "{spanish}");
    assert_eq!(enters(&house, &booked).await, Err(NotReady::LicenceMissing));
    assert_eq!(NotReady::LicenceMissing.code(), "licence_missing");
    assert_eq!(house.findings().await.iter().filter(|(kind, n)| *kind == "no-licence" && *n == 1).count(), 1);

    // The desk sees it and cannot decide it; the host can, and not without a reason.
    let visit = format!("/visits/{}", booked.visit.text());
    let press = format!("{visit}/licence");
    let seen = plain(&get(&house.as_desk(), &visit).await.text);
    assert!(seen.contains("has no license for California") && !seen.contains(&press), "{seen}");
    let why = [("reason", "Known patient on a trip, refill only")];
    assert_eq!(post(&house.as_desk(), &press, &why).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&house.as_doctor(), &press, &[("reason", " ")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(&house.as_doctor(), &press, &why).await.location(), format!("{visit}?done=licence"));
    assert_eq!(enters(&house, &booked).await, Ok(()));
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "visit.override_licence").unwrap();
    assert!(format!("{:?}", entry.details).contains("refill only"), "{:?}", entry.details);
    let sheet = get(&house.as_doctor(), &format!("{visit}/sheet")).await.text;
    assert!(sheet.contains("data-step=\"sheet-licence\" data-outcome=\"waived\""), "{sheet}");

    // Somewhere else again: decided for California is not decided for Nevada; nobody waits on it.
    says(&guest, &door, "NV").await;
    assert_ne!(house.state_of(booked.visit).await.1, "waiting");
    sign_papers(&guest, &door).await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::LicenceMissing));
    licensed(&house, "NV", "", 3).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));

    // While the visit waits, the last day passes.
    house.clock.advance_ms(4 * DAY_MS);
    let mut read = house.keep.read().await.unwrap();
    let row = load_visit(&mut read, booked.visit).await.unwrap();
    let standing = for_visit(&mut read, &row, house.keep.clock().now()).await.unwrap();
    assert!(standing.is_uncovered() && !standing.lets_in(), "{standing:?}");
}

#[tokio::test]
async fn a_compact_covers_its_members() {
    let house = House::open().await;
    licensed(&house, "NH", "nlc", 400).await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    up_to_location(&guest, &door).await;
    assert_eq!(says(&guest, &door, "ME").await.location(), format!("/g/{door}/lobby"));
    let seen = get(&house.as_desk(), &format!("/visits/{}", booked.visit.text())).await.text;
    assert!(seen.contains("Maine") && seen.contains("Nurse Licensure Compact"), "{seen}");
}

/// R88 (part: a place that changes while the visit runs): the room stays open, and everybody who leads hears.
#[tokio::test]
async fn a_new_place_during_the_visit_is_checked_too() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    house.comes_in(&booked).await;
    let moved = format!("/visits/{}/location", booked.visit.text());
    let there = [("address", "1 Far Road, Reno"), ("state", "NV"), ("call_back", CALL_BACK)];
    let saved = post(&house.as_doctor(), &moved, &there).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let card = get(&house.as_doctor(), &format!("/visits/{}/emergency", booked.visit.text())).await;
    let card = plain(&card.text);
    assert!(card.contains("1 Far Road, Reno") && card.contains("has no license for Nevada"), "{card}");
    assert!(house.findings().await.iter().any(|(kind, _)| *kind == "no-licence"));
    assert_eq!(house.state_of(booked.visit).await.1, "admitted", "nobody is thrown out");
    let acts = house.acts().await;
    assert!(acts.contains(&"visit.locate".to_owned()), "{acts:?}");
    let short = [("address", "x"), ("state", "NV"), ("call_back", "")];
    let again = post(&house.as_doctor(), &moved, &short).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("value=\"x\""), "{}", again.text);
    assert_eq!(post(&house.as_other_doctor(), &moved, &there).await.status, StatusCode::NOT_FOUND);
}
