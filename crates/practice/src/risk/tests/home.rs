//! The home of the officials: every block of it, in pictures and tables, and who finds nothing there.

use super::*;
use crate::findings::rules::SMALLEST_COUNTED;
use vocabulary::DAY_MS;

/// The drawings of a page, and what each says to whoever does not see it.
fn drawings(page: &str) -> Vec<&str> {
    page.split("<svg ").skip(1).filter(|svg| svg.starts_with("class=\"heat")).collect()
}

fn read(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.text);
    page.text.replace(['\u{2068}', '\u{2069}'], "")
}

/// What is due, what is overdue, the heat map, the trend, coverage and the newest findings stand on one page;
/// each drawing has a name for screen readers and its table; nobody but the officials finds the page.
#[tokio::test]
async fn the_home_shows_what_is_due_and_overdue_the_map_the_trend_coverage_and_findings() {
    let (house, clock) = House::with_clock().await;
    let empty = read(&get(&house.official(), "/practice").await);
    for none in ["Nothing is due.", "The trend begins with the first signed analysis.", "Nothing new."] {
        assert!(empty.contains(none), "{none}: {empty}");
    }
    assert_eq!(drawings(&empty).len(), 1, "the map alone");
    let official = house.start().await;
    fill(&house, &official).await;
    sent(sign(&official).await);
    let late = add_risk(&house, &official).await;
    let rated = [("likelihood", "high"), ("impact", "very-high"), ("due", "2026-11-25"), ("version", "1")];
    sent(post(&official, &late, &rated).await);
    let mut tx = house.keep.begin().await.unwrap();
    for _ in 0..SMALLEST_COUNTED {
        let visit = VisitId::new(START, tx.entropy());
        findings::raise(&mut tx, Kind::PoorLight, Source::Visit(visit)).await.unwrap();
    }
    tx.commit(&program(), Entry::new(Object::of("findings", ""))).await.unwrap();
    clock.advance_ms(6 * DAY_MS);
    let evaluation = [
        ("what", "Access lists"),
        ("by", "Ivan Petrov"),
        ("scope", "technical"),
        ("occasion", "change"),
        ("evaluated", "2026-09-01"),
        ("findings", "None"),
        ("next_steps", ""),
        ("next", "2026-12-05"),
    ];
    sent(post(&official, "/practice/evaluations/new", &evaluation).await);
    let page = read(&get(&official, "/practice").await);
    let blocks = [
        ("due", "Due in 8 days"),
        ("overdue", "Overdue, 2 days"),
        ("how many are overdue", "1 overdue"),
        ("map", "Open risks by likelihood and harm"),
        ("a square of it", "1 risk, likelihood High, harm Very high"),
        ("trend", "Open risks over time"),
        ("after the work", "What is left after the work"),
        ("overdue over time", "Open risks whose day has passed"),
        ("coverage", "Strong sign-in"),
        ("answers", "Questions answered"),
        ("findings", "Too dark or too bright"),
    ];
    for (block, said) in blocks {
        assert!(page.contains(said), "{block}: {said}: {page}");
    }
    let drawn = drawings(&page);
    assert_eq!(drawn.len(), 4, "the map, before the work, after it, overdue");
    for svg in drawn {
        let (svg, after) = svg.split_once("</svg>").unwrap();
        let named = svg.split("aria-labelledby=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(svg.contains(&format!("<title id=\"{named}\">")), "{svg}");
        assert!(svg.contains("role=\"img\"") || svg.contains("role=\"group\""), "{svg}");
        let table = after.split("<svg ").next().unwrap();
        assert!(table.contains("<table") && table.contains("<caption"), "{table}");
    }
    for role in [Role::Clinician, Role::Desk, Role::Assistant, Role::Administrator, Role::Owner] {
        assert_eq!(get(&house.as_role(house.doctor, role), "/practice").await.status, 404, "{role:?}");
    }
}

/// The way to the next open question is there as long as one is open.
#[tokio::test]
async fn the_way_to_the_next_open_question_ends_with_the_last_one() {
    let house = House::open().await;
    let router = house.start().await;
    assert!(get(&router, "/practice/analysis").await.text.contains("Next open question"));
    fill(&house, &router).await;
    assert!(!get(&router, "/practice/analysis").await.text.contains("Next open question"));
    assert_eq!(get(&router, "/practice/analysis/next").await.location(), "/practice/analysis");
}
