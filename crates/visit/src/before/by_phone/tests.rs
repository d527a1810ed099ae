//! A visit that goes on by phone: who may say so, what the room and the findings hear of it, and when not.

use crate::before::booking::Booked;
use crate::before::rules::VisitState;
use crate::before::store::{load_visit, set_visit_state};
use crate::test_house::*;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{Clock, DAY_MS, MINUTE_MS};
use web::testing::{get, post};

async fn state(house: &House, booked: &Booked) -> VisitState {
    load_visit(&mut house.keep.read().await.unwrap(), booked.visit).await.unwrap().state
}

#[tokio::test]
async fn the_host_takes_a_waiting_visit_to_the_phone_and_the_practice_hears_why() {
    let house = House::open().await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    let go = format!("{page}/by-phone");
    assert!(get(&house.as_doctor(), &page).await.text.contains("The video does not work"));
    let stranger = post(&house.as_other_doctor(), &go, &[("why", "video")]).await;
    assert_eq!(stranger.status, 404);
    assert_eq!(post(&house.as_doctor(), &go, &[("why", "weather")]).await.status, 400);
    assert!(house.findings().await.is_empty());
    let gone = post(&house.as_doctor(), &go, &[("why", "video")]).await;
    assert_eq!(gone.location(), format!("{page}?done=by-phone"), "{}", gone.text);
    assert_eq!(state(&house, &booked).await, VisitState::MovedToPhone);
    assert_eq!(house.findings().await, [("moved-to-phone", 1)]);
    let after = get(&house.as_doctor(), &format!("{page}?done=by-phone")).await.text;
    assert!(after.contains("Call the patient now") && !after.contains("The video does not work"));
    let door = house.door(&booked).await;
    let told = get(&house.as_guest(&booked), &format!("/g/{door}/after")).await.text;
    assert!(told.contains("Your visit goes on by phone") && told.contains("We will call you now"), "{told}");
    let again = post(&house.as_desk(), &go, &[("why", "video")]).await;
    assert!(again.status == 409 && again.text.contains("cannot go on by phone"), "{}", again.text);
    let told = house.acts().await.into_iter().filter(|act| act == "visit.move_to_phone").count();
    assert_eq!(told, 2, "the one that was done, and the stranger's try");
    let summary = get(&house.as_doctor(), &page).await.text;
    assert!(summary.contains("name=\"body\"") || summary.contains("/summary"), "it happened: {summary}");
}

/// R106 (part: not while the two still talk): how it was is asked once the talk by phone can be over, or the
/// clinician has written what came of it.
#[tokio::test]
async fn nobody_is_asked_how_it_was_before_they_were_called() {
    let house = House::open().await;
    let (portal, doctor) = (house.as_patient(house.patient), house.as_doctor());
    for waits in [true, false] {
        let booked = house.booked().await;
        let page = format!("/visits/{}", booked.visit.text());
        post(&doctor, &format!("{page}/by-phone"), &[("why", "wish")]).await;
        let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
        let (after, own) = (format!("/g/{door}/after"), format!("/portal{page}"));
        let asks = async || [get(&guest, &after).await.text, get(&portal, &own).await.text];
        house.clock.advance_ms(19 * MINUTE_MS);
        for text in asks().await {
            assert!(!text.contains("/survey") && !text.contains("How was it for you?"), "{text}");
        }
        // An answer is the only one, and nothing is to be said of yet.
        let early = [("comfort", "5"), ("privacy", "5")];
        assert_eq!(post(&guest, &format!("/g/{door}/survey"), &early).await.status, 404);
        assert_eq!(get(&portal, &format!("{own}/survey")).await.status, 404);
        assert!(get(&guest, &after).await.text.contains("After the call, come back to this page"));
        assert!(get_es(&guest, &after).await.text.contains("Después de la llamada"));
        match waits {
            true => house.clock.advance_ms(MINUTE_MS),
            false => {
                let body = [("body", "Rest, and drink a lot of water.")];
                let wrote = post(&doctor, &format!("{page}/summary"), &body).await;
                assert_eq!(wrote.status, 303, "{}", wrote.text);
            }
        }
        for text in asks().await {
            assert!(text.contains("/survey") && !text.contains("After the call"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_wish_is_no_finding_and_a_house_without_phone_visits_offers_none() {
    let house = House::open().await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    let go = format!("{page}/by-phone");
    let rule = async |phone: bool| {
        let mut settings = (*house.keep.settings()).clone();
        settings.house_rules.phone_fallback = phone;
        let mut tx = house.keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
    };
    rule(false).await;
    assert!(!get(&house.as_desk(), &page).await.text.contains("/by-phone"));
    assert_eq!(post(&house.as_desk(), &go, &[("why", "wish")]).await.status, 409);
    rule(true).await;
    assert!(get_es(&house.as_desk(), &page).await.text.contains("El paciente prefiere el teléfono"));
    assert_eq!(post(&house.as_desk(), &go, &[("why", "wish")]).await.status, 303);
    assert_eq!(state(&house, &booked).await, VisitState::MovedToPhone);
    assert!(house.findings().await.is_empty());
}

#[tokio::test]
async fn nobody_is_called_days_before_the_visit() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 7 * DAY_MS).await;
    let page = format!("/visits/{}", booked.visit.text());
    assert!(!get(&house.as_desk(), &page).await.text.contains("/by-phone"));
    let early = post(&house.as_desk(), &format!("{page}/by-phone"), &[("why", "video")]).await;
    assert_eq!(early.status, 409, "{}", early.text);
    assert!(house.findings().await.is_empty());
}

/// By phone two facts are asked by voice: by the host, or by the desk, who takes the check on for it alone.
#[tokio::test]
async fn who_somebody_is_can_be_written_down_once_the_visit_is_by_phone() {
    let house = House::open().await;
    let known = [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Here in March")];
    for (nth, caller) in [house.as_doctor(), house.as_desk()].into_iter().enumerate() {
        let patient = [house.patient, house.other_patient][nth];
        let booked = house.booked_for(patient, 20 * MINUTE_MS).await;
        let visit = format!("/visits/{}", booked.visit.text());
        let path = format!("{visit}/participants/{}/identity", booked.participant.text());
        house.waits(&booked).await;
        let went = post(&house.as_desk(), &format!("{visit}/by-phone"), &[("why", "wish")]).await;
        assert_eq!(went.status, 303, "{}", went.text);
        house.clock.advance_ms(MINUTE_MS);
        assert!(get(&caller, &visit).await.text.contains(&path), "the way there");
        if nth == 1 {
            assert!(!get(&caller, &path).await.text.contains("name=\"route\""), "not taken on yet");
            assert_eq!(post(&caller, &format!("{path}/open"), &[]).await.location(), path);
        }
        let page = plain(&get(&caller, &path).await.text);
        assert!(
            page.contains("Call them at the number we have") && page.contains("value=\"known\""),
            "{page}"
        );
        assert!(!page.contains("Open the room") && !page.contains("name=\"issuer\""), "{page}");
        assert!(get_es(&caller, &path).await.text.contains("La visita sigue por teléfono"));
        let prompt = hidden(&page, "prompt");
        let document = [("route", "document"), ("prompt", prompt.as_str())];
        assert_eq!(post(&caller, &path, &document).await.status, 422, "nobody sees one");
        let said = [&known[..], &[("prompt", prompt.as_str())][..]].concat();
        let saved = post(&caller, &path, &said).await;
        assert_eq!(saved.location(), format!("{path}?done=saved"), "{}", saved.text);
        assert_eq!(state(&house, &booked).await, VisitState::MovedToPhone);
        let sheet = get(&house.as_doctor(), &format!("{visit}/sheet")).await.text;
        assert!(sheet.contains("data-step=\"sheet-identity-phone\" data-outcome=\"done\""), "{sheet}");
    }
    let checks = house.acts().await.into_iter().filter(|act| act == "identity.check").count();
    assert_eq!(checks, 2);
}

/// A failed one puts nobody back into a lobby that is closed, and after the visit nothing is written down.
#[tokio::test]
async fn a_check_by_phone_fails_without_a_lobby_and_ends_with_the_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    let visit = format!("/visits/{}", booked.visit.text());
    let path = format!("{visit}/participants/{}/identity", booked.participant.text());
    house.waits(&booked).await;
    house.comes_in(&booked).await;
    let host = house.as_doctor();
    post(&host, &format!("{visit}/by-phone"), &[("why", "wish")]).await;
    house.clock.advance_ms(MINUTE_MS);
    let prompt = hidden(&get(&host, &path).await.text, "prompt");
    let flag = [("flag", "yes"), ("flag_why", "Another voice"), ("prompt", prompt.as_str())];
    assert_eq!(post(&host, &path, &flag).await.status, 303);
    assert_eq!(house.state_of(booked.visit).await, ("moved_to_phone", "admitted"));
    let sheet = get(&host, &format!("{visit}/sheet")).await.text;
    assert!(sheet.contains("data-step=\"sheet-identity-phone\" data-outcome=\"failed\""), "{sheet}");
    let mut tx = house.keep.begin().await.unwrap();
    let (row, now) = (load_visit(&mut tx, booked.visit).await.unwrap(), house.clock.now());
    set_visit_state(&mut tx, &row, VisitState::Closed, now).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
    assert!(!get(&host, &path).await.text.contains("name=\"flag_why\""));
    assert_eq!(post(&host, &path, &flag).await.status, 409);
}

/// A visit by phone was one without knowing who, when its summary is written and nobody has asked: not
/// before, for it can still be done, and not after it was.
#[tokio::test]
async fn nobody_knew_who_it_was_once_the_summary_is_written() {
    for asked in [true, false] {
        let house = House::open().await;
        let booked = house.booked().await;
        let visit = format!("/visits/{}", booked.visit.text());
        let path = format!("{visit}/participants/{}/identity", booked.participant.text());
        let host = house.as_doctor();
        house.waits(&booked).await;
        post(&host, &format!("{visit}/by-phone"), &[("why", "wish")]).await;
        house.clock.advance_ms(MINUTE_MS);
        if asked {
            let prompt = hidden(&get(&host, &path).await.text, "prompt");
            let known =
                [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Seen in March")];
            let said = [&known[..], &[("prompt", prompt.as_str())][..]].concat();
            assert_eq!(post(&host, &path, &said).await.status, 303);
        }
        assert_eq!(house.findings().await, []);
        let wrote = post(&host, &format!("{visit}/summary"), &[("body", "Rest, and drink water.")]).await;
        assert_eq!(wrote.status, 303, "{}", wrote.text);
        let wanted: &[_] = if asked { &[] } else { &[("not-identified", 1)] };
        assert_eq!(house.findings().await, wanted);
    }
}

/// Whoever took the check on by phone and was called away is nobody whose digits are open, and the day after
/// nothing is written down any more.
#[tokio::test]
async fn a_check_by_phone_is_of_that_day() {
    let house = House::open().await;
    let booked = house.booked().await;
    let visit = format!("/visits/{}", booked.visit.text());
    let path = format!("{visit}/participants/{}/identity", booked.participant.text());
    let desk = house.as_desk();
    house.waits(&booked).await;
    post(&desk, &format!("{visit}/by-phone"), &[("why", "wish")]).await;
    assert_eq!(post(&desk, &format!("{path}/open"), &[]).await.location(), path);
    let sheet = get(&desk, &format!("{visit}/sheet")).await.text;
    assert_eq!(sheet.matches("data-step=\"sheet-code\"").count(), 1, "the patient's: {sheet}");
    house.clock.advance_ms(DAY_MS - 1);
    assert!(get(&house.as_doctor(), &path).await.text.contains("value=\"known\""));
    house.clock.advance_ms(1);
    let late = get(&house.as_doctor(), &path).await.text;
    assert!(!late.contains("value=\"known\"") && !late.contains("goes on by phone"), "{late}");
    let prompt = [("flag", "yes"), ("flag_why", "Another voice"), ("prompt", "left")];
    assert_eq!(post(&house.as_doctor(), &path, &prompt).await.status, 409);
    let other = house.as_other_doctor();
    assert_ne!(post(&other, &format!("{path}/open"), &[]).await.status, 303);
}
