//! The notice comes before the first service, and what came of it is kept.

use super::{Outcome, newest, texts};
use crate::before::check_in::{NotReady, enter_lobby};
use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object, args};
use policy::Act;
use practice::set_up;
use vocabulary::{DAY_MS, MINUTE_MS, PersonId, Principal, Role, Roles, SessionId};
use web::testing::{get, post, site};

/// R73: a first visit shows the notice by itself before anybody can be met; the outcome is kept with its
/// time, a "no" with its reason; it is posted for everybody, and a known version is not asked for again.
#[tokio::test]
async fn the_notice_comes_before_the_first_service_and_its_outcome_is_kept() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    let posted = get(&house.router(Principal::Anonymous), "/privacy-notice").await;
    assert_eq!(posted.status, StatusCode::OK);
    assert!(posted.text.contains("how medical information about you may be used"), "{}", posted.text);
    get(&guest, &at("sample")).await;
    let text = hidden(&get(&guest, &at("screen")).await.text, "text");
    let next = post(&guest, &at("screen"), &[("agree", "yes"), ("text", &text)]).await;
    assert_eq!(next.location(), at("notice"), "before the consent and the visit");
    assert!(get(&guest, &at("notice")).await.text.contains("Your rights"));
    assert_eq!(post(&guest, &at("consent"), &[("agree", "yes")]).await.location(), at("notice"));
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let early = enter_lobby(&mut tx, booked.participant, &rules).await.unwrap_err();
    assert_eq!(early, NotReady::ConsentMissing);
    drop(tx);
    let old = post(&guest, &at("notice"), &[("answer", "yes"), ("version", "2020-1")]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let no = post(&guest, &at("notice"), &[("answer", "no"), ("version", texts::VERSION)]).await;
    assert_eq!(no.location(), at("consent"), "the law asks the practice to try");
    let mut read = house.keep.read().await.unwrap();
    let kept = newest(&mut read, house.patient).await.unwrap().unwrap();
    assert_eq!((kept.outcome, kept.visit), (Outcome::Declined, Some(booked.visit)));
    let row = "SELECT reason, text_hash FROM privacy_notice";
    let row = read.row(row, vec![]).await.unwrap().unwrap();
    assert!(row.opt_blob("reason").unwrap().is_some(), "why there is no acknowledgement");
    assert_eq!(row.blob("text_hash").unwrap().len(), 32);
    drop(read);
    let told = house.trail().await;
    let entry = told.iter().find(|entry| entry.act == "privacy_notice.answer").unwrap();
    assert_eq!(entry.details["outcome"], "declined");
    house.clock.advance_ms(60 * DAY_MS);
    let posted = get(&house.router(Principal::Anonymous), "/privacy-notice").await.text;
    assert!(posted.contains("counts from November 21, 2026"), "since it was first shown: {posted}");
    let second = house.booked_for(house.patient, 25 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&second), house.door(&second).await);
    let next = get(&guest, &format!("/g/{door}/check-in")).await;
    assert_eq!(next.location(), format!("/g/{door}/check-in/consent"), "asked once for each version");
}

/// R73 (part: seen again): whoever goes back to the notice reads what they answered and when, and may answer
/// otherwise: both answers are kept, the same one twice is kept once.
#[tokio::test]
async fn what_was_answered_is_shown_and_may_be_changed() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    get(&guest, &at("sample")).await;
    let text = hidden(&get(&guest, &at("screen")).await.text, "text");
    post(&guest, &at("screen"), &[("agree", "yes"), ("text", &text)]).await;
    let first = get(&guest, &at("notice")).await.text;
    assert_eq!(offers(&first), [true, true], "{first}");
    for answer in ["no", "no"] {
        let said = post(&guest, &at("notice"), &[("answer", answer), ("version", texts::VERSION)]).await;
        assert_eq!(said.location(), at("consent"));
        house.clock.advance_ms(MINUTE_MS);
    }
    let back = plain(&get(&guest, &at("notice")).await.text);
    assert!(
        back.contains("You said on Saturday, November 21, 3:00\u{a0}PM that you would rather not"),
        "{back}"
    );
    assert_eq!(offers(&back), [true, false], "{back}");
    assert!(
        plain(&get_es(&house.as_demo_guest(&booked), &at("notice")).await.text).contains("no confirmarlo")
    );
    let changed = post(&guest, &at("notice"), &[("answer", "yes"), ("version", texts::VERSION)]).await;
    assert_eq!(changed.location(), at("consent"));
    let back = plain(&get(&guest, &at("notice")).await.text);
    assert!(back.contains("that you have received this notice"), "{back}");
    assert_eq!(offers(&back), [false, true], "{back}");
    let sql = "SELECT outcome FROM privacy_notice ORDER BY at";
    let rows = house.keep.read().await.unwrap().rows(sql, args![]).await.unwrap();
    let kept: Vec<_> = rows.iter().map(|row| row.text("outcome").unwrap()).collect();
    assert_eq!(kept, ["declined", "acknowledged"]);
}

/// Whether a yes and a no can be pressed.
fn offers(page: &str) -> [bool; 2] {
    ["yes", "no"].map(|answer| page.contains(&format!("name=\"answer\" value=\"{answer}\"")))
}

/// R73 (part: versions): whoever answered the words of before is shown the new ones, once, and both answers
/// are kept.
#[tokio::test]
async fn a_new_version_is_shown_to_whoever_knows_the_one_before() {
    let house = House::open().await;
    let booked = house.booked().await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    let next = async || {
        house.clock.advance_ms(MINUTE_MS);
        let visit = house.booked_for(house.patient, 20 * MINUTE_MS).await;
        let (guest, door) = (house.as_guest(&visit), house.door(&visit).await);
        let leads = get(&guest, &format!("/g/{door}/check-in")).await.location().to_owned();
        (guest, format!("/g/{door}/check-in/notice"), leads)
    };
    let (_, notice, leads) = next().await;
    assert_ne!(leads, notice, "known");
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE privacy_notice SET notice_version = '2025-1'", args![]).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("privacy_notice", ""))).await.unwrap();
    let (guest, notice, leads) = next().await;
    assert_eq!(leads, notice);
    let yes = [("answer", "yes"), ("version", texts::VERSION)];
    assert_eq!(post(&guest, &notice, &yes).await.status, StatusCode::SEE_OTHER);
    let (_, notice, leads) = next().await;
    assert_ne!(leads, notice, "once");
    let sql = "SELECT notice_version FROM privacy_notice ORDER BY at";
    let rows = house.keep.read().await.unwrap().rows(sql, args![]).await.unwrap();
    let kept: Vec<_> = rows.iter().map(|row| row.text("notice_version").unwrap()).collect();
    assert_eq!(kept, ["2025-1", texts::VERSION]);
}

/// R73 (part: Part 2): the posted notice says what 42 CFR part 2 asks for as soon as the practice says that
/// it keeps such records, and not before.
#[tokio::test]
async fn the_part_on_substance_use_records_follows_the_set_up() {
    let house = House::open().await;
    let roles: Roles = [Role::Owner].into_iter().collect();
    let (person, session) = (PersonId::from_bytes([7; 16]), SessionId::from_bytes([8; 16]));
    let owner = site(house.keep.clone(), Principal::Staff { person, session, roles }, &LOCALES);
    let owner = set_up::routes().into_router(owner);
    for (part_2, told) in [("no", false), ("yes", true), ("no", false)] {
        let law = [("covered_entity", "yes"), ("part_2", part_2), ("federal_funds", "no")];
        assert_eq!(post(&owner, "/set-up/law", &law).await.status, StatusCode::SEE_OTHER);
        let posted = get(&house.router(Principal::Anonymous), "/privacy-notice").await.text;
        assert_eq!(posted.contains("42 CFR"), told, "{part_2}: {posted}");
    }
}
