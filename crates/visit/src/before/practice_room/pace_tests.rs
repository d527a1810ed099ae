//! One patient who needs it slower, from the first try to the visit, over the real sign-in.

use super::probes::Probes;
use super::tests::{OFFER, encoded, server};
use crate::before::booking::Booked;
use crate::test_house::*;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keep::{Entry, Object};
use people::{invitations, sessions};
use policy::Act;
use std::collections::BTreeMap;
use std::sync::Arc;
use vocabulary::DAY_MS;
use web::testing::{Answer, send};

const HALF_AN_HOUR_S: i64 = 30 * 60;

/// A browser that keeps its cookies and the token of the page it saw last.
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    token: String,
}

impl Browser {
    fn new(house: &House) -> Browser {
        let words = [people::WORDS, practice::WORDS, crate::WORDS];
        let sign_in = Arc::new(sessions::CookieSignIn::new(house.keep.clone(), house.names.clone()));
        let site = web::Site::new(house.keep.clone(), sign_in, web::Catalog::new(&words).unwrap())
            .plug(house.names.clone())
            .plug(Arc::new(invitations::Limits::default()))
            .plug(Arc::new(Probes::new(Arc::new(server()))));
        let routes =
            crate::before::routes().merge(invitations::routes()).merge(people::second_device::routes());
        Browser { router: routes.into_router(site), cookies: BTreeMap::new(), token: String::new() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        let answer = self.sent(Request::get(path), String::new()).await;
        if answer.text.contains("name=\"form_token\"") {
            self.token = hidden(&answer.text, "form_token");
        }
        answer
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form_token={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let form = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.sent(form, body).await
    }

    async fn sent(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let line = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = request.header(header::COOKIE, line.collect::<Vec<_>>().join("; "));
        let answer = send(&self.router, request.body(Body::from(body)).unwrap()).await;
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// By a new link and the birth date. Gives the door.
    async fn comes_in(&mut self, house: &House, booked: &Booked) -> String {
        let mut tx = house.keep.begin().await.unwrap();
        let of = (booked.visit, booked.participant, house.patient);
        let until = tx.now().plus_ms(DAY_MS);
        let secret = invitations::reissue(&mut tx, of.0, of.1, of.2, until).await.unwrap();
        tx.commit(&program(Act::Furnish), Entry::new(Object::of("invitation", ""))).await.unwrap();
        self.get("/i").await;
        let who = self.post("/i", &[("secret", &secret.reveal())]).await.location().to_owned();
        self.get(&who).await;
        let known = self.post(&who, &[("month", "4"), ("day", "12"), ("year", "1961")]).await;
        assert_eq!(known.status, StatusCode::SEE_OTHER, "{}", known.text);
        who.split('/').nth(2).unwrap().to_owned()
    }

    /// Seconds until the session is over when nothing more is heard of it.
    async fn left_s(&mut self, door: &str) -> i64 {
        let told = self.get(&format!("/g/{door}/other-device/still")).await.text;
        serde_json::from_str::<serde_json::Value>(&told).unwrap()["left"].as_i64().unwrap()
    }
}

/// R101: anybody tries their devices in the practice room, without staff and without an account; whoever asks
/// for more time gets it wherever they come in from then on; large letters come along to the next device; and
/// nobody is kept out for want of a camera.
#[tokio::test]
async fn a_patient_tries_alone_takes_more_time_sees_large_and_comes_by_sound_alone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let mut phone = Browser::new(&house);
    let practice = phone.get("/try").await;
    for part in ["<alcove-ready>", "<alcove-mirror>", "You can come to a visit with sound alone"] {
        assert!(practice.text.contains(part), "{part}: {}", practice.text);
    }
    let begun = phone.post("/probe", &[("send", OFFER), ("receive", OFFER)]).await;
    assert_eq!(begun.status, StatusCode::OK, "over the real media server: {}", begun.text);
    assert!(phone.cookies.is_empty(), "nobody signed in");

    let door = phone.comes_in(&house, &booked).await;
    let usual = phone.left_s(&door).await;
    assert!((1..=HALF_AN_HOUR_S).contains(&usual), "{usual}");
    let needs = format!("/g/{door}/needs");
    phone.get(&needs).await;
    let asked = phone.post(&needs, &[("tongue", "eng"), ("aid-extra_time", "yes")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let at_once = phone.left_s(&door).await;
    assert!(at_once > HALF_AN_HOUR_S, "where it was asked for, too: {at_once}");
    let chosen = phone.post(&format!("/g/{door}/simple"), &[("on", "yes"), ("back", "/try")]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.text);

    let mut tablet = Browser::new(&house);
    let door = tablet.comes_in(&house, &booked).await;
    let longer = tablet.left_s(&door).await;
    assert!((HALF_AN_HOUR_S + 1..=2 * HALF_AN_HOUR_S).contains(&longer), "{longer}");
    let welcome = format!("/g/{door}/check-in/welcome");
    assert_eq!(tablet.get(&welcome).await.location(), welcome);
    assert!(tablet.get(&welcome).await.text.contains("class=\"patient simple\""));

    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(&guest, &door).await;
    let place = [("near", "alone"), ("door_is", "closed"), ("headphones", "yes")];
    web::testing::post(&guest, &at("place"), &place).await;
    let ready = web::testing::get(&guest, &at("readiness")).await.text;
    assert!(ready.contains("If the camera does not work in the visit, we talk without it"), "{ready}");
    let by_sound = [("camera", "none"), ("microphone", "ok")];
    let next = web::testing::post(&guest, &at("readiness"), &by_sound).await;
    assert_eq!(next.location(), at("location"), "nobody is kept out");
}
