//! Findings in the store and on the page.

use super::{Kind, Source, groups, raise};
use crate::risk::bank::bank;
use crate::risk::tests::{House, program, sent};
use crate::{SCHEMA, WORDS};
use keep::testing::START;
use keep::{Entry, Keep, Object, args};
use policy::{Act, Facts, decide};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use vocabulary::testing::TestEntropy;
use vocabulary::{PersonId, Principal, Role, Roles, SessionId, VisitId};
use web::testing::{get, missing_words, post, site};

async fn practice() -> Keep {
    keep::testing::keep(&[people::SCHEMA, SCHEMA, crate::vendors::SCHEMA]).await.0
}

fn staff(role: Role) -> Principal {
    let entropy = TestEntropy::seeded(1);
    Principal::Staff {
        person: PersonId::new(START, &entropy),
        session: SessionId::new(START, &entropy),
        roles: Roles::NONE.with(role),
    }
}

async fn raise_times(keep: &Keep, kind: Kind, times: usize) {
    let visit = VisitId::new(START, keep.entropy());
    for _ in 0..times {
        let mut tx = keep.begin().await.unwrap();
        raise(&mut tx, kind, Source::Visit(visit)).await.unwrap();
        let access = decide(&Principal::System, &Facts::default(), Act::KeepVisit).unwrap();
        tx.commit(&access, Entry::new(Object::of("visit", visit.text()))).await.unwrap();
    }
}

async fn page(keep: &Keep, who: Principal) -> web::testing::Answer {
    let site = site(keep.clone(), who, &[WORDS]);
    get(&crate::routes().into_router(site), "/practice/findings").await
}

#[tokio::test]
async fn findings_are_grouped_by_kind() {
    let keep = practice().await;
    raise_times(&keep, Kind::PoorLight, 2).await;
    raise_times(&keep, Kind::PoorNoise, 3).await;
    let mut found = groups(&mut keep.read().await.unwrap()).await.unwrap();
    found.sort_by_key(|group| group.count);
    assert_eq!(
        found.iter().map(|group| (group.kind, group.count)).collect::<Vec<_>>(),
        [(Kind::PoorLight, 2), (Kind::PoorNoise, 3)]
    );
}

#[tokio::test]
async fn the_page_counts_large_groups_and_hides_small_ones() {
    let keep = practice().await;
    let empty = page(&keep, staff(Role::PrivacyOfficial)).await;
    assert!(empty.text.contains("Nothing to look at"), "{}", empty.text);
    raise_times(&keep, Kind::PoorLight, 2).await;
    raise_times(&keep, Kind::PoorNoise, 3).await;
    let full = page(&keep, staff(Role::SecurityOfficial)).await;
    assert_eq!(full.status, 200);
    assert!(full.text.contains("Fewer than \u{2068}3\u{2069} times"));
    assert!(full.text.contains("\u{2068}3\u{2069} times"));
    assert!(!full.text.contains("\u{2068}2\u{2069} times"));
    assert_eq!(full.text.matches("Last seen on").count(), 1, "no day for the small group");
}

/// What an official reads of a practice where these were raised, in this order.
async fn read_of(raised: &[(Kind, usize)]) -> String {
    let keep = practice().await;
    raise_times(&keep, Kind::PoorNoise, 3).await;
    for (kind, times) in raised {
        raise_times(&keep, *kind, *times).await;
    }
    let page = page(&keep, staff(Role::SecurityOfficial)).await.text;
    page.split("<ul class=\"people\">").nth(1).unwrap().split("</ul>").next().unwrap().to_owned()
}

/// R57 (part: small groups): one finding or two, raised first or last, read the same on the page, so that
/// looking again after each event tells nothing of whom it was about.
#[test]
fn of_a_small_group_nothing_shows_but_that_it_is_there() {
    let kinds = Kind::ALL.iter().copied().filter(|kind| *kind != Kind::PoorNoise).collect::<Vec<_>>();
    let most = kinds.len();
    let some = proptest::sample::subsequence(kinds, 1..=most.min(6)).prop_shuffle();
    let counts = proptest::collection::vec((1..=2_usize, 1..=2_usize), 6);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&(some, counts), |(kinds, counts)| {
        let one: Vec<_> = kinds.iter().copied().zip(counts.iter().map(|(one, _)| *one)).collect();
        let mut other: Vec<_> = kinds.iter().copied().zip(counts.iter().map(|(_, other)| *other)).collect();
        other.reverse();
        let read = runtime.block_on(async { (read_of(&one).await, read_of(&other).await) });
        prop_assert_eq!(read.0, read.1);
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test]
async fn nobody_but_the_officials_sees_findings() {
    let keep = practice().await;
    for role in [Role::Desk, Role::Clinician, Role::Administrator, Role::Owner] {
        assert_eq!(page(&keep, staff(role)).await.status, 404, "{role:?}");
    }
    assert!(page(&keep, Principal::Anonymous).await.location().starts_with("/sign-in"));
}

#[test]
fn every_kind_has_its_words() {
    let catalog = web::Catalog::new(&[WORDS]).unwrap();
    for kind in Kind::ALL {
        assert!(catalog.has(&format!("finding-{}", kind.code())), "{kind:?}");
        assert!(catalog.has(&format!("finding-{}-advice", kind.code())), "{kind:?}");
    }
    assert!(missing_words(env!("CARGO_MANIFEST_DIR"), &[people::WORDS, WORDS]).is_empty());
}

/// Every kind a visit, a survey or the staff can raise is linked to a weak spot on the page, and becomes a
/// risk of that weak spot by one press.
#[tokio::test]
async fn every_kind_of_finding_is_linked_to_a_weak_spot_and_becomes_a_risk() {
    let house = House::open().await;
    let official = house.official();
    let mut tx = house.keep.begin().await.unwrap();
    for kind in Kind::ALL {
        raise(&mut tx, *kind, Source::Survey).await.unwrap();
    }
    tx.commit(&program(), Entry::new(Object::of("findings", ""))).await.unwrap();
    let page = get(&official, "/practice/findings").await.text;
    for kind in Kind::ALL {
        let spot = bank().vulnerability(kind.weak_spot()).unwrap();
        let form = format!("/practice/risks/new?seen={}&finding={}", START.0, kind.code());
        assert!(page.contains(&format!("href=\"{}\"", form.replace('&', "&amp;"))), "{kind:?}");
        let blank = get(&official, &form).await.text;
        assert!(blank.contains(&format!("value=\"{}\" selected", spot.id)), "{kind:?}: {blank}");
        let pair = [("threat", &*spot.threats[0]), ("vulnerability", &*spot.id)];
        let seen = seen_on(&blank);
        let fields = [&pair[..], &[("finding", kind.code()), ("seen", &seen)]].concat();
        sent(post(&official, "/practice/risks/new", &fields).await);
    }
    assert!(groups(&mut house.keep.read().await.unwrap()).await.unwrap().is_empty());
}

/// The moment a form was drawn, as it sends it back.
fn seen_on(page: &str) -> String {
    let mark = page.split("name=\"seen\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
    mark.split('"').next().unwrap().to_owned()
}

/// Two officials with the same group before them: the second to press makes no second entry, and keeps the
/// words.
#[tokio::test]
async fn one_group_makes_one_risk() {
    let house = House::open().await;
    let official = house.official();
    raise_times(&house.keep, Kind::PoorNoise, 3).await;
    let form = get(&official, "/practice/risks/new?finding=poor-noise").await.text;
    let seen = seen_on(&form);
    let pair = [("threat", "eavesdropper"), ("vulnerability", "overheard-room"), ("finding", "poor-noise")];
    let press = async |what: &str| {
        let fields = [&pair[..], &[("what", what), ("seen", &seen)]].concat();
        post(&official, "/practice/risks/new", &fields).await
    };
    sent(press("A road beside room 3").await);
    let late = press("The window does not close").await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("closed these findings"), "{}", late.text);
    assert!(late.text.contains("The window does not close"), "{}", late.text);
    assert_eq!(press("").await.status, 409, "what was chosen is told without a word too");
    let mut conn = house.keep.read().await.unwrap();
    let count = conn.row("SELECT count(*) AS n FROM risk", args![]).await.unwrap().unwrap();
    assert_eq!(count.int("n"), Ok(1));
}

#[tokio::test]
async fn a_finding_that_came_after_the_page_was_read_stays_open() {
    let (house, clock) = House::with_clock().await;
    let official = house.official();
    raise_times(&house.keep, Kind::PoorNoise, 2).await;
    raise_times(&house.keep, Kind::PoorLight, 2).await;
    let seen = seen_on(&get(&official, "/practice/findings").await.text);
    let form = format!("/practice/risks/new?seen={seen}&finding=poor-light");
    clock.advance_ms(60_000);
    raise_times(&house.keep, Kind::PoorNoise, 1).await;
    raise_times(&house.keep, Kind::PoorLight, 1).await;
    clock.advance_ms(60_000);
    let close = "/practice/findings/poor-noise/close";
    let bare = post(&official, close, &[("reason", " "), ("seen", &seen)]).await;
    assert_eq!(bare.status, 422);
    assert!(bare.text.contains(&format!("name=\"seen\" value=\"{seen}\"")), "{}", bare.text);
    let reason = [("reason", "Road works, over since Friday"), ("seen", seen.as_str())];
    sent(post(&official, close, &reason).await);
    let seen = seen_on(&get(&official, &form).await.text);
    let pair = [("threat", "eavesdropper"), ("vulnerability", "overheard-room"), ("finding", "poor-light")];
    sent(post(&official, "/practice/risks/new", &[&pair[..], &[("seen", &seen)]].concat()).await);
    let left = groups(&mut house.keep.read().await.unwrap()).await.unwrap();
    let mut left: Vec<_> = left.iter().map(|group| (group.kind.code(), group.count)).collect();
    left.sort_unstable();
    assert_eq!(left, [("poor-light", 1), ("poor-noise", 1)]);
}
