//! What visits show changes with the visits, and says no small number of patients.

use super::OfVisits;
use crate::test_house::*;
use keep::{Entry, Object, args};
use policy::Act;
use practice::facts::rules::{Said, Seen};
use practice::facts::{Observer, World};
use vocabulary::DAY_MS;
use web::testing::post;

async fn seen(house: &House, fact: &'static str) -> Seen {
    let mut conn = house.keep.read().await.unwrap();
    let now = house.keep.clock().now();
    OfVisits.look(fact, World { keep: &house.keep, conn: &mut conn, now }).await.unwrap()
}

async fn everybody_is_let_in(house: &House) {
    let mut tx = house.keep.begin().await.unwrap();
    let now = tx.now();
    tx.run("UPDATE participant SET admitted_at = $1 WHERE role = 'patient'", args![now]).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
}

fn patients(part: i64, whole: i64) -> Seen {
    Seen::Patients { part, whole }
}

#[tokio::test]
async fn agreement_place_and_failed_checks_follow_the_visits() {
    let house = House::open().await;
    let first = house.booked().await;
    assert_eq!(seen(&house, "consent-coverage").await, patients(0, 0), "nobody was let in yet");
    check_in(&house.as_guest(&first), &house.door(&first).await).await;
    everybody_is_let_in(&house).await;
    for fact in ["consent-coverage", "place-private", "checks-good"] {
        assert_eq!(seen(&house, fact).await, patients(1, 1), "{fact}");
        assert_eq!(seen(&house, fact).await.said(), Said::TooFew, "one patient is no number");
    }
    let other = house.booked_for(house.other_patient, DAY_MS).await;
    everybody_is_let_in(&house).await;
    for fact in ["consent-coverage", "place-private"] {
        assert_eq!(seen(&house, fact).await, patients(1, 2), "{fact}: let in without any step");
    }
    let (guest, door) = (house.as_guest(&other), house.door(&other).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(&guest, &door).await;
    post(&guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    let dark =
        [("camera", "ok"), ("microphone", "ok"), ("light", "poor"), ("voice", "good"), ("noise", "good")];
    post(&guest, &at("readiness"), &dark).await;
    let here = [("address", ADDRESS), ("state", "MA"), ("call_back", CALL_BACK)];
    post(&guest, &at("location"), &here).await;
    everybody_is_let_in(&house).await;
    assert_eq!(seen(&house, "checks-good").await, patients(1, 2), "one was too dark");
    assert_eq!(seen(&house, "place-private").await, patients(2, 2));
    house.clock.advance_ms(91 * DAY_MS);
    for fact in ["consent-coverage", "place-private", "checks-good"] {
        assert_eq!(seen(&house, fact).await, patients(0, 0), "{fact}: long ago");
    }
}

#[test]
fn every_fact_has_its_words_and_its_question() {
    let catalog = web::Catalog::new(&[crate::WORDS]).unwrap();
    for fact in OfVisits.facts() {
        assert!(catalog.has(&format!("fact-{}", fact.name)), "{fact:?}");
        assert!(catalog.has(&format!("fact-{}-how", fact.name)), "{fact:?}");
        let asked = |name: &String| name == fact.name;
        let questions = &practice::risk::bank::bank().questions;
        assert!(questions.iter().any(|one| one.observed_by.iter().any(asked)), "{fact:?}");
    }
}
