//! Somebody who acts for the patient, from the paper that was seen to the end of the authority.

use crate::before::rules::Part;
use crate::before::store::{ParticipantRow, participants};
use crate::test_house::*;
use ::people::patients::day_in;
use ::people::sessions::{CookieSignIn, Guest, Started, start_guest};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keep::{Entry, Object};
use policy::Act;
use std::sync::Arc;
use vocabulary::{HOUR_MS, ParticipantId, Principal, SessionId, UnixMillis, VisitId};
use web::testing::{Answer, get, post, send};
use web::{Catalog, Site};

pub(crate) const FATHER: &str = "Ramon Canaryfather";

/// Adds somebody on the patient's page, with these classes, until tonight.
pub(crate) async fn acts_for(house: &House, name: &str, scope: &[&'static str]) {
    let today = day_in(start(), "America/New_York").to_string();
    let mut fields = vec![
        ("name", name),
        ("contact", "ramon.canary@family.example"),
        ("authority", "guardian"),
        ("identity", "photo_id"),
        ("evidence", "court_paper"),
        ("from", "2026-01-01"),
        ("until", today.as_str()),
    ];
    fields.extend(scope.iter().map(|class| (*class, "yes")));
    let page = format!("/patients/{}/representatives", house.patient.text());
    let added = post(&house.as_doctor(), &page, &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
}

pub(crate) async fn invited(house: &House, visit: VisitId, part: Part) -> (ParticipantRow, Router, String) {
    let page = format!("/visits/{}/representatives", visit.text());
    let list = get(&house.as_doctor(), &page).await;
    assert!(list.text.contains(FATHER), "{}", list.text);
    let (_, rest) = list.text.split_once("name=\"representative\" value=\"").unwrap();
    let handed = post(&house.as_doctor(), &page, &[("representative", &rest[..36]), ("lang", "en")]).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text);
    let all = participants(&mut house.keep.read().await.unwrap(), visit).await.unwrap();
    let row = all.into_iter().find(|row| row.part == part).unwrap();
    let door = ::people::invitations::newest(&mut house.keep.read().await.unwrap(), row.id).await;
    let session = SessionId::from_bytes([8; 16]);
    let who = Principal::Guest { participant: row.id, visit, session, known: true };
    (row, house.router(who), door.unwrap().unwrap().door)
}

fn at(door: &str, step: &str) -> String {
    format!("/g/{door}/check-in/{step}")
}

async fn signs(router: &Router, door: &str) -> StatusCode {
    sign_papers_as(router, door, FATHER).await
}

/// R74: the authority, the evidence, the scope and the end are recorded; a guardian signs within the scope;
/// and at the end date every page of theirs is shut, while the patient's stay open.
#[tokio::test]
async fn a_representative_acts_within_the_scope_and_until_the_end_date() {
    let house = House::open().await;
    let booked = house.booked().await;
    acts_for(&house, FATHER, &["demographics", "consent"]).await;
    let page = format!("/patients/{}/representatives", house.patient.text());
    let recorded = get(&house.as_doctor(), &page).await.text;
    for said in [FATHER, "Guardian", "Paper from a court", "photo"] {
        assert!(recorded.contains(said), "{said}: {recorded}");
    }
    let (father, theirs, door) = invited(&house, booked.visit, Part::Representative).await;
    let welcome = get(&theirs, &at(&door, "welcome")).await;
    assert_eq!(welcome.status, StatusCode::OK);
    assert!(welcome.text.contains("representative") && welcome.text.contains("Ramon"), "{}", welcome.text);
    assert!(!welcome.text.contains(NAME) && !welcome.text.contains(PHRASE), "nothing beyond the scope");
    let page = get(&house.as_doctor(), &format!("/visits/{}", booked.visit.text())).await.text;
    assert!(page.contains(FATHER) && page.contains("Representative"), "shown by name and role");
    assert_eq!(signs(&theirs, &door).await, StatusCode::SEE_OTHER);
    let signed = house.trail().await.into_iter().rfind(|body| body.act == "consent.give").unwrap();
    assert_eq!((signed.grounds.as_str(), signed.who.id), ("representative", father.id.text()));
    for path in ["/portal", &format!("/portal/visits/{}", booked.visit.text())] {
        assert_ne!(get(&theirs, path).await.status, StatusCode::OK, "{path} is the patient's");
    }

    house.clock.advance_ms(24 * HOUR_MS);
    for path in [at(&door, "welcome"), at(&door, "consent"), at(&door, "place"), format!("/g/{door}/lobby")] {
        assert_eq!(get(&theirs, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(signs(&theirs, &door).await, StatusCode::NOT_FOUND);
    let own = house.as_guest(&booked);
    let own_door = house.door(&booked).await;
    assert_eq!(get(&own, &at(&own_door, "welcome")).await.status, StatusCode::OK, "the visit goes on");
    let list = get(&house.as_doctor(), &format!("/visits/{}/representatives", booked.visit.text())).await;
    assert!(!list.text.contains(FATHER), "nobody invites them again");
}

#[tokio::test]
async fn whoever_may_not_decide_comes_as_a_supporter_and_signs_nothing() {
    let house = House::open().await;
    let booked = house.booked().await;
    acts_for(&house, FATHER, &["chart"]).await;
    let (_, theirs, door) = invited(&house, booked.visit, Part::Supporter).await;
    assert_eq!(get(&theirs, &at(&door, "welcome")).await.status, StatusCode::OK);
    let fields = [("name", FATHER), ("agree", "yes"), ("means", "stop")];
    assert_eq!(post(&theirs, &at(&door, "consent"), &fields).await.status, StatusCode::NOT_FOUND);
    house.clock.advance_ms(24 * HOUR_MS);
    assert_eq!(get(&theirs, &at(&door, "welcome")).await.status, StatusCode::NOT_FOUND, "it ends the same");
}

/// R15 (part: a lost phone of whoever acts for the patient: no visit leads them in again, and the patient's
/// own link stands)
#[tokio::test]
async fn the_lost_phone_of_a_representative_lets_nobody_in_by_a_visit_either() {
    let house = House::open().await;
    let booked = house.booked().await;
    acts_for(&house, FATHER, &["consent"]).await;
    let (father, _, door) = invited(&house, booked.visit, Part::Representative).await;
    let phone = came_in(&house, (booked.visit, father.id), &door).await;
    let own_door = house.door(&booked).await;
    let own = came_in(&house, (booked.visit, booked.participant), &own_door).await;
    let (check_in, acting) = (at(&door, "welcome"), format!("/g/{door}/acting"));
    assert_eq!(by_cookie(&house, ("GET", &check_in), &phone).await.status, StatusCode::OK);
    assert_eq!(by_cookie(&house, ("POST", &acting), &phone).await.location(), "/portal/keys");

    let page = format!("/patients/{}/representatives", house.patient.text());
    let list = get(&house.as_doctor(), &page).await.text;
    let (_, rest) = list.split_once(&format!("{page}/")).unwrap();
    let link = format!("{page}/{}/portal/link", &rest[..36]);
    let lost = post(&house.as_desk(), &link, &[("lost", "yes")]).await;
    assert_eq!(lost.status, StatusCode::SEE_OTHER, "{}", lost.text);

    assert_ne!(by_cookie(&house, ("GET", &check_in), &phone).await.status, StatusCode::OK);
    assert_ne!(by_cookie(&house, ("POST", &acting), &phone).await.location(), "/portal/keys");
    let mut read = house.keep.read().await.unwrap();
    let link = ::people::invitations::newest(&mut read, father.id).await.unwrap().unwrap();
    assert_eq!(link.standing.state, ::people::invitations::State::Withdrawn, "nor does the link open again");
    drop(read);
    let patients = by_cookie(&house, ("GET", &at(&own_door, "welcome")), &own).await;
    assert_eq!(patients.status, StatusCode::OK, "the patient's phone is another");
}

/// A browser that came in by this door a moment ago, with a session of its own.
async fn came_in(house: &House, (visit, participant): (VisitId, ParticipantId), door: &str) -> Started {
    let mut tx = house.keep.begin().await.unwrap();
    let (patient, until) = (house.patient, UnixMillis(i64::MAX / 2));
    let guest = Guest { door, visit, participant, patient, known: true, until };
    let rules = house.keep.settings().house_rules.clone();
    let started = start_guest(&mut tx, &rules, &guest).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("session", ""))).await.unwrap();
    started
}

/// As the product asks who it is: the cookie alone says.
async fn by_cookie(house: &House, (method, path): (&str, &str), by: &Started) -> Answer {
    let sign_in = Arc::new(CookieSignIn::new(house.keep.clone(), house.names.clone()));
    let router = house.on(Site::new(house.keep.clone(), sign_in, Catalog::new(&LOCALES).unwrap()));
    let cookie = by.cookie().to_str().unwrap().split(';').next().unwrap().to_owned();
    let key = house.keep.blind("session", "form_key", &by.token.reveal());
    let form = format!("form_token={}", web::form_token(&key.try_into().unwrap()));
    let asked = Request::builder().method(method).uri(path).header(header::COOKIE, cookie);
    let asked = asked.header("sec-fetch-site", "same-origin");
    let asked = asked.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(&router, asked.body(Body::from(form)).unwrap()).await
}

/// R76: not being treated as a representative any more looks, to that person, like an authority that is over:
/// the same answer, the same words.
#[tokio::test]
async fn somebody_who_is_refused_sees_what_somebody_sees_whose_time_is_over() {
    let mut seen = Vec::new();
    for refused in [true, false] {
        let house = House::open().await;
        let booked = house.booked().await;
        acts_for(&house, FATHER, &["consent"]).await;
        let (_, theirs, door) = invited(&house, booked.visit, Part::Representative).await;
        assert_eq!(get(&theirs, &at(&door, "welcome")).await.status, StatusCode::OK);
        let page = format!("/patients/{}", house.patient.text());
        if refused {
            let fields = [("who", FATHER), ("why", "The patient is afraid of him, canary")];
            let done = post(&house.as_doctor(), &format!("{page}/refusals"), &fields).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        } else {
            let list = get(&house.as_doctor(), &format!("{page}/representatives")).await.text;
            let (_, rest) = list.split_once("/representatives/").unwrap();
            let end = format!("{page}/representatives/{}/end", &rest[..36]);
            assert_eq!(post(&house.as_doctor(), &end, &[]).await.status, StatusCode::SEE_OTHER);
        }
        for path in [at(&door, "welcome"), at(&door, "consent"), format!("/g/{door}/lobby")] {
            let answer = get(&theirs, &path).await;
            let text = answer.text.replace(door.as_str(), "DOOR");
            let words = text.split("class=\"center soft small\"").next().unwrap_or_default().to_owned();
            assert!(!words.contains("afraid") && !words.to_lowercase().contains("refus"), "{words}");
            seen.push((refused, answer.status, words));
        }
        if refused {
            // Nor does a second way in tell: the desk's form refuses, and says so to the desk alone.
            let path = format!("/visits/{}/companions", booked.visit.text());
            let form = [("part", "supporter"), ("name", FATHER), ("lang", "en"), ("email", "")];
            assert_eq!(post(&house.as_desk(), &path, &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    let (flagged, over): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(refused, ..)| *refused);
    for (one, other) in flagged.iter().zip(&over) {
        assert_eq!((one.1, &one.2), (other.1, &other.2));
        assert_eq!(one.1, StatusCode::NOT_FOUND);
    }
}

/// R74 (part: past the end date neither the new time of a visit is told nor that it is off)
/// R76 (part: nor to somebody who is refused)
#[tokio::test]
async fn whoever_may_not_come_any_more_gets_no_letter() {
    for how in ["refused", "refused as a supporter", "over by then", "may come"] {
        let house = House::open().await;
        let booked = house.booked().await;
        let row = if how == "refused as a supporter" {
            let path = format!("/visits/{}/companions", booked.visit.text());
            let email = ("email", "ramon.canary@family.example");
            let form = [("part", "supporter"), ("name", FATHER), ("lang", "en"), email];
            assert_eq!(post(&house.as_desk(), &path, &form).await.status, StatusCode::OK);
            let all = participants(&mut house.keep.read().await.unwrap(), booked.visit).await.unwrap();
            all.into_iter().find(|row| row.part == Part::Supporter).unwrap()
        } else {
            acts_for(&house, FATHER, &["consent"]).await;
            invited(&house, booked.visit, Part::Representative).await.0
        };
        if how.starts_with("refused") {
            let fields = [("who", FATHER), ("why", "The patient is afraid of him, canary")];
            let page = format!("/patients/{}/refusals", house.patient.text());
            assert_eq!(post(&house.as_doctor(), &page, &fields).await.status, StatusCode::SEE_OTHER);
        }
        let later = if how == "over by then" { 24 * HOUR_MS } else { HOUR_MS };
        let zone = house.keep.settings().face.zone.clone();
        let (day, hour) = crate::before::booking::when::fields(start().plus_ms(later), &zone).unwrap();
        let visit = format!("/visits/{}", booked.visit.text());
        let moved = post(&house.as_desk(), &format!("{visit}/move"), &[("day", &day), ("hour", &hour)]).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
        let newest = ::people::invitations::newest(&mut house.keep.read().await.unwrap(), row.id).await;
        let state = newest.unwrap().unwrap().standing.state;
        let shut = state == ::people::invitations::State::Withdrawn;
        assert_eq!(shut, how != "may come", "{how}: {state:?}");
        if how != "may come" {
            let again = format!("{visit}/companions/{}/link", row.id.text());
            assert_eq!(post(&house.as_desk(), &again, &[]).await.status, StatusCode::CONFLICT, "{how}");
        }
        post(&house.as_desk(), &format!("{visit}/cancel"), &[("by", "practice")]).await;
        let told = to_father(&house).await;
        let expected = if how == "may come" { 3 } else { 1 };
        assert_eq!(told, expected, "{how}: the invitation alone");
    }
}

/// How many letters left for the address of the father.
async fn to_father(house: &House) -> usize {
    let letters = keep::testing::posted(&house.keep).await;
    letters.iter().filter(|letter| letter.to.starts_with("ramon.canary")).count()
}
