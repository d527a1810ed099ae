//! Grants of roles, on the pages of those who give them.

use crate::care_team::rules::CONFIRM_MS;
use crate::testing::House;
use keep::args;
use vocabulary::{PersonId, Role};

const WHY: &str = "New at the front desk from Monday";

/// Without the marks around what was filled in.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

async fn invited(house: &House) -> PersonId {
    let sql = "SELECT id FROM person WHERE state = 'invited'";
    let row = house.keep.read().await.unwrap().row(sql, args![]).await.unwrap().unwrap();
    row.parsed("id", PersonId::parse).unwrap()
}

/// R12: every grant to a colleague shows who approved it and when: roles, with the reason and each change
/// since, and a place on a care team; after half a year another person says whether it is still needed (of
/// places on care teams: `care_team`).
#[tokio::test]
async fn every_grant_shows_who_approved_it_when_and_why_and_is_looked_at_again() {
    let house = House::open().await;
    let owner = house.hire(&[Role::Owner, Role::Administrator, Role::Clinician]).await;
    let other = house.hire(&[Role::Owner]).await;
    house.names.put_staff(owner, vocabulary::Health::new("Dr. Amara Osei".into()));
    let mut browser = house.signed_in(owner).await;
    let mut form = vec![("name", "Theo Marchetti"), ("email", "theo@harbor.example"), ("lang", "en")];
    form.push(("role-desk", "yes"));
    let unsaid = browser.submit("/staff/invite", "/staff/invite", &form).await;
    assert_eq!(unsaid.status, 422, "not without a reason");
    assert!(unsaid.text.contains("theo@harbor.example"), "and nothing typed is lost");
    form.push(("why", WHY));
    assert_eq!(browser.submit("/staff/invite", "/staff/invite", &form).await.status, 303);
    let theo = invited(&house).await;
    let page = format!("/staff/{}", theo.text());
    let shown = plain(&browser.get(&page).await.text);
    for part in ["Invited", "Front desk", "approved by Dr. Amara Osei", "November 21, 2026", WHY] {
        assert!(shown.contains(part), "{part}: {shown}");
    }

    let mut tx = house.keep.begin().await.unwrap();
    crate::staff::make_active(&mut tx, theo).await.unwrap();
    tx.commit(&crate::testing::system(), keep::Entry::new(keep::Object::of("person", ""))).await.unwrap();
    for act in ["suspend", "reinstate"] {
        assert_eq!(browser.submit(&page, &format!("{page}/{act}"), &[]).await.status, 303, "{act}");
    }
    let shown = plain(&browser.get(&page).await.text);
    assert_eq!(shown.matches("approved by Dr. Amara Osei").count(), 3, "{shown}");
    assert!(shown.contains("Suspended") && shown.contains("Back at work"), "{shown}");

    house.clock.advance_ms(CONFIRM_MS);
    let mut browser = house.signed_in(owner).await;
    assert!(browser.get("/staff").await.text.contains("Should be confirmed since"));
    assert!(browser.get(&page).await.text.contains("Should be confirmed since"));
    let own = format!("/staff/{}", owner.text());
    let confirm = |page: &str| format!("{page}/roles/confirm");
    assert_eq!(browser.submit(&own, &confirm(&own), &[]).await.status, 409, "a colleague could");
    let mut stranger = house.signed_in(theo).await;
    assert_eq!(stranger.submit("/me", &confirm(&page), &[]).await.status, 404, "no desk says so");
    assert_eq!(browser.submit(&page, &confirm(&page), &[]).await.status, 303);
    let shown = plain(&browser.get(&page).await.text);
    assert!(shown.contains("Still needed") && !shown.contains("Should be confirmed since"), "{shown}");
    let mut second = house.signed_in(other).await;
    assert_eq!(second.submit(&own, &confirm(&own), &[]).await.status, 303);

    a_place_on_a_team_says_so_too(&house, owner).await;
}

async fn a_place_on_a_team_says_so_too(house: &House, doctor: PersonId) {
    let patient = house.patient().await;
    let until = house.in_a_day();
    let mut tx = house.keep.begin().await.unwrap();
    crate::care_team::put(&mut tx, patient, doctor, doctor, until).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("care_team", patient.text()));
    tx.commit(&crate::testing::system(), entry).await.unwrap();
    let mut browser = house.signed_in(doctor).await;
    let chart = plain(&browser.get(&format!("/patients/{}", patient.text())).await.text);
    let team = chart.split("id=\"team\"").nth(1).unwrap();
    assert!(team.contains("since May 20, 2027") && team.contains("approved by Dr. Amara Osei"), "{team}");
}

/// A practice of one has nobody else to ask.
#[tokio::test]
async fn alone_one_confirms_ones_own_roles_and_it_is_in_the_trail() {
    let house = House::open().await;
    let owner = house.hire(&[Role::Owner, Role::Administrator, Role::Clinician]).await;
    house.clock.advance_ms(CONFIRM_MS);
    let mut browser = house.signed_in(owner).await;
    let page = format!("/staff/{}", owner.text());
    let shown = plain(&browser.get(&page).await.text);
    assert!(shown.contains("when the practice was opened"), "{shown}");
    assert_eq!(browser.submit(&page, &format!("{page}/roles/confirm"), &[]).await.status, 303);
    assert!(!browser.get(&page).await.text.contains("Should be confirmed since"));
    let acts = house.acts(None).await;
    assert!(acts.iter().any(|act| act.starts_with("staff.invite")), "{acts:?}");
}
