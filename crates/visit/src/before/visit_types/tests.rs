//! What the administrator offers is what can be booked; a reason from the list is sealed like any other.

use crate::before::booking;
use crate::before::store::load_visit;
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use policy::{Act, Facts, decide};
use vocabulary::{Principal, Relation, Relations, Role, SessionId, VisitId};
use web::testing::{Answer, get, post};

const OFFER: [(&str, &str); 8] = [
    ("first-offered", "yes"),
    ("first-length", "45"),
    ("follow_up-offered", "yes"),
    ("follow_up-length", "20"),
    ("urgent-length", "15"),
    ("group-offered", "yes"),
    ("group-length", "60"),
    ("reasons", "Sprained ankle\n\nTooth pain\nSprained ankle\n"),
];

fn admin(house: &House) -> Router {
    house.staff(house.desk, &[Role::Administrator])
}

async fn book(house: &House, more: &[(&str, &str)]) -> Answer {
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let mut fields = vec![
        ("patient", patient.as_str()),
        ("clinician", doctor.as_str()),
        ("day", "2026-11-23"),
        ("hour", "10:00"),
    ];
    fields.extend_from_slice(more);
    post(&house.as_desk(), "/day/book", &fields).await
}

#[tokio::test]
async fn what_the_administrator_offers_is_what_can_be_booked() {
    let house = House::open().await;
    let saved = post(&admin(&house), "/practice/visit-types", &OFFER).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let form = get(&house.as_desk(), &format!("/day/book?patient={}", house.patient.text())).await.text;
    assert!(form.contains("value=\"group\"") && !form.contains("value=\"urgent\""), "{form}");
    assert_eq!(form.matches("value=\"Sprained ankle\"").count(), 1, "{form}");
    let refused = book(&house, &[("kind", "urgent")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Choose the type of visit"), "{}", refused.text);
    let booked =
        book(&house, &[("kind", "first"), ("common", "Tooth pain"), ("reason", "since Sunday")]).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text);
    let id = VisitId::parse(booked.location().split('/').nth(2).unwrap()).unwrap();
    let visit = load_visit(&mut house.keep.read().await.unwrap(), id).await.unwrap();
    assert_eq!(visit.length_min, 45, "as long as its type usually takes");
    let who = Principal::Staff {
        person: house.doctor,
        session: SessionId::from_bytes([8; 16]),
        roles: [Role::Clinician].into_iter().collect(),
    };
    let relations = Relations::NONE.with(Relation::CareTeam);
    let facts = Facts { relations, patient: Some(house.patient), ..Facts::default() };
    let access = decide(&who, &facts, Act::SeeReason).unwrap();
    let view = house.keep.view(&access, keep::Object::of("visit", id.text())).await.unwrap();
    let reason = booking::reason(&view, &access, &visit).unwrap().unwrap();
    assert_eq!(reason.reveal(), "Tooth pain: since Sunday");
    let spanish = get_es(&admin(&house), "/practice/visit-types").await.text;
    assert!(spanish.contains("Tipos de visita") && spanish.contains("Grupo"), "{spanish}");
}

#[tokio::test]
async fn a_practice_offers_at_least_one_type_and_only_the_administrator_changes_it() {
    let house = House::open().await;
    let none: Vec<_> = OFFER.iter().copied().filter(|(name, _)| !name.ends_with("offered")).collect();
    let refused = post(&admin(&house), "/practice/visit-types", &none).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Keep at least one type") && refused.text.contains("Tooth pain"));
    for router in [house.as_desk(), house.as_doctor()] {
        assert_eq!(get(&router, "/practice/visit-types").await.status, StatusCode::NOT_FOUND);
        assert_eq!(post(&router, "/practice/visit-types", &OFFER).await.status, StatusCode::NOT_FOUND);
    }
    let long = "x".repeat(81);
    let fields: Vec<_> =
        OFFER.iter().map(|(n, v)| (*n, if *n == "reasons" { long.as_str() } else { *v })).collect();
    let refused = post(&admin(&house), "/practice/visit-types", &fields).await;
    assert!(refused.text.contains("80 letters"), "{}", refused.text);
    assert_eq!(book(&house, &[("kind", "urgent")]).await.status, StatusCode::SEE_OTHER, "nothing was saved");
}

/// A group visit takes as many people as a room holds, clinician and interpreter counted, and says so kindly.
/// It is the room's bound, the same for every type: a group has no other.
#[tokio::test]
async fn a_group_is_eight_people_at_most() {
    let house = House::open().await;
    let booked = book(&house, &[("kind", "group")]).await;
    let path = booked.location().replace("/booked", "/companions");
    for n in 0..6 {
        let name = format!("Guest Number {n}");
        let fields = [("part", "supporter"), ("name", name.as_str()), ("lang", "en"), ("email", "")];
        let added = if n == 0 {
            let id = house.interpreter(&name, "", "spa").await;
            let booking = [("interpreter", id.as_str()), ("tongue", "spa")];
            post(&house.as_desk(), &path.replace("/companions", "/interpreter"), &booking).await
        } else {
            post(&house.as_desk(), &path, &fields).await
        };
        assert_eq!(added.status, StatusCode::OK, "{n}: {}", added.text);
    }
    let fields = [("part", "supporter"), ("name", "One Too Many"), ("lang", "en"), ("email", "")];
    let ninth = post(&house.as_desk(), &path, &fields).await;
    assert_eq!(ninth.status, StatusCode::CONFLICT, "{}", ninth.text);
}
