//! Whoever comes back finds what they said; silence is no statement; a waiver covers the device; the sheet
//! has the check of whoever held the visit.

use super::tests::{MEASURED, PLACE, SAFE, all, line, patient_answers, said};
use crate::before::booking::{Booked, add_participant};
use crate::before::rules::{Part, ParticipantState, VisitEvent};
use crate::before::store::{load_visit, participant, set_participant, set_visit_state};
use crate::test_house::*;
use axum::Router;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::MINUTE_MS;
use web::testing::{get, post};

/// What a browser would send of this page's form as it stands.
fn standing(page: &str, action: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("{page}"));
    let form = &form[..form.find("</form>").unwrap()];
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        Some(rest[..rest.find('"')?].to_owned())
    };
    let inputs = form.split("<input ").skip(1).map(|input| &input[..input.find('>').unwrap()]);
    let sent = inputs.filter(|it| it.contains("type=\"hidden\"") || it.contains(" checked"));
    sent.filter_map(|it| Some((attribute(it, "name")?, attribute(it, "value")?)))
        .filter(|(name, _)| name != "form_token")
        .collect()
}

/// Opens the page and sends it back untouched.
async fn sent_again(router: &Router, path: &str) {
    let page = get(router, path).await.text;
    let fields = standing(&page, path);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = post(router, path, &fields).await;
    assert!(!sent.location().is_empty(), "{}", sent.text);
}

async fn sheet(house: &House, booked: &Booked) -> String {
    get(&house.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text
}

/// R29 (part: an attestation stands until somebody says otherwise): looking again, or going back and on,
/// takes nothing away.
#[tokio::test]
async fn a_page_that_is_opened_again_has_what_was_said_and_measured() {
    let house = House::open().await;
    let booked = house.booked().await;
    patient_answers(&house, &booked, &SAFE).await;
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE, &PLACE])).await;
    sent_again(&house.as_doctor(), "/day/ready").await;
    let door = house.door(&booked).await;
    sent_again(&house.as_guest(&booked), &format!("/g/{door}/check-in/readiness")).await;
    let page = sheet(&house, &booked).await;
    for step in ["sheet-device", "sheet-camera", "sheet-network", "sheet-host-device", "sheet-host-checks"] {
        assert!(said(&page, step, "done"), "{step}: {page}");
    }
}

/// R29 (part: nobody is said to have said what they did not)
#[tokio::test]
async fn who_passes_the_five_questions_over_has_said_nothing() {
    let house = House::open().await;
    let booked = house.booked().await;
    patient_answers(&house, &booked, &SAFE[..1]).await;
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE[..1], &PLACE])).await;
    let page = sheet(&house, &booked).await;
    assert!(said(&page, "sheet-device", "later") && said(&page, "sheet-host-device", "later"), "{page}");
    let day = get(&house.as_desk(), &format!("/visits/{}", booked.visit.text())).await.text;
    assert!(!day.contains("Device not fully safe"), "{day}");
    assert!(house.findings().await.iter().all(|(kind, _)| *kind != "unsafe-device"));
}

#[tokio::test]
async fn a_waiver_of_the_checks_covers_the_device() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let mut settings = (*house.keep.settings()).clone();
    settings.house_rules.checks_must_run = true;
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
    sign_papers(&guest, &door).await;
    post(&guest, &format!("/g/{door}/check-in/place"), &PLACE).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &[]).await;
    let waive = format!("/visits/{}/participants/{}/waive", booked.visit.text(), booked.participant.text());
    post(&house.as_desk(), &waive, &[("reason", "No script in this browser")]).await;
    house.held(&booked).await;
    let page = sheet(&house, &booked).await;
    assert!(said(&page, "sheet-camera", "waived") && said(&page, "sheet-device", "waived"), "{page}");
}

/// R29 (part: the practice's side is that of whoever held the visit, from before it began)
#[tokio::test]
async fn the_sheet_has_the_check_of_the_deputy_who_held_the_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    let mut tx = house.keep.begin().await.unwrap();
    let deputy =
        add_participant(&mut tx, booked.visit, Part::Deputy, Some(house.other_doctor)).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("visit", booked.visit.text()))).await.unwrap();
    post(&house.as_other_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE, &PLACE])).await;
    assert!(said(&sheet(&house, &booked).await, "sheet-host-device", "later"), "the clinician has not");
    let mut tx = house.keep.begin().await.unwrap();
    let (row, now) = (participant(&mut tx, deputy).await.unwrap(), tx.now());
    set_participant(&mut tx, &row, ParticipantState::Admitted, now).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", booked.visit.text()))).await.unwrap();
    house.held(&booked).await;
    house.clock.advance_ms(MINUTE_MS);
    post(&house.as_other_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE[..3], &PLACE])).await;
    let page = sheet(&house, &booked).await;
    assert!(
        said(&page, "sheet-host-device", "done"),
        "a check after the beginning is none before it: {page}"
    );
    assert!(line(&page, "sheet-host-device").contains("Dr. Ben Hart"), "{page}");
}

#[tokio::test]
async fn a_day_whose_only_visit_was_cancelled_asks_nobody_to_check() {
    let house = House::open().await;
    let booked = house.booked().await;
    let asks = "Before your first visit";
    assert!(get(&house.as_doctor(), "/day").await.text.contains(asks));
    let mut tx = house.keep.begin().await.unwrap();
    let (row, now) = (load_visit(&mut tx, booked.visit).await.unwrap(), tx.now());
    set_visit_state(&mut tx, &row, row.state.step(VisitEvent::Cancel).unwrap(), now).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", booked.visit.text()))).await.unwrap();
    assert!(!get(&house.as_doctor(), "/day").await.text.contains(asks));
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE[..2], &PLACE])).await;
    assert!(house.findings().await.is_empty(), "and nothing is found of a visit that is not held");
}

/// A browser that can hold no visit is told in time: on the sheet, and as a finding.
#[tokio::test]
async fn a_browser_that_can_hold_no_visit_is_seen_before_the_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    sign_papers(&guest, &door).await;
    post(&guest, &format!("/g/{door}/check-in/place"), &PLACE).await;
    let old = MEASURED.map(|(name, word)| (name, if name == "browser" { "poor" } else { word }));
    post(&guest, &format!("/g/{door}/check-in/readiness"), &old).await;
    let page = get(&house.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text;
    assert!(said(&page, "sheet-browser", "failed") && said(&page, "sheet-network", "done"), "{page}");
    assert_eq!(house.findings().await, [("old-browser", 1)]);
}
