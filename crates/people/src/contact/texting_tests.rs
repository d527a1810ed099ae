//! Texts: who gets them, and how they end, against a gateway that is a server of its own.

use super::gate::{Dress, to_patient, turn_text};
use super::rules::Way;
use super::store;
use super::tests::{delivered, in_portal, program};
use super::texting::{Terms, Texting};
use super::{Preferences, rules::Channel};
use crate::provider::Agreement;
use crate::testing::{House, system};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::post;
use keep::outbox::deliver_due;
use keep::testing::START;
use keep::{BoxFuture, Conn, Entry, KeepError, Letter, Object, Owner};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;
use vocabulary::{DAY_MS, HOUR_MS, Lang, MINUTE_MS, PatientId, Role, UnixMillis};
use web::mail::{GatewayCarrier, GatewayConfig, Mail};
use web::testing::send;
use zeroize::Zeroizing;

const LINK: &str = "https://practice.example/i#MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
pub(super) const NUMBER: &str = "+15550100777";

/// A vendor that can be taken away.
struct Listed(Arc<AtomicBool>);

impl Agreement for Listed {
    fn in_force<'a>(&'a self, _: &'a mut Conn, _: UnixMillis) -> BoxFuture<'a, Result<bool, KeepError>> {
        Box::pin(async { Ok(self.0.load(Ordering::Relaxed)) })
    }
}

/// A gateway that speaks HTTP on this machine.
#[derive(Clone, Default)]
pub(super) struct Peer {
    heard: Arc<Mutex<Vec<serde_json::Value>>>,
    pub(super) answers: Arc<Mutex<StatusCode>>,
}

impl Peer {
    pub(super) async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let peer = self.clone();
        let hear = move |headers: axum::http::HeaderMap, axum::Json(body): axum::Json<serde_json::Value>| {
            let status = *peer.answers.lock().unwrap();
            assert_eq!(headers[header::AUTHORIZATION], "Bearer gate-secret");
            assert_eq!(headers["idempotency-key"], body["id"].as_str().unwrap());
            if status.is_success() {
                peer.heard.lock().unwrap().push(body);
            }
            async move { status }
        };
        let router = Router::new().route("/v1/messages", post(hear));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        format!("http://127.0.0.1:{}/v1/messages", at.port())
    }

    pub(super) fn texts(&self) -> Vec<String> {
        let taken = std::mem::take(&mut *self.heard.lock().unwrap());
        taken
            .iter()
            .map(|one| format!("{} {}", one["to"].as_str().unwrap(), one["text"].as_str().unwrap()))
            .collect()
    }
}

pub(super) fn carrier(url: String) -> GatewayCarrier {
    let credential = Zeroizing::new("gate-secret".to_owned());
    GatewayCarrier::new(GatewayConfig { url, credential, sender: "HARBOR".into(), ca: None }).unwrap()
}

pub(super) fn texting(listed: &Arc<AtomicBool>) -> Texting {
    let secret = Zeroizing::new("hook-secret".to_owned());
    let terms = Terms { name: "Harbor".into(), country: "1".into(), secret };
    Texting::new(terms, Some(Box::new(Listed(listed.clone()))))
}

pub(super) async fn open() -> (House, Arc<AtomicBool>) {
    let listed = Arc::new(AtomicBool::new(true));
    let plugged = Arc::new(texting(&listed));
    let house = House::open_with(|site| site.plug(plugged)).await;
    switch(&house, true).await;
    (house, listed)
}

async fn switch(house: &House, on: bool) {
    let mut settings = (*house.keep.settings()).clone();
    settings.house_rules.send_sms = on;
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("practice", ""))).await.unwrap();
}

pub(super) async fn asks(house: &House, patient: PatientId, change: impl Fn(&mut Preferences)) {
    let mut asked = Preferences {
        channel: Channel::Text,
        texts: true,
        phone: "555-010-0777".into(),
        ..Preferences::default()
    };
    change(&mut asked);
    let mut tx = house.keep.begin().await.unwrap();
    store::say(&mut tx, patient, &asked, None).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("contact", ""))).await.unwrap();
}

pub(super) async fn write(house: &House, patient: PatientId, mail: Option<Mail<'_>>) -> Way {
    let words = web::Catalog::new(&[crate::WORDS]).unwrap().words(Lang::En);
    let (settings, texting) = (house.keep.settings(), texting(&Arc::new(AtomicBool::new(true))));
    let dress = Dress { face: &settings.face, words: &words, texting: &texting };
    let mut tx = house.keep.begin().await.unwrap();
    let way = match mail {
        Some(mail) => to_patient(&mut tx, &program(patient), patient, (mail, None), dress).await.unwrap(),
        None if turn_text(&mut tx, &program(patient), patient, dress).await.unwrap() => Way::Text,
        None => Way::Hand,
    };
    tx.commit(&system(), Entry::new(Object::of("letter", ""))).await.unwrap();
    way
}

async fn errands(house: &House) -> usize {
    store::errands(&mut house.keep.read().await.unwrap()).await.unwrap().len()
}

/// R104: who opted in gets one message a day, three a week and none at night, each with the practice's name
/// and number, and nothing more from the STOP on; who did not, or wants no name in it, is called.
#[tokio::test]
async fn texts_go_to_who_asked_for_them_within_the_limits_until_they_say_stop() {
    let (house, _) = open().await;
    let peer = Peer::default();
    let gateway = carrier(peer.start().await);
    let patient = house.patient().await;
    let when = house.keep.clock().now().plus_ms(3 * DAY_MS);
    asks(&house, patient, |asked| asked.texts = false).await;
    assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Call, "never opted in");
    house.clock.advance_ms(1_000);
    asks(&house, patient, |asked| asked.bare = true).await;
    assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Call, "wants no name");
    house.clock.advance_ms(1_000);
    asks(&house, patient, |_| {}).await;
    assert_eq!(write(&house, patient, Some(Mail::Invitation { when, link: LINK })).await, Way::Text);
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));
    let texts = peer.texts();
    assert!(texts[0].starts_with(&format!("{NUMBER} Harbor: ")) && texts[0].contains(LINK), "{texts:?}");
    assert!(texts[0].contains("555-0142") && texts[0].contains("STOP"), "{texts:?}");
    assert!(texts[0].chars().count() - NUMBER.len() <= 161, "{texts:?}");

    // A second one today waits for tomorrow; one that would then be too late is an errand.
    assert_eq!(write(&house, patient, Some(Mail::MovedKept { when })).await, Way::Text);
    let soon = house.keep.clock().now().plus_ms(90 * MINUTE_MS);
    for mail in [Mail::Late { when: soon }, Mail::MovedKept { when: soon }, Mail::Restored { when: soon }] {
        assert_eq!(write(&house, patient, Some(mail)).await, Way::Call);
    }
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(0), "the queue holds it back");
    house.clock.advance_ms(DAY_MS);
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));

    // STOP from the phone: what waits goes no more, and the page of the desk says so.
    assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
    assert_eq!(hook(&house, "hook-secret", "Stop, please").await, StatusCode::NO_CONTENT);
    peer.texts();
    deliver_due(&house.keep, &gateway).await.unwrap();
    house.clock.advance_ms(2 * DAY_MS);
    deliver_due(&house.keep, &gateway).await.unwrap();
    let said = peer.texts();
    assert!(said.len() == 1 && said[0].contains("no more texts"), "the answer alone: {said:?}");
    assert_eq!(write(&house, patient, Some(Mail::Waiting { link: LINK })).await, Way::Call);
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let page = format!("/patients/{}/contact", patient.text());
    assert!(desk.get(&page).await.text.contains("STOP: this number gets no texts"));
    // The box is no longer ticked, so saving something else brings no texts back; START does.
    assert!(!desk.get(&page).await.text.contains("name=\"texts\" value=\"yes\" checked"));
    assert_eq!(hook(&house, "hook-secret", "START").await, StatusCode::NO_CONTENT);
    assert_eq!(write(&house, patient, Some(Mail::Waiting { link: LINK })).await, Way::Text);
    // The patient says it at the desk.
    let seen = desk.get(&page).await;
    assert!(seen.text.contains("They said: no more texts"), "{}", seen.text);
    assert_eq!(desk.submit(&page, &format!("{page}/stop"), &[]).await.status, 303);
    assert_eq!(write(&house, patient, Some(Mail::Waiting { link: LINK })).await, Way::Call);
    let acts = house.acts(Some(patient)).await;
    assert!(acts.contains(&"text.hear done".to_owned()), "{acts:?}");

    // Four at once, at ten in the evening: by day, one a day, the fourth when a week has passed.
    let late = house.patient().await;
    asks(&house, late, |asked| asked.phone = "555-010-0888".into()).await;
    house.clock.set(START.plus_ms(10 * DAY_MS + 7 * HOUR_MS));
    let when = house.keep.clock().now().plus_ms(30 * DAY_MS);
    for _ in 0..4 {
        assert_eq!(write(&house, late, Some(Mail::Cancelled { when })).await, Way::Text);
        house.clock.advance_ms(1);
    }
    peer.texts();
    let mut heard = Vec::new();
    for hour in 0..10 * 24 {
        deliver_due(&house.keep, &gateway).await.unwrap();
        heard.extend(peer.texts().iter().map(|_| hour));
        house.clock.advance_ms(HOUR_MS);
    }
    assert_eq!(heard.len(), 4, "{heard:?}");
    assert!(heard.iter().all(|hour| (8..21).contains(&((22 + hour) % 24))), "by day: {heard:?}");
    assert!(heard.windows(2).all(|two| two[1] - two[0] >= 24), "one a day: {heard:?}");
    assert!(heard[3] - heard[0] >= 7 * 24, "three a week: {heard:?}");
}

/// Texts are off until everything says yes, and a vendor that has ended ends them.
#[tokio::test]
async fn one_place_says_whether_texts_leave_the_house() {
    let (house, listed) = open().await;
    let texting = texting(&listed);
    let is_open = async |texting: &Texting| {
        let rules = house.keep.settings().house_rules.clone();
        texting.is_open(&mut house.keep.read().await.unwrap(), &rules, UnixMillis(0)).await.unwrap()
    };
    assert!(is_open(&texting).await);
    listed.store(false, Ordering::Relaxed);
    assert!(!is_open(&texting).await, "the vendor is not active");
    listed.store(true, Ordering::Relaxed);
    switch(&house, false).await;
    assert!(!is_open(&texting).await, "the house rules say no");
    switch(&house, true).await;
    assert!(!is_open(&Texting::default()).await, "nothing is configured");
}

/// A gateway that is down, says no and comes back: what waits goes out in order, and the desk sees what is
/// lost.
#[tokio::test]
async fn a_gateway_that_fails_loses_no_text_unseen() {
    let (house, _) = open().await;
    let peer = Peer::default();
    let gateway = carrier(peer.start().await);
    let (one, other) = (house.patient().await, house.patient().await);
    asks(&house, one, |_| {}).await;
    asks(&house, other, |asked| asked.phone = "555-010-0888".into()).await;
    let when = house.keep.clock().now().plus_ms(3 * DAY_MS);
    assert_eq!(write(&house, one, Some(Mail::Cancelled { when })).await, Way::Text);
    house.clock.advance_ms(1_000);
    assert_eq!(write(&house, other, Some(Mail::Cancelled { when })).await, Way::Text);
    *peer.answers.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(0));
    *peer.answers.lock().unwrap() = StatusCode::ACCEPTED;
    house.clock.advance_ms(MINUTE_MS);
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(2));
    let texts = peer.texts();
    assert!(texts[0].starts_with(NUMBER) && texts[1].starts_with("+15550100888"), "{texts:?}");
    // No such number.
    house.clock.advance_ms(DAY_MS);
    assert_eq!(write(&house, one, Some(Mail::MovedKept { when })).await, Way::Text);
    *peer.answers.lock().unwrap() = StatusCode::BAD_REQUEST;
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(0));
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    assert!(desk.get("/patients/errands").await.text.contains("Messages that did not arrive"));
    // Nobody listens at all.
    let nobody = carrier("http://127.0.0.1:9/v1/messages".into());
    house.clock.advance_ms(DAY_MS);
    assert_eq!(write(&house, other, Some(Mail::MovedKept { when })).await, Way::Text);
    assert_eq!(deliver_due(&house.keep, &nobody).await, Ok(0));
    house.clock.advance_ms(MINUTE_MS);
    *peer.answers.lock().unwrap() = StatusCode::OK;
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));
}

/// A gateway that takes a text and is cut off before it says so: the text counts, and goes again by itself.
#[tokio::test]
async fn a_text_whose_answer_is_lost_counts() {
    let (house, _) = open().await;
    let patient = house.patient().await;
    let when = house.keep.clock().now().plus_ms(3 * DAY_MS);
    asks(&house, patient, |_| {}).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = carrier(format!("http://{}/v1/messages", listener.local_addr().unwrap()));
    let taken = Arc::new(AtomicUsize::new(0));
    let counts = taken.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let read = stream.read(&mut [0; 4096]).await.unwrap();
            counts.fetch_add(usize::from(read > 0), Ordering::Relaxed);
        }
    });
    // Both due now, as when the queue was posted to by two at once.
    for text in ["one", "two"] {
        let mut tx = house.keep.begin().await.unwrap();
        let now = tx.now();
        tx.post(Letter::sms(NUMBER, text).of(Owner::Patient(patient)), now).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("letter", ""))).await.unwrap();
        house.clock.advance_ms(1);
    }
    assert_eq!(deliver_due(&house.keep, &silent).await, Ok(0));
    assert_eq!(taken.load(Ordering::Relaxed), 1, "the second does not follow the first on one day");
    assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
    house.clock.advance_ms(MINUTE_MS);
    let peer = Peer::default();
    let gateway = carrier(peer.start().await);
    assert_eq!(deliver_due(&house.keep, &gateway).await, Ok(1));
    assert!(peer.texts()[0].ends_with("one"));
}

/// R104 (part: a STOP holds whatever became of the words on file)
#[tokio::test]
async fn a_stop_holds_where_the_words_on_file_do_not_open() {
    let (house, _) = open().await;
    let patient = house.patient().await;
    asks(&house, patient, |_| {}).await;
    let when = house.keep.clock().now().plus_ms(3 * DAY_MS);
    assert_eq!(write(&house, patient, Some(Mail::Cancelled { when })).await, Way::Text);
    keep::testing::behind(&house.keep, "UPDATE preference SET id = 'another'".into()).await.unwrap();
    assert_eq!(hook(&house, "hook-secret", "STOP").await, StatusCode::NO_CONTENT);
    let mut read = house.keep.read().await.unwrap();
    let stopped = keep::outbox::texts::stopped(&mut read, &house.keep, NUMBER).await;
    assert!(stopped.unwrap().is_some());
}

/// "It is your turn" goes now, once, or not at all; nobody is called for it.
#[tokio::test]
async fn a_turn_is_told_by_text_within_the_limits() {
    let (house, _) = open().await;
    let patient = house.patient().await;
    assert_eq!(write(&house, patient, None).await, Way::Hand, "not asked for");
    asks(&house, patient, |asked| asked.channel = Channel::Mail).await;
    assert_eq!(write(&house, patient, None).await, Way::Text, "mail for the rest, and texts allowed");
    let sent = delivered(&house).await;
    assert!(sent[0].text.contains("ready for you") && sent[0].to == NUMBER);
    assert_eq!(write(&house, patient, None).await, Way::Hand, "one a day");
    assert_eq!(errands(&house).await, 0);
    // The gateway is down while it counts: it does not come when the visit is over.
    house.clock.advance_ms(DAY_MS);
    assert_eq!(write(&house, patient, None).await, Way::Text);
    let nobody = carrier("http://127.0.0.1:9/v1/messages".into());
    assert_eq!(deliver_due(&house.keep, &nobody).await, Ok(0));
    house.clock.advance_ms(6 * MINUTE_MS);
    assert!(delivered(&house).await.is_empty());
}

#[tokio::test]
async fn the_hook_opens_to_its_secret_alone() {
    let (house, _) = open().await;
    for wrong in ["", "hook", "hook-secret2"] {
        assert_eq!(hook(&house, wrong, "STOP").await, StatusCode::NOT_FOUND);
    }
    assert_eq!(hook(&house, "hook-secret", "I feel worse").await, StatusCode::NO_CONTENT);
    let off = House::open().await;
    assert_eq!(hook(&off, "hook-secret", "STOP").await, StatusCode::NOT_FOUND, "nothing is configured");
    let basic = Request::post("/hooks/texts")
        .header("authorization", "Basic Z2F0ZTpob29rLXNlY3JldA==")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("From=%2B15550100777&Body=STOP"))
        .unwrap();
    assert_eq!(send(&house.router, basic).await.status, StatusCode::NO_CONTENT);
    let none = keep::outbox::texts::stopped(&mut house.keep.read().await.unwrap(), &house.keep, NUMBER).await;
    assert!(none.unwrap().is_some());
    // A browser page of another site cannot use it, whatever it shows.
    let page = Request::post("/hooks/texts")
        .header("authorization", "Bearer hook-secret")
        .header("origin", "https://elsewhere.example")
        .header("content-type", "application/json")
        .body(Body::from("{\"from\":\"+15550100777\",\"text\":\"START\"}"))
        .unwrap();
    assert_eq!(send(&house.router, page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_text_needs_a_name_in_it_and_the_form_says_so() {
    let (house, _) = open().await;
    let patient = house.patient().await;
    let mut own = in_portal(&house, patient).await;
    let page = "/portal/contact";
    let fields =
        [("channel", "text"), ("texts", "yes"), ("bare", "yes"), ("phone", "555-010-0777"), ("base", "")];
    let told = own.submit(page, page, &fields).await;
    assert!(told.status == 422 && told.text.contains("A text must say who it is from"), "{}", told.text);
}

pub(super) async fn hook(house: &House, secret: &str, text: &str) -> StatusCode {
    let body = serde_json::json!({ "from": NUMBER, "text": text }).to_string();
    let request = Request::post("/hooks/texts")
        .header("authorization", format!("Bearer {secret}"))
        .header("content-type", "application/json");
    send(&house.router, request.body(Body::from(body)).unwrap()).await.status
}
