//! Needs on the schedule, the register, bookings, the list of jobs and the exceptions, through the pages.

use super::store::{exceptions, of_visit};
use crate::before::check_in::store::put_promise;
use crate::before::check_in::{NotReady, enter_lobby};
use crate::before::store::participants;
use crate::test_house::*;
use ::people::needs::Needs;
use axum::Router;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{DAY_MS, MINUTE_MS, Role, VisitId};
use web::testing::{get, post};

pub(super) fn at(visit: VisitId, rest: &str) -> String {
    format!("/visits/{}{rest}", visit.text())
}

fn of_form<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fixed = [
        ("name", "Elena Ruiz"),
        ("email", "elena@interpreters.example"),
        ("tongue-spa", "yes"),
        ("basis", "cchi"),
        ("proof", "CHI-Spanish 123456"),
        ("terms", "2026-01-05"),
    ];
    let kept = fixed.into_iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name));
    kept.chain(change.iter().copied()).filter(|(_, value)| !value.is_empty()).collect()
}

async fn says(router: &Router, path: &str, fields: &[(&str, &str)]) {
    let saved = post(router, path, fields).await;
    assert_eq!(saved.location(), format!("{path}?done=saved"), "{}", saved.text);
}

/// R92: language, interpreter and aids are asked by the desk, in the portal and on the way to the visit; what
/// was said last stands on the booking form, the day, the week, the visit and beside whoever waits, in both
/// languages; a slip loses nothing; nobody else's page has it.
#[tokio::test]
async fn what_a_patient_needs_stands_on_the_schedule_wherever_it_was_said() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (desk, patient) = (house.as_desk(), house.patient.text());
    let (form, book) = (format!("/patients/{patient}/needs"), format!("/day/book?patient={patient}"));
    assert!(get(&desk, &book).await.text.contains("Not asked yet"));
    let slip = post(&desk, &form, &[("interpreter", "yes"), ("aid-captions", "yes")]).await;
    assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slip.text.contains("Choose the language the interpreter is for"));
    assert_eq!(slip.text.matches(" checked").count(), 2, "{}", slip.text);
    says(&desk, &form, &[("tongue", "ase"), ("interpreter", "yes"), ("aid-captions", "yes")]).await;
    let lists = ["/day".to_owned(), "/day/week".to_owned(), at(booked.visit, "")];
    for page in lists.iter().chain([&book]) {
        let text = plain(&get(&desk, page).await.text);
        assert!(text.contains("American Sign Language") && text.contains("captions"), "{page}: {text}");
        let text = plain(&get_es(&desk, page).await.text);
        assert!(text.contains("Lengua de señas americana") && text.contains("subtítulos"), "{page}: {text}");
    }
    assert!(plain(&get(&desk, "/day").await.text).contains("American Sign Language: no interpreter yet"));
    // The patient says it better, on the way to the visit and in the portal.
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let own = format!("/g/{door}/needs");
    assert!(get_es(&guest, &own).await.text.contains("Necesito intérprete"));
    says(&guest, &own, &[("tongue", "vie"), ("interpreter", "yes")]).await;
    let welcome = get(&guest, &format!("/g/{door}/check-in/welcome")).await.text;
    assert!(welcome.contains("Vietnamese") && welcome.contains(&own), "{welcome}");
    house.waits(&booked).await;
    let queue = plain(&get(&desk, "/day").await.text);
    assert!(queue.contains("Vietnamese: no interpreter yet") && !queue.contains("American Sign"), "{queue}");
    says(&house.as_patient(house.patient), "/portal/needs", &[("tongue", "eng"), ("aid-face", "yes")]).await;
    let queue = get(&desk, "/day").await.text;
    assert!(queue.contains("must see faces and lips") && !queue.contains("Vietnamese"), "{queue}");
    let owner = house.staff(house.desk, &[Role::Owner]);
    assert_eq!(get(&owner, &form).await.status, StatusCode::NOT_FOUND);
    let acts = house.acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "need.change").count(), 3, "{acts:?}");
}

/// R94: an entry without a qualification, a language, signed confidentiality terms or, for an agency, a
/// vendor record with an agreement in force is refused; what is entered is kept and shown; nobody is booked
/// whose qualification or whose agency's agreement ends before the visit; and whoever was taken out of the
/// register counts as booked no more and does not come into the lobby. (How an agency's vendor record is
/// judged: `practice::interpreters`.)
#[tokio::test]
async fn nobody_unqualified_comes_into_the_register_or_to_a_visit() {
    let house = House::open().await;
    let desk = house.as_desk();
    let page = "/practice/interpreters";
    for (slip, field) in [
        (("basis", ""), "basis"),
        (("basis", "cousin"), "basis"),
        (("proof", ""), "proof"),
        (("tongue-spa", ""), "tongues"),
        (("terms", ""), "terms"),
        (("terms", "2031-01-05"), "terms"),
        (("basis_ends", "2026-01-05"), "basis_ends"),
        (("agency", "Lingua Inc"), "vendor"),
        (("basis", "agency_assessed"), "vendor"),
    ] {
        let refused = post(&desk, page, &of_form(&[slip])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{slip:?}");
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{slip:?}: {}", refused.text);
        assert!(refused.text.contains("Nobody is in the register yet"), "{slip:?}");
    }
    let handed = post(&desk, page, &of_form(&[("basis_ends", "2026-11-26")])).await;
    assert!(handed.text.contains("/interpreter/") && handed.text.contains("Elena Ruiz"), "{}", handed.text);
    let list = plain(&get(&desk, page).await.text);
    for kept in ["Spanish", "Certificate of CCHI: CHI-Spanish 123456", "until November 26, 2026"] {
        assert!(list.contains(kept), "{kept}: {list}");
    }
    assert!(list.contains("Confidentiality signed on January 5, 2026"), "{list}");
    // Two days from now she still is, in a week she is not.
    let id = list.split("/practice/interpreters/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let booking = [("interpreter", id.as_str()), ("tongue", "spa")];
    let late = house.booked_for(house.patient, 7 * DAY_MS).await;
    let refused = post(&desk, &at(late.visit, "/interpreter"), &booking).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let soon = house.booked().await;
    let wrong = [("interpreter", id.as_str()), ("tongue", "vie")];
    let refused = post(&desk, &at(soon.visit, "/interpreter"), &wrong).await;
    assert!(refused.text.contains("They do not interpret this language"), "{}", refused.text);
    assert_eq!(post(&desk, &at(soon.visit, "/interpreter"), &booking).await.status, StatusCode::OK);
    // Moved to a day on which she is qualified no more: whoever moves it is told.
    let after = [("day", "2026-12-02"), ("hour", "15:30")];
    let warned = post(&desk, &at(soon.visit, "/move"), &after).await.text;
    assert!(warned.contains("is not qualified then"), "{warned}");
    let needs = format!("/patients/{}/needs", house.patient.text());
    says(&desk, &needs, &[("tongue", "spa"), ("interpreter", "yes")]).await;
    let day = plain(&get(&desk, "/day").await.text);
    assert!(day.contains("Spanish: interpreter booked") && !day.contains("no interpreter yet"), "{day}");
    // Taken out, she is booked no more, and where she is booked she counts no more and comes in no more.
    post(&desk, &format!("{page}/{id}/end"), &[]).await;
    let day = plain(&get(&desk, "/day").await.text);
    assert!(day.contains("Spanish: no interpreter yet") && !day.contains("interpreter booked"), "{day}");
    let seen = get(&desk, &at(soon.visit, "")).await.text;
    assert!(seen.contains("Not qualified on that day") && seen.contains("and none is booked"), "{seen}");
    assert_eq!(comes(&house, soon.visit, "spa").await.err(), Some(NotReady::Closed));
    let other = house.booked_for(house.other_patient, 90 * MINUTE_MS).await;
    let refused = post(&desk, &at(other.visit, "/interpreter"), &booking).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Of an agency: for a visit before its agreement ends, not for one after.
    let agency = house.agency(house.keep.clock().now().plus_ms(6 * DAY_MS)).await;
    let luz = house.interpreter_of(Some(agency), ("Luz Marín", ""), "spa").await;
    let theirs = [("interpreter", luz.as_str()), ("tongue", "spa")];
    let refused = post(&desk, &at(late.visit, "/interpreter"), &theirs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(post(&desk, &at(other.visit, "/interpreter"), &theirs).await.status, StatusCode::OK);
    // By name alone nobody interprets.
    let lay = [("part", "interpreter"), ("name", "Cousin Luz"), ("lang", "es"), ("email", "")];
    let refused = post(&desk, &at(other.visit, "/companions"), &lay).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Interpreters come from the register"), "{}", refused.text);
    assert_eq!(get(&house.staff(house.desk, &[Role::Owner]), page).await.status, StatusCode::NOT_FOUND);
}

/// Booked with the agency's number, warned of a clash, moved and called off with the visit; the list of jobs
/// opens with link and code together and says nothing of the patient.
#[tokio::test]
async fn an_interpreter_sees_their_jobs_and_nothing_of_the_patient() {
    let house = House::open().await;
    let (desk, page) = (house.as_desk(), "/practice/interpreters");
    let handed = post(&desk, page, &of_form(&[])).await.text;
    let value = |name: &str| {
        let rest = handed.split_once(&format!("id=\"{name}\" readonly value=\"")).unwrap().1;
        rest.split('"').next().unwrap().to_owned()
    };
    let (link, code) = (value("link"), value("code"));
    let path = &link[link.find("/interpreter/").unwrap()..];
    let id = path.rsplit('/').next().unwrap();
    let first = house.booked().await;
    let booking = [("interpreter", id), ("tongue", "spa"), ("reference", "LNG-4711")];
    let handed = post(&desk, &at(first.visit, "/interpreter"), &booking).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text);
    let seen = get(&desk, &at(first.visit, "")).await.text;
    assert!(plain(&seen).contains("Job LNG-4711") && seen.contains("Elena Ruiz"), "{seen}");
    // The same hour with somebody else: told, and done when it is meant.
    let second = house.booked_for(house.other_patient, 30 * MINUTE_MS).await;
    let clash = post(&desk, &at(second.visit, "/interpreter"), &booking).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clash.text.contains("They interpret at another visit at that time"), "{}", clash.text);
    let meant = [booking.as_slice(), &[("anyway", "yes")]].concat();
    assert_eq!(post(&desk, &at(second.visit, "/interpreter"), &meant).await.status, StatusCode::OK);

    let stranger = house.router(vocabulary::Principal::Anonymous);
    for wrong in ["", "AAAA BBBB CCCC", "nonsense"] {
        let asked = post(&stranger, path, &[("code", wrong)]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(!asked.text.contains("LNG-4711"));
    }
    let elsewhere = format!("/interpreter/{}", first.visit.text());
    assert_eq!(
        post(&stranger, &elsewhere, &[("code", &code)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let jobs = plain(&post(&stranger, path, &[("code", &code.to_lowercase())]).await.text);
    assert!(jobs.contains("Job LNG-4711") && jobs.contains("Spanish") && jobs.contains("20 min"), "{jobs}");
    for not in [NAME, "Otto", REASON, EMAIL, "Osei", &first.visit.text()] {
        assert!(!jobs.contains(not), "{not}: {jobs}");
    }
    // Moved onto another job of hers: the desk is told. Called off: the list says so.
    let to = [("day", "2026-11-24"), ("hour", "15:30")];
    post(&desk, &at(second.visit, "/move"), &[("day", "2026-11-25"), ("hour", "15:30")]).await;
    post(&desk, &at(first.visit, "/cancel"), &[("by", "practice")]).await;
    let jobs = post(&stranger, path, &[("code", &code)]).await.text;
    assert!(jobs.contains("Called off"), "{jobs}");
    let third = house.booked_for(house.patient, 26 * 60 * MINUTE_MS).await;
    post(&desk, &at(third.visit, "/interpreter"), &booking).await;
    let _ = to;
    let warned = post(&desk, &at(third.visit, "/move"), &[("day", "2026-11-25"), ("hour", "15:30")]).await;
    assert!(
        warned.text.contains("An interpreter of this visit works at another one then"),
        "{}",
        warned.text
    );
    assert!(!warned.text.contains("is not qualified then"), "{}", warned.text);
}

/// R95: somebody who came along interprets only in an emergency, until a qualified interpreter arrives, or,
/// of age, on the patient's private request that a qualified interpreter confirmed, where they agree and it
/// is suitable; a minor in an emergency alone. Each exception is kept with its grounds, who decided and
/// when.
#[tokio::test]
async fn whoever_came_along_interprets_on_recorded_grounds_alone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let (form, visit) = (at(booked.visit, "/interpreter/exception"), at(booked.visit, ""));
    let elena = house.interpreter("Elena Ruiz", "elena@interpreters.example", "spa").await;
    let hoa = house.interpreter("Hoa Tran", "", "vie").await;
    let made = async |change: &[(&'static str, &str)]| {
        let fields = lay(&elena, change);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&desk, &form, &fields).await
    };
    for (slip, sentence) in [
        (("grounds", ""), "Choose one of the two grounds"),
        (("grounds", "convenient"), "Choose one of the two grounds"),
        (("age", "minor"), "interprets in an emergency alone"),
        (("age", ""), "Say whether they are 18 or older"),
        (("confirmed_by", ""), "Choose the qualified interpreter of this language"),
        (
            ("confirmed_by", "00000000-0000-7000-8000-000000000000"),
            "Choose the qualified interpreter of this language",
        ),
        (("confirmed_by", hoa.as_str()), "Choose the qualified interpreter of this language"),
        (("agrees", ""), "Ask the adult"),
        (("suitable", ""), "If it is not suitable"),
        (("lay_reason", ""), "Write why"),
        (("lay_name", ""), "Write who interprets"),
    ] {
        let refused = made(&[slip]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{slip:?}");
        assert!(refused.text.contains(sentence), "{slip:?}: {}", refused.text);
    }
    let seen = async || {
        let access = program(Act::Furnish);
        let mut view = house.keep.view(&access, Object::of("visit", booked.visit.text())).await.unwrap();
        exceptions(&mut view, &access, booked.visit).await.unwrap()
    };
    assert!(seen().await.is_empty(), "nothing refused is kept");
    assert_eq!(made(&[]).await.location(), at(booked.visit, "?done=excepted"));
    house.clock.advance_ms(MINUTE_MS);
    let child = [("lay_name", "Tim"), ("age", "minor"), ("grounds", "emergency"), ("confirmed_by", "")];
    let alone = [("agrees", ""), ("suitable", ""), ("lay_reason", "Chest pain, nobody on the line")];
    made(&[child.as_slice(), &alone].concat()).await;
    let kept = seen().await;
    let told: Vec<_> = kept
        .iter()
        .map(|it| (it.grounds.code(), it.is_minor, it.by == house.desk, it.lay.name.as_str()))
        .collect();
    assert_eq!(told, [("private_request", false, true, "Luz Niece"), ("emergency", true, true, "Tim")]);
    assert_eq!(kept[0].confirmed_by.map(|id| id.text()), Some(elena.clone()));
    assert_eq!(kept[1].lay.reason, "Chest pain, nobody on the line");
    let page = plain(&get(&desk, &visit).await.text);
    for words in ["Asked for in private, through Elena Ruiz", "Under 18. Emergency", "Dana Desk"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let trail = house.trail().await;
    let noted: Vec<_> = trail
        .iter()
        .filter(|body| body.act == "interpreter.book" && body.details.contains_key("grounds"))
        .collect();
    assert_eq!(noted.len(), 2, "each act has its entry");
    // A qualified interpreter arrives: what stood on the emergency is over, the request stands.
    post(&desk, &at(booked.visit, "/interpreter"), &[("interpreter", &elena), ("tongue", "spa")]).await;
    assert!(seen().await[1].ended_at.is_none(), "booked is not there");
    post(&desk, &at(booked.visit, "/interpreter"), &[("interpreter", &hoa), ("tongue", "vie")]).await;
    arrives(&house, booked.visit, "vie").await;
    assert!(seen().await[1].ended_at.is_none(), "who came interprets into another language");
    arrives(&house, booked.visit, "spa").await;
    let kept = seen().await;
    assert!(kept[0].ended_at.is_none() && kept[1].ended_at.is_some());
    assert!(get(&house.as_other_doctor(), &visit).await.status == StatusCode::NOT_FOUND);
}

/// The form of an exception, all well but for what is changed.
pub(super) fn lay(confirmed_by: &str, change: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let fixed = [
        ("lay_name", "Luz Niece"),
        ("lay_tongue", "spa"),
        ("age", "adult"),
        ("grounds", "private_request"),
        ("confirmed_by", confirmed_by),
        ("agrees", "yes"),
        ("suitable", "yes"),
        ("lay_reason", "She has cared for her for years"),
    ];
    let kept = fixed.into_iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name));
    kept.chain(change.iter().copied()).map(|(name, value)| (name, value.to_owned())).collect()
}

/// The interpreter into this language is in the lobby.
async fn arrives(house: &House, visit: VisitId, tongue: &str) {
    comes(house, visit, tongue).await.unwrap();
}

/// They have promised, and press the button.
async fn comes(house: &House, visit: VisitId, tongue: &str) -> Result<(), NotReady> {
    let mut tx = house.keep.begin().await.unwrap();
    let booked = of_visit(&mut tx, visit).await.unwrap();
    let opens = program(Act::Furnish);
    let into = |one: &&super::store::Booked| one.said(&tx, &opens).unwrap().tongue == tongue;
    let hers = booked.iter().find(into).unwrap().participant;
    let people = participants(&mut tx, visit).await.unwrap();
    let hers = people.iter().find(|row| row.id == hers).unwrap();
    let now = tx.now();
    let rules = policy::HouseRules { ask_place: false, ask_readiness: false, ..Default::default() };
    put_promise(&mut tx, hers, now).await.unwrap();
    enter_lobby(&mut tx, hers.id, &rules).await?;
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
    Ok(())
}

#[test]
fn what_is_needed_is_told_in_words() {
    let needs = Needs { tongue: "ase".into(), interpreter: true, aids: vec!["captions".into()] };
    assert!(needs.is_signed() && needs.is_asked());
}
