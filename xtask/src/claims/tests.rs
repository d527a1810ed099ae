//! What counts as a claim, and which line of a report is which test.

use super::*;

fn whole(numbers: &[u16]) -> Vec<Claim> {
    numbers.iter().map(|&number| Claim { number, part: false }).collect()
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.into(), text: text.into() }
}

#[test]
fn numbers_lists_and_ranges_are_read_at_the_start() {
    assert_eq!(claims(" R37: removing one entry shows"), whole(&[37]));
    assert_eq!(claims("R58-R60, R7 and R2: the gate"), whole(&[2, 7, 58, 59, 60]));
    assert_eq!(claims("R58–60. The gate"), whole(&[58, 59, 60]));
    assert_eq!(claims("R7"), whole(&[7]));
}

#[test]
fn a_bracket_of_its_own_counts_and_a_passing_mention_does_not() {
    assert_eq!(claims("no request leaves the origin (R7)"), whole(&[7]));
    assert_eq!(claims("no request leaves the origin [R7, R38]"), whole(&[7, 38]));
    assert_eq!(claims("as R12 asks, the approver is named"), whole(&[]));
    assert_eq!(claims("R12 asks for the approver"), whole(&[]));
    assert_eq!(claims("the approver is named (see R12)"), whole(&[]));
    assert_eq!(claims("R2D2: a robot"), whole(&[]));
}

#[test]
fn a_part_is_only_a_part() {
    let found = claims("R60 (part: separate objects): each is given alone");
    assert_eq!(found, vec![Claim { number: 60, part: true }]);
    let found = claims("R60 (part: separate objects), R61: both");
    assert_eq!(found, vec![Claim { number: 60, part: true }, Claim { number: 61, part: false }]);
}

#[test]
fn a_part_may_hold_brackets_or_go_on_in_the_next_line() {
    let part = |number| vec![Claim { number, part: true }];
    assert_eq!(claims("R60 (part: each (of seven) alone): they are separate"), part(60));
    assert_eq!(claims("R25 (part: the database, its log,"), part(25));
    assert_eq!(claims("R24 (part: the very bytes)."), part(24));
}

#[test]
fn numbers_that_do_not_exist_claim_nothing() {
    assert_eq!(claims("R0: nothing"), whole(&[]));
    assert_eq!(claims("R146: nothing"), whole(&[]));
    assert_eq!(claims("R9-R7: backwards"), whole(&[]));
    assert_eq!(numbers("R7,R58-R60"), Some(vec![7, 58, 59, 60]));
    assert_eq!(numbers("R7: x"), None);
    assert_eq!(numbers("all"), None);
}

#[test]
fn rust_tests_are_found_by_their_doc_comments() {
    let text = r#"//! R1: not a test
/// R2: not a test
fn plain() {}

mod tests {
    /// Says why.
    /// R37: chained
    #[tokio::test(
        flavor = "multi_thread",
    )]
    async fn a_hole_shows() {}

    #[test]
    fn other() {}
}
"#;
    let found = find(&[source("crates/keep/src/trail/mod.rs", text)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, "crates/keep/src/trail/mod.rs:11");
    assert_eq!(found[0].claims, whole(&[37]));
    assert!(found[0].test.is("keep", "trail::tests::a_hole_shows"));
    assert!(!found[0].test.is("keep", "store::tests::a_hole_shows"));
    assert!(!found[0].test.is("keeper", "trail::tests::a_hole_shows"));
}

#[test]
fn integration_tests_and_programs_have_their_own_names() {
    let text = "/// R25: nothing in the clear\n#[test]\nfn a_canary_is_nowhere() {}\n";
    let journey = find(&[source("crates/alcove/tests/it/canary.rs", text)]);
    assert!(journey[0].test.is("alcove::it", "canary::a_canary_is_nowhere"));
    let beside = find(&[source("crates/visit/src/during/rules_tests.rs", text)]);
    assert!(beside[0].test.is("visit", "during::rules::tests::a_canary_is_nowhere"));
    let program = find(&[source("crates/alcove/src/main.rs", text)]);
    assert!(program[0].test.is("alcove::bin/alcove", "a_canary_is_nowhere"));
}

#[test]
fn titles_of_script_tests_count_and_other_strings_do_not() {
    let text = r#"const note = "R9: no";
test("R7: all stays home", async () => {});
  it('says who (R86)', f);
"#;
    let found = find(&[source("e2e/journeys/visit.test.mjs", text)]);
    assert_eq!(found.len(), 2);
    assert!(found[0].test.is("", "R7: all stays home"));
    assert_eq!(found[1].claims, whole(&[86]));
}
