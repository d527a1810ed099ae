//! Supporters, interpreters and deputies through the pages: who may ask them, what they are shown, what they
//! are not, and how they are taken off again.

use crate::before::check_in::{NotReady, enter_lobby};
use crate::before::rules::{Part, ParticipantState};
use crate::before::store::{ParticipantRow, participants};
use crate::test_house::*;
use ::people::representatives::{Refused, refuse};
use axum::Router;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{HOUR_MS, ParticipantId, Principal, Role, SessionId, VisitId};
use web::testing::{Answer, get, post};

const ELENA: &str = "Elena Canaryruiz";
const EMAIL_OF_ELENA: &str = "elena.canary@interpreters.example";

/// She stands in the register, and this member of staff books her.
async fn elena_comes(house: &House, by: &Router, visit: VisitId) -> Answer {
    let id = house.interpreter(ELENA, EMAIL_OF_ELENA, "spa").await;
    post(by, &at(visit, "/interpreter"), &[("interpreter", &id), ("tongue", "spa")]).await
}

async fn people(house: &House, visit: VisitId) -> Vec<ParticipantRow> {
    participants(&mut house.keep.read().await.unwrap(), visit).await.unwrap()
}

async fn interpreter(house: &House, visit: VisitId) -> ParticipantRow {
    people(house, visit).await.into_iter().find(|row| row.part == Part::Interpreter).unwrap()
}

fn at(visit: VisitId, rest: &str) -> String {
    format!("/visits/{}{rest}", visit.text())
}

/// The router of a companion who proved the code, and the number in their addresses.
async fn companion(house: &House, visit: VisitId, participant: ParticipantId) -> (Router, String) {
    let mut read = house.keep.read().await.unwrap();
    let door = ::people::invitations::newest(&mut read, participant).await.unwrap().unwrap().door;
    let session = SessionId::from_bytes([8; 16]);
    (house.router(Principal::Guest { participant, visit, session, known: true }), door)
}

/// R93 (part: invited by name, with a link and a code of their own; the link opens once).
#[tokio::test]
async fn the_desk_invites_an_interpreter_and_sees_link_and_code_once() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let handed = elena_comes(&house, &desk, booked.visit).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text);
    let (link, code) = (value_of(&handed.text, "link"), value_of(&handed.text, "code"));
    assert!(link.contains("/i#") && code.len() == 7, "{link} {code}");
    assert!(handed.text.contains("on its way by email"));
    let page = get(&desk, &at(booked.visit, "")).await;
    assert!(page.text.contains(ELENA) && !page.text.contains(&code) && !page.text.contains(&link));
    assert!(house.acts().await.contains(&"interpreter.book".to_owned()));
    // It opens once: a second browser is told that another one has it.
    let outside = house.router(Principal::Anonymous);
    let press = async |link: &str| post(&outside, "/i", &[("secret", link.split_once('#').unwrap().1)]).await;
    let first = press(&link).await;
    assert!(first.location().ends_with("/who"), "{}", first.text);
    let other = press(&link).await;
    assert_eq!(other.status, StatusCode::CONFLICT, "{}", other.text);
    assert!(!other.text.contains(ELENA) && !other.headers.contains_key("set-cookie"));
    // Another link and code: whoever holds the old one meets a closed door.
    let elena = interpreter(&house, booked.visit).await;
    let again = at(booked.visit, &format!("/companions/{}/link", elena.id.text()));
    let second = post(&desk, &again, &[]).await;
    assert_ne!(value_of(&second.text, "link"), link);
    assert_eq!(press(&link).await.status, StatusCode::GONE);
    assert!(press(&value_of(&second.text, "link")).await.location().ends_with("/who"));
    // A stranger of the staff may not.
    let refused = elena_comes(&house, &house.as_other_doctor(), booked.visit).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_with_a_fault_comes_back_with_what_was_typed() {
    let house = House::open().await;
    let booked = house.booked().await;
    let wrong = [("part", "clinician"), ("name", ELENA), ("lang", "es"), ("email", "")];
    let again = post(&house.as_desk(), &at(booked.visit, "/companions"), &wrong).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("Only a supporter is invited here.") && again.text.contains(ELENA));
    assert_eq!(people(&house, booked.visit).await.len(), 2);
}

/// R76 (part: nobody brings a refused person to a visit under another part)
#[tokio::test]
async fn whoever_was_refused_is_not_invited_and_gets_no_second_link() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    elena_comes(&house, &desk, booked.visit).await;
    let elena = interpreter(&house, booked.visit).await;
    let refused = Refused {
        name: "Canaryruiz Élena".into(),
        contact: None,
        reason: "The patient is afraid of her".into(),
    };
    let mut tx = house.keep.begin().await.unwrap();
    refuse(&mut tx, house.patient, house.doctor, &refused).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("representative", ""))).await.unwrap();
    let again = at(booked.visit, &format!("/companions/{}/link", elena.id.text()));
    assert_eq!(post(&desk, &again, &[]).await.status, StatusCode::CONFLICT);
    let told = elena_comes(&house, &desk, booked.visit).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text.contains("was refused for this patient") && !told.text.contains("afraid"));
    assert_eq!(people(&house, booked.visit).await.len(), 3, "nobody new");
}

#[tokio::test]
async fn a_companion_checks_in_without_a_word_of_the_patient() {
    let house = House::open().await;
    let booked = house.booked().await;
    elena_comes(&house, &house.as_desk(), booked.visit).await;
    let elena = interpreter(&house, booked.visit).await;
    let (guest, door) = companion(&house, booked.visit, elena.id).await;
    let step = |name: &str| format!("/g/{door}/check-in/{name}");
    let mut seen = vec![get(&guest, &step("welcome")).await];
    assert!(seen[0].text.contains("Dr. Amara Osei, MD") && seen[0].text.contains("interpreter"));
    post(&guest, &step("welcome"), &[]).await;
    for closed in ["consent", "location", "place"] {
        let elsewhere = get(&guest, &step(closed)).await;
        assert_eq!(elsewhere.location(), step("promise"), "{closed}");
    }
    assert_eq!(post(&guest, &step("consent"), &[("agree", "yes")]).await.status, StatusCode::NOT_FOUND);
    seen.push(get(&guest, &step("promise")).await);
    assert_eq!(post(&guest, &step("promise"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    assert_eq!(enter_lobby(&mut tx, elena.id, &rules).await.unwrap_err(), NotReady::StepMissing);
    drop(tx);
    assert_eq!(post(&guest, &step("promise"), &[("promise", "yes")]).await.location(), step("place"));
    seen.push(get(&guest, &step("place")).await);
    let place = [("near", "alone"), ("door_is", "closed"), ("headphones", "yes")];
    assert_eq!(post(&guest, &step("place"), &place).await.location(), step("readiness"));
    let unmeasured = [("camera", "ok"), ("microphone", "ok")];
    assert_eq!(post(&guest, &step("readiness"), &unmeasured).await.location(), format!("/g/{door}/lobby"));
    seen.push(get(&guest, &format!("/g/{door}/lobby")).await);
    for page in [seen.first(), seen.last()] {
        assert!(page.unwrap().text.contains(&format!("href=\"/g/{door}/other-device\"")), "to a phone");
    }
    let es = get_es(&guest, &step("welcome")).await;
    assert!(es.text.contains("intérprete") && es.text.contains("Hola"), "{}", es.text);
    for page in seen.iter().chain([&es]) {
        for canary in [NAME, "Maria", PHRASE, REASON, ADDRESS] {
            assert!(!page.text.contains(canary), "{canary}: {}", page.text);
        }
    }
    house.clock.advance_ms(0);
    let mut tx = house.keep.begin().await.unwrap();
    let (_, me) = enter_lobby(&mut tx, elena.id, &rules).await.unwrap();
    assert_eq!(me.state, ParticipantState::Waiting);
    drop(tx);
    assert!(house.acts().await.contains(&"check_in.promise".to_owned()));
}

/// R86: before joining, the patient reads whom they will see, with credentials and the states in which a
/// licence counts today, and everybody else who is expected: interpreter, supporter, deputy. While they
/// wait, the page names whoever was added since, and nobody who was taken off.
#[tokio::test]
async fn the_patient_sees_who_treats_them_by_which_licence_and_who_else_is_there() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let desk = house.as_desk();
    elena_comes(&house, &desk, booked.visit).await;
    let rosa = [("part", "supporter"), ("name", "Rosa Sister"), ("lang", "en"), ("email", "")];
    post(&desk, &at(booked.visit, "/companions"), &rosa).await;
    let welcome = plain(&get(&guest, &format!("/g/{door}/check-in/welcome")).await.text);
    for told in ["Dr. Amara Osei, MD", "licensed in Massachusetts and New Hampshire", ELENA, "Rosa Sister"] {
        assert!(welcome.contains(told), "{told}: {welcome}");
    }
    // A licence under its own line ends: what the account was made with counts for that state no more.
    let mut tx = house.keep.begin().await.unwrap();
    let until = tx.now().plus_ms(HOUR_MS);
    let new = ::people::licences::rules::New { state: "NH", compact: None, ends_at: until };
    ::people::licences::add(&mut tx, (house.doctor, None), &new).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("licence", ""))).await.unwrap();
    check_in(&guest, &door).await;
    let lobby = format!("/g/{door}/lobby");
    let before = plain(&get(&guest, &lobby).await.text);
    assert!(before.contains("Massachusetts and New Hampshire") && before.contains("Rosa Sister"), "{before}");
    house.clock.advance_ms(HOUR_MS);
    let elena = interpreter(&house, booked.visit).await;
    post(&desk, &at(booked.visit, &format!("/participants/{}/withdraw", elena.id.text())), &[]).await;
    let person = house.other_doctor.text();
    post(&desk, &at(booked.visit, "/deputies"), &[("person", &person)]).await;
    let after = plain(&get(&guest, &lobby).await.text);
    assert!(
        after.contains("Dr. Ben Hart") && after.contains("Rosa Sister") && !after.contains(ELENA),
        "{after}"
    );
    assert!(after.contains("Dr. Ben Hart, MD, licensed in Massachusetts and New Hampshire"), "{after}");
    assert_eq!(after.matches("New Hampshire").count(), 1, "the clinician's counts no more: {after}");
    assert!(get_es(&guest, &lobby).await.text.contains("A quién verá"));
}

/// R86 (part: everybody expected is named before the visit).
#[tokio::test]
async fn the_patient_reads_who_else_comes_and_no_longer_once_they_are_taken_off() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    elena_comes(&house, &desk, booked.visit).await;
    let person = house.other_doctor.text();
    post(&desk, &at(booked.visit, "/deputies"), &[("person", &person)]).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let welcome = format!("/g/{door}/check-in/welcome");
    let before = get(&guest, &welcome).await;
    assert!(before.text.contains(ELENA) && before.text.contains("Dr. Ben Hart"), "{}", before.text);
    let elena = interpreter(&house, booked.visit).await;
    let off = at(booked.visit, &format!("/participants/{}/withdraw", elena.id.text()));
    assert_eq!(post(&desk, &off, &[]).await.location(), at(booked.visit, "?done=withdrawn"));
    assert!(!get(&guest, &welcome).await.text.contains(ELENA));
    assert_eq!(interpreter(&house, booked.visit).await.state, ParticipantState::Removed);
    assert_eq!(post(&desk, &off, &[]).await.status, StatusCode::NOT_FOUND, "once is enough");
    let mut read = house.keep.read().await.unwrap();
    let invitation = ::people::invitations::newest(&mut read, elena.id).await.unwrap().unwrap();
    assert_eq!(invitation.standing.state, ::people::invitations::State::Withdrawn);
}

#[tokio::test]
async fn patient_and_clinician_cannot_be_taken_off_by_the_back_door() {
    let house = House::open().await;
    let booked = house.booked().await;
    for row in people(&house, booked.visit).await {
        let off = at(booked.visit, &format!("/participants/{}/withdraw", row.id.text()));
        assert_eq!(post(&house.as_desk(), &off, &[]).await.status, StatusCode::CONFLICT, "{:?}", row.part);
    }
}

#[tokio::test]
async fn a_deputy_sees_the_visit_on_their_day_and_opens_it_until_they_are_taken_off() {
    let house = House::open().await;
    let booked = house.booked().await;
    let deputy = house.as_other_doctor();
    assert_eq!(get(&deputy, &at(booked.visit, "")).await.status, StatusCode::NOT_FOUND);
    let named =
        post(&house.as_doctor(), &at(booked.visit, "/deputies"), &[("person", &house.other_doctor.text())])
            .await;
    assert_eq!(named.location(), at(booked.visit, "?done=deputy"));
    assert!(get(&deputy, "/day").await.text.contains(&at(booked.visit, "")));
    let page = get(&deputy, &at(booked.visit, "")).await;
    assert!(page.text.contains(&at(booked.visit, "/enter")), "{}", page.text);
    assert!(!page.text.contains(REASON), "a deputy reads no reason");
    let rows = people(&house, booked.visit).await;
    let row = rows.iter().find(|row| row.part == Part::Deputy).unwrap();
    let off = at(booked.visit, &format!("/participants/{}/withdraw", row.id.text()));
    post(&house.as_desk(), &off, &[]).await;
    assert_eq!(get(&deputy, &at(booked.visit, "")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_people_of_the_staff_who_may_lead_become_deputies() {
    let house = House::open().await;
    let booked = house.booked().await;
    for person in ["", "nobody", &ParticipantId::from_bytes([3; 16]).text()] {
        let named = post(&house.as_desk(), &at(booked.visit, "/deputies"), &[("person", person)]).await;
        assert_eq!(named.status, StatusCode::BAD_REQUEST, "{person}");
    }
    let privacy = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let refused = post(&privacy, &at(booked.visit, "/deputies"), &[]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

/// Their letters know the time and the practice; the code is in none of them, nor is the patient.
#[tokio::test]
async fn a_new_time_and_a_cancelled_visit_are_told_to_whoever_comes_along() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let handed = elena_comes(&house, &desk, booked.visit).await;
    let elena = interpreter(&house, booked.visit).await;
    let ends = |house: &House| {
        let keep = house.keep.clone();
        async move {
            let mut read = keep.read().await.unwrap();
            ::people::invitations::newest(&mut read, elena.id).await.unwrap().unwrap().standing
        }
    };
    let before = ends(&house).await;
    let (day, hour) =
        crate::before::booking::when::fields(start().plus_ms(5 * HOUR_MS), &house.keep.settings().face.zone)
            .unwrap();
    let moved = post(&desk, &at(booked.visit, "/move"), &[("day", &day), ("hour", &hour)]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    assert!(ends(&house).await.expires_at > before.expires_at, "the link holds until the new time");
    post(&desk, &at(booked.visit, "/cancel"), &[("by", "practice")]).await;
    assert_eq!(ends(&house).await.state, ::people::invitations::State::Cancelled);
    assert!(!value_of(&handed.text, "code").is_empty());
    let acts = house.acts().await;
    assert!(acts.contains(&Act::CancelVisit.code().to_owned()));
}

/// The value of the field with this id.
fn value_of(html: &str, id: &str) -> String {
    let Some(at) = html.find(&format!("id=\"{id}\" ")) else { return String::new() };
    let rest = &html[at..];
    let value = rest.split_once("value=\"").map(|(_, rest)| rest).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_owned()
}
