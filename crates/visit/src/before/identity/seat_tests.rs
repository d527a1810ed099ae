//! What a check gives and when that ends: the seat of whoever takes it on, documents that want their person
//! in the room, and the ways back for whoever was failed.

use super::tests::{LICENSE, live_host, named, path, says, staff_comes_in};
use crate::before::booking::Booked;
use crate::before::rules::{PARTICIPANTS_MAX, Part, ParticipantState};
use crate::before::store::{ParticipantRow, load_visit, participants, relations_of, set_participant};
use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, MINUTE_MS, Principal, Relation, Relations, Role, Roles, SessionId};
use web::testing::{get, post};

/// An honest patient with another name on their card, and nobody else of the practice at hand: the host
/// calls, and two facts and a reason open the room again; or goes on with a reason.
#[tokio::test]
async fn whom_the_host_failed_comes_in_again_without_a_deputy() {
    for by_phone in [true, false] {
        let house = House::open().await;
        let booked = house.booked().await;
        let (path, host) = (path(&booked), live_host(&house).await);
        house.waits(&booked).await;
        staff_comes_in(&house, &booked).await;
        house.comes_in(&booked).await;
        let other_name = [&LICENSE[..], &[("name_match", "no")][..]].concat();
        assert_eq!(says(&host, &path, &other_name).await.status, StatusCode::SEE_OTHER);
        let open = format!("{path}/open");
        let page = plain(&get(&host, &path).await.text);
        assert!(!page.contains(&open) && page.contains("call them at the number"), "{page}");
        house.clock.advance_ms(1_000);
        let answer = if by_phone {
            let known = [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "New name")];
            says(&host, &path, &known).await
        } else {
            post(&host, &format!("{path}/waive"), &[("reason", "Married in May")]).await
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(get(&host, &path).await.text.contains(&open), "by phone: {by_phone}");
    }
}

/// A document is seen or it is not: none is taken of somebody who holds no place in the room, nor from
/// somebody who holds none; two facts and a reason are. What was typed stays.
#[tokio::test]
async fn a_document_wants_its_person_in_the_room() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = path(&booked);
    named(&house, &booked).await;
    house.waits(&booked).await;
    let card = [&LICENSE[..], &[("name_match", "yes"), ("in_view", "yes"), ("prompt_done", "yes")]].concat();
    for who in [house.as_desk(), house.as_doctor()] {
        let page = plain(&get(&who, &path).await.text);
        assert!(page.contains("no document does") && !page.contains("name=\"last4\""), "{page}");
        let refused = says(&who, &path, &card).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(plain(&refused.text).contains("nobody can see a document"), "{}", refused.text);
        for typed in ["value=\"Massachusetts\"", "value=\"7q42\"", "value=\"license\" selected"] {
            assert!(refused.text.contains(typed), "{typed}: {}", refused.text);
        }
    }
    assert_eq!(house.findings().await, []);
    house.comes_in(&booked).await;
    // They are with the host; the desk is at home.
    assert!(!get(&house.as_desk(), &path).await.text.contains("name=\"last4\""));
    assert_eq!(says(&house.as_desk(), &path, &card).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    staff_comes_in(&house, &booked).await;
    assert!(get(&house.as_desk(), &path).await.text.contains("name=\"last4\""));
    assert_eq!(says(&house.as_desk(), &path, &card).await.status, StatusCode::SEE_OTHER);
}

/// R80 (part: the way back to the lobby): who was seen waits again, and what was seen is written down then;
/// half an hour later it is not.
#[tokio::test]
async fn what_was_seen_is_written_down_after_they_are_back_in_the_lobby() {
    let card = [&LICENSE[..], &[("name_match", "yes"), ("in_view", "yes"), ("prompt_done", "yes")]].concat();
    for (minutes, taken) in [(29, true), (30, false)] {
        let house = House::open().await;
        let booked = house.booked().await;
        let (path, desk) = (path(&booked), house.as_desk());
        named(&house, &booked).await;
        house.waits(&booked).await;
        staff_comes_in(&house, &booked).await;
        house.comes_in(&booked).await;
        house.waits(&booked).await;
        house.clock.advance_ms(minutes * MINUTE_MS);
        assert_eq!(get(&desk, &path).await.text.contains("name=\"last4\""), taken);
        let answer = says(&desk, &path, &card).await.status;
        let wanted = if taken { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(answer, wanted, "{minutes} minutes");
        house.clock.advance_ms(1_000);
        let again = says(&desk, &path, &card).await.status;
        assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY, "on record, and not seen since");
    }
}

/// R80 (part: seen before the picture was gone): what was seen in the room can be written down for half an
/// hour after the visit went to the phone, and the sheet does not say that it was heard there.
#[tokio::test]
async fn what_was_seen_before_a_visit_went_to_the_phone_was_seen() {
    let card = [&LICENSE[..], &[("name_match", "yes"), ("in_view", "yes"), ("prompt_done", "yes")]].concat();
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    let visit = format!("/visits/{}", booked.visit.text());
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    assert_eq!(post(&desk, &format!("{visit}/by-phone"), &[("why", "video")]).await.status, 303);
    house.clock.advance_ms(29 * MINUTE_MS);
    let page = plain(&get(&desk, &path).await.text);
    assert!(page.contains("name=\"last4\"") && page.contains("A document that you saw there"), "{page}");
    assert!(!page.contains("Ask for two facts"), "{page}");
    assert_eq!(says(&desk, &path, &card).await.status, StatusCode::SEE_OTHER);
    let sheet = get(&desk, &format!("{visit}/sheet")).await.text;
    assert!(sheet.contains("data-step=\"sheet-identity\" data-outcome=\"done\""), "{sheet}");
    assert!(!sheet.contains("sheet-identity-phone"), "{sheet}");
}

/// Also where nobody was there to write down that the room is empty: its places end with it.
#[tokio::test]
async fn nothing_was_seen_in_a_room_that_closed_long_ago() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    let go = format!("/visits/{}/by-phone", booked.visit.text());
    assert_eq!(post(&desk, &go, &[("why", "video")]).await.status, 303);
    house.clock.advance_ms(31 * MINUTE_MS);
    let page = get(&desk, &path).await.text;
    assert!(page.contains("value=\"known\"") && !page.contains("name=\"last4\""), "{page}");
}

/// Whoever takes on a check is a deputy for it alone: until it is written down, or for half an hour. It
/// takes nobody's place, and whoever is named for the visit stays.
#[tokio::test]
async fn a_seat_for_a_check_ends_with_it() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    let welcome = format!("/g/{}/check-in/welcome", house.door(&booked).await);
    let told = async || plain(&get(&house.as_guest(&booked), &welcome).await.text);
    let take = async || post(&desk, &format!("{path}/open"), &[]).await.status;
    assert_eq!(take().await, StatusCode::SEE_OTHER);
    assert!(told().await.contains("Dana Desk") && told().await.contains("who checks who you are"));
    assert_eq!(desk_is(&house, &booked).await, deputy());
    house.clock.advance_ms(super::seats::CHECK_MS);
    assert_eq!(desk_is(&house, &booked).await, Relations::NONE, "half an hour is over");
    assert!(!told().await.contains("Dana Desk"));
    assert!(!get(&desk, &path).await.text.contains("name=\"route\""));
    assert_eq!(take().await, StatusCode::SEE_OTHER);
    let known = [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Here in March")];
    house.clock.advance_ms(29 * MINUTE_MS);
    assert_eq!(says(&desk, &path, &known).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk_is(&house, &booked).await, Relations::NONE, "written down");
    assert!(!told().await.contains("Dana Desk"));
    let page = get(&house.as_doctor(), &format!("/visits/{}", booked.visit.text())).await.text;
    assert!(!page.contains("Deputy</"), "{page}");
    // Named for the visit, in the middle of a check: a deputy for good, whatever comes of it.
    assert_eq!(take().await, StatusCode::SEE_OTHER);
    named(&house, &booked).await;
    house.clock.advance_ms(1_000);
    says(&desk, &path, &known).await;
    house.clock.advance_ms(super::seats::CHECK_MS);
    assert_eq!(desk_is(&house, &booked).await, deputy());
    assert!(told().await.contains("Dana Desk"));
}

/// Named for a full visit, whoever checks has no place there for good; and whoever was named before another
/// desk took the check on keeps theirs.
#[tokio::test]
async fn a_seat_for_a_check_becomes_a_place_only_where_one_is_free() {
    let house = House::open().await;
    let booked = house.booked().await;
    let companions = format!("/visits/{}/companions", booked.visit.text());
    let deputies = format!("/visits/{}/deputies", booked.visit.text());
    let open = format!("{}/open", path(&booked));
    assert_eq!(post(&house.as_desk(), &open, &[]).await.status, StatusCode::SEE_OTHER);
    let mut last = StatusCode::OK;
    for name in ["A", "B", "C", "D", "E", "F", "G"] {
        let who = [("part", "supporter"), ("name", name), ("lang", "en")];
        last = post(&house.as_desk(), &companions, &who).await.status;
    }
    assert_eq!(last, StatusCode::CONFLICT, "the visit is full");
    let desk = house.desk.text();
    let named = post(&house.as_doctor(), &deputies, &[("person", desk.as_str())]).await;
    assert_eq!(named.status, StatusCode::CONFLICT);
    house.clock.advance_ms(super::seats::CHECK_MS);
    assert_eq!(desk_is(&house, &booked).await, Relations::NONE, "no ninth place");
}

#[tokio::test]
async fn whoever_was_named_meanwhile_gets_no_seat_that_ends() {
    let house = House::open().await;
    let booked = house.booked().await;
    named(&house, &booked).await;
    let mut tx = house.keep.begin().await.unwrap();
    let visit = load_visit(&mut tx, booked.visit).await.unwrap();
    super::seats::take(&mut tx, &visit, house.desk).await.unwrap();
    let seats = super::seats::of_visit(&mut tx, booked.visit).await.unwrap();
    let all = participants(&mut tx, booked.visit).await.unwrap();
    let row = all.iter().find(|row| row.is_deputy(house.desk)).unwrap();
    assert!(!seats.is_for_check(row.id));
}

/// Whoever took the check on, saw a document and left the room writes it down afterwards, and is a deputy no
/// more then.
#[tokio::test]
async fn whoever_has_left_the_room_writes_down_what_they_saw() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    house.waits(&booked).await;
    assert_eq!(post(&desk, &format!("{path}/open"), &[]).await.status, StatusCode::SEE_OTHER);
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    house.waits(&booked).await;
    set_desk(&house, &booked, ParticipantState::Left).await;
    let card = [&LICENSE[..], &[("name_match", "yes"), ("in_view", "yes"), ("prompt_done", "yes")]].concat();
    assert_eq!(says(&desk, &path, &card).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk_is(&house, &booked).await, Relations::NONE);
    assert_eq!(desk_row(&house, &booked).await.1.map(|row| row.state), Some(ParticipantState::Removed));
}

/// A delegation that ran out leaves its row, which gives nothing: the press gives a seat for the check.
#[tokio::test]
async fn a_delegate_of_yesterday_takes_a_check_on_like_anybody() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, DAY_MS + MINUTE_MS).await;
    let desk_id = house.desk.text();
    let days = [("person", desk_id.as_str()), ("first", "2026-11-21"), ("last", "2026-11-22")];
    assert_eq!(post(&house.as_doctor(), "/delegates", &days).await.status, StatusCode::SEE_OTHER);
    let mut tx = house.keep.begin().await.unwrap();
    let visit = load_visit(&mut tx, booked.visit).await.unwrap();
    crate::before::delegates::take_seat(&mut tx, &visit, house.desk).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("participant", ""));
    tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
    assert_eq!(desk_is(&house, &booked).await, deputy());
    house.clock.advance_ms(2 * DAY_MS);
    assert_eq!(desk_is(&house, &booked).await, Relations::NONE);
    let desk = house.as_desk();
    assert_eq!(post(&desk, &format!("{}/open", path(&booked)), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk_is(&house, &booked).await, deputy());
    assert!(get(&desk, &path(&booked)).await.text.contains("name=\"route\""));
}

/// Who checks often uses up none of the rows that a visit has for people.
#[tokio::test]
async fn each_check_of_one_colleague_uses_one_row() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    for _ in 0..PARTICIPANTS_MAX {
        assert_eq!(post(&desk, &format!("{path}/open"), &[]).await.status, StatusCode::SEE_OTHER);
        let known = [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Here in March")];
        house.clock.advance_ms(1_000);
        assert_eq!(says(&desk, &path, &known).await.status, StatusCode::SEE_OTHER);
        assert_eq!(desk_is(&house, &booked).await, Relations::NONE);
    }
    assert_eq!(desk_row(&house, &booked).await.0, 1);
}

/// Eight people are expected, and the desk can check one of them all the same.
#[tokio::test]
async fn a_full_visit_has_room_for_a_check() {
    let house = House::open().await;
    let booked = house.booked().await;
    let companions = format!("/visits/{}/companions", booked.visit.text());
    let mut last = StatusCode::OK;
    for name in ["A", "B", "C", "D", "E", "F", "G"] {
        assert_eq!(last, StatusCode::OK, "before {name}");
        let who = [("part", "supporter"), ("name", name), ("lang", "en")];
        last = post(&house.as_desk(), &companions, &who).await.status;
    }
    assert_eq!(last, StatusCode::CONFLICT, "the visit is full");
    let desk = house.as_desk();
    let open = format!("{}/open", path(&booked));
    assert_eq!(post(&desk, &open, &[]).await.status, StatusCode::SEE_OTHER);
}

/// What the desk is to this visit now.
async fn desk_is(house: &House, booked: &Booked) -> Relations {
    let mut read = house.keep.read().await.unwrap();
    let visit = load_visit(&mut read, booked.visit).await.unwrap();
    let session = SessionId::from_bytes([8; 16]);
    let who = Principal::Staff { person: house.desk, session, roles: Roles::NONE.with(Role::Desk) };
    relations_of(&mut read, &who, &visit, house.keep.clock().now()).await.unwrap()
}

fn deputy() -> Relations {
    Relations::NONE.with(Relation::Deputy)
}

/// How many rows of this visit are the desk's, and the first.
async fn desk_row(house: &House, booked: &Booked) -> (usize, Option<ParticipantRow>) {
    let mut read = house.keep.read().await.unwrap();
    let all = participants(&mut read, booked.visit).await.unwrap();
    let own = all.into_iter().filter(|row| row.person == Some(house.desk) && row.part == Part::Deputy);
    let own: Vec<ParticipantRow> = own.collect();
    (own.len(), own.into_iter().next())
}

/// As the live visit writes it down.
async fn set_desk(house: &House, booked: &Booked, state: ParticipantState) {
    let row = desk_row(house, booked).await.1.unwrap();
    let mut tx = house.keep.begin().await.unwrap();
    let now = tx.now();
    set_participant(&mut tx, &row, state, now).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("participant", row.id.text()));
    tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
}
