//! Duties from their records to the home page and the one letter of the day.

use super::{Duty, Owed, What};
use crate::WORDS;
use crate::facts::rules::Seen;
use crate::facts::{Fact, Observer, Observers, World};
use crate::reminders::look;
use crate::risk::pages::day_of;
use crate::risk::rules::Trigger;
use crate::risk::tests::{House, fill, program, sent, sign};
use crate::trail::tests as trail;
use keep::{BoxFuture, Entry, Keep, KeepError, Object, args};
use people::care_team;
use std::sync::Arc;
use vocabulary::{Clock, DAY_MS, Role, UnixMillis};
use web::Catalog;
use web::testing::{get, post, upload};

async fn duties(keep: &Keep) -> Vec<Duty> {
    let mut conn = keep.read().await.unwrap();
    let now = keep.clock().now();
    super::all(&Observers::default(), World { keep, conn: &mut conn, now }).await.unwrap()
}

fn catalog() -> Arc<Catalog> {
    Catalog::new(&[web::WORDS, people::WORDS, WORDS]).unwrap()
}

async fn address(house: &House) {
    let mut tx = house.keep.begin().await.unwrap();
    people::proofs::give_name(&mut tx, house.official, "grace@example.org").await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
}

fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

#[tokio::test]
async fn an_agreement_that_runs_out_is_shown_in_time_and_told_once_a_day_until_it_is_renewed() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let official = house.official();
    let words = catalog();
    let vendor = [("name", "CloudFax"), ("service", "mail"), ("gets", "Names"), ("signed", "2026-01-15")];
    let until = [("ends", "2026-12-10"), ("state", "wanted")];
    sent(post(&official, "/practice/vendors/new", &[&vendor[..], &until].concat()).await);
    let list = get(&official, "/practice/vendors").await.text;
    let at = list.find("/practice/vendors/0").unwrap();
    let page = list[at..].split('"').next().unwrap().to_owned();
    let ends = |duty: &Duty| matches!(duty.what, What::Agreement(_));
    assert!(!duties(&house.keep).await.iter().any(ends), "it does not serve yet");
    sent(upload(&official, &format!("{page}/agreement"), b"%PDF-1.7 signed by both").await);
    let active = [("ends", "2026-12-10"), ("state", "active"), ("version", "1")];
    sent(post(&official, &page, &[&vendor[..], &active].concat()).await);
    let home = plain(&get(&official, "/practice").await.text);
    assert!(home.contains("The agreement with CloudFax runs out"), "{home}");
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "nineteen days are left");
    clock.advance_ms(6 * DAY_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1));
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "once a day");
    clock.advance_ms(DAY_MS);
    let longer = [("ends", "2028-01-15"), ("state", "active"), ("version", "2")];
    assert_eq!(duties(&house.keep).await[0].href(), page);
    sent(post(&official, &page, &[&vendor[..], &longer].concat()).await);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "renewed");
}

#[tokio::test]
async fn an_unread_month_of_the_trail_and_an_old_decision_are_told() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let official = house.official();
    let words = catalog();
    let decided = [("decision", "done"), ("how", "Every laptop is encrypted."), ("seen", "0")];
    let decision = format!("/practice/safeguards/of/{}", crate::safeguards::lists().specifications[0].id);
    sent(post(&official, &decision, &decided).await);
    assert_eq!(duties(&house.keep).await, []);
    clock.advance_ms(10 * DAY_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(0), "two weeks are left to read");
    assert!(matches!(duties(&house.keep).await[..], [Duty { what: What::Trail(_), .. }]));
    clock.advance_ms(12 * DAY_MS);
    assert_eq!(look(&house.keep, &words, &Observers::default()).await, Ok(1), "November is not read");
    clock.advance_ms(340 * DAY_MS);
    let old = duties(&house.keep).await.into_iter().find(|duty| duty.what == What::Safeguards(1)).unwrap();
    assert!(old.is_told(clock.now()));
    let home = plain(&get(&official, "/practice").await.text);
    assert!(
        home.contains("1 safeguard decision is a year old")
            && home.contains("Read the trail of November 2026")
    );
}

#[tokio::test]
async fn places_on_care_teams_and_emergencies_are_told_to_whoever_may_see_them() {
    let house = trail::House::open().await;
    let mut tx = house.keep.begin().await.unwrap();
    let far = UnixMillis(i64::MAX);
    care_team::put(&mut tx, house.patient, house.doctor, house.official, far).await.unwrap();
    let opened = "INSERT INTO break_glass (id, patient, person, reason, opened_at, ends_at)
                  VALUES ('0192aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa', $1, $2, $3, $4, $4)";
    let now = tx.now();
    tx.run(opened, args![house.patient, house.doctor, &b"x"[..], now]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("care_team", ""))).await.unwrap();
    let first = duties(&house.keep).await;
    assert!(matches!(first[..], [Duty { what: What::Emergency(_), .. }]), "{first:?}");
    assert!(first[0].is_told(now));
    house.clock.advance_ms(176 * DAY_MS);
    let found = duties(&house.keep).await;
    let team = found.iter().find(|duty| duty.what == What::Teams(1)).unwrap();
    assert!(
        !team.is_told(house.clock.now().plus_ms(-2 * DAY_MS))
            && team.is_told(house.clock.now().plus_ms(DAY_MS))
    );
    let sees = async |role: Role| {
        let router = house.at(house.official, &[role], true).await;
        get(&router, "/practice").await.text.contains("on a care team should be confirmed")
    };
    assert!(sees(Role::PrivacyOfficial).await && !sees(Role::SecurityOfficial).await);
}

/// A part of the program to the right of this one.
struct OfRooms(UnixMillis);

impl Observer for OfRooms {
    fn facts(&self) -> &'static [Fact] {
        &[]
    }

    fn look<'a>(&'a self, _: &'static str, _: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async { Ok(Seen::Nothing) })
    }

    fn owed<'a>(&'a self, _: World<'a>) -> BoxFuture<'a, Result<Vec<Owed>, KeepError>> {
        let href = "/practice/rooms/1".to_owned();
        let owed = Owed { at: self.0, key: "rooms-of-tests", name: "Room 3".into(), href };
        Box::pin(async { Ok(vec![owed]) })
    }
}

#[tokio::test]
async fn what_another_part_of_the_program_owes_is_told_from_its_day_on() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let observers = Observers::default().with(OfRooms(clock.now().plus_ms(5 * DAY_MS)));
    assert_eq!(look(&house.keep, &catalog(), &observers).await, Ok(0));
    clock.advance_ms(3 * DAY_MS);
    let home = plain(&get(&house.official_with(observers), "/practice").await.text);
    assert!(home.contains("href=\"/practice/rooms/1\">rooms-of-tests"), "{home}");
    let observers = Observers::default().with(OfRooms(clock.now().plus_ms(2 * DAY_MS)));
    assert_eq!(look(&house.keep, &catalog(), &observers).await, Ok(1));
}

/// A part that can neither look nor say what it owes.
struct Broken;

impl Observer for Broken {
    fn facts(&self) -> &'static [Fact] {
        const { &[Fact::answer("records-sealed")] }
    }

    fn look<'a>(&'a self, _: &'static str, _: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async { Err(KeepError::Busy) })
    }

    fn owed<'a>(&'a self, _: World<'a>) -> BoxFuture<'a, Result<Vec<Owed>, KeepError>> {
        Box::pin(async { Err(KeepError::Busy) })
    }
}

#[tokio::test]
async fn one_part_that_fails_silences_no_other() {
    let (house, clock) = House::with_clock().await;
    address(&house).await;
    let observers = Observers::default().with(Broken).with(OfRooms(clock.now()));
    assert_eq!(look(&house.keep, &catalog(), &observers).await, Ok(1));
}

#[tokio::test]
async fn one_part_that_fails_takes_no_page_down_and_hides_no_other_fact() {
    let (house, clock) = House::with_clock().await;
    let _ = house.start().await;
    let broken = || Observers::default().with(Broken).with(OfRooms(clock.now()));
    let official = house.official_with(broken());
    let home = get(&official, "/practice").await;
    assert_eq!(home.status, 200, "{}", home.text);
    assert!(home.text.contains("rooms-of-tests") && home.text.contains("Strong sign-in"));
    let asked = plain(&get(&official, "/practice/analysis/questions/b24").await.text);
    assert!(asked.contains("Alcove could not look at this just now"), "{asked}");
    let other = plain(&get(&official, "/practice/analysis/questions/b07").await.text);
    assert!(other.contains("0 of 2 active accounts have a passkey"), "{other}");
    assert_eq!(get(&official, "/practice/analysis/report").await.status, 200);
}

type Is = fn(&What) -> bool;

/// Each of these records becomes a duty with its own day, and is told from three days before it.
#[tokio::test]
async fn every_record_with_a_day_is_told_three_days_before_it() {
    let (house, clock) = House::with_clock().await;
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    let desk = house.as_role(house.doctor, Role::Desk);
    assert_eq!(post(&desk, "/incident", &[("kind", "message")]).await.status, 200);
    let asset = [("kind", "device"), ("name", "Laptop"), ("data", "Names"), ("protection", "Encrypted")];
    sent(post(&official, "/practice/inventory/assets/new", &asset).await);
    let evaluation = [
        ("what", "Access lists"),
        ("by", "Ivan Petrov"),
        ("scope", "technical"),
        ("occasion", "change"),
        ("evaluated", "2026-09-01"),
        ("findings", "None"),
        ("next_steps", ""),
        ("next", "2027-03-01"),
    ];
    sent(post(&official, "/practice/evaluations/new", &evaluation).await);
    let filed = duties(&house.keep).await;
    let incident = filed.iter().find(|duty| matches!(duty.what, What::Incident { .. })).unwrap();
    assert!(incident.at == clock.now().plus_ms(3 * DAY_MS) && incident.is_told(clock.now()));

    let noon = |day: &str| day_of(day, "America/New_York").unwrap().unwrap();
    let start = clock.now();
    let records: [(Is, UnixMillis); 4] = [
        (|what| *what == What::Request(Trigger::Incident), start.plus_ms(30 * DAY_MS)),
        (|what| *what == What::Evaluation, noon("2027-03-01")),
        (|what| *what == What::Review, noon("2027-10-01")),
        (|what| *what == What::Inventory, start.plus_ms(365 * DAY_MS)),
    ];
    for (is, day) in records {
        let told = async || {
            let found = duties(&house.keep).await;
            found.iter().any(|duty| is(&duty.what) && duty.at == day && duty.is_told(clock.now()))
        };
        clock.set(day.plus_ms(-3 * DAY_MS - 1));
        assert!(!told().await, "{day:?}");
        clock.set(day.plus_ms(-3 * DAY_MS));
        assert!(told().await, "{day:?}");
    }
}

/// The clock of the tests stands at 15:00: behind noon, which is the hour of a day that somebody chose.
#[tokio::test]
async fn a_day_is_not_over_before_its_midnight() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    let pair = [("threat", "eavesdropper"), ("vulnerability", "overheard-room"), ("what", "A thin door")];
    let path = post(&official, "/practice/risks/new", &pair).await.location().to_owned();
    sent(post(&official, &path, &[("due", "2026-11-22"), ("version", "1")]).await);
    let home = async || plain(&get(&official, "/practice").await.text);
    assert!(home().await.contains("Due in 1 day"));
    clock.advance_ms(DAY_MS);
    let today = home().await;
    assert!(today.contains("Due today") && !today.contains("Overdue,"), "{today}");
    clock.advance_ms(DAY_MS);
    assert!(home().await.contains("Overdue, 1 day"));
    clock.advance_ms(DAY_MS);
    assert!(home().await.contains("Overdue, 2 days"));
}
