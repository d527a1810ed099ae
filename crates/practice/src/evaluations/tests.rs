//! Evaluations through their pages.

use super::list;
use crate::risk::store::analyses;
use crate::risk::tests::{House, sent};
use vocabulary::Role;
use web::testing::{get, post};

const NEW: &str = "/practice/evaluations/new";

fn typed<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fixed = [
        ("what", "Access lists against the staff list"),
        ("by", "Ivan Petrov, outside adviser"),
        ("scope", "technical"),
        ("occasion", "change"),
        ("evaluated", "2026-09-01"),
        ("findings", "Two accounts of people who left"),
        ("next_steps", "Suspend them this week"),
        ("next", "2027-03-01"),
    ];
    let kept = fixed.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

/// R49: the periodic evaluation is a record of its own: it has its own list, form and words, says what was
/// evaluated, by whom, technical or not, what was found and when the next is due, and neither begins nor
/// changes a risk analysis.
#[tokio::test]
async fn an_evaluation_is_kept_apart_from_the_analysis() {
    let house = House::open().await;
    let official = house.official();
    assert!(get(&official, "/practice/evaluations").await.text.contains("No evaluation yet"));
    sent(post(&official, NEW, &typed(&[])).await);
    let mut conn = house.keep.read().await.unwrap();
    assert!(analyses::list(&mut conn).await.unwrap().is_empty(), "no analysis began");
    let all = list(&mut conn).await.unwrap();
    drop(conn);
    assert_eq!((all.len(), all[0].scope, all[0].occasion), (1, "technical", "change"));
    let page = get(&official, &format!("/practice/evaluations/of/{}", all[0].id.text())).await.text;
    for part in ["Access lists", "Ivan Petrov", "Technical", "Two accounts", "Suspend them", "March 1, 2027"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let _ = house.start().await;
    let analysis = get(&official, "/practice/analysis/report").await.text;
    assert!(!analysis.contains("Two accounts"), "its words are not the analysis's");
}

#[tokio::test]
async fn what_is_missing_or_back_to_front_is_said_beside_its_field_and_nothing_is_lost() {
    let house = House::open().await;
    let official = house.official();
    let future = post(&official, NEW, &typed(&[("evaluated", "2031-01-01"), ("what", " ")])).await;
    assert_eq!(future.status, 422);
    assert!(future.text.contains("evaluated-fault") && future.text.contains("what-fault"));
    assert!(future.text.contains("Two accounts of people who left"));
    let late = post(&official, NEW, &typed(&[("next", "2029-01-01")])).await;
    assert!(late.text.contains("next-fault"));
    assert_eq!(post(&official, NEW, &typed(&[("scope", "x")])).await.status, 400);
    assert!(list(&mut house.keep.read().await.unwrap()).await.unwrap().is_empty());
}

#[tokio::test]
async fn both_officials_write_evaluations_and_nobody_else_reads_them() {
    let house = House::open().await;
    let security = house.as_role(house.official, Role::SecurityOfficial);
    sent(post(&security, NEW, &typed(&[])).await);
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        let other = house.as_role(house.doctor, role);
        assert_eq!(get(&other, "/practice/evaluations").await.status, 404, "{role:?}");
        assert_eq!(post(&other, NEW, &typed(&[])).await.status, 404, "{role:?}");
    }
}
