//! Who somebody is, through the pages: the desk ahead of the clinician, the host, and whoever may not.

use crate::before::booking::Booked;
use crate::before::rules::ParticipantState;
use crate::before::store::{participant, set_participant};
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use vocabulary::{ParticipantId, Principal, Role, Roles};
use web::testing::{Answer, get, post};

pub(super) const LICENSE: [(&str, &str); 4] =
    [("route", "document"), ("kind", "license"), ("issuer", "Massachusetts"), ("last4", "7q42")];

pub(super) fn path(booked: &Booked) -> String {
    format!("/visits/{}/participants/{}/identity", booked.visit.text(), booked.participant.text())
}

/// Sends the form with the prompt that the page drew.
pub(super) async fn says(router: &Router, path: &str, fields: &[(&str, &str)]) -> Answer {
    let prompt = hidden(&get(router, path).await.text, "prompt");
    let mut all = fields.to_vec();
    all.push(("prompt", &prompt));
    post(router, path, &all).await
}

pub(super) async fn named(house: &House, booked: &Booked) {
    let deputies = format!("/visits/{}/deputies", booked.visit.text());
    let named = post(&house.as_desk(), &deputies, &[("person", &house.desk.text())]).await;
    assert_eq!(named.status, StatusCode::SEE_OTHER, "{}", named.text);
}

/// Host and deputies are in the room, where they see a document.
pub(super) async fn staff_comes_in(house: &House, booked: &Booked) {
    let mut read = house.keep.read().await.unwrap();
    let people = crate::before::store::participants(&mut read, booked.visit).await.unwrap();
    drop(read);
    for row in people.iter().filter(|row| row.person.is_some() && row.is_expected()) {
        lets_in(house, row.id).await;
    }
}

/// Whoever this is was let into the room, where a document can be seen.
pub(super) async fn lets_in(house: &House, who: ParticipantId) {
    let mut tx = house.keep.begin().await.unwrap();
    let (row, now) = (participant(&mut tx, who).await.unwrap(), tx.now());
    set_participant(&mut tx, &row, ParticipantState::Admitted, now).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("participant", who.text()));
    tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
}

/// The host's pages with a live house behind them, signed in with a session that the store knows.
pub(super) async fn live_host(house: &House) -> Router {
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let how = people::sessions::How::Link;
    let session = people::sessions::start_staff(&mut tx, &rules, house.doctor, how).await.unwrap().session;
    let entry = keep::Entry::new(keep::Object::of("session", ""));
    tx.commit(&program(policy::Act::Furnish), entry).await.unwrap();
    let roles = Roles::NONE.with(Role::Clinician);
    let who = Principal::Staff { person: house.doctor, session, roles };
    let site = web::testing::site(house.keep.clone(), who, &LOCALES);
    let live = crate::during::tests::live(&house.keep, &site);
    house.on(site.plug(std::sync::Arc::new(live)))
}

/// One press makes the desk a deputy of this visit; what it writes down ahead of the clinician stands in the
/// queue, on the visit and on its sheet, and the visit does not begin by it.
#[tokio::test]
async fn the_desk_checks_ahead_as_deputy_and_the_clinician_sees_it_done() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, desk) = (path(&booked), house.as_desk());
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    house.enters_lobby(&booked).await;
    let day = get(&desk, "/day").await.text;
    assert!(day.contains("Identity not checked") && day.contains(&path), "{day}");
    assert!(!get(&desk, &path).await.text.contains("name=\"route\""), "no form before it is taken on");
    let begun = post(&desk, &format!("{path}/open"), &[]).await;
    assert_eq!(begun.location(), path, "{}", begun.text);
    assert!(house.acts().await.contains(&"deputy.name".to_owned()));
    assert_eq!(house.state_of(booked.visit).await, ("waiting", "waiting"));
    let known = [("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Here in March")];
    let saved = says(&desk, &path, &known).await;
    assert_eq!(saved.location(), format!("{path}?done=saved"), "{}", saved.text);
    let page = plain(&get(&desk, saved.location()).await.text);
    for word in ["Identity: basic", "Here in March", "Dana Desk", "on record"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let queue = plain(&get(&house.as_doctor(), "/day").await.text);
    assert!(queue.contains("Identity: basic") && !queue.contains(&path), "{queue}");
    let visit = plain(&get(&house.as_doctor(), &format!("/visits/{}", booked.visit.text())).await.text);
    assert!(visit.contains("Identity: basic"), "{visit}");
    let sheet = get(&house.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text;
    assert!(sheet.contains("data-step=\"sheet-identity\" data-outcome=\"done\""), "{sheet}");
    let spanish = plain(&get_es(&house.as_doctor(), &path).await.text);
    assert!(spanish.contains("Identidad: básica") && spanish.contains("Fecha de nacimiento"), "{spanish}");
    let other = house.as_other_doctor();
    assert_eq!(get(&other, &path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&other, &format!("{path}/open"), &[]).await.status, StatusCode::NOT_FOUND);
}

/// The host's press opens the room and lets this one person in, once they wait.
#[tokio::test]
async fn the_host_opens_the_room_with_this_one_person() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (open, host) = (format!("{}/open", path(&booked)), live_host(&house).await);
    assert_eq!(post(&host, &open, &[]).await.status, StatusCode::CONFLICT, "nobody waits yet");
    house.waits(&booked).await;
    assert!(get(&host, &path(&booked)).await.text.contains(&open));
    let room = post(&host, &open, &[]).await;
    assert!(room.location().starts_with("/room/#"), "{} {}", room.status, room.text);
    assert!(room.location().ends_with(&format!("~admit={}", booked.participant.text())));
}

/// R83 (part: somebody who is inside): a failed check puts them out of the room in the same moment; the host
/// is offered no room with them, and a check that passes opens it again.
#[tokio::test]
async fn a_failed_check_puts_its_person_out_of_the_room() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = path(&booked);
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    let (desk, host) = (house.as_desk(), live_host(&house).await);
    let other_name = [&LICENSE[..], &[("name_match", "no")][..]].concat();
    assert_eq!(says(&desk, &path, &other_name).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.state_of(booked.visit).await, ("waiting", "waiting"));
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "identity.check").unwrap();
    assert_eq!(entry.details["state"], "waiting");
    let open = format!("{path}/open");
    assert!(!get(&host, &path).await.text.contains(&open));
    let refused = post(&host, &open, &[]).await;
    assert!(
        refused.status == StatusCode::CONFLICT && refused.text.contains("A deputy can see them once more")
    );
    house.clock.advance_ms(1_000);
    lets_in(&house, booked.participant).await;
    says(&desk, &path, &[&LICENSE[..], &[("name_match", "yes")][..]].concat()).await;
    house.waits(&booked).await;
    assert!(get(&host, &path).await.text.contains(&open));
}

/// R81: of a document its type, issuer and last four are kept, with who looked and when; neither a picture
/// nor a whole number can be sent, and the entry of the trail names none of it.
#[tokio::test]
async fn facts_of_a_document_are_kept_and_nothing_else_of_it() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = path(&booked);
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    let desk = house.as_desk();
    let form = get(&desk, &path).await.text;
    assert!(!form.contains("type=\"file\"") && !form.contains("multipart") && !form.contains("capture"));
    let wrong = [
        [("issuer", "MA S12345678"), ("last4", "7q42")],
        [("issuer", "Massachusetts"), ("last4", "S12345678")],
        [("issuer", ""), ("last4", "12")],
    ];
    for fields in wrong {
        let all = [&fields[..], &[("route", "document"), ("kind", "license"), ("name_match", "yes")][..]];
        let refused = says(&desk, &path, &all.concat()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(refused.text.contains("value=\"license\" selected"), "what was typed stays");
    }
    assert!(get(&desk, &path).await.text.contains("Nobody has checked yet"));
    let back = async || lets_in(&house, booked.participant).await;
    // A possible fraud asks for its reason alone, and keeps no more of a document for it.
    for fields in wrong {
        let fraud = [("flag", "yes"), ("flag_why", "Printed on paper"), ("authority", "S12345678")];
        let all =
            [&fields[..], &[("route", "document"), ("kind", "licence S12345678")][..], &fraud[..]].concat();
        back().await;
        assert_eq!(says(&desk, &path, &all).await.status, StatusCode::SEE_OTHER, "{fields:?}");
        let page = get(&desk, &path).await.text;
        assert!(page.contains("Printed on paper") && !page.contains("12345678"), "{fields:?}: {page}");
        house.clock.advance_ms(1_000);
    }
    let fraud = [("route", "S12345678"), ("basis", "S12345678"), ("flag", "yes"), ("flag_why", "Paper")];
    assert_eq!(says(&desk, &path, &fraud).await.status, StatusCode::SEE_OTHER);
    assert!(!get(&desk, &path).await.text.contains("12345678"));
    house.clock.advance_ms(1_000);
    back().await;
    let with_picture =
        [&LICENSE[..], &[("name_match", "yes"), ("picture", "data:image/png;base64,AAAA")][..]];
    says(&desk, &path, &with_picture.concat()).await;
    let mut read = house.keep.read().await.unwrap();
    let row = super::newest(&mut read, booked.participant).await.unwrap().unwrap();
    assert_eq!((row.by, row.at), (house.desk, house.keep.clock().now()));
    drop(read);
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "identity.check").unwrap();
    let details = format!("{:?}", entry.details);
    assert!(details.contains("passed") && details.contains("basic"), "{details}");
    for word in ["7Q42", "Massachusetts", "license", "image"] {
        assert!(!details.contains(word), "{word}: {details}");
    }
    assert!(!get(&desk, &path).await.text.contains("data:image"));
}

/// R82: a patient whom the practice knows is known by two facts and a basis, and the basis is recorded.
/// R84: each check stores the assurance it reached, none, basic, like IAL1 or like IAL2, with how.
#[tokio::test]
async fn each_way_reaches_its_own_assurance() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = path(&booked);
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    let desk = house.as_desk();
    let known = [("route", "known"), ("birth_date", "yes")];
    let basis = ("basis", "Seen here in March, same voice");
    for fields in [vec![known[0], known[1], basis], vec![known[0], known[1], ("phone", "yes")]] {
        assert_eq!(says(&desk, &path, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    let live = [("in_view", "yes"), ("prompt_done", "yes")];
    let two = [("birth_date", "yes"), ("phone", "yes")];
    let name = [("name_match", "yes")];
    let cases = [
        (vec![known[0], known[1], ("phone", "yes"), basis], "passed", "basic"),
        ([&LICENSE[..], &name[..]].concat(), "passed", "basic"),
        ([&LICENSE[..], &name[..], &live[..]].concat(), "passed", "ial1_like"),
        ([&LICENSE[..], &name[..], &live[..], &two[..]].concat(), "passed", "ial2_like"),
        ([&LICENSE[..], &[("name_match", "no")][..], &live[..]].concat(), "failed", "none"),
    ];
    for (fields, outcome, level) in cases {
        house.clock.advance_ms(1_000);
        assert_eq!(says(&desk, &path, &fields).await.status, StatusCode::SEE_OTHER, "{fields:?}");
        let mut read = house.keep.read().await.unwrap();
        let row = super::newest(&mut read, booked.participant).await.unwrap().unwrap();
        assert_eq!((row.outcome.code(), row.level.code()), (outcome, level), "{fields:?}");
    }
    let page = plain(&get(&desk, &path).await.text);
    for word in ["Seen here in March", "Birth date, Phone number on file", "like IAL2", "Another name"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert_eq!(house.findings().await, [("identity-failed", 1)]);
}

/// R85 (part: prompt and flag; training of who verifies comes with the lessons): each page draws a prompt of
/// its own list, and a suspicion fails the check, with its reason.
#[tokio::test]
async fn a_prompt_is_drawn_and_a_suspicion_is_written_down() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = path(&booked);
    named(&house, &booked).await;
    house.waits(&booked).await;
    staff_comes_in(&house, &booked).await;
    house.comes_in(&booked).await;
    let desk = house.as_desk();
    let mut drawn = std::collections::BTreeSet::new();
    for _ in 0..40 {
        drawn.insert(hidden(&get(&desk, &path).await.text, "prompt"));
    }
    assert!(drawn.len() > 2, "always the same: {drawn:?}");
    let own = [&LICENSE[..], &[("name_match", "yes"), ("prompt", "sing")][..]].concat();
    let refused = post(&desk, &path, &own).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fresh = hidden(&refused.text, "prompt");
    assert!(super::rules::PROMPTS.contains(&fresh.as_str()), "a new one: {fresh}");
    assert!(refused.text.contains("value=\"Massachusetts\"") && refused.text.contains("Here is a new task"));
    let flag = [("flag", "yes")];
    assert_eq!(says(&desk, &path, &flag).await.status, StatusCode::UNPROCESSABLE_ENTITY, "why");
    let why = [("flag", "yes"), ("flag_why", "The face moved late")];
    assert_eq!(says(&desk, &path, &why).await.status, StatusCode::SEE_OTHER);
    let page = plain(&get(&desk, &path).await.text);
    assert!(page.contains("Possible fraud") && page.contains("The face moved late"), "{page}");
    assert!(page.contains("Identity check failed"), "{page}");
}

/// R83 (part: the form): somebody who comes for or with the patient is refused without both, who they are and
/// by which right, and nothing is written down; with the one and not the other the check has failed. What the
/// practice has on file of the patient shows nobody else.
#[tokio::test]
async fn a_third_party_is_checked_twice() {
    let house = House::open().await;
    let booked = house.booked().await;
    let companions = format!("/visits/{}/companions", booked.visit.text());
    let who = [("part", "supporter"), ("name", "Rosa Canaryfriend"), ("lang", "en")];
    assert_eq!(post(&house.as_desk(), &companions, &who).await.status, StatusCode::OK);
    let mut read = house.keep.read().await.unwrap();
    let people = crate::before::store::participants(&mut read, booked.visit).await.unwrap();
    let rosa = people.iter().find(|row| row.part == crate::before::rules::Part::Supporter).unwrap().id;
    drop(read);
    let path = format!("/visits/{}/participants/{}/identity", booked.visit.text(), rosa.text());
    named(&house, &booked).await;
    let desk = house.as_desk();
    suspected_by_phone(&desk, &path).await;
    house.clock.advance_ms(1_000);
    staff_comes_in(&house, &booked).await;
    lets_in(&house, rosa).await;
    assert!(get(&desk, &path).await.text.contains("wants them there"));
    let card = [&LICENSE[..], &[("name_match", "yes")][..]].concat();
    let agreed = ("authority", "patient_agreed");
    let foreign = ("authority", "on_file");
    let known =
        vec![("route", "known"), ("birth_date", "yes"), ("phone", "yes"), ("basis", "Her husband"), agreed];
    assert!(!get(&desk, &path).await.text.contains("value=\"known\""));
    for fields in [card.clone(), vec![agreed], [&card[..], &[foreign][..]].concat(), known] {
        let refused = says(&desk, &path, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    let mut read = house.keep.read().await.unwrap();
    assert!(super::newest(&mut read, rosa).await.unwrap().unwrap().flagged, "nothing more was written");
    drop(read);
    for (authority, outcome) in [("none", "failed"), ("patient_agreed", "passed")] {
        house.clock.advance_ms(1_000);
        lets_in(&house, rosa).await;
        says(&desk, &path, &[&card[..], &[("authority", authority)][..]].concat()).await;
        let mut read = house.keep.read().await.unwrap();
        let row = super::newest(&mut read, rosa).await.unwrap().unwrap();
        assert_eq!(row.outcome.code(), outcome, "{authority}");
    }
}

/// A third party shows nothing by phone; what sounds wrong there can be written down, with its reason.
async fn suspected_by_phone(desk: &Router, path: &str) {
    let page = plain(&get(desk, path).await.text);
    assert!(page.contains("shows a document in the room") && !page.contains("name=\"route\""), "{page}");
    assert!(page.contains("name=\"flag_why\"") && page.contains("Put the suspicion on record"), "{page}");
    let no_reason = says(desk, path, &[("flag", "yes")]).await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(plain(&no_reason.text).contains("Say what made you think so"), "{}", no_reason.text);
    let why = [("flag", "yes"), ("flag_why", "Somebody whispered the answers")];
    assert_eq!(says(desk, path, &why).await.status, StatusCode::SEE_OTHER);
    assert!(get(desk, path).await.text.contains("Somebody whispered the answers"));
}

/// R80 (part: the outcome, and the waiver with a reason by the host alone).
#[tokio::test]
async fn the_host_alone_goes_on_without_and_says_why() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (path, why) = (path(&booked), [("reason", "canary: seen yesterday in person")]);
    let waive = format!("{path}/waive");
    assert_eq!(post(&house.as_desk(), &waive, &why).await.status, StatusCode::NOT_FOUND);
    assert!(!get(&house.as_desk(), &path).await.text.contains(&waive));
    let form = [("route", "known")];
    assert_eq!(post(&house.as_desk(), &path, &form).await.status, StatusCode::NOT_FOUND, "no deputy");
    let long = format!("{} {}", why[0].1, "x".repeat(500));
    for (reason, kept) in [(" ", ""), (long.as_str(), "seen yesterday in person")] {
        let refused = post(&house.as_doctor(), &waive, &[("reason", reason)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("Say why you go on") && refused.text.contains(kept),
            "{}",
            refused.text
        );
    }
    assert_eq!(post(&house.as_doctor(), &waive, &why).await.status, StatusCode::SEE_OTHER);
    let page = get(&house.as_doctor(), &path).await.text;
    assert!(page.contains("Identity check waived") && page.contains("seen yesterday"), "{page}");
    let sheet = get(&house.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text;
    assert!(sheet.contains("data-step=\"sheet-identity\" data-outcome=\"waived\""), "{sheet}");
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "visit.waive_identity").unwrap();
    assert!(format!("{:?}", entry.details).contains("seen yesterday"));
    assert_eq!(house.findings().await, [("identity-waived", 1)]);
    house.held(&booked).await;
    let late = post(&house.as_doctor(), &waive, &why).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let clinician = house.booked_for(house.other_patient, vocabulary::HOUR_MS).await;
    let foreign =
        format!("/visits/{}/participants/{}/identity", clinician.visit.text(), booked.participant.text());
    assert_eq!(get(&house.as_doctor(), &foreign).await.status, StatusCode::NOT_FOUND, "of another visit");
}

/// Whoever guesses birth dates until the link locks leaves a finding of the visit, once.
#[tokio::test]
async fn a_link_that_locks_is_found() {
    let house = House::open().await;
    let booked = house.booked().await;
    let guesser = house.router(guest(&booked, false));
    let who = format!("/g/{}/who", house.door(&booked).await);
    let wrong = [("month", "1"), ("day", "2"), ("year", "1990")];
    for _ in 0..4 {
        assert_eq!(post(&guesser, &who, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(house.findings().await.is_empty(), "a slip is none");
    for _ in 0..2 {
        assert_eq!(post(&guesser, &who, &wrong).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(house.findings().await, [("link-locked", 1)]);
}
