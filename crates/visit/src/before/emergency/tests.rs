//! The table of numbers and the card of a visit through their pages.

use crate::before::translations::tests::all_are_read;
use crate::test_house::*;
use axum::http::StatusCode;
use web::testing::{get, post};

const NASHUA: [(&str, &str); 6] = [
    ("state", "NH"),
    ("zip", "030"),
    ("area", "Hillsborough County"),
    ("emergency", "603-555-0190"),
    ("care", "Nashua Hospital, 1 Mill St, 603-555-0191"),
    ("crisis", "Hillsborough crisis team, 603-555-0192"),
];

/// R89: the practice's own numbers for the place, the call-back number, the contact and the nearest care
/// stand on one card, one press from the visit, and on the printed sheet; a place without an entry says what
/// to do.
#[tokio::test]
async fn the_card_of_a_visit_says_whom_to_call_where_the_patient_is() {
    let house = House::open().await;
    let desk = house.as_desk();
    let bare = [("state", "NH"), ("area", "Nashua"), ("emergency", "911"), ("care", "")];
    let refused = post(&desk, "/practice/emergency-numbers", &bare).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("ten digits") && refused.text.contains("value=\"Nashua\""));
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let location = format!("/g/{door}/check-in/location");
    let far = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    post(&guest, &location, &far).await;
    let visit = format!("/visits/{}", booked.visit.text());
    let card = format!("{visit}/emergency");
    assert!(get(&house.as_doctor(), &visit).await.text.contains(&format!("href=\"{card}\"")), "one press");
    let gap = plain(&get(&house.as_doctor(), &card).await.text);
    assert!(gap.contains("No emergency number for New Hampshire"), "{gap}");
    assert!(gap.contains("Do not dial 911 yourself"), "{gap}");
    assert!(house.findings().await.iter().any(|(kind, _)| *kind == "no-emergency-number"));
    assert!(get(&desk, &visit).await.text.contains("No emergency number"), "a badge the desk sees");

    assert_eq!(
        post(&desk, "/practice/emergency-numbers", &NASHUA).await.location(),
        "/practice/emergency-numbers"
    );
    let here = [
        ("address", ADDRESS),
        ("state", "NH"),
        ("zip", "03060"),
        ("call_back", CALL_BACK),
        ("contact", "Rosa Canaryname, sister, 617-555-0111"),
    ];
    post(&guest, &location, &here).await;
    let sheet = format!("{visit}/sheet");
    for (path, router) in [(&card, house.as_doctor()), (&sheet, house.as_doctor()), (&card, house.as_desk())]
    {
        let page = get(&router, path).await.text;
        for part in ["603-555-0190", "Nashua Hospital", "603-555-0192", ADDRESS, CALL_BACK, "Rosa", "988"] {
            assert!(page.contains(part), "{path} {part}: {page}");
        }
    }
    let spanish = get_es(&house.as_doctor(), &card).await.text;
    assert!(spanish.contains("Número de emergencia"));
    // On paper it says whose it is, and of which visit.
    let english = get(&house.as_doctor(), &card).await.text;
    let at = "Saturday, November 21, 2026, 3:20\u{a0}PM (Eastern time)";
    for part in ["Harbor Family Practice · 555-0142", at, NAME] {
        assert!(head_of(&english).contains(part), "{part}: {english}");
    }
    assert!(head_of(&spanish).contains("21 de noviembre de 2026, 3:20\u{a0}p.\u{a0}m. (hora del Este)"));
    assert_eq!(get(&house.as_other_doctor(), &card).await.status, StatusCode::NOT_FOUND);
    let list = get(&desk, "/practice/emergency-numbers").await.text;
    let at = list.rfind("/end\"").unwrap();
    let from = list[..at].rfind("/practice/").unwrap();
    let end = list[from..at + 4].to_owned();
    post(&desk, &end, &[]).await;
    let bare = plain(&get(&house.as_doctor(), &card).await.text);
    assert!(bare.contains("No emergency number for New Hampshire"));
    let acts = house.acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "emergency_place.change").count(), 3, "{acts:?}");
}

/// What stands on the paper above the plan.
fn head_of(page: &str) -> &str {
    page.split_once("<header class=\"head\">").unwrap().1.split_once("</header>").unwrap().0
}

/// R87: no visit without an address and a state, asked at every visit, and again when the patient says that
/// they are somewhere else: in the lobby themselves, in the visit through whoever leads it.
#[tokio::test]
async fn where_the_patient_is_is_asked_at_every_visit_and_again_on_change() {
    let house = House::open().await;
    let first = house.booked().await;
    let (guest, door) = (house.as_guest(&first), house.door(&first).await);
    let location = format!("/g/{door}/check-in/location");
    check_in(&guest, &door).await;
    // The next visit knows nothing of the last one's place, and refuses the lobby without one.
    let second = house.booked_for(house.patient, 2 * vocabulary::MINUTE_MS).await;
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let refused =
        crate::before::check_in::enter_lobby(&mut tx, second.participant, &rules).await.unwrap_err();
    drop(tx);
    assert_eq!(refused, crate::before::check_in::NotReady::LocationMissing);
    // In the lobby there is a way back to the question; the new answer is on the card at once.
    let lobby = get(&guest, &format!("/g/{door}/lobby")).await.text;
    assert!(lobby.contains(&location), "{lobby}");
    let there = [("address", "9 Other Street, Nashua"), ("state", "NH"), ("call_back", CALL_BACK)];
    post(&guest, &location, &there).await;
    let card = format!("/visits/{}/emergency", first.visit.text());
    assert!(get(&house.as_doctor(), &card).await.text.contains("9 Other Street, Nashua, New Hampshire"));
    for (address, state) in [("", "NH"), ("9 Other Street", "")] {
        let bad = [("address", address), ("state", state), ("call_back", CALL_BACK)];
        assert_eq!(post(&guest, &location, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let press = format!("/visits/{}/location", first.visit.text());
        assert_eq!(post(&house.as_doctor(), &press, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

/// R91: the patient reads who calls whom and within how long before they go on, the number is mandatory, and
/// the plan that held then stands on the card and the sheet, whatever the house says later.
#[tokio::test]
async fn the_plan_for_a_cut_off_visit_is_agreed_and_kept() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let location = format!("/g/{door}/check-in/location");
    check_in(&guest, &door).await;
    let page = plain(&get(&guest, &location).await.text);
    assert!(page.contains("within 5 minutes") && page.contains("555-0142"), "{page}");
    all_are_read(&house).await;
    assert!(plain(&get_es(&house.as_demo_guest(&booked), &location).await.text).contains("en 5 minutos"));
    let without = [("address", ADDRESS), ("state", "MA"), ("call_back", "")];
    assert_eq!(post(&guest, &location, &without).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut settings = (*house.keep.settings()).clone();
    settings.house_rules.drop_out_within_min = 9;
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("practice", ""));
    tx.commit(&program(policy::Act::Furnish), entry).await.unwrap();
    for path in ["emergency", "sheet"] {
        let page = get(&house.as_doctor(), &format!("/visits/{}/{path}", booked.visit.text())).await;
        let page = plain(&page.text);
        assert!(page.contains("within 5 minutes") && page.contains(CALL_BACK), "{path}: {page}");
    }
    assert!(plain(&get(&guest, &location).await.text).contains("within 9 minutes"));
}
