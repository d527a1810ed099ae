//! Vendors through their pages.

use crate::risk::tests::{House, sent};
use vocabulary::Role;
use web::testing::{get, post};

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
    sent(post(&official, NEW, &fields(&[("state", "active"), ("signed", "2026-01-01")])).await);
    sent(post(&official, NEW, &fields(&[("state", "active"), ("reason", "A landline carrier")])).await);
    let list = get(&official, "/practice/vendors").await.text;
    assert!(list.contains("In force") && list.contains("None needed"), "{list}");
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
