//! Consents that staff take: spoken before a witness, on paper, and none at all in an emergency.

use super::of_visit;
use super::rules::Lapse;
use super::tests::{enters, lapsed, set_with};
use crate::before::check_in::NotReady;
use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::{Act, HouseRules};
use web::testing::{get, post};

pub(super) const PLACE: &[(&str, &str)] = &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")];

pub(crate) async fn rule(house: &House, change: impl Fn(&mut HouseRules)) {
    let mut settings = (*house.keep.settings()).clone();
    change(&mut settings.house_rules);
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
}

/// Every step of somebody who is let in without a consent.
async fn all_but_consent(guest: &axum::Router, door: &str) {
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    post(guest, &at("notice"), &[("answer", "yes"), ("version", "2026-1")]).await;
    post(guest, &at("place"), PLACE).await;
    post(guest, &at("readiness"), &[]).await;
    let here = [("address", ADDRESS), ("state", "MA"), ("call_back", CALL_BACK)];
    post(guest, &at("location"), &here).await;
}

/// What a right form for a spoken consent holds.
pub(super) fn spoken<'a>(text: &'a str, witness: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("how", "voice"),
        ("witness", witness),
        ("state", "MA"),
        ("said_yes", "yes"),
        ("means", "stop"),
        ("text", text),
        ("notice", "acknowledged"),
        ("signer", "patient"),
    ]
}

/// R62: a spoken consent names the witness of the staff and the version of the script; without a witness,
/// with somebody who does not work here, or with the one who reads for a witness, it is refused.
#[tokio::test]
async fn a_spoken_consent_without_a_witness_is_refused() {
    let house = House::open().await;
    rule(&house, |rules| rules.voice_consent_states = "MA".into()).await;
    let booked = house.booked().await;
    let (page, desk) = (format!("/visits/{}", booked.visit.text()), house.as_desk());
    let (take, nobody) = (format!("{page}/consent"), house.patient.text());
    let card = get(&desk, &page).await.text;
    assert!(card.contains("Consent by voice or on paper") && card.contains("What a video visit is"));
    let text = "telehealth.2026-1.en";
    assert_eq!(hidden(&card, "text"), text);
    for witness in ["", "somebody", &nobody] {
        let answer = post(&desk, &take, &spoken(text, witness)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{witness}");
        assert!(answer.text.contains("A spoken consent needs a witness"), "{}", answer.text);
    }
    let reads = house.desk.text();
    let alone = post(&desk, &take, &spoken(text, &reads)).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.text.contains("somebody else hears the answer"), "{}", alone.text);
    let (_, offered) = alone.text.split_once("name=\"witness\"").unwrap();
    let (offered, _) = offered.split_once("</select>").unwrap();
    assert!(offered.contains("Dr. Ben Hart") && !offered.contains("Dana Desk"), "{offered}");
    let mut read = house.keep.read().await.unwrap();
    assert!(of_visit(&mut read, booked.visit).await.unwrap().is_empty(), "nothing was kept");
    drop(read);
    let heard_by = house.other_doctor.text();
    let done = post(&desk, &take, &spoken(text, &heard_by)).await;
    assert_eq!(done.location(), format!("{page}?done=consent"), "{}", done.text);
    let mut read = house.keep.read().await.unwrap();
    let row = of_visit(&mut read, booked.visit).await.unwrap().remove(0);
    drop(read);
    assert_eq!((row.witness, row.template_version.as_str()), (Some(house.other_doctor), "2026-1"));
    let portal = house.as_patient(house.patient);
    let copy = get(&portal, &format!("/portal/consents/{}", row.id.text())).await.text;
    for part in ["Dr. Ben Hart", "Dana Desk", "Read aloud by staff", "telehealth 2026-1 (en)", NAME] {
        assert!(copy.contains(part), "{part}: {copy}");
    }
    let told = house.trail().await;
    let entry = told.iter().find(|entry| entry.details.contains_key("witness")).unwrap();
    assert_eq!(entry.act, "consent.witness");
    assert_eq!((&*entry.details["witness"], &*entry.details["version"]), (&*heard_by, "2026-1"));
    // The patient goes on without a screen to sign on and without the notice a second time.
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let next = get(&guest, &format!("/g/{door}/check-in")).await;
    assert_eq!(next.location(), format!("/g/{door}/check-in/place"));
    let stranger = post(&house.as_other_doctor(), &take, &spoken(text, &heard_by)).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_rule_of_the_state_decides_which_way_counts() {
    let house = House::open().await;
    rule(&house, |rules| rules.paper_consent_states = "NH".into()).await;
    let booked = house.booked().await;
    let (page, desk) = (format!("/visits/{}", booked.visit.text()), house.as_desk());
    let (take, heard_by) = (format!("{page}/consent"), house.other_doctor.text());
    let text = "telehealth.2026-1.en";
    let unsettled = post(&desk, &take, &spoken(text, &heard_by)).await;
    assert!(unsettled.text.contains("do not say that a spoken yes counts"), "{}", unsettled.text);
    let mut in_nh = spoken(text, &heard_by);
    in_nh[2] = ("state", "NH");
    let only_paper = post(&desk, &take, &in_nh).await;
    assert!(only_paper.text.contains("only paper counts"), "{}", only_paper.text);
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    sign_papers(&guest, &door).await;
    post(&guest, &format!("/g/{door}/check-in/place"), PLACE).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &[]).await;
    let here = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    let next = post(&guest, &format!("/g/{door}/check-in/location"), &here).await;
    let asked = get(&guest, next.location()).await.text;
    assert!(asked.contains("Paper is needed here") && asked.contains("555-0142"), "{asked}");
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::Method));
    // A slip can be mended by the patient, and the desk cannot record a state that the patient is not in.
    let location = format!("/g/{door}/check-in/location");
    assert!(asked.contains(&location) && !asked.contains("name=\"means\""), "{asked}");
    assert_eq!(get(&guest, &location).await.status, StatusCode::OK);
    let signed = [("name", NAME), ("agree", "yes"), ("means", "stop"), ("text", text)];
    let forced = post(&guest, next.location(), &signed).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    let in_ma = [&[("how", "paper"), ("state", "MA")][..], &in_nh[3..]].concat();
    let other = post(&desk, &take, &in_ma).await;
    assert!(other.text.contains("said another state in check-in"), "{}", other.text);
    in_nh[0] = ("how", "paper");
    let done = post(&desk, &take, &in_nh).await;
    assert_eq!(done.location(), format!("{page}?done=consent"), "{}", done.text);
    assert_eq!(lapsed(&house, &booked).await, None);
}

/// R58: the join says that the consent is missing, for this patient, this clinician and this state; by nobody
/// but the host, in an emergency and with a reason, is that overridden.
#[tokio::test]
async fn nobody_joins_without_a_consent_unless_the_host_says_that_it_is_an_emergency() {
    let house = House::open().await;
    let booked = house.booked().await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing));
    let code = NotReady::ConsentMissing.code();
    assert_eq!(code, "consent_missing");
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));
    let (sql, other) = ("UPDATE visit SET clinician = $1 WHERE id = $2", house.other_doctor);
    set_with(&house, sql, keep::args![other, booked.visit]).await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing), "to another clinician");
    set_with(&house, sql, keep::args![house.doctor, booked.visit]).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));
    let elsewhere = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    post(&guest, &format!("/g/{door}/check-in/location"), &elsewhere).await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing), "from another state");
    let page = format!("/visits/{}", booked.visit.text());
    let press = format!("{page}/consent/emergency");
    let why = [("reason", "Chest pain, alone at home")];
    let desk = house.as_desk();
    assert!(!get(&desk, &page).await.text.contains("go on without a consent"));
    assert_eq!(post(&desk, &press, &why).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&house.as_other_doctor(), &press, &why).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&house.as_doctor(), &press, &[("reason", " ")]).await.status, StatusCode::BAD_REQUEST);
    let done = post(&house.as_doctor(), &press, &why).await;
    assert_eq!(done.location(), format!("{page}?done=emergency"));
    let after = get(&house.as_doctor(), &page).await.text;
    assert!(after.contains("goes on without a consent") && !after.contains("Chest pain"), "{after}");
    assert!(house.findings().await.contains(&("consent-overridden", 1)));
    let told = house.trail().await;
    let entry = told.iter().find(|entry| entry.details.contains_key("reason")).unwrap();
    assert_eq!((&*entry.act, &*entry.details["reason"]), ("consent.override", "Chest pain, alone at home"));
    assert_eq!(enters(&house, &booked).await, Ok(()));
}

/// R58 (part: seen): from the moment on that a host goes on without a consent, before anybody has said where
/// they are, the head of the visit and the list of the day say so; after the patient's "no" they do not.
#[tokio::test]
async fn an_emergency_without_a_consent_stands_at_the_head_of_the_visit_and_in_the_day() {
    let house = House::open().await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    let (doctor, desk) = (house.as_doctor(), house.as_desk());
    let badge = "Emergency, no consent";
    let head = async || {
        let page = get(&desk, &page).await.text;
        page.split_once("</header>").unwrap().1.split_once("</header>").unwrap().0.to_owned()
    };
    assert!(!head().await.contains(badge) && !get(&desk, "/day").await.text.contains(badge));
    post(&doctor, &format!("{page}/consent/emergency"), &[("reason", "Chest pain, alone at home")]).await;
    let seen = head().await;
    assert!(seen.contains(badge) && seen.contains("class=\"badges\""), "{seen}");
    for (who, path) in [(&desk, "/day"), (&desk, "/day/queue"), (&doctor, "/day")] {
        assert_eq!(get(who, path).await.text.matches(badge).count(), 1, "{path}");
    }
    assert!(get_es(&desk, "/day").await.text.contains("Emergencia, sin consentimiento"));
    // The host is in the room already, and then the patient waits.
    house.waits(&booked).await;
    assert_eq!(get(&desk, "/day").await.text.matches(badge).count(), 1);
    house.comes_in(&booked).await;
    set_with(&house, "UPDATE visit SET state = 'live' WHERE id = $1", keep::args![booked.visit]).await;
    assert_eq!(get(&desk, "/day").await.text.matches(badge).count(), 1, "who is in the room");
    house.clock.advance_ms(1);
    let door = house.door(&booked).await;
    post(&house.as_guest(&booked), &format!("/g/{door}/check-in/refuse"), &[]).await;
    assert!(!head().await.contains(badge) && !get(&desk, "/day").await.text.contains(badge), "said no");
}

/// What an emergency let in does not outlive the patient's own "no": neither the lobby nor a step that is
/// answered again brings it back, and the record says "refused", since nothing was ever given.
#[tokio::test]
async fn a_no_ends_the_way_on_without_a_consent() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let press = format!("/visits/{}/consent/emergency", booked.visit.text());
    let why = [("reason", "Chest pain, alone at home")];
    post(&house.as_doctor(), &press, &why).await;
    all_but_consent(&guest, &door).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));
    house.clock.advance_ms(1);
    let no = post(&guest, &format!("/g/{door}/check-in/refuse"), &[]).await;
    assert_eq!(no.location(), format!("/g/{door}/refused"));
    let page = get(&guest, no.location()).await;
    assert!(page.status == StatusCode::OK && page.text.contains("you still get care here"), "{}", page.text);
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::Refused));
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing));
    post(&guest, &format!("/g/{door}/check-in/welcome"), &[]).await;
    post(&guest, &format!("/g/{door}/check-in/place"), PLACE).await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing), "not by another answer either");
    house.clock.advance_ms(1);
    let again = post(&house.as_doctor(), &press, &why).await;
    assert!(again.location().ends_with("done=emergency"), "{}", again.text);
    assert_eq!(enters(&house, &booked).await, Ok(()), "a new emergency is a new decision");
}

/// R63 (part: by phone or letter): whoever agreed aloud takes it back the same way; it counts at once, the
/// record says how and who wrote it down, and staff see nothing of what else the patient agreed to.
#[tokio::test]
async fn a_consent_is_taken_back_by_word_too() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (page, desk) = (format!("/visits/{}", booked.visit.text()), house.as_desk());
    let press = format!("{page}/consent/taken-back");
    let said = [("scope", "telehealth"), ("how", "voice")];
    assert_eq!(post(&desk, &press, &said).await.location(), format!("{page}?done=not-standing"));
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    house.comes_in(&booked).await;
    assert_eq!(post(&house.as_other_doctor(), &press, &said).await.status, StatusCode::NOT_FOUND);
    for wrong in [[("scope", "all"), ("how", "voice")], [("scope", "telehealth"), ("how", "electronic")]] {
        assert_eq!(post(&desk, &press, &wrong).await.status, StatusCode::BAD_REQUEST, "{wrong:?}");
    }
    let done = post(&desk, &press, &said).await;
    assert_eq!(done.location(), format!("{page}?done=taken-back"), "{}", done.text);
    assert_eq!(house.state_of(booked.visit).await.1, "refused", "out of the room");
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing));
    let mut read = house.keep.read().await.unwrap();
    let row = of_visit(&mut read, booked.visit).await.unwrap().remove(0);
    drop(read);
    assert_eq!((row.outcome, row.method), (super::Outcome::Withdrawn, super::rules::Method::Voice));
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "consent.witness").unwrap();
    assert_eq!((&*entry.details["outcome"], &*entry.details["method"]), ("withdrawn", "voice"));
    let wrote = [("scope", "e_sign"), ("how", "paper")];
    assert_eq!(post(&desk, &press, &wrote).await.location(), format!("{page}?done=taken-back"));
    let portal = house.as_patient(house.patient);
    assert_eq!(get(&portal, "/portal/agree/third_party").await.location(), "/portal/agree/e_sign");
}

#[tokio::test]
async fn whoever_would_rather_have_paper_is_led_to_the_practice() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let no = post(&guest, &format!("/g/{door}/check-in/paper"), &[]).await;
    let page = get(&guest, no.location()).await.text;
    assert!(page.contains("555-0142") && page.contains("you still get care"), "{page}");
    assert!(!page.contains("no to a video visit") && page.contains("would rather have paper"), "{page}");
    let day = get(&house.as_desk(), "/day").await.text;
    assert!(day.contains("Wants paper") && !day.contains("Said no to consent"), "{day}");
    assert!(house.findings().await.is_empty(), "nobody refused the visit");
    let mut tried = spoken("telehealth.2026-1.en", "");
    tried[0] = ("how", "paper");
    let path = format!("/visits/{}", booked.visit.text());
    let done = post(&house.as_desk(), &format!("{path}/consent"), &tried).await;
    assert_eq!(done.location(), format!("{path}?done=consent"), "{}", done.text);
    assert_eq!(house.state_of(booked.visit).await.1, "checking_in");
    // A late press changes nothing: the consent on paper stands.
    let late = post(&guest, &format!("/g/{door}/check-in/paper"), &[]).await;
    assert_ne!(late.location(), format!("/g/{door}/refused"));
    assert_eq!(enters(&house, &booked).await, Err(NotReady::LocationMissing));
    assert!(!get(&house.as_desk(), "/day").await.text.contains("Wants paper"));
}
