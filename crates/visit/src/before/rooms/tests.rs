//! The register through its pages: who adds, who measures, what a poor room is told as, and what the analysis
//! sees of it.

use crate::facts::OfVisits;
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use practice::facts::rules::Seen;
use practice::facts::{Observer, World};
use vocabulary::{DAY_MS, PersonId, Role};
use web::testing::{get, post};

const GOOD: [(&str, &str); 7] = [
    ("luma", "128"),
    ("noise_db", "-61"),
    ("light", "good"),
    ("noise", "good"),
    ("closes", "yes"),
    ("unheard", "yes"),
    ("no_machines", "yes"),
];

fn official(house: &House) -> Router {
    house.staff(PersonId::from_bytes([9; 16]), &[Role::PrivacyOfficial])
}

async fn added(house: &House, name: &str) -> String {
    let answer = post(&official(house), "/practice/rooms", &[("name", name)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().to_owned()
}

async fn observed(house: &House) -> Seen {
    let mut conn = house.keep.read().await.unwrap();
    let now = house.keep.clock().now();
    OfVisits.look("room-checks", World { keep: &house.keep, conn: &mut conn, now }).await.unwrap()
}

/// What the officials are told a year later.
async fn owed(house: &House) -> Vec<practice::duties::Owed> {
    let mut conn = house.keep.read().await.unwrap();
    let now = house.keep.clock().now();
    OfVisits.owed(World { keep: &house.keep, conn: &mut conn, now }).await.unwrap()
}

#[tokio::test]
async fn a_room_is_measured_by_whoever_meets_patients_there_and_due_again_in_a_year() {
    let house = House::open().await;
    assert_eq!(observed(&house).await, Seen::Nothing);
    let room = added(&house, "Room 2").await;
    assert_eq!(observed(&house).await, Seen::Share { part: 0, whole: 1 });
    let first = owed(&house).await;
    assert_eq!(first[0].key, "room-todo-first", "nobody ever measured it");
    assert_eq!(
        (first[0].at, first[0].href.as_str()),
        (house.keep.clock().now().plus_ms(14 * DAY_MS), room.as_str())
    );
    assert!(get(&house.as_doctor(), &room).await.text.contains("<alcove-ready rooms>"));
    let check = format!("{room}/check");
    assert_eq!(post(&house.as_doctor(), &check, &GOOD).await.location(), room);
    let list = get(&house.as_desk(), "/practice/rooms").await.text;
    for part in ["Fit for visits", "128", "-61", "Dr. Amara Osei", "Due again on"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    assert!(get_es(&house.as_desk(), "/practice/rooms").await.text.contains("Apta para consultas"));
    assert_eq!(observed(&house).await, Seen::Share { part: 1, whole: 1 });
    let owed = owed(&house).await;
    assert_eq!(owed.len(), 1);
    assert_eq!((owed[0].name.as_str(), owed[0].href.as_str()), ("Room 2", room.as_str()));
    assert_eq!(owed[0].at.since(house.keep.clock().now()), 365 * DAY_MS);
    house.clock.advance_ms(366 * DAY_MS);
    assert!(get(&house.as_desk(), "/practice/rooms").await.text.contains("Look again"));
    assert_eq!(observed(&house).await, Seen::Share { part: 0, whole: 1 }, "an old look is none");
    let acts = house.acts().await;
    for act in ["room_register.change", "room_register.check"] {
        assert_eq!(acts.iter().filter(|it| *it == act).count(), 1, "{act}");
    }
}

#[tokio::test]
async fn a_poor_room_says_why_and_an_unmeasured_check_is_refused_with_what_to_do() {
    let house = House::open().await;
    let room = added(&house, "Corner").await;
    let check = format!("{room}/check");
    let none = post(&house.as_doctor(), &check, &GOOD[2..]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Light and noise are not measured yet"), "{}", none.text);
    let loud = [("luma", "90"), ("noise_db", "-31"), ("light", "good"), ("noise", "poor"), ("closes", "yes")];
    post(&house.as_doctor(), &check, &loud).await;
    let page = get(&house.as_doctor(), &room).await.text;
    for part in ["Not fit yet", "It is loud.", "People outside can hear.", "A machine may listen."] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("The door does not close."));
}

#[tokio::test]
async fn officials_add_rooms_take_them_out_and_put_them_back() {
    let house = House::open().await;
    let room = added(&house, "Room 2").await;
    let twice = post(&official(&house), "/practice/rooms", &[("name", " room 2 ")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        twice.text.contains("There is a room of this name already")
            && twice.text.contains("value=\" room 2 \"")
    );
    for other in [house.as_doctor(), house.as_desk()] {
        assert_eq!(post(&other, "/practice/rooms", &[("name", "Mine")]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(get(&house.as_patient(house.patient), "/practice/rooms").await.status, StatusCode::NOT_FOUND);
    post(&official(&house), &format!("{room}/gone"), &[("version", "1")]).await;
    assert_eq!(observed(&house).await, Seen::Nothing, "rooms that nobody uses are not counted");
    assert_eq!(post(&house.as_doctor(), &format!("{room}/check"), &GOOD).await.status, StatusCode::NOT_FOUND);
    let stale = post(&official(&house), &format!("{room}/back"), &[("version", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "somebody was first");
    post(&official(&house), &format!("{room}/back"), &[("version", "2")]).await;
    assert_eq!(observed(&house).await, Seen::Share { part: 0, whole: 1 });
}
