//! Delegates through the pages: named for a time, seen in the queue, and nothing before and after.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, Role};
use web::testing::{get, post};

/// The colleague sees and opens the visits of that clinician while it holds; before, after and once it was
/// taken back the same pages are not there, also with a seat that was taken by it.
#[tokio::test]
async fn a_delegate_leads_while_it_holds_and_no_longer() {
    let house = House::open().await;
    let booked = house.booked().await;
    house.waits(&booked).await;
    let (doctor, other) = (house.as_doctor(), house.as_other_doctor());
    let visit = format!("/visits/{}", booked.visit.text());
    assert_eq!(get(&other, &visit).await.status, StatusCode::NOT_FOUND);
    let person = house.other_doctor.text();
    let days = |first, last| [("person", person.as_str()), ("first", first), ("last", last)];
    let named = post(&doctor, "/delegates", &days("2026-11-22", "2026-11-22")).await;
    assert_eq!(named.location(), "/delegates?done=named", "{}", named.text);
    assert_eq!(get(&other, &visit).await.status, StatusCode::NOT_FOUND, "from tomorrow on");
    assert!(get(&other, "/delegates").await.text.contains("Dr. Amara Osei"));

    post(&doctor, "/delegates", &days("2026-11-21", "2026-11-21")).await;
    let page = plain(&get(&doctor, named.location()).await.text);
    assert!(page.contains("Dr. Ben Hart") && page.contains("Your colleague may lead"), "{page}");
    let day = plain(&get(&other, "/day").await.text);
    assert!(day.contains(NAME) && day.contains(&visit), "{day}");
    assert!(get(&other, &visit).await.text.contains(&format!("{visit}/enter")), "may open the room");
    assert!(plain(&get(&house.as_desk(), "/day").await.text).contains("Also leads: Dr. Ben Hart"));
    let seat = format!("/visits/{}/participants/{}/identity", booked.visit.text(), booked.participant.text());
    assert!(get(&other, &seat).await.text.contains("name=\"route\""), "may check who this is");
    // The press into the room takes a seat.
    let mut tx = house.keep.begin().await.unwrap();
    let row = crate::before::store::load_visit(&mut tx, booked.visit).await.unwrap();
    super::take_seat(&mut tx, &row, house.other_doctor).await.unwrap();
    let stranger = super::take_seat(&mut tx, &row, house.desk).await;
    assert!(stranger.is_err(), "nobody named the desk");
    let entry = keep::Entry::new(keep::Object::of("participant", ""));
    tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
    assert_eq!(get(&other, &visit).await.status, StatusCode::OK);
    assert!(get_es(&house.as_desk(), "/day").await.text.contains("También dirige"));

    // Taken back: at once, and the seat with it.
    let list = get(&doctor, "/delegates").await.text;
    for line in list.match_indices("/delegates/").map(|(at, _)| &list[at..at + 51]) {
        let ended = post(&doctor, &format!("{}/end", &line[..47]), &[]).await;
        assert_eq!(ended.location(), "/delegates?done=ended", "{line}");
    }
    assert_eq!(get(&other, &visit).await.status, StatusCode::NOT_FOUND);
    assert!(!get(&other, "/day").await.text.contains(NAME));
    let told = house.trail().await;
    let entries: Vec<_> = told.iter().filter(|body| body.act == "delegate.name").collect();
    assert_eq!(entries.len(), 4);
    assert_eq!(entries[0].details["person"], person);
    assert_eq!(entries[3].details["ended"], "yes");
}

#[tokio::test]
async fn it_ends_by_itself_and_is_for_ones_own_visits_alone() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 2 * DAY_MS).await;
    let visit = format!("/visits/{}", booked.visit.text());
    let (desk, admin) = (house.as_desk(), house.staff(house.desk, &[Role::Administrator]));
    let person = house.other_doctor.text();
    let fields = [("person", person.as_str()), ("first", "2026-11-21"), ("last", "2026-11-24")];
    assert_eq!(post(&desk, "/delegates", &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&admin, "/delegates").await.status, StatusCode::NOT_FOUND);
    assert!(!get(&desk, "/delegates").await.text.contains("name=\"first\""));
    let doctor = house.as_doctor();
    let own = house.doctor.text();
    for (fields, sentence) in [
        ([("person", own.as_str()), ("first", "2026-11-21"), ("last", "2026-11-24")], "Choose a colleague"),
        ([("person", person.as_str()), ("first", "2026-11-24"), ("last", "2026-11-21")], "before the first"),
        ([("person", person.as_str()), ("first", "2026-11-01"), ("last", "2026-11-20")], "That day is over"),
        ([("person", person.as_str()), ("first", "soon"), ("last", "2026-11-21")], "Choose a day"),
    ] {
        let wrong = post(&doctor, "/delegates", &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(wrong.text.contains(sentence), "{sentence}: {}", wrong.text);
    }
    assert_eq!(post(&doctor, "/delegates", &fields).await.status, StatusCode::SEE_OTHER);
    let other = house.as_other_doctor();
    assert_eq!(get(&other, &visit).await.status, StatusCode::OK);
    assert!(get_es(&doctor, "/delegates").await.text.contains("Quién puede dirigir en su lugar"));
    house.clock.advance_ms(4 * DAY_MS);
    assert_eq!(get(&other, &visit).await.status, StatusCode::NOT_FOUND);
    let end = "/delegates/00000000-0000-7000-8000-000000000000/end";
    assert_eq!(post(&doctor, end, &[]).await.status, StatusCode::NOT_FOUND);
}
