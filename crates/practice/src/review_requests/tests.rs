//! Every trigger from what raises it to the answers it reopens.

use super::{look, waiting};
use crate::risk::bank::bank;
use crate::risk::rules::Trigger;
use crate::risk::tests::{House, fill, program, sent, sign};
use axum::Router;
use keep::{Entry, Keep, Object, args};
use vocabulary::{DAY_MS, Role};
use web::testing::{get, post};

async fn triggers(keep: &Keep) -> Vec<Trigger> {
    let found = waiting(&mut keep.read().await.unwrap()).await.unwrap();
    found.into_iter().map(|request| request.trigger).collect()
}

async fn add_vendor(official: &Router, name: &str) {
    let fields = [
        ("name", name),
        ("service", "mail"),
        ("gets", "Addresses and times"),
        ("version", "0"),
        ("state", "wanted"),
    ];
    sent(post(official, "/practice/vendors/new", &fields).await);
}

/// R47: a new vendor opens a review task, and the answers it touches are asked again with the reason shown.
#[tokio::test]
async fn a_new_vendor_asks_for_a_review_and_reopens_what_it_touches() {
    let house = House::open().await;
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    add_vendor(&official, "CloudFax").await;
    assert_eq!(triggers(&house.keep).await, [Trigger::Vendor]);
    let home = get(&official, "/practice").await.text;
    assert!(home.contains("Asks for a fresh look: \u{2068}A new vendor\u{2069}"), "{home}");
    sent(post(&official, "/practice/analysis/start", &[]).await);
    assert!(triggers(&house.keep).await.is_empty());
    let question = bank().of_area(crate::risk::bank::Area::Vendors).next().unwrap();
    let page = get(&official, &format!("/practice/analysis/questions/{}", question.id)).await.text;
    assert!(page.contains("A new vendor") && page.contains("CloudFax"), "{page}");
    let untouched = bank().of_area(crate::risk::bank::Area::Language).next().unwrap();
    let page = get(&official, &format!("/practice/analysis/questions/{}", untouched.id)).await.text;
    assert!(!page.contains("Please answer again"));
    let home = get(&official, "/practice").await.text;
    assert!(home.contains("Answers to check after a change"));
}

/// R47 (part: an incident): anybody files it with one press, and it asks for a review without its words.
#[tokio::test]
async fn an_incident_is_filed_with_one_press_and_asks_for_a_review() {
    let house = House::open().await;
    let official = house.start().await;
    fill(&house, &official).await;
    let desk = house.as_role(house.doctor, Role::Desk);
    assert!(get(&desk, "/incident").await.text.contains("value=\"lost-device\""));
    let filed =
        post(&desk, "/incident", &[("kind", "lost-device"), ("what", "A laptop of patient Canary")]).await;
    assert_eq!(filed.status, 200, "{}", filed.text);
    let question = bank().of_area(crate::risk::bank::Area::Rights).next().unwrap();
    let page = get(&official, &format!("/practice/analysis/questions/{}", question.id)).await.text;
    assert!(page.contains("An incident") && !page.contains("Canary"));
    assert!(get(&official, "/practice/incidents").await.text.contains("Canary"));
    assert_eq!(get(&desk, "/practice/incidents").await.status, 404);
    assert_eq!(post(&desk, "/incident", &[("kind", "weather")]).await.status, 400);
}

/// R47 (part: the year): on the day set for the next review the program asks, and asks once.
#[tokio::test]
async fn the_day_of_the_next_review_is_asked_for_once() {
    let (house, clock) = House::with_clock().await;
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    look(&house.keep).await.unwrap();
    assert!(triggers(&house.keep).await.is_empty());
    clock.advance_ms(366 * DAY_MS);
    look(&house.keep).await.unwrap();
    look(&house.keep).await.unwrap();
    assert_eq!(triggers(&house.keep).await, [Trigger::Year]);
}

/// R47 (part: staff turnover)
#[tokio::test]
async fn accounts_that_come_and_go_ask_for_a_review() {
    let house = House::open().await;
    look(&house.keep).await.unwrap();
    assert!(triggers(&house.keep).await.is_empty(), "the first look compares with nothing");
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended'", args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    look(&house.keep).await.unwrap();
    look(&house.keep).await.unwrap();
    assert_eq!(triggers(&house.keep).await, [Trigger::Turnover]);
}

/// R47 (part: a moved site): once the practice is open, another place of work asks for a review.
#[tokio::test]
async fn another_site_asks_for_a_review_once_the_practice_is_open() {
    let house = House::open().await;
    let owner = house.as_role(house.official, Role::Owner);
    let site = [("site_name", "Harbor East"), ("address", "9 Pier Road"), ("state", "MA")];
    sent(post(&owner, "/set-up/sites", &site).await);
    assert_eq!(triggers(&house.keep).await, [Trigger::Move]);
}

/// R47 (part: a change of law, entered by the official with its reason)
#[tokio::test]
async fn what_the_official_enters_reopens_with_the_reason_shown() {
    let house = House::open().await;
    let official = house.start().await;
    fill(&house, &official).await;
    let law = [("trigger", "law"), ("reason", "The final Security Rule")];
    sent(post(&official, "/practice/analysis/changed", &law).await);
    let page = get(&official, "/practice/analysis/questions/a01").await.text;
    assert!(page.contains("A change of law") && page.contains("The final Security Rule"), "{page}");
}
