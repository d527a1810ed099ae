//! Consents through the pages: each alone, by voice, taken back, and what ends one.

use super::family_tests::{child, father_of};
use super::rules::Lapse;
use super::texts;
use super::{Outcome, Scope, for_visit, newest, of_visit, stands};
use crate::before::booking::Booked;
use crate::before::check_in::{NotReady, enter_lobby};
use crate::before::store::load_visit;
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::{Act, HouseRules};
use vocabulary::{DAY_MS, MINUTE_MS};
use web::testing::{get, post};

pub(crate) async fn enters(house: &House, booked: &Booked) -> Result<(), NotReady> {
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    enter_lobby(&mut tx, booked.participant, &rules).await.map(|_| ())
}

pub(crate) async fn lapsed(house: &House, booked: &Booked) -> Option<Lapse> {
    let mut read = house.keep.read().await.unwrap();
    let visit = load_visit(&mut read, booked.visit).await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    for_visit(&mut read, &visit, (&rules, house.keep.clock().now())).await.unwrap().lapse
}

/// Comes to wait, and stays.
async fn waits(house: &House, booked: &Booked) {
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    enter_lobby(&mut tx, booked.participant, &rules).await.unwrap();
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
    assert_eq!(house.state_of(booked.visit).await.1, "waiting");
}

/// R58 (part: the state, while somebody waits): who waits and then says that they are elsewhere is back in
/// check-in, and nobody can admit them from there.
#[tokio::test]
async fn whoever_waits_and_goes_to_another_state_is_asked_again() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    waits(&house, &booked).await;
    let elsewhere = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    post(&guest, &format!("/g/{door}/check-in/location"), &elsewhere).await;
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::NewState));
    assert_eq!(house.state_of(booked.visit).await.1, "checking_in");
    sign_papers(&guest, &door).await;
    assert_eq!(house.state_of(booked.visit).await.1, "ready");
    waits(&house, &booked).await;
}

/// R64 (part: a new state, where the first visit ended before anybody said where they are): the consent
/// becomes one for the state of the next visit, and the one after that asks again from elsewhere.
#[tokio::test]
async fn a_consent_signed_before_the_state_was_known_takes_the_next_one() {
    let house = House::open().await;
    let first = house.booked().await;
    sign_papers(&house.as_guest(&first), &house.door(&first).await).await;
    let cancel = format!("/visits/{}/cancel", first.visit.text());
    post(&house.as_desk(), &cancel, &[("by", "practice")]).await;
    let second = house.booked_for(house.patient, 25 * MINUTE_MS).await;
    check_in(&house.as_guest(&second), &house.door(&second).await).await;
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, house.patient, Scope::Telehealth, Some(house.doctor)).await.unwrap().unwrap();
    drop(read);
    assert_eq!(row.state.as_deref(), Some("MA"));
    let third = house.booked_for(house.patient, 30 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&third), house.door(&third).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    post(&guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    post(&guest, &at("readiness"), &[]).await;
    let elsewhere = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    assert_eq!(post(&guest, &at("location"), &elsewhere).await.location(), at("consent"));
    assert_eq!(lapsed(&house, &third).await, Some(Lapse::NewState));
}

async fn in_force(house: &House) -> Vec<Scope> {
    let mut read = house.keep.read().await.unwrap();
    let rules = HouseRules::default();
    let now = house.keep.clock().now();
    let mut all = Vec::new();
    for scope in Scope::ALL.into_iter().filter(|scope| !scope.is_to_a_clinician()) {
        if stands(&mut read, house.patient, scope, (&rules, now)).await.unwrap() {
            all.push(scope);
        }
    }
    all
}

pub(super) async fn take_back(house: &House, portal: &Router, scope: Scope) {
    let clinician = scope.is_to_a_clinician().then_some(house.doctor);
    let mut read = house.keep.read().await.unwrap();
    let id = newest(&mut read, house.patient, scope, clinician).await.unwrap().unwrap().id.text();
    drop(read);
    let page = format!("/portal/take-back/{id}");
    assert!(get(portal, "/portal/agreements").await.text.contains(&page), "the first press");
    let ask = get(portal, &page).await.text;
    assert!(ask.contains("your care stays the same") && !ask.contains("<textarea"), "no reason is asked");
    let done = post(portal, &page, &[]).await;
    assert_eq!(done.location(), "/portal/agreements?done=taken-back", "the second");
}

/// Nobody is asked on a screen for what the product cannot do: it stands in no list, and no address opens it.
/// A paper can settle it (`before::papers`).
#[tokio::test]
async fn what_the_product_cannot_do_is_asked_on_no_screen() {
    let house = House::open().await;
    let booked = house.booked().await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    let portal = house.as_patient(house.patient);
    let list = get(&portal, "/portal/agreements").await.text;
    for scope in Scope::ALL.into_iter().skip(2) {
        let path = format!("/portal/agree/{}", scope.code());
        assert_eq!(list.contains(&path), scope.is_offered(), "{scope:?}");
        let page = get(&portal, &path).await.status;
        assert_eq!(page == StatusCode::OK, scope.is_offered(), "{scope:?}");
        if !scope.is_offered() {
            let fields = [("name", NAME), ("agree", "yes"), ("means", "stop"), ("text", "")];
            let sent = post(&portal, &path, &fields).await.status;
            assert_eq!((page, sent), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{scope:?}");
        }
    }
}

#[tokio::test]
async fn whoever_names_nobody_is_told_and_loses_nothing() {
    let house = House::open().await;
    let booked = house.booked().await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    let portal = house.as_patient(house.patient);
    let path = "/portal/agree/authorization";
    let text = hidden(&get(&portal, path).await.text, "text");
    let fields = [("who", "My sister <b>"), ("name", NAME), ("agree", "yes"), ("text", text.as_str())];
    let answer = post(&portal, path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for sentence in ["what may be shared", "what it is for", "Choose one answer", "My sister &#60;b&#62;"] {
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
    }
    assert_eq!(post(&portal, "/portal/agree/telehealth", &fields).await.status, StatusCode::NOT_FOUND);
    let stranger = house.as_patient(house.other_patient);
    let mut read = house.keep.read().await.unwrap();
    let own = newest(&mut read, house.patient, Scope::ESign, None).await.unwrap().unwrap();
    drop(read);
    let theirs = post(&stranger, &format!("/portal/take-back/{}", own.id.text()), &[]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
}

/// R63: two presses in the portal, no reason asked, and the next join is refused at once; what was signed
/// stays readable, the "no" stands beside it, and care goes on by another way.
#[tokio::test]
async fn taking_a_consent_back_stops_the_next_join_and_keeps_the_history() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));
    house.comes_in(&booked).await;
    let portal = house.as_patient(house.patient);
    take_back(&house, &portal, Scope::Telehealth).await;
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing));
    assert_eq!(house.state_of(booked.visit).await.1, "refused", "out of the room");
    let refused = get(&guest, &format!("/g/{door}/refused")).await.text;
    assert!(refused.contains("you still get care here"), "{refused}");
    let mut read = house.keep.read().await.unwrap();
    let rows = of_visit(&mut read, booked.visit).await.unwrap();
    drop(read);
    let told: Vec<_> =
        rows.iter().filter(|row| row.scope == Scope::Telehealth).map(|row| row.outcome).collect();
    assert_eq!(told, [Outcome::Withdrawn, Outcome::Given], "the history is kept");
    let given = rows.iter().rfind(|row| row.scope == Scope::Telehealth).unwrap();
    let copy = get(&portal, &format!("/portal/consents/{}", given.id.text())).await;
    assert!(copy.status == StatusCode::OK && copy.text.contains(NAME));
    assert!(house.acts().await.contains(&"consent.withdraw".to_owned()));
    assert!(get(&house.as_desk(), "/day").await.text.contains("Said no to consent"));
}

/// R64: a new text, another clinician, twelve months, another state and coming of age each end a consent, and
/// the patient is asked again with the reason.
#[tokio::test]
async fn each_trigger_ends_a_consent_and_asks_again() {
    let house = House::open().await;
    let child = child(&house).await;
    let first = house.booked_for(child, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&first), house.door(&first).await);
    father_of(&house, (child, &first), "2026-12-09").await.signs().await;
    check_in(&guest, &door).await;
    assert_eq!(lapsed(&house, &first).await, None);
    // Eighteen on the tenth of December.
    house.clock.advance_ms(30 * DAY_MS);
    let asked = get(&guest, &format!("/g/{door}/check-in/consent")).await;
    assert!(asked.location().ends_with("/check-in/screen"), "{} {}", asked.location(), asked.text);
    assert_eq!(lapsed(&house, &first).await, Some(Lapse::OfAge));
    let told = house.trail().await;
    assert!(told.iter().any(|entry| entry.details.get("why").is_some_and(|why| why == "of_age")));

    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    assert_eq!(lapsed(&house, &booked).await, None);

    let elsewhere = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    let next = post(&guest, &format!("/g/{door}/check-in/location"), &elsewhere).await;
    assert_eq!(next.location(), format!("/g/{door}/check-in/consent"));
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::NewState));
    assert!(get(&guest, next.location()).await.text.contains("another state than when you signed"));
    assert_eq!(enters(&house, &booked).await, Err(NotReady::ConsentMissing));
    sign_papers(&guest, &door).await;
    assert_eq!(lapsed(&house, &booked).await, None, "signed for this state");

    set(&house, "UPDATE consent SET template_version = '2025-9' WHERE scope = 'telehealth'").await;
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::NewText));
    sign_papers(&guest, &door).await;
    let (sql, other) = ("UPDATE visit SET clinician = $1 WHERE id = $2", house.other_doctor);
    set_with(&house, sql, keep::args![other, booked.visit]).await;
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::Missing), "never given to this clinician");
    set_with(&house, sql, keep::args![house.doctor, booked.visit]).await;
    assert_eq!(lapsed(&house, &booked).await, None);
    house.clock.advance_ms(365 * DAY_MS);
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::Year));
}

async fn set(house: &House, sql: &'static str) {
    set_with(house, sql, vec![]).await;
}

/// The world has changed behind the program's back.
pub(super) async fn set_with(house: &House, sql: &'static str, args: Vec<keep::Arg>) {
    let mut tx = house.keep.begin().await.unwrap();
    assert!(tx.run(sql, args).await.unwrap() > 0, "{sql}");
    tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
}

/// R78: before anything is signed, the disclosure comes with its seven parts, and the agreement is refused
/// until the sample page was opened; whoever would rather have paper is sent to the practice.
#[tokio::test]
async fn nothing_is_signed_on_a_screen_before_the_sample_page_was_opened() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    let page = get(&guest, &at("screen")).await.text;
    assert!(texts::missing_elements(Scope::ESign, &page).is_empty());
    let text = hidden(&page, "text");
    let agree = [("agree", "yes"), ("text", text.as_str())];
    let early = post(&guest, &at("screen"), &agree).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("Open the sample page first"), "{}", early.text);
    let signed = [("name", NAME), ("agree", "yes"), ("means", "stop"), ("text", "telehealth.2026-1.en")];
    assert_eq!(post(&guest, &at("consent"), &signed).await.location(), at("screen"));
    let portal = house.as_patient(house.patient);
    assert_eq!(get(&portal, "/portal/agree/third_party").await.location(), "/portal/agree/e_sign");
    assert_eq!(post(&portal, "/portal/agree/third_party", &signed).await.location(), "/portal/agree/e_sign");
    assert!(in_force(&house).await.is_empty());
    assert!(get(&guest, &at("sample")).await.text.contains("This is a sample"));
    let unticked = post(&guest, &at("screen"), &[("text", text.as_str())]).await;
    assert_eq!(unticked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&guest, &at("screen"), &agree).await.location(), at("notice"));
    assert_eq!(in_force(&house).await, [Scope::ESign]);
    assert!(house.acts().await.contains(&"consent.sample".to_owned()));
}

/// R79: the short question stands under the plain text, and staff who read aloud ask it too; a wrong answer
/// explains and asks again, and what came of it is kept with the consent and stands on its copy.
#[tokio::test]
async fn the_answer_to_the_short_question_is_kept() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    get(&guest, &at("sample")).await;
    let text = hidden(&get(&guest, &at("screen")).await.text, "text");
    post(&guest, &at("screen"), &[("agree", "yes"), ("text", &text)]).await;
    post(&guest, &at("notice"), &[("answer", "yes"), ("version", "2026-1")]).await;
    let text = hidden(&get(&guest, &at("consent")).await.text, "text");
    let mut fields = vec![("name", NAME), ("agree", "yes"), ("text", text.as_str()), ("means", "stay")];
    let wrong = post(&guest, &at("consent"), &fields).await;
    assert!(wrong.text.contains("You can stop at any time, at no cost"), "{}", wrong.text);
    let again = hidden(&wrong.text, "again");
    fields[3] = ("means", "stop");
    fields.push(("again", &again));
    assert_eq!(post(&guest, &at("consent"), &fields).await.location(), at("place"));
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, house.patient, Scope::Telehealth, Some(house.doctor)).await.unwrap().unwrap();
    assert_eq!(row.teach_back, Some(super::rules::TeachBack::Later));
    drop(read);
    let copy = get(&guest, &format!("/g/{door}/consent/copy")).await.text;
    assert!(copy.contains("Answered right after reading again"), "{copy}");
    // Read aloud by the desk, heard by the doctor.
    super::staff_tests::rule(&house, |rules| rules.voice_consent_states = "MA".into()).await;
    let spoken = house.booked_for(house.other_patient, 60 * MINUTE_MS).await;
    let (desk, visit) = (house.as_desk(), format!("/visits/{}", spoken.visit.text()));
    let witness = house.doctor.text();
    let text = hidden(&get(&desk, &visit).await.text, "text");
    let mut fields = super::staff_tests::spoken(&text, &witness);
    fields.retain(|(name, _)| *name != "means");
    let unasked = post(&desk, &format!("{visit}/consent"), &fields).await;
    assert!(unasked.text.contains("Ask the short question"), "{}", unasked.text);
    fields.push(("means", "pay"));
    let wrong = post(&desk, &format!("{visit}/consent"), &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Explain once more"), "{}", wrong.text);
    let again = hidden(&wrong.text, "again");
    fields.retain(|(name, _)| *name != "means");
    fields.extend([("means", "stop"), ("again", again.as_str())]);
    let taken = post(&desk, &format!("{visit}/consent"), &fields).await;
    assert_eq!(taken.location(), format!("{visit}?done=consent"), "{}", taken.text);
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, house.other_patient, Scope::Telehealth, Some(house.doctor)).await.unwrap();
    assert_eq!(row.unwrap().teach_back, Some(super::rules::TeachBack::Later));
}

/// R61 (part: a signature by hand): what was drawn with a finger is kept in the signed page as the same
/// lines, the name beside it is the one on file, and what is no drawing of the pad is told and never kept.
#[tokio::test]
async fn a_signature_by_hand_is_drawn_on_the_copy() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = format!("/g/{door}/check-in/consent");
    get(&guest, &format!("/g/{door}/check-in/sample")).await;
    let text = hidden(&get(&guest, &format!("/g/{door}/check-in/screen")).await.text, "text");
    post(&guest, &format!("/g/{door}/check-in/screen"), &[("agree", "yes"), ("text", &text)]).await;
    post(&guest, &format!("/g/{door}/check-in/notice"), &[("answer", "yes"), ("version", "2026-1")]).await;
    let page = get(&guest, &at).await.text;
    assert!(page.contains("data-pad hidden") && page.contains("name=\"name\""), "typing stays for everybody");
    let text = hidden(&page, "text");
    let sent = async |drawn: &str| {
        let fields = [("drawn", drawn), ("agree", "yes"), ("means", "stop"), ("text", text.as_str())];
        post(&guest, &at, &fields).await
    };
    for wrong in ["M0 0 L1 1", "M10 10 L900 10", "<svg onload=alert(1)>", "M1 1 L90 9 Q1 1 2 2"] {
        let told = sent(wrong).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(told.text.contains("We could not read the drawing") && !told.text.contains(wrong), "{wrong}");
    }
    assert_eq!(sent("").await.status, StatusCode::UNPROCESSABLE_ENTITY, "neither typed nor drawn");
    let strokes = "M10 60 L60 20 L80 90 M100 60 L180 60";
    let signed = sent(strokes).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    let copy = get(&guest, &format!("/g/{door}/consent/copy")).await.text;
    for part in [&format!("d=\"{strokes}\"/></svg>"), NAME, "Signature drawn by hand and box ticked"] {
        assert!(copy.contains(part), "{part}: {copy}");
    }
    assert!(
        get(&guest, &format!("/g/{door}/consent")).await.text.contains(strokes),
        "inside our own page too"
    );
    // In the portal, with a name typed beside it.
    let portal = house.as_patient(house.patient);
    let path = "/portal/agree/third_party";
    let text = hidden(&get(&portal, path).await.text, "text");
    let mut fields = vec![("name", "Maria C."), ("drawn", strokes), ("agree", "yes"), ("means", "stop")];
    fields.extend([("text", text.as_str()), ("who", "Elena"), ("what", "times"), ("why", "rides")]);
    assert_eq!(post(&portal, path, &fields).await.location(), "/portal/agreements?done=given");
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, house.patient, Scope::ThirdParty, None).await.unwrap().unwrap();
    drop(read);
    let copy = get(&portal, &format!("/portal/consents/{}", row.id.text())).await.text;
    assert!(copy.contains(strokes) && copy.contains("Maria C."), "{copy}");
}
