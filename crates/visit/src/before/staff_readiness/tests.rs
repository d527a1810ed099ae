//! Both sides look at their devices and their place, and the sheet of the visit shows both.

use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, PersonId, Role};
use web::testing::{get, post};

pub(crate) const SAFE: [(&str, &str); 6] = [
    ("device_asked", "yes"),
    ("device_lock", "yes"),
    ("device_encrypted", "yes"),
    ("device_updated", "yes"),
    ("device_protected", "yes"),
    ("device_network", "yes"),
];
pub(crate) const MEASURED: [(&str, &str); 12] = [
    ("camera", "ok"),
    ("microphone", "ok"),
    ("light", "good"),
    ("voice", "good"),
    ("noise", "good"),
    ("speaker", "good"),
    ("browser", "good"),
    ("way", "udp"),
    ("round_trip", "21"),
    ("lost", "0"),
    ("up", "900"),
    ("down", "880"),
];
pub(crate) const PLACE: [(&str, &str); 4] =
    [("near", "alone"), ("door_is", "closed"), ("headphones", "yes"), ("listening", "none")];

pub(crate) fn all(parts: &[&[(&'static str, &'static str)]]) -> Vec<(&'static str, &'static str)> {
    parts.concat()
}

/// What the sheet says of one step: its outcome, who and when.
pub(super) fn line(page: &str, step: &str) -> String {
    let from = page.find(&format!("data-step=\"{step}\"")).unwrap_or_else(|| panic!("no {step} in {page}"));
    let rest = &page[from..];
    rest[..rest.find("</li>").or_else(|| rest.find("</tr>")).unwrap_or(rest.len())].to_owned()
}

pub(super) fn said(page: &str, step: &str, outcome: &str) -> bool {
    line(page, step).contains(&format!("data-outcome=\"{outcome}\""))
}

/// The patient's side, all answered.
pub(super) async fn patient_answers(
    house: &House,
    booked: &crate::before::booking::Booked,
    device: &[(&'static str, &'static str)],
) {
    let door = house.door(booked).await;
    let guest = house.as_guest(booked);
    check_in(&guest, &door).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &all(&[&MEASURED, device])).await;
    post(&guest, &format!("/g/{door}/check-in/place"), &PLACE).await;
}

/// R29: staff and patient each answer the five questions about the device they use; both attestations carry
/// who and when, and the visit's own sheet shows them: done, or not passed where one of the five is not so.
#[tokio::test]
async fn both_sides_attest_to_their_devices_and_the_visit_shows_it_with_the_date() {
    let house = House::open().await;
    let booked = house.booked().await;
    let sheet = format!("/visits/{}/sheet", booked.visit.text());
    let before = get(&house.as_doctor(), &sheet).await.text;
    assert!(said(&before, "sheet-device", "later") && said(&before, "sheet-host-device", "later"));
    for question in
        ["device_lock", "device_encrypted", "device_updated", "device_protected", "device_network"]
    {
        let box_of = format!("name=\"{question}\"");
        let page = get(&house.as_doctor(), "/day/ready").await.text;
        assert!(page.contains(&box_of), "{question}");
    }
    patient_answers(&house, &booked, &SAFE).await;
    let own = post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE, &PLACE])).await;
    assert_eq!(own.location(), "/day", "{}", own.text);
    let page = get(&house.as_doctor(), &sheet).await.text;
    assert!(said(&page, "sheet-device", "done") && said(&page, "sheet-host-device", "done"), "{page}");
    for (step, name) in [("sheet-device", NAME), ("sheet-host-device", "Dr. Amara Osei")] {
        let line = line(&page, step);
        assert!(line.contains(name) && line.contains("<time"), "who and when: {line}");
    }
    // One of the five is not so, on either side.
    house.clock.advance_ms(1);
    patient_again(&house, &booked, &SAFE[..5]).await;
    house.clock.advance_ms(1);
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE[..3], &PLACE])).await;
    let page = get(&house.as_doctor(), &sheet).await.text;
    assert!(said(&page, "sheet-device", "failed") && said(&page, "sheet-host-device", "failed"), "{page}");
    assert_eq!(house.acts().await.iter().filter(|act| *act == "own_readiness.check").count(), 2);
}

async fn patient_again(
    house: &House,
    booked: &crate::before::booking::Booked,
    device: &[(&'static str, &'static str)],
) {
    let door = house.door(booked).await;
    let path = format!("/g/{door}/check-in/readiness");
    post(&house.as_guest(booked), &path, &all(&[&MEASURED, device])).await;
}

/// R90: patient and clinician each say who is near, how the door is, whether they wear headphones and whether
/// a machine listens, with light and noise as measured; both are kept, and the visit's sheet shows both.
#[tokio::test]
async fn both_sides_check_their_place_and_the_visit_shows_both() {
    let house = House::open().await;
    let booked = house.booked().await;
    let sheet = format!("/visits/{}/sheet", booked.visit.text());
    patient_answers(&house, &booked, &SAFE).await;
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE, &PLACE])).await;
    let page = get(&house.as_doctor(), &sheet).await.text;
    let steps = [
        "sheet-place",
        "sheet-light",
        "sheet-noise",
        "sheet-network",
        "sheet-browser",
        "sheet-host-place",
        "sheet-host-checks",
    ];
    for step in steps {
        assert!(said(&page, step, "done"), "{step}: {page}");
    }
    let kept = get(&house.as_doctor(), "/day/ready").await.text;
    for value in ["alone", "closed", "yes", "none"] {
        assert!(kept.contains(&format!("value=\"{value}\" checked")), "{value} is kept: {kept}");
    }
    // A machine listens on one side, it is loud on the other.
    let heard = [("near", "alone"), ("door_is", "closed"), ("headphones", "yes"), ("listening", "on")];
    let door = house.door(&booked).await;
    post(&house.as_guest(&booked), &format!("/g/{door}/check-in/place"), &heard).await;
    let mut loud = all(&[&MEASURED, &SAFE, &PLACE]);
    house.clock.advance_ms(1);
    loud.iter_mut().filter(|field| field.0 == "noise").for_each(|field| field.1 = "poor");
    house.clock.advance_ms(1);
    post(&house.as_doctor(), "/day/ready", &loud).await;
    let page = get(&house.as_doctor(), &sheet).await.text;
    assert!(said(&page, "sheet-place", "failed") && said(&page, "sheet-host-checks", "failed"), "{page}");
    assert!(said(&page, "sheet-host-place", "done"), "the place itself is private still");
}

#[tokio::test]
async fn the_day_page_asks_once_a_day_and_only_whoever_meets_somebody() {
    let house = House::open().await;
    house.booked().await;
    let asks = "Before your first visit";
    let asked = async |who: &Router| get(who, "/day").await.text.contains(asks);
    assert!(asked(&house.as_doctor()).await);
    assert!(
        !asked(&house.as_other_doctor()).await && !asked(&house.as_desk()).await,
        "they meet nobody today"
    );
    let heard = [("near", "others"), ("door_is", "open"), ("headphones", "no")];
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE[..2], &heard])).await;
    let day = get(&house.as_doctor(), "/day").await.text;
    assert!(!day.contains(asks) && day.contains("Somebody may hear you there"), "{day}");
    let mut found = house.findings().await;
    found.sort_unstable();
    assert_eq!(found, [("staff-own-room", 1), ("unsafe-device", 1)]);
    post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &heard])).await;
    assert_eq!(house.findings().await.iter().map(|(_, n)| n).sum::<i64>(), 2, "not found twice on one day");
    house.clock.advance_ms(DAY_MS);
    assert!(!asked(&house.as_doctor()).await, "nobody is met tomorrow");
    house.booked().await;
    assert!(asked(&house.as_doctor()).await, "each day anew");
    // The practice's own camera and line count apart from the patients'.
    let mut weak = all(&[&MEASURED, &SAFE, &PLACE]);
    weak.iter_mut().filter(|field| field.0 == "up").for_each(|field| field.1 = "12");
    post(&house.as_doctor(), "/day/ready", &weak).await;
    assert!(house.findings().await.contains(&("host-technique", 1)));
}

#[tokio::test]
async fn what_is_missing_is_said_beside_the_question_and_strangers_find_nothing() {
    let house = House::open().await;
    let half = post(&house.as_doctor(), "/day/ready", &all(&[&MEASURED, &PLACE[..1]])).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(half.text.contains("Choose how the door is.") && half.text.contains("value=\"alone\" checked"));
    for kept in ["name=\"up\" value=\"900\"", "name=\"light\" value=\"good\""] {
        assert!(half.text.contains(kept), "what was measured is not lost: {kept}");
    }
    let wrong = post(&house.as_doctor(), "/day/ready", &[("light", "31.7")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let room = all(&[&MEASURED, &PLACE, &[("room", "0190a0b0-0000-7000-8000-000000000000")]]);
    assert_eq!(post(&house.as_doctor(), "/day/ready", &room).await.status, StatusCode::NOT_FOUND);
    let official = house.staff(PersonId::from_bytes([9; 16]), &[Role::PrivacyOfficial]);
    for other in [official, house.as_patient(house.patient)] {
        assert_eq!(get(&other, "/day/ready").await.status, StatusCode::NOT_FOUND);
    }
}
