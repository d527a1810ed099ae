//! A provider that does as the test says, over a real socket: what is believed, and what is not.

use super::{Provider, Terms};
use crate::proofs::{self, rules};
use crate::testing::{Browser, House, system};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::extract::Form;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keep::testing::START;
use keep::{Entry, Object, args};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use vocabulary::{MINUTE_MS, PersonId, Role, SECOND_MS};
use web::testing::Answer;

const EMAIL: &str = "theo@harbor.example";
const KEY: &[u8] = b"12345678901234567890";
const BACK: &str = "/sign-in/provider/back";

/// The provider: its address, and the token it hands out next.
struct Elsewhere {
    issuer: String,
    next: Arc<Mutex<String>>,
    key: EncodingKey,
    /// Seconds since 1970 on its clock.
    now_s: AtomicI64,
}

impl Elsewhere {
    async fn open() -> Elsewhere {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let key = new_key();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some("of today".into());
        let keys = JwkSet { keys: vec![public] };
        let about = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/ask"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys"),
            "end_session_endpoint": format!("{issuer}/leave"),
            "authorization_response_iss_parameter_supported": true,
        });
        let next = Arc::new(Mutex::new(String::new()));
        let hand_out = next.clone();
        let token = async move |headers: HeaderMap, Form(sent): Form<HashMap<String, String>>| {
            // RFC 6749 section 2.3.1: "alcove" and "a secret: 1/2", form-encoded, then Base64.
            assert_eq!(headers["authorization"], "Basic YWxjb3ZlOmElMjBzZWNyZXQlM0ElMjAxJTJGMg==");
            let whole = hand_out.lock().unwrap().clone();
            let (challenge, id_token) = whole.split_once(' ').unwrap_or_default();
            assert_eq!(super::rules::challenge(&sent["code_verifier"]), challenge, "PKCE");
            assert!(sent["redirect_uri"].ends_with(BACK) && sent["code"] == "a-code");
            Json(json!({ "id_token": id_token, "token_type": "Bearer", "access_token": "unused" }))
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(async move || Json(about.clone())))
            .route("/keys", get(async move || Json(keys.clone())))
            .route("/token", post(token));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Elsewhere { issuer, next, key, now_s: AtomicI64::new(START.0 / SECOND_MS) }
    }

    async fn house(&self) -> House {
        self.house_under(None).await
    }

    async fn house_under(&self, agreement: Option<Box<dyn super::Agreement>>) -> House {
        let terms = Terms {
            issuer: self.issuer.clone(),
            client: "alcove".into(),
            secret: "a secret: 1/2".to_owned().into(),
            name: "Harbor account".into(),
            proves_more: vec!["mfa".into()],
            ca: None,
        };
        House::open_with(|site| site.plug(Arc::new(Provider::new(terms, agreement)))).await
    }

    /// Presses at `path`, is asked, and comes back with what `change` made of the honest answer.
    async fn answers(&self, browser: &mut Browser, path: &str, change: impl FnOnce(&mut Answered)) -> Answer {
        let asked = browser.get(path).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        let question = query(asked.location());
        assert!(asked.location().starts_with(&format!("{}/ask?", self.issuer)));
        assert_eq!(question["code_challenge_method"], "S256");
        let connects = path.starts_with("/me/");
        assert_eq!(question["max_age"], if connects { "300" } else { "900" }, "as a session here may idle");
        assert_eq!(question.get("prompt").is_some_and(|it| it == "login"), connects);
        let now = self.now_s.load(Relaxed);
        let mut answered = Answered {
            claims: json!({
                "iss": self.issuer, "sub": "7f3a", "aud": "alcove", "nonce": question["nonce"],
                "iat": now, "exp": now + 300, "auth_time": now, "amr": ["pwd", "mfa"],
                "email": EMAIL, "email_verified": true,
            }),
            header: Header { kid: Some("of today".into()), ..Header::new(Algorithm::ES256) },
            key: self.key.clone(),
            brings: format!("code=a-code&iss={}", self.issuer.replace(':', "%3A").replace('/', "%2F")),
            state: question["state"].clone(),
        };
        change(&mut answered);
        let token = encode(&answered.header, &answered.claims, &answered.key).unwrap();
        *self.next.lock().unwrap() = format!("{} {token}", question["code_challenge"]);
        browser.get(&format!("{BACK}?state={}&{}", answered.state, answered.brings)).await
    }
}

struct Answered {
    claims: Value,
    header: Header,
    key: EncodingKey,
    brings: String,
    state: String,
}

fn made(it: &Answered) -> i64 {
    it.claims["iat"].as_i64().unwrap()
}

fn new_key() -> EncodingKey {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EncodingKey::from_ec_der(pkcs8.as_ref())
}

fn query(address: &str) -> HashMap<String, String> {
    let pairs = address.split_once('?').unwrap().1.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// At the desk, with a password and a code app.
async fn theo(house: &House) -> PersonId {
    let person = house.hire_named(&[Role::Desk], EMAIL).await;
    let mut tx = house.keep.begin().await.unwrap();
    let login = proofs::login(&mut tx, &system(), person).await.unwrap().unwrap();
    proofs::set_password(&mut tx, &login, Some(("$argon2id$", KEY)), 0).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("login", ""))).await.unwrap();
    person
}

async fn connect(elsewhere: &Elsewhere, house: &House, person: PersonId) {
    let mut browser = house.signed_in(person).await;
    assert!(browser.get("/me").await.text.contains("Harbor account"));
    let asked = elsewhere.answers(&mut browser, "/me/provider", |_| {}).await;
    assert!(asked.text.contains(EMAIL), "whose account it is, before the press: {}", asked.text);
    let done = browser.post("/me/provider", &token(&asked), &[("named", &hidden(&asked, "named"))]).await;
    assert_eq!(done.location(), "/me?done=connected");
}

fn hidden(answer: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let at = answer.text.find(&start).unwrap_or_else(|| panic!("{}", answer.text)) + start.len();
    answer.text[at..].split('"').next().unwrap().to_owned()
}

fn token(answer: &Answer) -> String {
    hidden(answer, "form_token")
}

#[tokio::test]
async fn an_account_elsewhere_is_connected_by_its_owner_and_then_lets_in() {
    let elsewhere = Elsewhere::open().await;
    let house = elsewhere.house().await;
    let person = theo(&house).await;
    connect(&elsewhere, &house, person).await;
    let mut browser = house.browser();
    assert!(browser.get("/sign-in?back=/patients").await.text.contains("Harbor account"));
    let inside = elsewhere.answers(&mut browser, "/sign-in/provider?back=/patients", |_| {}).await;
    assert_eq!((inside.status.as_u16(), inside.location()), (303, "/patients"));
    assert_eq!(browser.get("/patients").await.status, 200);
    assert!(browser.get("/me/password").await.location().starts_with("/sign-in/again"), "no fresh proof");
    let out = browser.submit("/patients", "/sign-out", &[]).await;
    assert_eq!(out.location(), "/signed-out?provider=true");
    let out = browser.get(out.location()).await.text;
    assert!(out.contains(&format!("{}/leave?client_id=alcove", elsewhere.issuer)), "{out}");
    let acts = house.acts(None).await;
    assert!(acts.contains(&"session.sign_in done".into()), "{acts:?}");

    // One account lets one person in, and is taken away as it was given.
    let colleague = house.hire(&[Role::Desk]).await;
    let mut other = house.signed_in(colleague).await;
    let asked = elsewhere.answers(&mut other, "/me/provider", |_| {}).await;
    let taken = other.post("/me/provider", &token(&asked), &[("named", &hidden(&asked, "named"))]).await;
    assert_eq!(taken.status, 409);
    let mut own = house.signed_in(person).await;
    assert_eq!(own.submit("/me", "/me/provider/remove", &[]).await.location(), "/me?done=removed");
    let late = elsewhere.answers(&mut house.browser(), "/sign-in/provider", |_| {}).await;
    assert_eq!(late.status, 403);
}

/// R17 (part: no other site ends a session): a link from elsewhere neither signs anybody in nor puts a new
/// session in place of one that may hold a visit.
#[tokio::test]
async fn a_link_from_another_site_changes_no_session() {
    let elsewhere = Elsewhere::open().await;
    let house = elsewhere.house().await;
    let person = theo(&house).await;
    connect(&elsewhere, &house, person).await;
    let mut inside = house.signed_in(person).await;
    let before = inside.cookie("__Host-staff").map(str::to_owned);
    let stays = inside.get("/sign-in/provider?back=/patients").await;
    assert_eq!((stays.status.as_u16(), stays.location()), (303, "/patients"), "nobody is asked");
    assert_eq!(inside.get("/me").await.status, 200);
    assert_eq!(inside.cookie("__Host-staff").map(str::to_owned), before);
    let mut outside = house.browser();
    assert_eq!(outside.follow_from("cross-site", "/sign-in/provider").await.location(), "/sign-in");
    assert_eq!(inside.follow_from("none", "/me/provider").await.location(), "/me");
}

/// R5 (part: the provider): without an agreement in force a hosted provider is not there, at every step.
#[tokio::test]
async fn a_hosted_provider_ends_with_its_agreement() {
    struct Signed(Arc<std::sync::atomic::AtomicBool>);
    impl super::Agreement for Signed {
        fn in_force<'a>(
            &'a self,
            _: &'a mut keep::Conn,
            _: vocabulary::UnixMillis,
        ) -> keep::BoxFuture<'a, Result<bool, keep::KeepError>> {
            let signed = self.0.load(Relaxed);
            Box::pin(async move { Ok(signed) })
        }
    }
    let elsewhere = Elsewhere::open().await;
    let signed = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let house = elsewhere.house_under(Some(Box::new(Signed(signed.clone())))).await;
    let person = theo(&house).await;
    connect(&elsewhere, &house, person).await;
    let mut browser = house.browser();
    let asked = browser.get("/sign-in/provider").await;
    let state = query(asked.location())["state"].clone();
    signed.store(false, Relaxed);
    assert!(!browser.get("/sign-in").await.text.contains("/sign-in/provider"));
    for path in ["/sign-in/provider".to_owned(), format!("{BACK}?state={state}&code=a-code")] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    let mut inside = house.signed_in(person).await;
    assert_eq!(inside.get("/me/provider").await.status, 404);
}

/// R14 (part: an account elsewhere that asked for a password alone)
#[tokio::test]
async fn a_password_elsewhere_lets_in_only_with_our_own_code() {
    let elsewhere = Elsewhere::open().await;
    let house = elsewhere.house().await;
    let person = theo(&house).await;
    connect(&elsewhere, &house, person).await;
    let mut browser = house.browser();
    let by_password = |it: &mut Answered| it.claims["amr"] = json!(["pwd"]);
    let mut half = elsewhere.answers(&mut browser, "/sign-in/provider?back=/patients", by_password).await;
    assert_eq!(half.status, 200);
    assert!(browser.cookie("__Host-staff").is_none() && half.text.contains("One more step"));
    let code = |house: &House| rules::code_at(KEY, house.keep.clock().now().0 / 30_000);
    for wrong in ["000000", ""] {
        let fields = [("half", hidden(&half, "half")), ("code", wrong.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        half = browser.post("/sign-in/provider/code", &token(&half), &fields).await;
        assert_eq!(half.status, 422, "{}", half.text);
        assert!(browser.cookie("__Host-staff").is_none());
    }
    let (number, code) = (hidden(&half, "half"), code(&house));
    let fields = [("half", number.as_str()), ("code", code.as_str())];
    let inside = browser.post("/sign-in/provider/code", &token(&half), &fields).await;
    assert_eq!((inside.status.as_u16(), inside.location()), (303, "/patients"));
    assert_eq!(browser.get("/patients").await.status, 200);
    // The step is spent, and so is its number.
    let again = browser.post("/sign-in/provider/code", "", &fields).await;
    assert!(again.status.is_client_error());
}

/// What each dishonest or broken answer is told, and that it opens nothing.
#[tokio::test]
async fn an_answer_that_does_not_fit_lets_nobody_in() {
    type Lie = fn(&mut Answered);
    let lies: [(&str, u16, Lie); 14] = [
        ("another issuer in the token", 502, |it| it.claims["iss"] = "https://evil.example".into()),
        ("for another client", 502, |it| it.claims["aud"] = "another".into()),
        ("of another question", 502, |it| it.claims["nonce"] = "another".into()),
        ("run out", 502, |it| it.claims["exp"] = (made(it) - 61).into()),
        ("asked there an hour ago", 502, |it| it.claims["auth_time"] = (made(it) - 3_600).into()),
        ("signed by a stranger", 502, |it| it.key = new_key()),
        ("by a key nobody publishes", 502, |it| it.header.kid = Some("of tomorrow".into())),
        ("by the secret we share", 502, |it| {
            it.header.alg = Algorithm::HS256;
            it.key = EncodingKey::from_secret(b"a secret: 1/2");
        }),
        ("answered by another (RFC 9207)", 502, |it| {
            it.brings = "code=a-code&iss=https://evil.example".into()
        }),
        ("answered by nobody", 502, |it| it.brings = "code=a-code".into()),
        ("turned back there", 403, |it| it.brings = it.brings.replace("code=a-code", "error=access_denied")),
        ("a state we never gave", 410, |it| it.state = "A".repeat(43)),
        // The mail address is Theo's; what the provider calls him is not.
        ("known by the mail address alone", 403, |it| it.claims["sub"] = "another".into()),
        ("a subject of no letters", 502, |it| it.claims["sub"] = "".into()),
    ];
    let elsewhere = Elsewhere::open().await;
    let house = elsewhere.house().await;
    let person = theo(&house).await;
    connect(&elsewhere, &house, person).await;
    for (lie, status, change) in lies {
        let mut browser = house.browser();
        let answer = elsewhere.answers(&mut browser, "/sign-in/provider", change).await;
        assert_eq!(answer.status, status, "{lie}: {}", answer.text);
        assert!(browser.cookie("__Host-staff").is_none(), "{lie}");
        assert!(!answer.text.contains("evil.example"), "{lie}: nothing of it is shown");
        // A minute later, so that the door's own limit does not answer instead.
        house.clock.advance_ms(MINUTE_MS);
        elsewhere.now_s.fetch_add(60, Relaxed);
    }

    // Another browser than the one that asked, and a second time in the same.
    let (mut asks, mut steals) = (house.browser(), house.browser());
    let question = query(asks.get("/sign-in/provider").await.location());
    let stolen = format!("{BACK}?state={}&code=a-code", question["state"]);
    assert_eq!(steals.get(&stolen).await.status, 410);
    assert_eq!(asks.get(&stolen).await.status, 410, "one answer to one question");
    // Ten minutes later.
    let late = query(asks.get("/sign-in/provider").await.location())["state"].clone();
    house.clock.advance_ms(10 * MINUTE_MS);
    assert_eq!(asks.get(&format!("{BACK}?state={late}&code=a-code")).await.status, 410);
    elsewhere.now_s.fetch_add(600, Relaxed);

    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![person]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("person", person.text()))).await.unwrap();
    let mut browser = house.browser();
    let outside = elsewhere.answers(&mut browser, "/sign-in/provider", |_| {}).await;
    assert_eq!(outside.status, 403, "suspended");
    assert!(outside.text.contains("that account is closed"));
}

#[tokio::test]
async fn without_a_provider_nothing_of_it_is_seen_and_a_silent_one_is_named() {
    let house = House::open().await;
    let person = theo(&house).await;
    let mut browser = house.signed_in(person).await;
    assert!(!browser.get("/sign-in").await.text.contains("/sign-in/provider"));
    assert!(!browser.get("/me").await.text.contains("/me/provider"));
    for path in ["/sign-in/provider", "/me/provider", BACK] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    // A port that nobody listens on.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody =
        Elsewhere { issuer: format!("http://{free}"), next: Arc::default(), key: new_key(), now_s: 0.into() };
    let house = nobody.house().await;
    let answer = house.browser().get("/sign-in/provider").await;
    assert_eq!(answer.status, 502);
    assert!(answer.text.contains("does not answer"), "{}", answer.text);
}
