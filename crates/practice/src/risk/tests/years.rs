//! A second year, every cell of the table through the page, and what bad input loses: nothing.

use super::*;
use vocabulary::Clock;

/// A second year: last year's answers and words come along, and the page says what is different.
#[tokio::test]
async fn a_second_year_carries_forward_and_shows_the_difference() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    sent(sign(&router).await);
    assert!(!get(&router, "/practice").await.text.contains("Compare with"));
    sent(post(&router, "/practice/analysis/start", &[]).await);
    let same = get(&router, "/practice/analysis/compare/2").await.text;
    assert!(same.contains("Every answer is as it was") && same.contains("Every risk stands as it stood"));
    sent(post(&router, FIRST, &[("choice", "no"), ("version", "1")]).await);
    let path = add_risk(&house, &router).await;
    let rated = [("likelihood", "high"), ("impact", "high"), ("version", "1")];
    sent(post(&router, &path, &rated).await);
    let open = get(&router, "/practice/analysis/compare/2").await.text;
    let first = bank().question("a01").unwrap().text(Lang::En);
    assert!(open.contains("Worse answers") && open.contains("Not in the register"), "{open}");
    assert!(open.contains(&first.replace('\'', "&#39;")) || open.contains(first), "{first}");
    assert!(open.contains("still open"));
    let home = get(&router, "/practice").await.text;
    assert!(home.contains("Open risks over time") && home.contains("heat-high"), "the trend is drawn");
    assert!(home.contains("What is left after the work") && home.contains("whose day has passed"));
    let plan = get(&router, "/practice/plan").await.text;
    for open in ["No goal yet", "Nobody yet", "No day yet", "Plan not complete"] {
        assert!(plan.contains(open), "{open}: {plan}");
    }
    let made = [("treatment", "reduce"), ("plan", "A passkey each"), ("owner", &*house.doctor.text())];
    let rated = [&rated[..2], &made, &[("due", "2026-12-01"), ("version", "2")]].concat();
    sent(post(&router, &path, &rated).await);
    let plan = get(&router, "/practice/plan").await.text;
    for planned in ["Make it smaller", "A passkey each", "Amara Osei", "December 1, 2026"] {
        assert!(plan.contains(planned), "{planned}: {plan}");
    }
    assert!(!["Nobody yet", "No day yet", "Plan not complete"].iter().any(|open| plan.contains(open)));
    assert_eq!(get(&router, "/practice/analysis/compare/1").await.status, 404);
    assert_eq!(get(&router, "/practice/analysis/compare/3").await.status, 404);
}

/// R44: a threat and weak spot are rated on five levels each, the level is that of the table in all 25 cells,
/// and another level is refused without a reason.
#[tokio::test]
async fn a_pair_is_rated_by_the_table_and_overridden_with_a_reason_alone() {
    let house = House::open().await;
    let router = house.official();
    let path = add_risk(&house, &router).await;
    let table = [
        ("very-high", ["very-low", "low", "moderate", "high", "very-high"]),
        ("high", ["very-low", "low", "moderate", "high", "very-high"]),
        ("moderate", ["very-low", "low", "moderate", "moderate", "high"]),
        ("low", ["very-low", "low", "low", "low", "moderate"]),
        ("very-low", ["very-low", "very-low", "very-low", "low", "low"]),
    ];
    let mut version = 1;
    for (likelihood, row) in table {
        for (impact, level) in Level::ALL.iter().zip(row) {
            let seen = version.to_string();
            let rated = [("likelihood", likelihood), ("impact", impact.code()), ("version", seen.as_str())];
            sent(post(&router, &path, &rated).await);
            let kept = house.register().await[0].0.rating.level().map(Level::code);
            assert_eq!(kept, Some(level), "{likelihood} x {impact:?}");
            version += 1;
        }
    }
    assert_eq!(version, 26);
    let other = [("likelihood", "high"), ("impact", "high"), ("level_override", "low"), ("version", "26")];
    assert_eq!(post(&router, &path, &other).await.status, 422);
    let reason = [&other[..], &[("override_reason", "The desk is closed")]].concat();
    sent(post(&router, &path, &reason).await);
    assert_eq!(house.register().await[0].0.rating.level(), Some(Level::Low));
}

#[tokio::test]
async fn evidence_too_long_is_said_and_not_lost_and_a_colleague_who_left_stops_nothing() {
    let house = House::open().await;
    let router = house.start().await;
    let huge = "x".repeat(4_001);
    let long = [("choice", "yes"), ("evidence", huge.as_str()), ("version", "0")];
    let said = post(&router, FIRST, &long).await;
    assert_eq!(said.status, 422);
    assert!(said.text.contains("4,000") && said.text.contains(&huge));
    let doctor = house.doctor.text();
    sent(post(&router, FIRST, &[("asked_of", &doctor), ("due", "2026-12-01"), ("version", "0")]).await);
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", keep::args![house.doctor]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    let asked = get(&router, FIRST).await;
    assert!(asked.status == 200 && asked.text.contains("cannot sign in any more"), "{}", asked.text);
    assert!(asked.text.contains(&format!("value=\"{doctor}\" selected")), "{}", asked.text);
    let other = get(&router, "/practice/analysis/questions/a02").await.text;
    assert!(!other.contains(&doctor), "nobody new is asked who cannot answer");
    sent(post(&router, FIRST, &[("choice", "yes"), ("version", "1")]).await);
    assert_eq!(get(&router, "/practice").await.status, 200);
}

#[tokio::test]
async fn what_nobody_answered_is_not_called_unchanged() {
    let house = House::open().await;
    let router = house.start().await;
    fill(&house, &router).await;
    sent(sign(&router).await);
    // As if the bank had grown by a question since.
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("DELETE FROM answer WHERE question = 'a01'", keep::args![]).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    sent(post(&router, "/practice/analysis/start", &[]).await);
    let page = get(&router, "/practice/analysis/compare/2").await.text;
    let same = page.split("class=\"large\">").nth(4).unwrap().split('<').next().unwrap();
    assert_eq!(same.parse(), Ok(bank().questions.len() - 1), "{page}");
    let none = get(&router, &format!("/practice/analysis/compare/{}", i64::MIN)).await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn a_risk_somebody_signed_for_is_not_overdue() {
    let (house, clock) = House::with_clock().await;
    let router = house.official();
    let path = add_risk(&house, &router).await;
    let rated = [("likelihood", "high"), ("impact", "high"), ("due", "2026-12-01"), ("version", "1")];
    sent(post(&router, &path, &rated).await);
    let late = async || house.register().await[0].0.is_late(clock.now());
    assert!(!late().await);
    clock.advance_ms(30 * vocabulary::DAY_MS);
    assert!(late().await);
    let signed = [("reason", "We move out in May"), ("name", "Grace Lindqvist"), ("version", "2")];
    sent(post(&router, &format!("{path}/accept"), &signed).await);
    assert!(!late().await);
}

#[tokio::test]
async fn two_who_wrote_the_same_are_told_so() {
    let house = House::open().await;
    let router = house.start().await;
    let about = [("scope", "All"), ("flows", "Phones"), ("documentation", "Log"), ("version", "1")];
    sent(post(&router, "/practice/analysis/about", &about).await);
    let late = post(&router, "/practice/analysis/about", &about).await;
    assert!(late.status == 409 && late.text.contains("wrote the same"), "{}", late.text);
}

/// What is left after the work is compared and drawn apart from the level before it; so is what is overdue.
#[tokio::test]
async fn a_level_that_went_down_is_seen_in_the_comparison_and_the_trend() {
    let (house, clock) = House::with_clock().await;
    let router = house.start().await;
    fill(&house, &router).await;
    let path = add_risk(&house, &router).await;
    let plan = [("plan", "A second door"), ("owner", &*house.doctor.text()), ("due", "2026-12-01")];
    let rated = [("likelihood", "high"), ("impact", "high"), ("treatment", "reduce"), ("version", "1")];
    sent(post(&router, &path, &[&plan[..], &rated].concat()).await);
    sent(sign(&router).await);
    sent(post(&router, "/practice/analysis/start", &[]).await);
    let after = [("residual", "low"), ("version", "2")];
    sent(post(&router, &path, &[&plan[..], &rated[..3], &after].concat()).await);
    let compared = get(&router, "/practice/analysis/compare/2").await.text;
    assert!(compared.contains("\u{2068}Low\u{2069} after the work"), "{compared}");
    assert!(!compared.contains("Every risk stands as it stood"));
    let row = async |title: &str| {
        let home = get(&router, "/practice").await.text;
        let table = home.split(title).nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
        let now = table.rsplit("<tr>").next().unwrap().to_owned();
        now.split("<td>").skip(1).map(|cell| cell.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Very high, high, moderate, low, very low, not rated: the first risk of the analysis is low.
    assert_eq!(row("by their level before treatment</h2>").await, ["0", "1", "0", "1", "0", "0"]);
    assert_eq!(row("What is left after the work</h2>").await, ["0", "0", "0", "2", "0", "0"]);
    assert_eq!(row("Overdue</h2>").await, ["0"]);
    clock.advance_ms(30 * vocabulary::DAY_MS);
    assert_eq!(row("Overdue</h2>").await, ["1"]);
}
