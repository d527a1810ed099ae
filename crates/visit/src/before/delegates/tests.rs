//! Delegates through the pages: named for a time, seen in the queue, and nothing before and after.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, HOUR_MS, Role};
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
    let said = post(&other, &format!("{visit}/say"), &[("phrase", "say-soon")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "may write to who waits: {}", said.text);
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

/// Midnight of the last day takes nobody out of a room: they lead there until they leave it, and come back
/// no more. What the clinician takes back ends there at once.
#[tokio::test]
async fn midnight_takes_no_delegate_out_of_a_room() {
    use crate::before::rules::ParticipantState as S;
    use crate::before::store::{load_visit, participant, set_participant};
    for (state, stays) in [(S::InRoom, true), (S::Away, true), (S::Left, false), (S::Removed, false)] {
        let house = House::open().await;
        let booked = house.booked().await;
        let person = house.other_doctor.text();
        let days = [("person", person.as_str()), ("first", "2026-11-21"), ("last", "2026-11-21")];
        post(&house.as_doctor(), "/delegates", &days).await;
        let mut tx = house.keep.begin().await.unwrap();
        let row = load_visit(&mut tx, booked.visit).await.unwrap();
        let seat = super::take_seat(&mut tx, &row, house.other_doctor).await.unwrap();
        let (seat, now) = (participant(&mut tx, seat.id).await.unwrap(), tx.now());
        set_participant(&mut tx, &seat, state, now).await.unwrap();
        let entry = keep::Entry::new(keep::Object::of("participant", ""));
        tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
        let day = async || plain(&get(&house.as_other_doctor(), "/day?day=2026-11-21").await.text);
        assert!(day().await.contains("November 21: 1 visit"), "{}", day().await);
        house.clock.advance_ms(DAY_MS);
        assert!(
            !day().await.contains("November 21: 1 visit"),
            "the list has none, and so has the row of days"
        );
        let visit = format!("/visits/{}", booked.visit.text());
        let status = get(&house.as_other_doctor(), &visit).await.status;
        assert_eq!(status == StatusCode::OK, stays, "{state:?}: {status}");
    }
    let page = plain(&get(&House::open().await.as_doctor(), "/delegates").await.text);
    assert!(page.contains("Whoever is in a room at midnight"), "{page}");
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
    assert!(
        get_es(&doctor, "/delegates").await.text.contains("Quién puede dirigir mientras usted se ausenta")
    );
    house.clock.advance_ms(4 * DAY_MS);
    assert_eq!(get(&other, &visit).await.status, StatusCode::NOT_FOUND);
    let end = "/delegates/00000000-0000-7000-8000-000000000000/end";
    assert_eq!(post(&doctor, end, &[]).await.status, StatusCode::NOT_FOUND);
}

/// Neither the day nor a visit is there for a delegate before the delegation begins and after it ended by
/// itself; while it holds, the visits of other days are not there either.
#[tokio::test]
async fn a_delegate_sees_the_days_of_the_delegation_in_its_time_alone() {
    let house = House::open().await;
    let today = house.booked().await;
    let tomorrow = house.booked_for(house.other_patient, DAY_MS).await;
    let other = house.as_other_doctor();
    let person = house.other_doctor.text();
    let fields = [("person", person.as_str()), ("first", "2026-11-22"), ("last", "2026-11-22")];
    post(&house.as_doctor(), "/delegates", &fields).await;
    let (first, second) =
        (format!("/visits/{}", today.visit.text()), format!("/visits/{}", tomorrow.visit.text()));
    let (day, week) = ("/day?day=2026-11-22", "/day/week?day=2026-11-22");
    for list in [day, week] {
        assert!(!get(&other, list).await.text.contains(&second), "{list}: not yet");
    }
    assert_eq!(get(&other, &second).await.status, StatusCode::NOT_FOUND);
    house.clock.advance_ms(DAY_MS);
    assert!(get(&other, day).await.text.contains(&second));
    assert_eq!(get(&other, &second).await.status, StatusCode::OK);
    assert_eq!(get(&other, &first).await.status, StatusCode::NOT_FOUND, "of another day");
    house.clock.advance_ms(DAY_MS);
    for list in [day, week] {
        assert!(!get(&other, list).await.text.contains(&second), "{list}: no longer");
    }
    assert_eq!(get(&other, &second).await.status, StatusCode::NOT_FOUND);
}

/// A delegate's seat in one visit goes with the delegation, unless they are named there as a deputy: then it
/// is their own.
#[tokio::test]
async fn a_seat_goes_with_the_delegation_unless_they_are_named_there() {
    let house = House::open().await;
    let (kept, left) = (house.booked().await, house.booked_for(house.other_patient, 2 * HOUR_MS).await);
    let (doctor, other) = (house.as_doctor(), house.as_other_doctor());
    let person = house.other_doctor.text();
    let fields = [("person", person.as_str()), ("first", "2026-11-21"), ("last", "2026-11-21")];
    post(&doctor, "/delegates", &fields).await;
    let mut seats = Vec::new();
    for booked in [&kept, &left] {
        let mut tx = house.keep.begin().await.unwrap();
        let row = crate::before::store::load_visit(&mut tx, booked.visit).await.unwrap();
        seats.push(super::take_seat(&mut tx, &row, house.other_doctor).await.unwrap().id);
        let entry = keep::Entry::new(keep::Object::of("participant", ""));
        tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
    }
    let (visit, gone) = (format!("/visits/{}", kept.visit.text()), format!("/visits/{}", left.visit.text()));
    let named = post(&doctor, &format!("{visit}/deputies"), &[("person", person.as_str())]).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text);
    assert!(house.acts().await.contains(&"deputy.name".to_owned()));
    let mut hints = house.keep.bus().subscribe();
    let list = get(&doctor, "/delegates").await.text;
    let end = hrefs(&list).find(|it| it.ends_with("/end")).unwrap().to_owned();
    assert_eq!(post(&doctor, &end, &[]).await.location(), "/delegates?done=ended");
    let told = hints.try_recv();
    assert!(matches!(told, Ok(keep::Hint::Visit(id)) if id == left.visit), "the room hears of it");
    assert_eq!(get(&other, &visit).await.status, StatusCode::OK, "a deputy of this one");
    assert_eq!(get(&other, &gone).await.status, StatusCode::NOT_FOUND);
    let mut read = house.keep.read().await.unwrap();
    for (seat, expected) in seats.into_iter().zip([true, false]) {
        let row = crate::before::store::participant(&mut read, seat).await.unwrap();
        assert_eq!(row.is_expected(), expected);
    }
}

/// Where the forms of a page lead.
fn hrefs(page: &str) -> impl Iterator<Item = &str> {
    page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next())
}
