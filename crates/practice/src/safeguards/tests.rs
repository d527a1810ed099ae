//! The decisions, the proposed rule and the tips through their pages.

use super::lists;
use crate::facts::Observers;
use crate::risk::bank::bank;
use crate::risk::tests::{House, fill, sent};
use vocabulary::Role;
use web::testing::{get, post};

const HOME: &str = "/practice/safeguards";

/// R28: each of the 22 addressable specifications has a decision with reasons, approver and date, or shows as
/// a gap.
#[tokio::test]
async fn every_addressable_specification_is_decided_or_a_gap() {
    let house = House::open().await;
    let official = house.official();
    let specifications = &lists().specifications;
    assert_eq!(specifications.len(), 22);
    let empty = get(&official, HOME).await.text;
    assert_eq!(empty.matches("No decision yet").count(), 22);
    let path = format!("{HOME}/of/{}", specifications[17].id);
    let bare = [("decision", "equivalent"), ("how", "A short walk every night"), ("seen", "0")];
    assert_eq!(post(&official, &path, &bare).await.status, 422);
    let whole = [&bare[..], &[("reason", "The house has one room.")]].concat();
    sent(post(&official, &path, &whole).await);
    let page = get(&official, HOME).await.text;
    assert_eq!(page.matches("No decision yet").count(), 21);
    assert!(page.contains("An equivalent is done") && page.contains("November 21, 2026"), "{page}");
    let one = get(&official, &path).await.text;
    assert!(one.contains("Grace Lindqvist") && one.contains("The house has one room."));
}

/// Two people at once, and a history that nobody writes over.
#[tokio::test]
async fn a_decision_is_added_and_never_changed() {
    let house = House::open().await;
    let official = house.official();
    let path = format!("{HOME}/of/automatic-logoff");
    let first = [("decision", "done"), ("how", "Fifteen minutes"), ("seen", "0")];
    let second = [("decision", "done"), ("how", "Ten minutes at the desk"), ("seen", "0")];
    sent(post(&official, &path, &first).await);
    let clash = post(&official, &path, &second).await;
    assert_eq!(clash.status, 409);
    assert!(clash.text.contains("Fifteen minutes") && clash.text.contains("Ten minutes at the desk"));
    sent(post(&official, &path, &[&second[..2], &[("seen", "1")]].concat()).await);
    let page = get(&official, &path).await.text;
    assert!(page.contains("Fifteen minutes") && page.contains("Ten minutes at the desk"));
    let security = house.as_role(house.official, Role::SecurityOfficial);
    assert_eq!(post(&security, &path, &first).await.status, 404);
    assert_eq!(get(&security, &path).await.status, 200);
    assert_eq!(get(&official, &format!("{HOME}/of/nothing")).await.status, 404);
}

/// R50: every item of the proposed rule carries the label.
#[tokio::test]
async fn what_is_proposed_says_so_on_every_line() {
    let house = House::open().await;
    let page = get(&house.official(), &format!("{HOME}/proposed")).await.text;
    assert_eq!(page.matches("<li").count() - rail_lines(&page), lists().proposals.len());
    assert_eq!(page.matches("Proposed, not in force</span>").count(), lists().proposals.len());
}

fn rail_lines(page: &str) -> usize {
    page.split("<main").next().unwrap_or_default().matches("<li").count()
}

#[tokio::test]
async fn the_ten_tips_stand_where_the_answers_do() {
    let house = House::open().await;
    let official = house.start().await;
    let tips = format!("{HOME}/tips");
    assert_eq!(lists().tips.len(), 10);
    assert_eq!(get(&official, &tips).await.text.matches("Not known yet").count(), 10);
    fill(&house, &official).await;
    assert_eq!(get(&official, &tips).await.text.matches("Followed</span>").count(), 10);
    let about = |question: &&crate::risk::bank::Question| question.vulnerabilities[0] == "no-device-lock";
    let question = bank().questions.iter().find(about).unwrap();
    let path = format!("/practice/analysis/questions/{}", question.id);
    sent(post(&official, &path, &[("choice", "no"), ("version", "1")]).await);
    assert_eq!(get(&official, &tips).await.text.matches("Not followed</span>").count(), 2);
}

#[test]
fn every_list_names_what_exists() {
    let facts: Vec<&str> = Observers::default().names();
    let of_specifications = lists().specifications.iter().map(|one| &one.fact);
    for fact in of_specifications.chain(lists().proposals.iter().map(|one| &one.fact)) {
        assert!(fact.is_empty() || facts.contains(&fact.as_str()), "{fact}");
    }
    for tip in &lists().tips {
        for spot in &tip.weak_spots {
            let asked = bank().questions.iter().any(|question| question.vulnerabilities[0] == *spot);
            assert!(bank().vulnerability(spot).is_some() && asked, "{spot}");
        }
    }
}
