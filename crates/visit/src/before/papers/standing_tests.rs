//! What a paper finds when it comes in: others that stand beside it, a place, a birthday, a late no.

use super::tests::{PLACE, fields, in_force, papers, record, title, today};
use crate::before::consent::family_tests::child;
use crate::before::consent::rules::Lapse;
use crate::before::consent::staff_tests::rule;
use crate::before::consent::tests::{enters, lapsed};
use crate::before::consent::{Scope, newest};
use crate::test_house::*;
use axum::Router;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, MINUTE_MS};
use web::testing::{Answer, get, post};

pub(super) const SISTER: &str = "Elena Canaryname";
pub(super) const LAWYER: &str = "Lou Canarylawyer";

/// An authorization on paper for somebody, signed on this day.
pub(super) async fn authorize(house: &House, desk: &Router, who: &str, day: &str) -> Answer {
    let mut all = fields(day, "");
    all.retain(|(name, _)| *name != "who" && *name != "newer");
    all.push(("who", who));
    post(desk, &format!("{}/authorization", papers(house)), &all).await
}

/// Whom the authorizations in force name, and the addresses behind their buttons.
pub(super) async fn authorized(portal: &Router) -> Vec<(&'static str, String)> {
    let page = get(portal, "/portal/agreements").await.text;
    let named = |id: &str| {
        let (before, _) = page.split_once(&format!("/portal/take-back/{id}")).unwrap();
        let (_, card) = before.rsplit_once(&format!("<h3>{}", title(Scope::Authorization))).unwrap();
        [SISTER, LAWYER].into_iter().find(|who| card.contains(who)).expect(card)
    };
    let all = in_force(portal).await.into_iter().filter(|(scope, _)| *scope == Scope::Authorization);
    let mut all: Vec<_> = all.map(|(_, id)| (named(&id), id)).collect();
    all.sort_unstable();
    all
}

/// The same on the patient's own screen.
pub(super) async fn signs(portal: &Router, who: &str) {
    let text = hidden(&get(portal, "/portal/agree/authorization").await.text, "text");
    let signed = [
        ("name", NAME),
        ("agree", "yes"),
        ("means", "stop"),
        ("text", &text),
        ("who", who),
        ("what", "times of visits"),
        ("why", "rides"),
    ];
    let done = post(portal, "/portal/agree/authorization", &signed).await;
    assert_eq!(done.location(), "/portal/agreements?done=given", "{}", done.text);
}

pub(super) async fn who(portal: &Router) -> Vec<&'static str> {
    authorized(portal).await.into_iter().map(|(who, _)| who).collect()
}

/// R60 (part: several of one kind), R63 (part: on paper and by word): each person that an authorization names
/// is an agreement of their own, on the same day too: a second one replaces nothing, each is seen, and each
/// is taken back alone, in the portal, on the page of papers and from the visit, with its paper still
/// found.
#[tokio::test]
async fn each_person_that_is_named_stands_until_that_one_is_taken_back() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    let day = today(&house);
    for name in [SISTER, LAWYER] {
        let done = authorize(&house, &desk, name, &day).await;
        assert_eq!(done.location(), format!("{}?done=recorded", papers(&house)), "{}", done.text);
    }
    assert_eq!(who(&portal).await, [SISTER, LAWYER]);
    let twice = authorize(&house, &desk, SISTER, &day).await;
    assert!(twice.text.contains("in force already"), "the same paper: {}", twice.text);
    let kept = get(&desk, &papers(&house)).await.text;
    assert!(kept.contains(SISTER) && kept.contains(LAWYER) && !kept.contains("No longer in force"), "{kept}");
    // In the portal, by the name that stands there.
    let (_, first) = authorized(&portal).await.remove(0);
    let page = format!("/portal/take-back/{first}");
    assert!(get(&portal, &page).await.text.contains(SISTER));
    assert_eq!(post(&portal, &page, &[]).await.location(), "/portal/agreements?done=taken-back");
    assert_eq!(post(&portal, &page, &[]).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(who(&portal).await, [LAWYER]);
    let kept = get(&desk, &papers(&house)).await.text;
    let (kept, over) = kept.split_once("No longer in force").expect(&kept);
    assert!(!kept.contains(SISTER) && kept.contains(LAWYER), "{kept}");
    assert!(over.contains(SISTER) && over.contains(PLACE), "the paper is still found: {over}");
    assert_eq!(over.matches("/taken-back").count(), 0, "nothing to take back twice");
    // That no was to the one: it stands in nobody else's way.
    let again = authorize(&house, &desk, SISTER, "2026-11-20").await;
    assert!(again.text.contains("said no after that day"), "{}", again.text);
    // Two again, one of them from a screen; by word, staff ask which one.
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    signs(&portal, SISTER).await;
    assert_eq!(who(&portal).await, [SISTER, LAWYER]);
    let visit = format!("/visits/{}", booked.visit.text());
    let told = format!("{visit}/consent/taken-back");
    let asks = post(&desk, &told, &[("scope", "authorization"), ("how", "voice")]).await;
    assert!(asks.text.contains(SISTER) && asks.text.contains(LAWYER), "{}", asks.text);
    assert!(asks.text.contains("since November 21, 2026"), "which day: {}", asks.text);
    assert!(!asks.text.contains("times of visits"), "what they get is nobody's business here: {}", asks.text);
    assert_eq!(who(&portal).await, [SISTER, LAWYER], "nothing yet");
    let (_, lawyer) = authorized(&portal).await.remove(1);
    let one = [("scope", "authorization"), ("how", "voice"), ("one", lawyer.as_str())];
    assert_eq!(post(&desk, &told, &one).await.location(), format!("{visit}?done=taken-back"));
    assert_eq!(post(&desk, &told, &one).await.location(), format!("{visit}?done=not-standing"));
    assert_eq!(who(&portal).await, [SISTER]);
    let last = post(&desk, &told, &[("scope", "authorization"), ("how", "paper")]).await;
    assert_eq!(last.location(), format!("{visit}?done=taken-back"), "the only one left");
    assert!(who(&portal).await.is_empty());
    // A third that is on paper, taken back there while a fourth stays.
    for name in [SISTER, LAWYER] {
        house.clock.advance_ms(DAY_MS);
        let done = authorize(&house, &desk, name, &today(&house)).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let (_, sister) = authorized(&portal).await.remove(0);
    let back = post(&desk, &format!("{}/{sister}/taken-back", papers(&house)), &[("how", "paper")]).await;
    assert_eq!(back.location(), format!("{}?done=taken-back", papers(&house)));
    assert_eq!(who(&portal).await, [LAWYER]);
    let told = house.trail().await.into_iter().rfind(|body| body.details.contains_key("ends")).unwrap();
    assert_eq!(&*told.details["ends"], sister);
}

/// R58, R64 (part: a state that wants paper, said after signing on a screen): the paper of the same day is
/// recorded, counts at once, and belongs to that state: another one asks again.
#[tokio::test]
async fn a_paper_signed_because_of_the_state_counts_there_and_nowhere_else() {
    let house = House::open().await;
    rule(&house, |rules| rules.paper_consent_states = "MA".into()).await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    sign_papers(&guest, &door).await;
    answers_from(&guest, &door, "MA").await;
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::Method), "a screen does not count there");
    let done = record(&house, &house.as_desk(), Scope::Telehealth).await;
    assert_eq!(done.location(), format!("{}?done=recorded", papers(&house)), "{}", done.text);
    assert_eq!(lapsed(&house, &booked).await, None);
    assert_eq!(enters(&house, &booked).await, Ok(()));
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, house.patient, Scope::Telehealth, Some(house.doctor)).await.unwrap().unwrap();
    drop(read);
    assert_eq!(row.state.as_deref(), Some("MA"));
    let next = house.booked_for(house.patient, 60 * MINUTE_MS).await;
    answers_from(&house.as_guest(&next), &house.door(&next).await, "NH").await;
    assert_eq!(lapsed(&house, &next).await, Some(Lapse::NewState));
}

pub(super) async fn answers_from(guest: &Router, door: &str, state: &str) {
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    post(guest, &at("welcome"), &[]).await;
    post(guest, &at("place"), &[("near", "alone"), ("door_is", "closed"), ("headphones", "yes")]).await;
    post(guest, &at("readiness"), &[]).await;
    let here = [("address", ADDRESS), ("state", state), ("call_back", CALL_BACK)];
    let done = post(guest, &at("location"), &here).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

/// R64 (part: coming of age, on paper): the day on the paper decides whether a child signed it, and nobody's
/// no stands in the way of what they sign once they are of age.
#[tokio::test]
async fn what_a_child_signed_is_no_paper_of_somebody_who_is_of_age() {
    let house = House::open().await;
    let child = child(&house).await;
    let (portal, desk) = (house.as_patient(child), house.as_desk());
    let sent = async |scope: &str, day: &str, basis: &str| {
        let mut all = fields(day, "");
        all.push(("basis", basis));
        post(&desk, &format!("/patients/{}/papers/{scope}", child.text()), &all).await
    };
    let bare = sent("recording", "2026-11-20", "").await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is asked of a child's paper");
    assert_eq!(sent("recording", "2026-11-20", "They may here").await.status, StatusCode::SEE_OTHER);
    assert_eq!(in_force(&portal).await.len(), 1);
    // The tenth of December makes them an adult; the fifteenth is when somebody looks.
    house.clock.advance_ms(24 * DAY_MS);
    let late = sent("images", "2026-11-20", "They may here").await;
    assert!(late.text.contains("not of age on that day"), "{}", late.text);
    let kept = get(&desk, &format!("/patients/{}/papers", child.text())).await.text;
    assert!(
        kept.contains("No papers yet") && kept.contains("No longer in force"),
        "before they look: {kept}"
    );
    assert!(in_force(&portal).await.is_empty(), "coming of age ended it");
    let theirs = sent("recording", "2026-12-11", "").await;
    assert_eq!(theirs.status, StatusCode::SEE_OTHER, "{}", theirs.text);
    assert_eq!(in_force(&portal).await.len(), 1);
}
