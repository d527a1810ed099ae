//! Every change reopens exactly the answers it touches, whatever was answered before.

use super::*;
use crate::risk::rules::AnswerState;
use keep::args;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Each case opens a house of its own; three for each of the eight changes.
const CASES: u32 = 24;

/// What each change touches, as the page for changes says it: written down once more, away from the rule.
fn touched_by(trigger: Trigger) -> Vec<Area> {
    use Area as A;
    match trigger {
        Trigger::Year | Trigger::Law => Area::ALL.to_vec(),
        Trigger::Incident => vec![A::Technology, A::Training, A::People, A::Rights],
        Trigger::Vendor => vec![A::Vendors, A::Technology],
        Trigger::Feature => vec![A::Technology, A::Monitoring, A::Language, A::Training],
        Trigger::Policy => vec![A::Policies, A::Training],
        Trigger::Turnover => vec![A::People, A::Training],
        Trigger::Move => vec![A::Place, A::Continuity],
    }
}

/// The answers that ask to be looked at again, and all that were given, after `trigger` was entered while
/// the questions at these places of the bank were answered.
async fn after(trigger: Trigger, answered: &[bool]) -> (Vec<String>, Vec<String>) {
    let house = House::open().await;
    let router = house.start().await;
    let mut tx = house.keep.begin().await.unwrap();
    let open = analyses::list(&mut tx).await.unwrap().remove(0);
    for (question, _) in bank().questions.iter().zip(answered).filter(|(_, is)| **is) {
        let saved = answers::Saved {
            choice: Some(Choice::Yes),
            flagged: false,
            asked_of: None,
            due_at: None,
            remarks: answers::Remarks::default(),
            by: house.official,
            answered_at: tx.now(),
        };
        answers::save(&mut tx, open.id, &question.id, 0, &saved).await.unwrap();
    }
    tx.commit(&house.access(), Entry::new(Object::of("analysis", ""))).await.unwrap();
    let change = [("trigger", trigger.code()), ("reason", "As it happened")];
    sent(post(&router, "/practice/analysis/changed", &change).await);
    let mut conn = house.keep.read().await.unwrap();
    let given = answers::of(&mut conn, open.id).await.unwrap();
    let stale = given.iter().filter(|one| one.state == AnswerState::Reopened);
    let stale = stale.filter(|one| one.reopened_by == Some(trigger)).map(|one| one.question.clone());
    (stale.collect(), given.iter().map(|one| one.question.clone()).collect())
}

/// R47 (part: each change reopens exactly the answers of its areas, and invents none)
#[test]
fn each_change_reopens_exactly_the_answers_of_its_areas() {
    let questions = bank().questions.len();
    let cases = proptest::collection::vec(any::<bool>(), questions);
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let turn = std::cell::Cell::new(0);
    let ran = runner.run(&cases, |answered| {
        // Every change has its turn, whatever the dice say.
        let trigger = Trigger::ALL[turn.get() % Trigger::ALL.len()];
        turn.set(turn.get() + 1);
        let (stale, given) = runtime.block_on(after(trigger, &answered));
        let places = bank().questions.iter().zip(&answered).filter(|(_, is)| **is).map(|(one, _)| one);
        let mut expected: Vec<String> = places.clone().map(|one| one.id.clone()).collect();
        expected.sort();
        prop_assert_eq!(given, expected);
        let areas = touched_by(trigger);
        let mut touched: Vec<String> =
            places.filter(|one| areas.contains(&one.area())).map(|one| one.id.clone()).collect();
        touched.sort();
        prop_assert_eq!(stale, touched, "{:?}", trigger);
        Ok(())
    });
    ran.unwrap();
    assert!(turn.get() >= 3 * Trigger::ALL.len(), "each of the changes three times");
}

/// R47 (part: a policy change, entered by the official): what it touches is asked again with the reason, and
/// the rest is not.
#[tokio::test]
async fn a_changed_policy_asks_again_about_policies_and_training() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    let change = [("trigger", "policy"), ("reason", "The text policy of May")];
    sent(post(&router, "/practice/analysis/changed", &change).await);
    for (area, asked) in [(Area::Policies, true), (Area::Training, true), (Area::Vendors, false)] {
        let question = bank().of_area(area).next().unwrap();
        let page = get(&router, &format!("/practice/analysis/questions/{}", question.id)).await.text;
        assert_eq!(page.contains("The text policy of May"), asked, "{area:?}");
        assert_eq!(page.contains("Please answer again"), asked, "{area:?}");
    }
    let mut conn = house.keep.read().await.unwrap();
    let asked = conn.rows("SELECT trigger_code FROM review_request", args![]).await.unwrap();
    assert_eq!(asked.len(), 1);
}
