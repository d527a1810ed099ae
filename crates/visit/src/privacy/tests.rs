//! Anybody reads the page, nobody is asked who they are, and a child of twelve understands it.

use crate::WORDS;
use vocabulary::Principal;
use web::testing::reading::{english_grade, spanish_ease};
use web::testing::{get, site};

const GRADE_MAX: f64 = 6.0;
/// The sixth grade begins here.
const EASE_MIN: f64 = 70.0;

#[tokio::test]
async fn anybody_reads_how_private_a_visit_is() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let router = super::routes().into_router(site(keep, Principal::Anonymous, &[WORDS]));
    let answer = get(&router, "/how-private").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("Only the people you see by name"));
    assert!(answer.text.contains("What can still go wrong"));
    assert!(answer.headers.get("set-cookie").is_none());
}

#[test]
fn the_page_asks_for_no_more_than_the_sixth_grade_in_both_languages() {
    let grade = english_grade(&sentences(include_str!("../../locales/en/private.ftl")));
    let ease = spanish_ease(&sentences(include_str!("../../locales/es/private.ftl")));
    assert!(grade <= GRADE_MAX, "grade {grade:.1}");
    assert!(ease >= EASE_MIN, "ease {ease:.1}");
}

/// What stands behind the keys, one message a line.
fn sentences(file: &str) -> String {
    let said = file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    said.map(|(_, words)| words.replace("**", "")).collect::<Vec<_>>().join("\n")
}
