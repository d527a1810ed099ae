//! The queue lets one text a day and three a week through to a number, none at night, and none after a STOP.

use super::texts::{earliest, number, sender};
use super::*;
use crate::tests::{patient, system};
use crate::{BoxFuture, testing};
use std::sync::Mutex;
use vocabulary::testing::TestClock;

const NUMBER: &str = "+15550100777";

#[derive(Default)]
struct Gateway {
    heard: Mutex<Vec<String>>,
    down: Mutex<bool>,
}

impl Carrier for Gateway {
    fn carry<'a>(&'a self, _: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        let down = *self.down.lock().unwrap();
        if !down {
            self.heard.lock().unwrap().push(format!("{} {}", letter.to, letter.text));
        }
        Box::pin(async move { if down { Err(CarryError::Later("no_connection")) } else { Ok(()) } })
    }
}

async fn house() -> (Keep, Arc<TestClock>, Owner) {
    let (keep, clock) = testing::keep(&[]).await;
    let mut settings = (*keep.settings()).clone();
    settings.house_rules.send_sms = true;
    settings.face.zone = "America/New_York".into();
    let mut tx = keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("practice", ""))).await.unwrap();
    let owner = Owner::Patient(patient(&keep));
    (keep, clock, owner)
}

async fn text(keep: &Keep, owner: Owner, words: &str, until: Option<UnixMillis>) {
    let letter = Letter { until, ..Letter::sms(NUMBER, words).of(owner) };
    let mut tx = keep.begin().await.unwrap();
    let now = tx.now();
    let id = tx.post(letter, now).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
}

/// Hours since the start at which each message was heard, looking every half hour.
async fn heard_over(days: i64, keep: &Keep, clock: &TestClock, gateway: &Gateway) -> Vec<(i64, String)> {
    let mut all = Vec::new();
    for half in 0..days * 48 {
        deliver_due(keep, gateway).await.unwrap();
        all.extend(gateway.heard.lock().unwrap().drain(..).map(|one| (half / 2, one)));
        clock.advance_ms(HOUR_MS / 2);
    }
    all
}

#[test]
fn a_number_has_its_country() {
    for (typed, country, expected) in [
        ("555-010-0777", "1", Some(NUMBER)),
        ("1 (555) 010-0777", "1", Some(NUMBER)),
        ("+1 555 010 0777", "52", Some(NUMBER)),
        ("0171 234567", "49", Some("+49171234567")),
        ("555-0142", "1", None),
        ("555-010-0777 x12", "1", None),
        ("+12", "1", None),
    ] {
        assert_eq!(number(typed, country).as_deref(), expected, "{typed}");
    }
}

/// R104 (part: a STOP is heard from its number, however a gateway writes that)
#[test]
fn an_answer_has_the_number_it_came_from() {
    for (typed, country, expected) in [
        ("+15550100777", "1", Some(NUMBER)),
        ("15550100777", "1", Some(NUMBER)),
        (" 15550100777", "1", Some(NUMBER)),
        ("5550100777", "1", Some(NUMBER)),
        ("447700900123", "1", Some("+447700900123")),
        ("447700900123", "44", Some("+447700900123")),
        ("07700900123", "44", Some("+447700900123")),
        ("600123456", "34", Some("+34600123456")),
        ("34600123456", "34", Some("+34600123456")),
        ("PRACTICE", "1", None),
    ] {
        assert_eq!(sender(typed, country).as_deref(), expected, "{typed:?}");
    }
}

#[test]
fn one_a_day_three_a_week_and_none_at_night() {
    const ZONE: &str = "America/New_York";
    let now = testing::START;
    let ago = |hours: i64| now.plus_ms(-hours * HOUR_MS);
    let wait = |had: &[UnixMillis], at: UnixMillis| earliest(had, at, ZONE).since(at) / HOUR_MS;
    assert_eq!(wait(&[], now), 0);
    assert_eq!(wait(&[ago(24)], now), 0);
    assert_eq!(wait(&[ago(23)], now), 1);
    assert_eq!(wait(&[ago(25), ago(50), ago(100)], now), 68);
    assert_eq!(wait(&[ago(25), ago(50), ago(7 * 24)], now), 0);
    // It is three in the afternoon: at nine the night begins, and ends at eight.
    assert_eq!(wait(&[], now.plus_ms(5 * HOUR_MS)), 0);
    assert_eq!(wait(&[], now.plus_ms(6 * HOUR_MS)), 11);
    assert_eq!(wait(&[], now.plus_ms(16 * HOUR_MS)), 1);
    assert_eq!(wait(&[], now.plus_ms(17 * HOUR_MS)), 0);
}

/// R104 (part: one a day, three a week and the night are the queue's own limits, whoever posts)
#[tokio::test]
async fn five_texts_posted_at_once_go_out_over_days_and_in_order() {
    let (keep, clock, owner) = house().await;
    for words in ["one", "two", "three", "four", "five"] {
        text(&keep, owner, words, None).await;
        clock.advance_ms(1);
    }
    let heard = heard_over(15, &keep, &clock, &Gateway::default()).await;
    let said: Vec<&str> = heard.iter().map(|(_, words)| words.rsplit(' ').next().unwrap()).collect();
    assert_eq!(said, ["one", "two", "three", "four", "five"]);
    let hours: Vec<i64> = heard.iter().map(|(hour, _)| *hour).collect();
    assert!(hours.windows(2).all(|two| two[1] - two[0] >= 24), "{hours:?}");
    assert!(hours.windows(4).all(|four| four[3] - four[0] >= 7 * 24), "{hours:?}");
}

#[tokio::test]
async fn a_text_of_the_night_comes_in_the_morning_and_one_that_is_too_late_is_given_up() {
    let (keep, clock, owner) = house().await;
    clock.advance_ms(8 * HOUR_MS);
    text(&keep, owner, "late", None).await;
    let heard = heard_over(1, &keep, &clock, &Gateway::default()).await;
    assert_eq!(heard.iter().map(|(hour, _)| *hour).collect::<Vec<_>>(), [9], "at eight in the morning");
    text(&keep, owner, "too late", Some(keep.clock().now().plus_ms(2 * HOUR_MS))).await;
    assert!(heard_over(3, &keep, &clock, &Gateway::default()).await.is_empty());
    let dead = dead_letters(&mut keep.read().await.unwrap()).await.unwrap();
    assert_eq!(dead.iter().map(|one| one.problem.as_str()).collect::<Vec<_>>(), ["too_late"]);
}

/// R104 (part: STOP holds at once, also for what waits)
#[tokio::test]
async fn after_a_stop_nothing_goes_out_until_a_start() {
    let (keep, clock, owner) = house().await;
    let gateway = Gateway::default();
    text(&keep, owner, "waits", None).await;
    let mut tx = keep.begin().await.unwrap();
    tx.stop_texts(NUMBER).await.unwrap();
    tx.stop_texts(NUMBER).await.unwrap();
    assert_eq!(tx.text_from(NUMBER).await, Ok(None));
    tx.commit(&system(), Entry::new(Object::of("number", ""))).await.unwrap();
    text(&keep, owner, "posted all the same", None).await;
    assert!(heard_over(2, &keep, &clock, &gateway).await.is_empty());
    let dead = dead_letters(&mut keep.read().await.unwrap()).await.unwrap();
    assert_eq!(dead.iter().map(|one| one.problem.as_str()).collect::<Vec<_>>(), ["stopped", "stopped"]);
    let mut tx = keep.begin().await.unwrap();
    tx.start_texts(NUMBER).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("number", ""))).await.unwrap();
    text(&keep, owner, "again", None).await;
    assert_eq!(heard_over(1, &keep, &clock, &gateway).await.len(), 1);
}

#[tokio::test]
async fn a_text_that_came_back_does_not_count_and_holds_up_no_letter() {
    let (keep, clock, owner) = house().await;
    let gateway = Gateway::default();
    *gateway.down.lock().unwrap() = true;
    text(&keep, owner, "one", None).await;
    text(&keep, owner, "two", None).await;
    deliver_due(&keep, &gateway).await.unwrap();
    *gateway.down.lock().unwrap() = false;
    let heard = heard_over(2, &keep, &clock, &gateway).await;
    assert_eq!(heard.len(), 2);
    assert!(heard[0].1.ends_with("one") && heard[0].0 == 0 && heard[1].0 >= 24, "{heard:?}");
}

#[tokio::test]
async fn answers_to_a_stop_go_at_any_hour() {
    let (keep, clock, owner) = house().await;
    clock.advance_ms(8 * HOUR_MS);
    let mut tx = keep.begin().await.unwrap();
    tx.stop_texts(NUMBER).await.unwrap();
    let letter = Letter { reply: true, ..Letter::sms(NUMBER, "no more").of(owner) };
    let now = tx.now();
    tx.post(letter, now).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("number", ""))).await.unwrap();
    let gateway = Gateway::default();
    assert_eq!(deliver_due(&keep, &gateway).await, Ok(1));
}
