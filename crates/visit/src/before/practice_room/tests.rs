//! Anybody may try; nothing stays; the bounds hold.

use super::probes::{Begun, Comer, KNOWN_MAX, Probes, Refused, STRANGERS_MAX};
use crate::before::booking::Booked;
use crate::test_house::*;
use ::media::{Picture, Sfu, SfuConfig};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use keep::{Entry, Object};
use people::sessions;
use policy::Act;
use std::sync::Arc;
use vocabulary::Principal;
use web::testing::reading::{english_grade, spanish_ease};
use web::testing::{get, post, send};

pub(super) const OFFER: &str = include_str!("../../../../media/src/sim/chromium-offer.sdp");

pub(super) fn server() -> Sfu {
    let udp = "127.0.0.1:0".parse().unwrap();
    let picture = Picture::default();
    Sfu::start(SfuConfig { udp, udp_enabled: true, public: Vec::new(), tcp_public: Vec::new(), picture })
        .unwrap()
}

fn router(house: &House, who: Principal, probes: &Arc<Probes>) -> Router {
    let words = [people::WORDS, practice::WORDS, crate::WORDS];
    let site = web::testing::site(house.keep.clone(), who, &words).plug(probes.clone());
    super::routes().into_router(site)
}

/// R101 (part: without staff, sign-in or trace): the practice room opens for anybody in both languages, and
/// neither looking nor trying leaves an entry or a finding.
#[tokio::test]
async fn anybody_may_try_and_nothing_is_kept() {
    let house = House::open().await;
    let probes = Arc::new(Probes::new(Arc::new(server())));
    let stranger = router(&house, Principal::Anonymous, &probes);
    let entries = house.trail().await.len();
    let page = get(&stranger, "/try").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["<alcove-ready>", "<alcove-mirror>", "Nothing is kept"] {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(get_es(&stranger, "/try").await.text.contains("No se guarda nada"));
    let begun = post(&stranger, "/probe", &[("send", OFFER), ("receive", OFFER)]).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    let told: serde_json::Value = serde_json::from_str(&begun.text).unwrap();
    for answer in ["send", "receive"] {
        assert!(told[answer].as_str().unwrap().contains("a=ice-lite"), "{answer}");
    }
    let id = told["id"].as_str().unwrap();
    assert_eq!(post(&stranger, "/probe/end", &[("id", id)]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(post(&stranger, "/probe/end", &[("id", "no such")]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(house.trail().await.len(), entries, "neither looking nor trying leaves an entry");
    assert!(house.findings().await.is_empty());
}

#[tokio::test]
async fn strangers_take_no_place_from_people_with_a_visit_and_an_ended_try_frees_its_own() {
    let house = House::open().await;
    let probes = Arc::new(Probes::new(Arc::new(server())));
    let begin = async |is_known| {
        let comer = Comer { is_known, whose: None };
        probes.begin(&house.keep, comer, (OFFER.to_owned(), OFFER.to_owned())).await
    };
    let mut begun: Vec<Begun> = Vec::new();
    for _ in 0..STRANGERS_MAX {
        begun.push(begin(false).await.unwrap());
    }
    assert_eq!(begin(false).await.unwrap_err(), Refused::Full);
    for _ in 0..KNOWN_MAX {
        begin(true).await.unwrap();
    }
    assert_eq!(begin(true).await.unwrap_err(), Refused::Full);
    probes.end(&begun[0].id);
    for _ in 0..100 {
        tokio::task::yield_now().await;
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        if begin(false).await.is_ok() {
            return;
        }
    }
    panic!("the place is free again");
}

#[tokio::test]
async fn what_is_no_offer_is_refused_and_takes_no_place() {
    let house = House::open().await;
    let probes = Arc::new(Probes::new(Arc::new(server())));
    let stranger = router(&house, Principal::Anonymous, &probes);
    for _ in 0..=STRANGERS_MAX {
        let wrong = post(&stranger, "/probe", &[("send", OFFER), ("receive", "hello")]).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn one_seat_takes_one_place_however_often_it_tries() {
    let house = House::open().await;
    let probes = Arc::new(Probes::new(Arc::new(server())));
    let booked = house.booked().await;
    let begin = async |comer| probes.begin(&house.keep, comer, (OFFER.to_owned(), OFFER.to_owned())).await;
    for _ in 0..=KNOWN_MAX {
        begin(Comer::of(&guest(&booked, true))).await.unwrap();
    }
    for number in 1..KNOWN_MAX {
        let comer = Comer { is_known: true, whose: Some(number.to_string()) };
        begin(comer).await.unwrap_or_else(|why| panic!("{number}: {why:?}"));
    }
    let one_more = Comer { is_known: true, whose: Some("one more".into()) };
    assert_eq!(begin(one_more).await.unwrap_err(), Refused::Full);
    begin(Comer::of(&guest(&booked, true))).await.unwrap();
    // A link alone proves nobody: such a guest is a stranger still.
    assert!(!Comer::of(&guest(&booked, false)).is_known);
}

/// The cookie of the guest behind this door.
async fn signed_in_guest(house: &House, booked: &Booked, door: &str) -> String {
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    let who = sessions::Guest {
        door,
        visit: booked.visit,
        participant: booked.participant,
        patient: house.patient,
        known: true,
        until: tx.now().plus_ms(vocabulary::DAY_MS),
    };
    let started = sessions::start_guest(&mut tx, &rules, &who).await.unwrap();
    let object = Object::of("session", started.session.text());
    tx.commit(&program(Act::Furnish), Entry::new(object)).await.unwrap();
    started.cookie().to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// R101 (part: devices in check-in): over the real sign-in a guest's page sends what its own form token
/// allows, and only under its own door. Elsewhere nobody is signed in, and the token is of nobody's page.
#[tokio::test]
async fn a_guest_tries_and_chooses_with_the_token_of_their_own_page() {
    let house = House::open().await;
    let booked = house.booked().await;
    let door = house.door(&booked).await;
    let words = [people::WORDS, practice::WORDS, crate::WORDS];
    let sign_in = Arc::new(sessions::CookieSignIn::new(house.keep.clone(), house.names.clone()));
    let site = web::Site::new(house.keep.clone(), sign_in, web::Catalog::new(&words).unwrap())
        .plug(house.names.clone())
        .plug(Arc::new(Probes::new(Arc::new(server()))));
    let router = crate::before::routes().into_router(site);
    let cookie = signed_in_guest(&house, &booked, &door).await;
    let with_cookie = |request: axum::http::request::Builder| request.header("cookie", cookie.clone());
    let welcome = format!("/g/{door}/check-in/welcome");
    let page = send(&router, with_cookie(Request::get(&welcome)).body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let token = hidden(&page.text, "form_token");
    let sent = async |path: &str, fields: &[(&str, &str)]| {
        let mut body = format!("form_token={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let request = with_cookie(Request::post(path))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        send(&router, request.body(Body::from(body)).unwrap()).await
    };
    let offers = [("send", OFFER), ("receive", OFFER)];
    let begun = sent(&format!("/g/{door}/probe"), &offers).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    let told: serde_json::Value = serde_json::from_str(&begun.text).unwrap();
    let ended = sent(&format!("/g/{door}/probe/end"), &[("id", told["id"].as_str().unwrap())]).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let chosen = sent(&format!("/g/{door}/simple"), &[("on", "yes"), ("back", &welcome)]).await;
    assert_eq!(chosen.location(), welcome, "{}", chosen.text);
    assert!(house.acts().await.contains(&"check_in.simple".to_owned()), "remembered of this patient");
    for outside in ["/probe", "/simple"] {
        assert_eq!(sent(outside, &offers).await.status, StatusCode::BAD_REQUEST, "{outside}");
    }
}

pub(super) fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// R101 (part: simple mode is remembered): what a patient chose in one browser holds in their next one, and
/// choosing again there ends it.
#[tokio::test]
async fn simple_mode_follows_the_patient_to_another_device() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let welcome = format!("/g/{door}/check-in/welcome");
    let simple = format!("/g/{door}/simple");
    assert!(get(&guest, &welcome).await.text.contains(&format!("action=\"/g/{door}/simple\"")));
    let chosen = post(&guest, &simple, &[("on", "yes"), ("back", &welcome)]).await;
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!((chosen.location(), cookie.starts_with("__Host-simple=1;")), (welcome.as_str(), true));
    let elsewhere = get(&guest, &welcome).await;
    assert_eq!(elsewhere.location(), welcome, "a browser that has no choice yet takes this one");
    assert!(elsewhere.headers["set-cookie"].to_str().unwrap().starts_with("__Host-simple=1;"));
    let with =
        |value: &'static str| Request::get(&welcome).header("cookie", value).body(Body::empty()).unwrap();
    let large = send(&guest, with("__Host-simple=1")).await;
    assert!(large.text.contains("class=\"patient simple\""), "{}", large.text);
    post(&guest, &simple, &[("on", "no"), ("back", "https://evil.example/")]).await;
    assert!(!get(&guest, &welcome).await.text.contains("patient simple"));
    let acts = house.acts().await;
    assert_eq!(acts.iter().filter(|act| *act == "check_in.simple").count(), 2);
}

/// The words of each part of check-in, of agreements, of another device, of the practice room and of the
/// waiting room.
const PARTS: [&str; 20] = [
    "ready-",
    "lesson-",
    "lobby-",
    "advice-",
    "place-",
    "readiness-",
    "device-",
    "try-",
    "welcome-",
    "promise-",
    "location-",
    "other-device-",
    "paper-sheet-",
    "agreements-",
    "agree-",
    "take-back",
    "screen-",
    "teach-",
    "lapse-",
    "pad-",
];

#[test]
fn every_part_of_check_in_asks_for_no_more_than_the_sixth_grade_in_both_languages() {
    let files = [
        [include_str!("../../../locales/en/before.ftl"), include_str!("../../../locales/es/before.ftl")],
        [include_str!("../../../locales/en/ready.ftl"), include_str!("../../../locales/es/ready.ftl")],
        [include_str!("../../../locales/en/room.ftl"), include_str!("../../../locales/es/room.ftl")],
        [include_str!("../../../locales/en/identity.ftl"), include_str!("../../../locales/es/identity.ftl")],
        [include_str!("../../../locales/en/papers.ftl"), include_str!("../../../locales/es/papers.ftl")],
        [
            include_str!("../../../locales/en/agreements.ftl"),
            include_str!("../../../locales/es/agreements.ftl"),
        ],
        [
            include_str!("../../../../people/locales/en/second_device.ftl"),
            include_str!("../../../../people/locales/es/second_device.ftl"),
        ],
    ];
    for part in PARTS {
        let said = |language: usize| {
            let lines = files.iter().flat_map(|both| both[language].lines());
            let words = lines.filter(|line| line.starts_with(part)).filter_map(|line| line.split_once(" = "));
            words.map(|(_, words)| words).collect::<Vec<_>>().join("\n")
        };
        let (english, spanish) = (said(0), said(1));
        assert!(english.lines().count() >= 3 && english.lines().count() == spanish.lines().count(), "{part}");
        let (grade, ease) = (english_grade(&english), spanish_ease(&spanish));
        assert!(grade <= 6.0, "{part} grade {grade:.1}");
        assert!(ease >= 70.0, "{part} ease {ease:.1}");
    }
}
