//! The sheet through its page: what was done, waived, failed and missed, for whoever may see the visit.

use crate::before::rules::SpokenCode;
use crate::test_house::*;
use axum::http::StatusCode;
use web::testing::{get, post};

#[tokio::test]
async fn before_a_visit_its_steps_are_still_to_come() {
    let house = House::open().await;
    let booked = house.booked().await;
    let page = get(&house.as_desk(), &sheet(&booked)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(outcome(&page.text, "sheet-booked"), "done");
    for step in [
        "sheet-notice",
        "sheet-consent",
        "sheet-place",
        "sheet-light",
        "sheet-location",
        "sheet-code",
        "sheet-summary",
    ] {
        assert_eq!(outcome(&page.text, step), "later", "{step}");
    }
    assert!(
        get(&house.as_doctor(), &format!("/visits/{}", booked.visit.text())).await.text.contains("/sheet")
    );
}

#[tokio::test]
async fn a_visit_done_by_the_book_has_every_step_done_by_somebody() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    post(&guest, &format!("/g/{door}/contact"), &[("channel", "mail")]).await;
    let needs = format!("/patients/{}/needs", house.patient.text());
    post(&house.as_desk(), &needs, &[("tongue", "eng")]).await;
    check_in(&guest, &door).await;
    house.comes_in(&booked).await;
    house.spoken(&booked, SpokenCode::Matches).await;
    house.held(&booked).await;
    let path = format!("/visits/{}/summary", booked.visit.text());
    post(&house.as_doctor(), &path, &[("body", "canary words")]).await;
    let page = get(&house.as_doctor(), &sheet(&booked)).await.text;
    for step in [
        "sheet-preferences",
        "sheet-aids",
        "sheet-screen",
        "sheet-notice",
        "sheet-consent",
        "sheet-place",
        "sheet-camera",
        "sheet-microphone",
        "sheet-light",
        "sheet-voice",
        "sheet-noise",
        "sheet-location",
        "sheet-licence",
        "sheet-emergency",
        "sheet-drop-out",
        "sheet-admitted",
        "sheet-encrypted",
        "sheet-code",
        "sheet-ended",
        "sheet-summary",
    ] {
        assert_eq!(outcome(&page, step), "done", "{step}: {page}");
    }
    assert!(page.contains(NAME) && page.contains("Dr. Amara Osei"));
    assert!(line_of(&page, "sheet-preferences").contains(NAME), "their own word: {page}");
    assert!(line_of(&page, "sheet-aids").contains("Dana Desk"), "the desk wrote it down: {page}");
    assert!(page.contains("data-print"));
    for word in [REASON, "canary words"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(get_es(&house.as_doctor(), &sheet(&booked)).await.text.contains("Hoja de protocolo"));
    let entry = house.trail().await.into_iter().rfind(|body| body.object == "protocol_sheet");
    assert!(entry.is_some(), "reading it is in the trail");
}

#[tokio::test]
async fn what_was_skipped_refused_or_not_private_is_told_as_that() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let open = [("near", "others"), ("door_is", "open"), ("headphones", "no")];
    post(&guest, &format!("/g/{door}/check-in/place"), &open).await;
    let dim = [
        ("camera", "refused"),
        ("microphone", "ok"),
        ("light", "poor"),
        ("voice", "good"),
        ("noise", "none"),
    ];
    post(&guest, &format!("/g/{door}/check-in/readiness"), &dim).await;
    // Private and bright at first, and found all the same; said again it is found once.
    post(&guest, &format!("/g/{door}/check-in/place"), &open).await;
    let mut found = house.findings().await;
    found.sort_unstable();
    assert_eq!(found, [("no-camera", 1), ("place-not-private", 1), ("poor-light", 1)]);
    house.comes_in(&booked).await;
    house.spoken(&booked, SpokenCode::Skipped).await;
    house.held(&booked).await;
    let page = get(&house.as_doctor(), &sheet(&booked)).await.text;
    for (step, said) in [
        ("sheet-place", "failed"),
        ("sheet-camera", "failed"),
        ("sheet-light", "failed"),
        ("sheet-noise", "missing"),
        ("sheet-voice", "done"),
        ("sheet-code", "waived"),
        ("sheet-summary", "missing"),
        ("sheet-preferences", "missing"),
        ("sheet-aids", "missing"),
    ] {
        assert_eq!(outcome(&page, step), said, "{step}");
    }
    // What is written down after the visit changes no sheet.
    house.clock.advance_ms(1_000);
    let needs = format!("/patients/{}/needs", house.patient.text());
    post(&house.as_desk(), &needs, &[("tongue", "eng")]).await;
    let page = get(&house.as_doctor(), &sheet(&booked)).await.text;
    assert_eq!(outcome(&page, "sheet-aids"), "missing");
    let failed = page.matches("data-outcome=\"failed\"").count();
    assert_eq!((failed, page.contains("data-total=\"failed\"")), (3, true));
}

#[tokio::test]
async fn the_sheet_is_for_those_who_may_see_the_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    assert_eq!(get(&house.as_other_doctor(), &sheet(&booked)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&house.as_patient(house.patient), &sheet(&booked)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&house.as_doctor(), "/visits/nobody/sheet").await.status, StatusCode::NOT_FOUND);
}

fn sheet(booked: &crate::before::booking::Booked) -> String {
    format!("/visits/{}/sheet", booked.visit.text())
}

fn line_of<'a>(page: &'a str, step: &str) -> &'a str {
    let from = page.find(&format!("data-step=\"{step}\"")).unwrap_or_else(|| panic!("no {step} in {page}"));
    page[from..].split("</li>").next().unwrap()
}

/// The outcome of the first line of this step.
fn outcome(page: &str, step: &str) -> String {
    let from = page.find(&format!("data-step=\"{step}\"")).unwrap_or_else(|| panic!("no {step} in {page}"));
    let rest = &page[from..];
    let from = rest.find("data-outcome=\"").unwrap() + "data-outcome=\"".len();
    rest[from..].split('"').next().unwrap().to_owned()
}
