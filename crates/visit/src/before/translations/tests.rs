//! Critical text in Spanish: hidden, approved by a named person, shown, taken back.

use crate::test_house::*;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use keep::{Entry, Object};
use policy::Act;
use std::sync::Arc;
use vocabulary::{MINUTE_MS, Principal, Role};
use web::Catalog;
use web::testing::{Answer, get, post, send};

/// All words of the product.
pub(super) fn catalog_of(house: &House) -> Arc<Catalog> {
    web::testing::site(house.keep.clone(), Principal::Anonymous, &LOCALES).catalog
}

/// A reader has read all translations of critical text, as in the demo.
pub(crate) async fn all_are_read(house: &House) {
    let catalog = catalog_of(house);
    let mut tx = house.keep.begin().await.unwrap();
    let reader = super::Reader { name: "Ana Ríos".into(), qualification: "ATA 551".into() };
    for text in super::all(&catalog) {
        super::approve(&mut tx, &text, (&reader, None)).await.unwrap();
    }
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("text_approval", ""))).await.unwrap();
}

pub(crate) async fn approve(official: &Router, code: &str) {
    let page = format!("/practice/translations/{code}");
    let seen = hidden(&get(official, &page).await.text, "seen");
    let good =
        [("name", "Ana Ríos"), ("qualification", "ATA 551"), ("whole", "yes"), ("seen", seen.as_str())];
    assert_eq!(post(official, &page, &good).await.location(), "/practice/translations", "{code}");
}

/// The form of that page, sent by a browser that asks for Spanish.
pub(super) async fn post_es(router: &Router, path: &str, (page, fields): (&str, &[(&str, &str)])) -> Answer {
    let mut body = format!("form_token={}", hidden(page, "form_token"));
    fields.iter().for_each(|(name, value)| body.push_str(&format!("&{name}={value}")));
    let request = Request::post(path)
        .header("accept-language", "es")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body));
    send(router, request.unwrap()).await
}

/// The parts of a page that are marked as Spanish text, and whether it says that a text is not translated.
pub(super) fn spanish_article(html: &str) -> bool {
    html.contains("<article class=\"paper consent\" lang=\"es\"") || html.contains("data-lang=\"es\"")
}

/// R96 (part: from the first approval to the signature): in a practice no
/// Spanish consent, notice or emergency sentence reaches a patient on any page until a
/// named, qualified person has approved exactly this version; then it does, and no other text with it; taken
/// back, it is hidden again; and what is signed is the text that was shown.
#[tokio::test]
async fn critical_text_reaches_patients_once_a_qualified_person_has_approved_it() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let portal = house.as_patient(house.other_patient);
    sign_papers_as(&house.as_guest(&booked), &house.door(&booked).await, "Otto Other").await;
    let pages: [(&Router, String, &str); 4] = [
        (&portal, "/privacy-notice".into(), "privacy_notice"),
        (&portal, "/portal/agree/third_party".into(), "third_party"),
        (&portal, "/portal/agree/part_2".into(), "part_2"),
        (&portal, "/portal/agree/authorization".into(), "authorization"),
    ];
    for (reader, page, code) in &pages {
        let text = get_es(reader, page).await.text;
        assert!(text.contains("lang=\"es\"") && !spanish_article(&text), "{page} {code}: {text}");
    }
    approve(&official, "third_party").await;
    for (reader, page, code) in &pages {
        let text = get_es(reader, page).await.text;
        assert_eq!(spanish_article(&text), *code == "third_party", "{page}: nothing else came with it");
    }
    for code in ["part_2", "authorization"] {
        approve(&official, code).await;
    }
    let steps = on_the_way(&house, &official).await;
    assert_eq!(steps, 3);
    read_aloud_and_in_emergencies().await;
    for (reader, page, _) in &pages {
        let text = get_es(reader, page).await.text;
        assert!(spanish_article(&text), "{page}: {text}");
        assert!(!get(reader, page).await.text.contains("<article class=\"paper consent\" lang=\"es\""));
    }
    post(&official, "/practice/translations/part_2/withdraw", &[]).await;
    assert!(!spanish_article(&get_es(&portal, "/portal/agree/part_2").await.text), "hidden again");
    let acts = house.acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "translation.approve").count(), 7, "{acts:?}");
}

/// Screen, notice and telehealth consent of a first visit: each hidden, approved, shown, answered in Spanish.
async fn on_the_way(house: &House, official: &Router) -> usize {
    let booked = house.booked_for(house.patient, 40 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    post(&guest, &at("welcome"), &[]).await;
    get(&guest, &at("sample")).await;
    let steps = [("screen", "e_sign"), ("notice", "privacy_notice"), ("consent", "telehealth")];
    for (step, code) in steps {
        let page = get_es(&guest, &at(step)).await.text;
        assert!(page.contains("lang=\"es\"") && !spanish_article(&page), "{step}: {page}");
        approve(official, code).await;
        let page = get_es(&guest, &at(step)).await.text;
        assert!(spanish_article(&page), "{step}: {page}");
        let tag = if step == "notice" { String::new() } else { hidden(&page, "text") };
        assert!(tag.is_empty() || tag.ends_with(".es"), "what is signed is what was shown: {tag}");
        let version = crate::before::privacy_notice::texts::VERSION;
        let fields = [
            ("agree", "yes"),
            ("text", tag.as_str()),
            ("answer", "yes"),
            ("version", version),
            ("lang", "es"),
        ];
        let answered = post_es(&guest, &at(step), (&page, &fields)).await;
        assert!(step == "consent" || answered.status == StatusCode::SEE_OTHER, "{step}: {}", answered.text);
    }
    steps.len()
}

/// What staff read aloud, and the sentences about emergencies on each page that has them.
async fn read_aloud_and_in_emergencies() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let visit = format!("/visits/{}", booked.visit.text());
    let read_aloud = get(&house.as_desk(), &visit).await.text;
    assert!(!spanish_article(&read_aloud) && read_aloud.contains("Video is not for emergencies"));
    sign_papers_as(&guest, &door, "Otto Other").await;
    let location = format!("/g/{door}/check-in/location");
    for step in ["place", "readiness"] {
        let fields = [("near", "alone"), ("door_is", "closed"), ("headphones", "yes"), ("camera", "ok")];
        post(&guest, &format!("/g/{door}/check-in/{step}"), &fields).await;
    }
    let word = format!("/g/{door}/word");
    for page in [&location, &word] {
        let text = get_es(&guest, page).await.text;
        assert!(text.contains("all 911") && !text.contains("lame al 911"), "{page}: {text}");
    }
    approve(&official, "emergency").await;
    for page in [&location, &word] {
        let text = get_es(&guest, page).await.text;
        assert!(!text.contains("all 911") && text.contains("lame al 911"), "{page}: {text}");
    }
    house.held(&booked).await;
    let ended = get_es(&guest, &format!("/g/{door}/after")).await.text;
    let own = format!("/portal/visits/{}", booked.visit.text());
    let kept = get_es(&house.as_patient(house.other_patient), &own).await.text;
    assert!(ended.contains("Llame al 911") && kept.contains("Llame al 911"));
    post(&official, "/practice/translations/emergency/withdraw", &[]).await;
    let ended = get_es(&guest, &format!("/g/{door}/after")).await.text;
    let kept = get_es(&house.as_patient(house.other_patient), &own).await.text;
    assert!(!ended.contains("Llame al 911") && !kept.contains("Llame al 911") && ended.contains("all 911"));
}

/// An approval names who has read exactly which words, and by which right; nobody but the privacy official
/// gives it.
#[tokio::test]
async fn an_approval_without_a_name_a_qualification_or_the_version_is_refused() {
    let house = House::open().await;
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    let page = "/practice/translations/telehealth";
    let shown = get(&official, page).await.text;
    assert!(shown.contains("lang=\"es\"") && shown.contains("lang=\"en\""));
    let seen = hidden(&shown, "seen");
    // The same page as it was before a word of it changed.
    let other = hidden(&get(&official, "/practice/translations/part_2").await.text, "seen");
    let version = crate::before::consent::texts::of(crate::before::consent::Scope::Telehealth)[0].version;
    for (name, qualification, whole, seen) in [
        ("", "ATA 551", "yes", seen.as_str()),
        ("Ana Ríos", " ", "yes", seen.as_str()),
        ("Ana Ríos", "ATA 551", "", seen.as_str()),
        ("Ana Ríos", "ATA 551", "yes", version),
        ("Ana Ríos", "ATA 551", "yes", other.as_str()),
    ] {
        let typed = [("name", name), ("qualification", qualification), ("whole", whole), ("seen", seen)];
        assert_eq!(post(&official, page, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let list = get(&official, "/practice/translations").await.text;
    assert!(list.contains("Waits for a qualified reader") && !list.contains("Read by"), "{list}");
    approve(&official, "telehealth").await;
    let list = plain(&get(&official, "/practice/translations").await.text);
    assert!(list.contains("Read by Ana Ríos (ATA 551), written down by Dana Desk"), "{list}");
    assert_eq!(get(&house.as_desk(), "/practice/translations").await.status, StatusCode::NOT_FOUND);
    let security = house.staff(house.desk, &[Role::SecurityOfficial]);
    assert_eq!(post(&security, page, &[]).await.status, StatusCode::NOT_FOUND);
}
