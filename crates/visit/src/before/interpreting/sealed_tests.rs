//! What of an interpreter at a visit can be read on the disk: ids and times.

use super::tests::{at, lay};
use crate::test_house::*;
use axum::http::StatusCode;
use keep::args;
use web::testing::{get, post};

/// R25 (part: who interprets, and why): what language a named patient needs, the agency's number of the job
/// and why somebody else interpreted stand in no readable column, and the pages show them all the same.
#[tokio::test]
async fn the_language_and_the_grounds_are_sealed() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let elena = house.interpreter("Elena Ruiz", "elena@interpreters.example", "spa").await;
    let job = [("interpreter", elena.as_str()), ("tongue", "spa"), ("reference", "LNG-4711")];
    assert_eq!(post(&desk, &at(booked.visit, "/interpreter"), &job).await.status, StatusCode::OK);
    let fields = lay("", &[("age", "minor"), ("grounds", "emergency"), ("agrees", ""), ("suitable", "")]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let made = post(&desk, &at(booked.visit, "/interpreter/exception"), &fields).await;
    assert_eq!(made.location(), at(booked.visit, "?done=excepted"), "{}", made.text);
    let mut read = house.keep.read().await.unwrap();
    let rows = read.rows("SELECT words FROM interpreting", args![]).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in &rows {
        let words = row.blob("words").unwrap();
        for secret in ["spa", "LNG-4711", "emergency", "Luz Niece"] {
            assert!(!words.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }
    let readable: Vec<&str> = crate::LANGUAGE.steps[0]
        .sql
        .lines()
        .filter(|line| line.starts_with("  ") && line.contains("-- plain:"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        readable,
        ["id", "visit", "patient", "participant", "interpreter", "by_person", "at", "ended_at"],
        "who and when, and nothing of what is spoken or why"
    );
    drop(read);
    let page = plain(&get(&desk, &at(booked.visit, "")).await.text);
    for words in ["Spanish", "LNG-4711", "Under 18. Emergency"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
