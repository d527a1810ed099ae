//! One visit, two clinicians, the same link.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{MINUTE_MS, Role};
use web::testing::{get, post};

#[tokio::test]
async fn another_clinician_takes_over_and_the_link_stays() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (door, guest) = (house.door(&booked).await, house.as_guest(&booked));
    check_in(&guest, &door).await;
    house.enters_lobby(&booked).await;
    let page = format!("/visits/{}", booked.visit.text());
    let (desk, to) = (house.as_desk(), house.other_doctor.text());
    assert!(get(&desk, &page).await.text.contains("Dr. Ben Hart"));
    let handed = post(&desk, &format!("{page}/hand-over"), &[("person", &to)]).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text);

    assert!(get(&house.as_other_doctor(), "/day").await.text.contains(NAME));
    assert!(!get(&house.as_doctor(), "/day").await.text.contains(NAME));
    assert_eq!(house.door(&booked).await, door, "no new link");
    // The consent was for the first clinician: nobody waits on it, the step is asked again, the rest stands.
    assert_eq!(house.state_of(booked.visit).await, ("open", "checking_in"));
    let next = get(&guest, &format!("/g/{door}/check-in")).await;
    assert_eq!(next.location(), format!("/g/{door}/check-in/consent"));
    let asked = get(&guest, next.location()).await.text;
    assert!(asked.contains("Ben Hart") && asked.contains("This visit is with another clinician"), "{asked}");
    let told = house.trail().await;
    let entry = told.iter().find(|body| body.act == "visit.hand_over").unwrap();
    assert_eq!((&entry.details["from"], &entry.details["to"]), (&house.doctor.text(), &to));
    let read = &mut *house.keep.read().await.unwrap();
    assert!(people::care_team::is_member(read, house.patient, house.other_doctor, start()).await.unwrap());
}

/// Whom a deputy looks at ahead of the host would come back to the lobby without an answer for the new one.
#[tokio::test]
async fn nobody_is_handed_over_out_of_the_room() {
    let house = House::open().await;
    let booked = house.booked().await;
    let door = house.door(&booked).await;
    check_in(&house.as_guest(&booked), &door).await;
    house.enters_lobby(&booked).await;
    house.comes_in(&booked).await;
    let path = format!("/visits/{}/hand-over", booked.visit.text());
    let (desk, to) = (house.as_desk(), house.other_doctor.text());
    let refused = post(&desk, &path, &[("person", &to)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("send them back to the lobby first"), "{}", refused.text);
    assert!(!house.acts().await.contains(&"visit.hand_over".to_owned()));
    house.waits(&booked).await;
    assert_eq!(post(&desk, &path, &[("person", &to)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.state_of(booked.visit).await, ("open", "checking_in"));
}

#[tokio::test]
async fn a_busy_colleague_a_stranger_and_an_open_room_are_refused() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = format!("/visits/{}/hand-over", booked.visit.text());
    let (desk, to) = (house.as_desk(), house.other_doctor.text());
    let other = house.booked_for(house.other_patient, 25 * MINUTE_MS).await;
    let first = format!("/visits/{}/hand-over", other.visit.text());
    assert_eq!(
        post(&desk, &first, &[("person", &to), ("anyway", "yes")]).await.status,
        StatusCode::SEE_OTHER
    );
    let busy = post(&desk, &path, &[("person", &to)]).await;
    assert_eq!(busy.status, StatusCode::CONFLICT);
    assert!(busy.text.contains("not free at that time"), "{}", busy.text);
    let meant = post(&desk, &path, &[("person", &to), ("anyway", "yes")]).await;
    assert_eq!(meant.status, StatusCode::SEE_OTHER);
    let nobody = house.desk.text();
    assert_eq!(post(&desk, &path, &[("person", &nobody)]).await.status, StatusCode::BAD_REQUEST);
    let back = house.doctor.text();
    assert_eq!(post(&house.as_doctor(), &path, &[("person", &back)]).await.status, StatusCode::NOT_FOUND);
    let admin = house.staff(house.desk, &[Role::Administrator]);
    assert_eq!(post(&admin, &path, &[("person", &back)]).await.status, StatusCode::NOT_FOUND);
    let own = post(&house.as_other_doctor(), &path, &[("person", &back), ("anyway", "yes")]).await;
    assert_eq!((own.status, own.location()), (StatusCode::SEE_OTHER, "/day"), "{}", own.text);
    house.held(&booked).await;
    let late = post(&desk, &path, &[("person", &to), ("anyway", "yes")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}
