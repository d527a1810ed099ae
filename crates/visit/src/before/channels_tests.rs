//! Visits obey the house rules on channels from the next request on: mail, phone, visits without a picture.

use crate::test_house::*;
use axum::http::StatusCode;
use keep::testing::posted;
use keep::{Entry, Object, args};
use policy::{Act, HouseRules};
use vocabulary::MINUTE_MS;
use web::testing::{get, post};

async fn rule(house: &House, change: impl Fn(&mut HouseRules)) {
    let mut settings = (*house.keep.settings()).clone();
    change(&mut settings.house_rules);
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
}

async fn letters(house: &House) -> i64 {
    let mut read = house.keep.read().await.unwrap();
    let sql = "SELECT count(*) AS n FROM outbox WHERE state = 'waiting'";
    read.row(sql, args![]).await.unwrap().unwrap().int("n").unwrap()
}

#[tokio::test]
async fn without_mail_no_letter_is_made_and_the_desk_is_told_to_call_or_print() {
    let house = House::open().await;
    let booked = house.booked().await;
    let visit = format!("/visits/{}", booked.visit.text());
    let before = letters(&house).await;
    rule(&house, |rules| rules.send_mail = false).await;
    let desk = house.as_desk();
    house.clock.advance_ms(1);
    let invited = post(&desk, &format!("{visit}/invite"), &[]).await;
    assert_eq!(invited.status, StatusCode::OK);
    assert!(invited.text.contains("/i#") && invited.text.contains("Call, or print"), "{}", invited.text);
    let moved = post(&desk, &format!("{visit}/move"), &[("day", "2026-11-24"), ("hour", "15:30")]).await;
    let told = get(&desk, moved.location()).await;
    assert!(
        told.text.contains("please call the patient") && told.text.contains("stays the same"),
        "{}",
        told.text
    );
    let cancelled = post(&desk, &format!("{visit}/cancel"), &[("by", "practice")]).await;
    let told = get(&desk, cancelled.location()).await;
    assert!(told.text.contains("please call the patient"), "{}", told.text);
    assert!(get_es(&desk, cancelled.location()).await.text.contains("llame al paciente"));
    assert_eq!(letters(&house).await, before, "nothing new waits to go out");
}

/// Whoever comes along hears of another time by letter; where none goes out, the desk is told to call.
#[tokio::test]
async fn without_mail_the_desk_is_told_to_call_whoever_comes_along() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (visit, desk) = (format!("/visits/{}", booked.visit.text()), house.as_desk());
    let elena = [("part", "supporter"), ("name", "Elena"), ("lang", "es"), ("email", "elena@example.org")];
    assert_eq!(post(&desk, &format!("{visit}/companions"), &elena).await.status, StatusCode::OK);
    let time = |hour| [("day", "2026-11-24"), ("hour", hour)];
    let told = post(&desk, &format!("{visit}/move"), &time("15:30")).await;
    let told = get(&desk, told.location()).await.text;
    assert!(!told.contains("Not everybody who comes along"), "she gets a letter: {told}");
    rule(&house, |rules| rules.send_mail = false).await;
    let moved = post(&desk, &format!("{visit}/move"), &time("16:30")).await;
    let off = post(&desk, &format!("{visit}/cancel"), &[("by", "practice")]).await;
    let on = post(&desk, &format!("{visit}/restore"), &[]).await;
    for answer in [moved, off, on] {
        let told = get(&desk, answer.location()).await.text;
        assert!(told.contains("Not everybody who comes along gets a letter"), "{told}");
    }
}

/// R105 (part: whoever has no words of their own is asked for them on the way to a visit, and they stand on
/// the next letter and on the welcome)
#[tokio::test]
async fn a_patient_without_a_phrase_chooses_one_and_the_next_letter_has_it() {
    let house = House::open().await;
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let (welcome, contact) = (format!("/g/{door}/check-in/welcome"), format!("/g/{door}/contact"));
    let asked = get(&guest, &welcome).await.text;
    assert!(asked.contains("Choose your own words for our messages"), "{asked}");
    assert!(get_es(&guest, &welcome).await.text.contains("Elija sus propias palabras"));
    assert!(get(&guest, &contact).await.text.contains("name=\"phrase\""));
    let chosen = [("channel", "mail"), ("email", "otto@example.org"), ("phrase", "red umbrella, canary")];
    let saved = post(&guest, &contact, &chosen).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let shown = get(&guest, &welcome).await.text;
    assert!(shown.contains("red umbrella, canary") && !shown.contains("Choose your own words"), "{shown}");
    house.clock.advance_ms(1);
    let cancel = format!("/visits/{}/cancel", booked.visit.text());
    post(&house.as_desk(), &cancel, &[("by", "practice")]).await;
    let letters = posted(&house.keep).await;
    let last = letters.last().expect("a letter");
    assert!(last.to == "otto@example.org" && last.text.contains("red umbrella, canary"), "{}", last.text);
}

#[tokio::test]
async fn check_in_offers_the_phone_and_sound_only_when_the_house_does() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(&guest, &door).await;
    post(&guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    let offered = get(&guest, &at("readiness")).await.text;
    assert!(offered.contains("we can talk by phone") && offered.contains("we talk without it"), "{offered}");
    assert!(!offered.contains("data-picture"));
    rule(&house, |rules| (rules.phone_fallback, rules.audio_only) = (false, false)).await;
    let bare = get(&guest, &at("readiness")).await.text;
    assert!(!bare.contains("we can talk by phone") && !bare.contains("we talk without it"), "{bare}");
    assert!(bare.contains("data-picture=\"needed\""));
    let next = post(&guest, &at("readiness"), &[("camera", "refused"), ("microphone", "ok")]).await;
    assert_eq!(next.location(), at("location"), "nobody is kept out");
}

/// What the host sees of a missing camera weighs more where the house holds no visits without a picture.
#[tokio::test]
async fn a_missing_camera_is_marked_by_the_rule() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let poor = [("camera", "refused"), ("microphone", "ok"), ("light", "none")];
    post(&guest, &format!("/g/{door}/check-in/readiness"), &poor).await;
    for (audio_only, tone) in [(true, "warn"), (false, "bad")] {
        rule(&house, |rules| rules.audio_only = audio_only).await;
        let day = get(&house.as_doctor(), &format!("/visits/{}", booked.visit.text())).await.text;
        let badge = day.split("No camera").next().unwrap().rsplit("class=\"badge ").next().unwrap();
        assert!(badge.starts_with(tone), "{audio_only}: {badge}");
    }
}
