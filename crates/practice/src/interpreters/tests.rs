//! Agencies: whoever comes from one needs its agreement, on the day itself.

use crate::ids::InterpreterId;
use crate::risk::tests::{House, sent};
use axum::Router;
use vocabulary::{DAY_MS, MINUTE_MS, UnixMillis};
use web::testing::{get, post, upload};

const PAGE: &str = "/practice/interpreters";
const NEW: &str = "/practice/vendors/new";
const DAYS: [(&str, &str); 2] = [("signed", "2026-01-01"), ("ends", "2026-12-01")];

fn entry<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fixed = [
        ("name", "Elena Ruiz"),
        ("tongue-spa", "yes"),
        ("basis", "cchi"),
        ("proof", "CHI-Spanish 123456"),
        ("terms", "2026-01-05"),
    ];
    let kept = fixed.into_iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name));
    kept.chain(change.iter().copied()).collect()
}

fn of<'a>(service: &'a str, state: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    let words = [("name", "Lingua Inc"), ("gets", "Voices"), ("version", version), ("state", state)];
    [&words[..], &[("service", service)], &DAYS].concat()
}

/// Its page, which ends in its id. The newest stands first.
async fn draft(official: &Router, service: &str) -> String {
    sent(post(official, NEW, &of(service, "wanted", "0")).await);
    let list = get(official, "/practice/vendors").await.text;
    let at = list.find("/practice/vendors/0").unwrap();
    list[at..].split('"').next().unwrap().to_owned()
}

async fn serves(official: &Router, path: &str, service: &str) {
    sent(upload(official, &format!("{path}/agreement"), b"%PDF-1.7 signed by both").await);
    sent(post(official, path, &of(service, "active", "1")).await);
}

/// R94 (part: the agreement with the agency): whoever comes from an agency is entered only under its own
/// vendor record, of an agency of interpreters, in force; and counts no more for a day after it has ended.
#[tokio::test]
async fn somebody_of_an_agency_counts_while_its_agreement_does() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    let hosting = draft(&official, "hosting").await;
    serves(&official, &hosting, "hosting").await;
    clock.advance_ms(MINUTE_MS);
    let lingua = draft(&official, "interpreting").await;
    let (host, agency) = (hosting.rsplit('/').next().unwrap(), lingua.rsplit('/').next().unwrap());
    assert_ne!(host, agency);
    for change in [
        &[("agency", "Lingua Inc")][..],
        &[("agency", "Lingua Inc"), ("vendor", agency)],
        &[("vendor", agency)],
        &[("vendor", host)],
        &[("vendor", "nonsense")],
        &[("basis", "agency_assessed")],
        &[("basis", "agency_assessed"), ("vendor", host)],
    ] {
        let refused = post(&official, PAGE, &entry(change)).await;
        assert_eq!(refused.status, 422, "{change:?}");
        assert!(refused.text.contains("href=\"#vendor\""), "{change:?}: {}", refused.text);
        assert!(refused.text.contains("Nobody is in the register yet"), "{change:?}");
    }
    serves(&official, &lingua, "interpreting").await;
    let entered = post(&official, PAGE, &entry(&[("vendor", agency)])).await;
    assert_eq!(entered.status, 200, "{}", entered.text);
    let list = get(&official, PAGE).await.text;
    assert!(!list.contains("No agreement with the agency in force"), "{list}");
    let at = format!("{PAGE}/");
    let id = list.split(&at).nth(1).unwrap().split('/').next().unwrap();
    let id = InterpreterId::parse(id).unwrap();
    let now = house.keep.clock().now();
    let counts = async |at: UnixMillis| {
        super::is_qualified(&mut house.keep.read().await.unwrap(), id, at).await.unwrap()
    };
    assert!(counts(now).await);
    assert!(!counts(now.plus_ms(14 * DAY_MS)).await, "a visit after the agreement has ended");
    clock.advance_ms(14 * DAY_MS);
    let list = get(&official, PAGE).await.text;
    assert!(list.contains("No agreement with the agency in force"), "{list}");
    assert!(!counts(house.keep.clock().now()).await);
}
