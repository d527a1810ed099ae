//! The questions on the form that adds a patient, and who may answer them.

use crate::testing::{House, system};
use vocabulary::Role;

/// R92 (part: asked on the form that adds a patient).
#[tokio::test]
async fn needs_are_asked_when_a_patient_is_added_and_a_slip_loses_nothing() {
    let house = House::open().await;
    let desk = house.hire(&[Role::Desk]).await;
    let mut browser = house.signed_in(desk).await;
    let who = [
        ("name", "Thi Hoa"),
        ("month", "3"),
        ("day", "9"),
        ("year", "1961"),
        ("lang", "en"),
        ("phone", "617-555-0100"),
    ];
    let slip = [who.as_slice(), &[("interpreter", "yes"), ("aid-captions", "yes")]].concat();
    let again = browser.submit("/patients/new", "/patients/new", &slip).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("Choose the language") && again.text.contains("Thi Hoa"), "{}", again.text);
    assert_eq!(again.text.matches(" checked").count(), 3, "language of letters, interpreter, captions");
    let whole = [slip.as_slice(), &[("tongue", "vie")]].concat();
    let added = browser.submit("/patients/new", "/patients/new", &whole).await;
    assert_eq!(added.location(), "/patients?done=added", "{}", added.text);
    let patient = house.names.search(&system(), "Thi Hoa", 1)[0].id;
    let mut tx = house.keep.begin().await.unwrap();
    let needs = super::of_patient(&mut tx, &system(), patient).await.unwrap().unwrap();
    assert!(needs.interpreter && needs.tongue == "vie" && needs.aids == ["captions"]);
}

#[tokio::test]
async fn the_desk_writes_down_what_a_patient_needs_and_an_owner_does_not_see_it() {
    let house = House::open().await;
    let patient = house.patient().await;
    let desk = house.hire(&[Role::Desk]).await;
    let mut browser = house.signed_in(desk).await;
    let page = format!("/patients/{}/needs", patient.text());
    let asked = browser.get(&page).await.text;
    assert!(asked.contains("American Sign Language") && asked.contains("Book one from the register"));
    let saved = browser.submit(&page, &page, &[("tongue", "ase"), ("interpreter", "yes")]).await;
    assert_eq!(saved.location(), format!("{page}?done=saved"));
    let mut tx = house.keep.begin().await.unwrap();
    let needs = super::of_patient(&mut tx, &system(), patient).await.unwrap().unwrap();
    assert!(needs.interpreter && needs.is_signed() && needs.aids.is_empty());
    drop(tx);
    assert!(house.acts(Some(patient)).await.iter().any(|act| act.starts_with("need.change")));
    let owner = house.hire(&[Role::Owner]).await;
    assert_eq!(house.signed_in(owner).await.get(&page).await.status, 404);
}
