//! Findings in the store and on the page.

use super::{Kind, Source, groups, raise};
use crate::{SCHEMA, WORDS};
use keep::testing::START;
use keep::{Entry, Keep, Object};
use policy::{Act, Facts, decide};
use vocabulary::testing::TestEntropy;
use vocabulary::{PersonId, Principal, Role, Roles, SessionId, VisitId};
use web::testing::{get, missing_words, site};

async fn practice() -> Keep {
    keep::testing::keep(&[people::SCHEMA, SCHEMA]).await.0
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
