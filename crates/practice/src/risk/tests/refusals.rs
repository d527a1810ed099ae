//! Bad input through the pages: a clear sentence, and what was typed stays on the page.

use super::*;
use keep::args;

/// The page says the sentence, and still holds the words.
fn says(answer: &Answer, sentence: &str, words: &str) {
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
    assert!(answer.text.contains(words), "{words} is lost");
}

#[tokio::test]
async fn a_day_in_the_past_is_refused_for_a_review_a_question_and_a_plan() {
    let (house, clock) = House::with_clock().await;
    let router = house.start().await;
    let about = [("scope", "All our records"), ("review", "2020-01-01"), ("version", "1")];
    let said = post(&router, "/practice/analysis/about", &about).await;
    says(&said, "Choose a day in the future", "All our records");
    let far = [("scope", "All our records"), ("review", "2029-01-01"), ("version", "1")];
    says(&post(&router, "/practice/analysis/about", &far).await, "at most a year ahead", "All our records");
    let doctor = house.doctor.text();
    let asked = [("asked_of", doctor.as_str()), ("due", "2026-01-01"), ("note", "Please"), ("version", "0")];
    says(&post(&router, FIRST, &asked).await, "Choose a day in the future", "Please");
    let path = add_risk(&house, &router).await;
    let plan = [("plan", "A second door"), ("due", "2026-01-01"), ("version", "1")];
    says(&post(&router, &path, &plan).await, "Choose a day in the future", "A second door");
    // What was in time when it was asked is saved again when it is late.
    let asked = [("asked_of", doctor.as_str()), ("due", "2026-11-25"), ("version", "0")];
    sent(post(&router, FIRST, &asked).await);
    clock.advance_ms(30 * vocabulary::DAY_MS);
    let late = [("asked_of", doctor.as_str()), ("due", "2026-11-25"), ("note", "Still"), ("version", "1")];
    sent(post(&router, FIRST, &late).await);
    assert!(get(&router, FIRST).await.text.contains("Still"));
}

#[tokio::test]
async fn evidence_from_the_future_or_of_no_day_is_refused_with_its_words() {
    let house = House::open().await;
    let router = house.start().await;
    for (day, sentence) in [("2031-01-01", "cannot be from the future"), ("yesterday", "from the calendar")] {
        let typed =
            [("choice", "yes"), ("evidence", "The signed list"), ("evidence_date", day), ("version", "0")];
        says(&post(&router, FIRST, &typed).await, sentence, "The signed list");
    }
    let long = "x".repeat(4_001);
    for field in ["scope", "flows", "documentation"] {
        let typed = [(field, long.as_str()), ("version", "1")];
        says(&post(&router, "/practice/analysis/about", &typed).await, "4,000", &long);
    }
}

#[tokio::test]
async fn a_reason_that_is_too_long_stays_on_the_page_with_what_changed() {
    let house = House::open().await;
    let router = house.start().await;
    let long = "y".repeat(4_001);
    let change = [("trigger", "law"), ("reason", long.as_str())];
    let said = post(&router, "/practice/analysis/changed", &change).await;
    says(&said, "4,000", &long);
    assert!(said.text.contains("value=\"law\" selected"), "{}", said.text);
}

/// Work is passed on only to somebody who can do it, and what a colleague had who left stays visible.
#[tokio::test]
async fn nobody_who_left_is_given_a_question_or_a_risk() {
    let house = House::open().await;
    let router = house.start().await;
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![house.doctor]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    let (doctor, nobody) = (house.doctor.text(), PersonId::new(START, &TestEntropy::seeded(9)).text());
    for person in [doctor.as_str(), nobody.as_str()] {
        let asked = [("asked_of", person), ("note", "Please look"), ("version", "0")];
        says(&post(&router, FIRST, &asked).await, "a colleague who can sign in", "Please look");
        let path = add_risk(&house, &router).await;
        let owned = [("plan", "A second door"), ("owner", person), ("version", "1")];
        says(&post(&router, &path, &owned).await, "a colleague who can sign in", "A second door");
    }
}
