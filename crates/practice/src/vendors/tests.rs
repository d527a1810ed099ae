//! Vendors through their pages.

use crate::risk::tests::{House, sent};
use axum::Router;
use vocabulary::{DAY_MS, HOUR_MS, Role};
use web::testing::{Answer, get, post, upload};

const NEW: &str = "/practice/vendors/new";

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fixed = [("name", "CloudFax"), ("service", "mail"), ("gets", "Addresses"), ("state", "wanted")];
    let kept = fixed.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn a_vendor_without_an_agreement_in_force_is_not_active() {
    let house = House::open().await;
    let official = house.official();
    let bare = post(&official, NEW, &fields(&[("state", "active")])).await;
    assert_eq!(bare.status, 422);
    assert!(bare.text.contains("state-fault") && bare.text.contains("CloudFax"));
    let over = [("state", "active"), ("signed", "2024-01-01"), ("ends", "2025-01-01")];
    assert_eq!(post(&official, NEW, &fields(&over)).await.status, 422);
    let unfiled = post(&official, NEW, &fields(&[("state", "active"), ("signed", "2026-01-01")])).await;
    assert!(unfiled.status == 422 && unfiled.text.contains("file the signed agreement"), "{}", unfiled.text);
    sent(post(&official, NEW, &fields(&[("state", "active"), ("reason", "A landline carrier")])).await);
    let list = get(&official, "/practice/vendors").await.text;
    assert!(list.contains("None needed"), "{list}");
}

async fn draft(official: &Router, more: &[(&str, &str)]) -> String {
    sent(post(official, NEW, &fields(more)).await);
    let list = get(official, "/practice/vendors").await.text;
    let at = list.find("/practice/vendors/0").unwrap();
    list[at..].split('"').next().unwrap().to_owned()
}

async fn hand_in(router: &Router, path: &str, bytes: &[u8]) -> Answer {
    upload(router, &format!("{path}/agreement"), bytes).await
}

/// The paper is kept as it was handed in, with the hash that anybody can make again; with it the vendor
/// serves from the day the agreement counts until the day it ends, and then no more, by itself.
#[tokio::test]
async fn a_vendor_serves_with_its_paper_and_ends_with_its_agreement() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    let days =
        [("service", "sms"), ("signed", "2026-01-01"), ("effective", "2026-11-23"), ("ends", "2026-12-01")];
    let words = [("purpose", "Reminders"), ("version", "0")];
    let path = draft(&official, &[&days[..], &words].concat()).await;
    let serves = async |house: &House| {
        let now = house.keep.clock().now();
        super::serves(&mut house.keep.read().await.unwrap(), "sms", now).await.unwrap()
    };
    let wrong = hand_in(&official, &path, b"<html>").await;
    assert!(wrong.status == 422 && wrong.text.contains("as a PDF"), "{}", wrong.text);
    let paper = b"%PDF-1.7 signed by both";
    sent(hand_in(&official, &path, paper).await);
    sent(hand_in(&official, &path, paper).await);
    let page = get(&official, &path).await.text;
    let hash = crate::signed_reports::proof::sha256(paper);
    assert_eq!(page.matches(&hash).count(), 1, "one paper, with its hash: {page}");
    assert!(page.contains("Reminders"), "{page}");
    let at = page.find(&format!("{path}/agreement/")).unwrap();
    let kept = get(&official, page[at..].split('"').next().unwrap()).await;
    assert_eq!(kept.text.as_bytes(), paper);
    assert!(kept.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));

    let active = |version: &'static str| [&days[..], &[("state", "active"), ("version", version)]].concat();
    assert_eq!(post(&official, &path, &fields(&active("1"))).await.status, 422, "it does not count yet");
    clock.advance_ms(2 * DAY_MS);
    assert!(!serves(&house).await, "a draft");
    sent(post(&official, &path, &fields(&active("1"))).await);
    assert!(serves(&house).await);
    clock.advance_ms(8 * DAY_MS);
    assert!(!serves(&house).await, "its day is over");
    let list = get(&official, "/practice/vendors").await.text;
    assert!(list.contains("Ended") && list.contains("Run out"), "{list}");
    // Nobody but the privacy official files a paper.
    let security = house.as_role(house.official, Role::SecurityOfficial);
    assert_eq!(hand_in(&security, &path, paper).await.status, 404);
}

/// One that was made active before papers were kept has none: it serves once its paper is filed.
#[tokio::test]
async fn an_active_vendor_without_its_paper_does_not_serve() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    let days = [("service", "sms"), ("signed", "2026-01-01")];
    let path = draft(&official, &[&days[..], &[("version", "0")]].concat()).await;
    let id = crate::ids::VendorId::parse(path.rsplit('/').next().unwrap()).unwrap();
    let serves = async || {
        let (mut conn, now) = (house.keep.read().await.unwrap(), house.keep.clock().now());
        let any = super::serves(&mut conn, "sms", now).await.unwrap();
        assert_eq!(super::is_in_force(&mut conn, id, now).await, Ok(any));
        let covered = super::covered(&mut conn, now).await;
        assert_eq!(covered, Ok((i64::from(any), 1)), "what is observed is what holds (R48)");
        any
    };
    keep::testing::behind(&house.keep, "UPDATE vendor SET state = 'active'".into()).await.unwrap();
    assert!(!serves().await, "signed, and no paper");
    sent(hand_in(&official, &path, b"%PDF-1.7 signed by both").await);
    assert!(serves().await);
    let now = house.keep.clock().now();
    for (service, expected) in [("sms", true), ("mail", false)] {
        let mut conn = house.keep.read().await.unwrap();
        let it = super::serves_as(&mut conn, (id, service), now).await;
        assert_eq!(it, Ok(expected), "listed for texts alone: {service}");
    }
    clock.advance_ms(DAY_MS);
    // Signed anew: the paper of the old agreement is none of the new one.
    let anew = house.keep.clock().now().0;
    keep::testing::behind(&house.keep, format!("UPDATE vendor SET agreement_at = {anew}")).await.unwrap();
    assert!(!serves().await, "the paper is older than the agreement");
    clock.advance_ms(1_000);
    sent(hand_in(&official, &path, b"%PDF-1.7 signed by both, again").await);
    assert!(serves().await);
    clock.advance_ms(1_000);
    let none = [("service", "mail"), ("state", "active"), ("reason", "A landline carrier")];
    let path = draft(&official, &none).await;
    let id = crate::ids::VendorId::parse(path.rsplit('/').next().unwrap()).unwrap();
    let now = house.keep.clock().now();
    let needs_none = super::is_in_force(&mut house.keep.read().await.unwrap(), id, now).await;
    assert_eq!(needs_none, Ok(true), "none needed");
}

/// A paper that is filed in the morning is one of the agreement that is signed that day; a day that was typed
/// anew is judged by the papers as they stand, in both directions, and nothing stops silently.
#[tokio::test]
async fn the_day_that_is_typed_is_judged_by_the_newest_paper() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    // The clock starts at 15:00.
    let serves = async || {
        let (mut conn, now) = (house.keep.read().await.unwrap(), house.keep.clock().now());
        super::serves(&mut conn, "sms", now).await.unwrap()
    };
    let path = draft(&official, &[("service", "sms"), ("signed", "2026-12-24"), ("version", "0")]).await;
    let save = async |signed: &str, effective: &str, state: &str, version: &str| {
        let days = [("service", "sms"), ("signed", signed), ("effective", effective)];
        let sent = [&days[..], &[("state", state), ("version", version)]].concat();
        post(&official, &path, &fields(&sent)).await
    };
    clock.advance_ms(19 * HOUR_MS);
    sent(hand_in(&official, &path, b"%PDF-1.7 filed at ten").await);
    clock.advance_ms(HOUR_MS);
    // The day was a slip, and the way back is open; before noon as well.
    sent(save("2026-11-22", "2026-11-22", "active", "1").await);
    assert!(serves().await, "at eleven of the day");
    clock.advance_ms(3 * HOUR_MS);
    sent(save("2026-11-22", "", "active", "2").await);
    assert!(serves().await, "at two of the day");

    clock.advance_ms(30 * DAY_MS);
    let renewed = save("2026-12-22", "", "active", "3").await;
    assert_eq!(renewed.status, 422);
    assert!(renewed.text.contains("file the signed agreement") && renewed.text.contains("2026-12-22"));
    assert!(serves().await, "nothing was saved, so nothing stopped");
    sent(hand_in(&official, &path, b"%PDF-1.7 signed anew").await);
    sent(save("2026-12-22", "", "active", "3").await);
    assert!(serves().await);
    sent(save("2026-11-22", "", "active", "4").await);
    assert!(serves().await, "an earlier day has its paper too");
}

/// Two people at once: the second to save is told, and keeps what they typed.
#[tokio::test]
async fn a_vendor_that_changed_meanwhile_is_not_overwritten_unseen() {
    let house = House::open().await;
    let official = house.official();
    sent(post(&official, NEW, &fields(&[])).await);
    let list = get(&official, "/practice/vendors").await.text;
    let at = list.find("/practice/vendors/0").unwrap();
    let path = list[at..].split('"').next().unwrap().to_owned();
    sent(post(&official, &path, &fields(&[("name", "CloudFax Pro"), ("version", "1")])).await);
    let late = post(&official, &path, &fields(&[("name", "Fax in the cloud"), ("version", "1")])).await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("CloudFax Pro") && late.text.contains("Fax in the cloud"), "both are shown");
    assert!(late.text.contains("name=\"version\" value=\"2\""), "the way to save over it");
    sent(post(&official, &path, &fields(&[("name", "Fax in the cloud"), ("version", "2")])).await);
    assert!(get(&official, &path).await.text.contains("Fax in the cloud"));
}

#[tokio::test]
async fn vendors_are_the_officials_business() {
    let house = House::open().await;
    let security = house.as_role(house.official, Role::SecurityOfficial);
    assert_eq!(get(&security, "/practice/vendors").await.status, 200);
    assert_eq!(post(&security, NEW, &fields(&[])).await.status, 404);
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        assert_eq!(get(&house.as_role(house.doctor, role), "/practice/vendors").await.status, 404);
    }
}
