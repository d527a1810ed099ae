//! Insights from the form to the officials' page.

use crate::findings::{self, Kind};
use crate::risk::tests::House;
use crate::{SCHEMA, WORDS};
use vocabulary::Role;
use web::testing::{get, post};

async fn give(house: &House, ease: &str, subject: &str, words: &str) -> web::testing::Answer {
    let fields = [("ease", ease), ("clear", "4"), ("subject", subject), ("words", words)];
    post(&house.as_role(house.doctor, Role::Clinician), "/insight", &fields).await
}

/// R57 (part: the form and its findings): whoever works here answers in one form; what is low is a finding.
#[tokio::test]
async fn every_role_may_answer_and_a_low_answer_becomes_a_finding() {
    let house = House::open().await;
    for role in Role::ALL {
        let page = get(&house.as_role(house.doctor, *role), "/insight").await;
        assert_eq!(page.status, 200, "{role:?}");
    }
    assert_eq!(give(&house, "", "", "").await.status, 422);
    assert_eq!(give(&house, "2", "video-drops", "The picture froze twice.").await.status, 200);
    let groups = findings::groups(&mut house.keep.read().await.unwrap()).await.unwrap();
    let mut kinds: Vec<Kind> = groups.iter().map(|group| group.kind).collect();
    kinds.sort_by_key(|kind| kind.code());
    assert_eq!(kinds, [Kind::StaffUneasy, Kind::StaffVideoDrops]);
}

#[tokio::test]
async fn the_officials_read_words_without_a_name_and_no_average_of_a_few() {
    let house = House::open().await;
    give(&house, "2", "own-room", "<i>Thin door</i>").await;
    give(&house, "4", "", "").await;
    let official = house.as_role(house.official, Role::PrivacyOfficial);
    let few = get(&official, "/practice/insights").await.text;
    assert!(few.contains("&#60;i&#62;Thin door") || few.contains("&lt;i&gt;Thin door"), "{few}");
    assert!(!few.contains("Osei") && few.contains("Too few to average") && !few.contains("3.0"));
    give(&house, "3", "", "").await;
    let three = get(&official, "/practice/insights").await.text;
    assert!(three.contains("3.0"), "{three}");
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        let other = house.as_role(house.doctor, role);
        assert_eq!(get(&other, "/practice/insights").await.status, 404, "{role:?}");
    }
}

/// R57: what staff said appears in the next review, summed up and without a name.
#[tokio::test]
async fn what_staff_said_stands_in_the_next_report() {
    let house = House::open().await;
    for ease in ["2", "3", "4"] {
        give(&house, ease, "video-drops", "A canary sang").await;
    }
    let official = house.start().await;
    let report = get(&official, "/practice/analysis/report").await.text;
    for part in ["What staff say", "3.0", "What to do when the video drops", "No plan for when things fail"] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(!report.contains("Osei") && !report.contains("canary"));
}

#[test]
fn the_table_of_insights_names_nobody() {
    let sql = SCHEMA.steps.iter().find(|step| step.name == "insights").unwrap().sql;
    let named = sql.lines().filter(|line| line.starts_with("  "));
    let columns: Vec<&str> = named.filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(columns, ["id", "words", "at", "version"]);
    assert!(WORDS.en.contains("insight-private"));
}
