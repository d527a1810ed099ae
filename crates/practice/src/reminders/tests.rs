//! Reminders from what is due to the letter, and what the people find behind its link.

use super::look;
use crate::WORDS;
use crate::duties::What;
use crate::facts::{Observers, World};
use crate::risk::tests::{House, fill, program, sent, sign};
use axum::Router;
use keep::{Entry, Keep, Object, args};
use people::staff::{self, NewPerson};
use std::sync::Arc;
use vocabulary::{DAY_MS, HOUR_MS, Lang, Role, Roles};
use web::Catalog;
use web::testing::{get, post};

async fn carried(keep: &Keep) -> Vec<(String, String, String)> {
    let letters = keep::testing::posted(keep).await;
    letters.into_iter().map(|letter| (letter.to, letter.subject, letter.text)).collect()
}

fn catalog() -> Arc<Catalog> {
    Catalog::new(&[web::WORDS, people::WORDS, WORDS]).unwrap()
}

async fn address(house: &House) {
    let mut tx = house.keep.begin().await.unwrap();
    for (person, email) in [(house.official, "grace@example.org"), (house.doctor, "amara@example.org")] {
        people::proofs::give_name(&mut tx, person, email).await.unwrap();
    }
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
}

async fn owned_risk(house: &House, official: &Router, due: &str) -> String {
    let pair =
        [("threat", "eavesdropper"), ("vulnerability", "overheard-room"), ("what", "CANARY: Room 3 is thin")];
    let path = post(official, "/practice/risks/new", &pair).await.location().to_owned();
    let owner = house.doctor.text();
    let rated = [
        ("likelihood", "high"),
        ("impact", "high"),
        ("treatment", "reduce"),
        ("plan", "Hang a second door"),
        ("owner", owner.as_str()),
        ("due", due),
        ("version", "1"),
    ];
    sent(post(official, &path, &rated).await);
    path
}

/// The owner of a plan item hears of it once a day from the set hour on, in words that say nothing, and finds
/// it behind the link.
#[tokio::test]
async fn an_owner_hears_once_a_day_and_finds_what_waits() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let official = house.official();
    let words = catalog();
    // The clock of the tests stands at 15:00 in New York.
    owned_risk(&house, &official, "2026-11-28").await;
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "a week away");
    clock.advance_ms(5 * DAY_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "once a day");
    clock.advance_ms(HOUR_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "once a day");
    let letters = carried(&house.keep).await;
    assert_eq!(letters.len(), 1);
    let (to, subject, text) = &letters[0];
    assert_eq!(to, "amara@example.org");
    assert!(text.contains("/practice/asked"), "{text}");
    for word in ["CANARY", "door", "risk", "Room", "Amara"] {
        assert!(!text.contains(word) && !subject.contains(word), "{word}: {text}");
    }
    clock.advance_ms(DAY_MS);
    assert_eq!(
        look(&house.keep, &words, &Observers::default()).await,
        Ok(1),
        "the next day again, while it waits"
    );
    let owner = house.as_role(house.doctor, Role::Clinician);
    let mine = get(&owner, "/practice/asked").await.text;
    assert!(mine.contains("Hang a second door"), "{mine}");
    let other = house.as_role(house.official, Role::Desk);
    assert!(!get(&other, "/practice/asked").await.text.contains("Hang a second door"), "nobody else's");
    let home = get(&official, "/practice").await.text;
    assert!(home.contains("The last reminders went out"), "{home}");
}

#[tokio::test]
async fn the_house_rule_names_the_hour_and_what_is_done_reminds_nobody() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let official = house.official();
    let words = catalog();
    let path = owned_risk(&house, &official, "2026-11-22").await;
    let set = async |hour: i64| {
        let mut settings = (*house.keep.settings()).clone();
        settings.house_rules.remind_hour = hour;
        let mut tx = house.keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    };
    set(23).await;
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "not yet");
    set(0).await;
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    clock.advance_ms(DAY_MS);
    let signed = [("reason", "We move out in May"), ("name", "Grace Lindqvist"), ("version", "2")];
    sent(post(&official, &format!("{path}/accept"), &signed).await);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "signed for");
    owned_risk(&house, &official, "2026-11-23").await;
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![house.doctor]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    carried(&house.keep).await;
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    let letters = carried(&house.keep).await;
    assert_eq!(letters[0].0, "grace@example.org", "whoever left hears nothing, the official does");
}

#[tokio::test]
async fn questions_that_are_due_and_reviews_that_are_owed_remind_whom_they_wait_for() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let official = house.start().await;
    let words = catalog();
    let doctor = house.doctor.text();
    let asked = [("asked_of", doctor.as_str()), ("due", "2026-11-23"), ("version", "0")];
    sent(post(&official, "/practice/analysis/questions/a01", &asked).await);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    let answered = house.as_role(house.doctor, Role::Clinician);
    sent(post(&answered, "/practice/asked/a01", &[("choice", "yes"), ("version", "1")]).await);
    clock.advance_ms(DAY_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "answered");
    // Everything but the first question, which is answered already, as another analysis would have it.
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("DELETE FROM answer", args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    fill(&house, &official).await;
    sent(sign(&official).await);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "the review is months away");
    clock.advance_ms(400 * DAY_MS);
    carried(&house.keep).await;
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    // Months of the trail wait by then too: the review is one of the things told.
    let (now, mut conn) = (house.keep.clock().now(), house.keep.read().await.unwrap());
    let world = World { keep: &house.keep, conn: &mut conn, now };
    let owed = crate::duties::all(&Observers::default(), world).await.unwrap();
    assert!(owed.iter().any(|duty| duty.what == What::Review && duty.is_told(now)), "{owed:?}");
    drop(conn);
    let letters = carried(&house.keep).await;
    assert_eq!(letters[0].0, "grace@example.org");
    assert!(letters[0].2.contains("/practice\n"), "{}", letters[0].2);
}

/// The security official sees the same list of duties, and hears of it while no privacy official is here.
#[tokio::test]
async fn without_a_privacy_official_the_security_official_hears() {
    let house = House::open().await;
    address(&house).await;
    let words = catalog();
    let desk = house.as_role(house.doctor, Role::Desk);
    assert_eq!(post(&desk, "/incident", &[("kind", "message")]).await.status, 200);
    let roles = Roles::NONE.with(Role::SecurityOfficial);
    let name = "Ivan Petrov";
    let new = NewPerson { name, credentials: "", licensed_in: "", roles, lang: Lang::En };
    let mut tx = house.keep.begin().await.unwrap();
    let ivan = staff::add(&mut tx, &new).await.unwrap();
    people::proofs::give_name(&mut tx, ivan, "ivan@example.org").await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    assert_eq!(carried(&house.keep).await[0].0, "grace@example.org", "hers alone while she is here");
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![house.official]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    let letters = carried(&house.keep).await;
    assert_eq!(letters[0].0, "ivan@example.org");
    assert!(letters[0].2.contains("/practice\n"), "{}", letters[0].2);
}
