//! A visit that begins the moment somebody comes in.

use crate::before::store::visits_of;
use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::MINUTE_MS;
use web::testing::{get, post};

#[tokio::test]
async fn whoever_walks_in_is_seen_now_and_gets_a_link_to_scan_print_or_open() {
    let house = House::open().await;
    let desk = house.as_desk();
    let search = get(&desk, "/day/walk-in").await.text;
    assert!(search.contains("action=\"/day/walk-in/find\"") && search.contains("/patients/new"), "{search}");
    let hits = post(&desk, "/day/walk-in/find", &[("q", "canary")]).await.text;
    let form = format!("/day/walk-in?patient={}", house.patient.text());
    assert!(hits.contains(NAME) && hits.contains(&form), "{hits}");
    let form = get(&desk, &form).await.text;
    assert!(form.contains(NAME) && form.contains("Osei"), "{form}");

    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let fields = [("patient", patient.as_str()), ("clinician", doctor.as_str()), ("reason", REASON)];
    let started = post(&desk, "/day/walk-in", &fields).await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text);
    for word in ["/i#", "class=\"qr\"", "data-print", NAME] {
        assert!(started.text.contains(word), "{word}: {}", started.text);
    }
    let visits = visits_of(&mut house.keep.read().await.unwrap(), house.patient).await.unwrap();
    assert_eq!((visits.len(), visits[0].starts_at, visits[0].state.code()), (1, start(), "open"));
    let day = get(&desk, "/day").await.text;
    assert!(day.contains(NAME) && day.contains("3:00"), "{day}");
    let told = house.trail().await;
    let entry = told.iter().rfind(|body| body.details.contains_key("walk_in")).unwrap();
    assert_eq!((entry.details["walk_in"].as_str(), entry.details["mailed"].as_str()), ("yes", "true"));
    assert!(get_es(&desk, "/day/walk-in").await.text.contains("Sin cita"));
}

#[tokio::test]
async fn a_second_press_and_a_busy_clinician_are_asked_about() {
    let house = House::open().await;
    let desk = house.as_desk();
    house.booked_for(house.other_patient, 5 * MINUTE_MS).await;
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let fields = [("patient", patient.as_str()), ("clinician", doctor.as_str()), ("reason", REASON)];
    let warned = post(&desk, "/day/walk-in", &fields).await;
    assert_eq!(warned.status, StatusCode::CONFLICT);
    assert!(warned.text.contains("another visit") && warned.text.contains(REASON), "{}", warned.text);
    let yes = anyway(&warned.text);
    house.clock.advance_ms(MINUTE_MS);
    let meant = [fields[0], fields[1], fields[2], ("anyway", yes.as_str())];
    assert_eq!(post(&desk, "/day/walk-in", &meant).await.status, StatusCode::OK);
    let twice = post(&desk, "/day/walk-in", &meant).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.text.contains("This patient has another visit"), "{}", twice.text);
    let nobody = post(&desk, "/day/walk-in", &[("patient", patient.as_str()), ("clinician", "")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stranger = [("patient", patient.as_str()), ("clinician", doctor.as_str())];
    assert_eq!(post(&house.as_other_doctor(), "/day/walk-in", &stranger).await.status, StatusCode::NOT_FOUND);
}
