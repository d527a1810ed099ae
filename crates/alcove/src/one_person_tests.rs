//! One account is one person's (R10): made, proved and used by nobody else, or it shows.

use crate::ambient::SystemEntropy;
use crate::sweep::{Caller, caller, signed_in};
use crate::tests::Practice;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keep::trail::Caller as From;
use keep::{Entry, Object, args};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use vocabulary::{Entropy, Principal, Role, Roles};
use web::testing::{Answer, send};

const ORIGIN: &str = "http://localhost:1";
const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (Android 16; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0";

/// R10: no account is made for a desk, a role, a team or a mailbox that several people read; one address is
/// one account, however it is spelled and also after the first was suspended; an authenticator that speaks
/// for one person makes nothing for another, and what it made is not taken twice; an account that two
/// people use at the same time is told to its owner and named in the review of the trail.
#[tokio::test]
async fn a_shared_account_cannot_be_made_and_one_that_is_shared_shows() {
    let practice = Practice::open_at(ORIGIN).await;
    let who = ("administrator", &[Role::Administrator][..]);
    let admin = Seat::take(&practice, who, WINDOWS, "192.0.2.7").await;
    names_and_addresses(&practice, &admin).await;
    authenticators(&practice, &admin).await;
    two_places(&practice, &admin).await;
}

async fn names_and_addresses(practice: &Practice, admin: &Seat) {
    let invite = async |name: &str, email: &str| {
        let fields = [("name", name), ("email", email), ("role-desk", "yes"), ("lang", "en"), ("why", "new")];
        admin.post(practice, "/staff/invite", &fields).await
    };
    let shared = [
        ("Front Desk", "ruth@harbor.example"),
        ("Nurse", "ruth@harbor.example"),
        ("The Team", "ruth@harbor.example"),
        ("Recepción", "ruth@harbor.example"),
        ("Ruth Abara", "info@harbor.example"),
        ("Ruth Abara", "front.desk@harbor.example"),
        ("", "ruth@harbor.example"),
    ];
    for (name, email) in shared {
        let refused = invite(name, email).await;
        assert_eq!(refused.status, 422, "{name} {email}");
    }
    let accounts = accounts(practice).await;
    let made = invite("Ruth Abara", "ruth@harbor.example").await;
    assert_eq!(made.location(), "/staff?done=invited", "{}", made.text);
    for state in ["invited", "suspended", "removed"] {
        let mut tx = practice.keep.begin().await.unwrap();
        let sql = "UPDATE person SET state = $1 WHERE id = (SELECT max(id) FROM person)";
        tx.run(sql, args![state]).await.unwrap();
        tx.commit(&crate::sweep::program(None), Entry::new(Object::of("person", ""))).await.unwrap();
        for again in ["ruth@harbor.example", "Ruth@Harbor.Example", " RUTH@harbor.example "] {
            let second = invite("Ana Ruiz", again).await;
            assert_eq!(second.status, 422, "{again} while the first is {state}");
        }
    }
    assert_eq!(self::accounts(practice).await, accounts + 1, "Ruth's alone");
}

async fn accounts(practice: &Practice) -> usize {
    practice.keep.read().await.unwrap().rows("SELECT id FROM person", args![]).await.unwrap().len()
}

async fn authenticators(practice: &Practice, admin: &Seat) {
    let desk = Seat::take(practice, ("desk", &[Role::Desk]), PHONE, "192.0.2.8").await;
    let mut key = Authenticator::default();
    let before_it_was_anybodys = desk.ask_passkey(practice).await;
    let made = key.answers(&admin.ask_passkey(practice).await).expect("holds nothing yet");
    let saved = admin.post(practice, "/me/passkeys", &made).await;
    assert!(saved.status == 200 || saved.status == 303, "{}", saved.text);
    assert!(key.answers(&admin.ask_passkey(practice).await).is_none(), "a second of the same person neither");
    let asked = desk.ask_passkey(practice).await;
    assert!(key.answers(&asked).is_none(), "an honest device makes nothing for a second account");
    let again = desk.post(practice, "/me/passkeys", &key.insists(&asked, 0)).await;
    assert_eq!(again.status, 422, "nor does the server take it from a dishonest one: {}", again.text);
    let again = key.insists(&before_it_was_anybodys, 0);
    let refused = desk.post(practice, "/me/passkeys", &again).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(refused.text.contains("belongs to another account"), "{}", refused.text);
    let own = Authenticator::default().answers(&desk.ask_passkey(practice).await).unwrap();
    let saved = desk.post(practice, "/me/passkeys", &own).await;
    assert!(saved.status == 200 || saved.status == 303, "their own: {}", saved.text);
}

async fn two_places(practice: &Practice, admin: &Seat) {
    let before = admin.get(practice, "/me").await.text;
    assert!(!before.contains("in another place"), "{before}");
    assert!(before.contains("Chrome, Windows, 192.0.2.7"), "{before}");
    // Two sessions of the same millisecond began in no order.
    tokio::time::sleep(Duration::from_millis(5)).await;
    let other = ("administrator", &[Role::Administrator][..]);
    let other = Seat::take(practice, other, PHONE, "198.51.100.9").await;
    let told = admin.get(practice, "/me").await.text;
    assert!(told.contains("Your account was used in another place"), "{told}");
    assert!(told.contains("Firefox, Android, 198.51.100.9"), "{told}");

    let official = ("privacy_official", &[Role::PrivacyOfficial][..]);
    let official = Seat::take(practice, official, WINDOWS, "192.0.2.20").await;
    let list = official.get(practice, "/practice/trail/reviews").await.text;
    let month = list.split("href=\"/practice/trail/reviews/").nth(1).unwrap().split('"').next().unwrap();
    let review = format!("/practice/trail/reviews/{month}");
    assert_eq!(named(&official.get(practice, &review).await.text), "0", "one place so far");
    let fields = |email| [("name", "Leo Marsh"), ("email", email), ("role-desk", "y"), ("why", "new")];
    assert_eq!(admin.post(practice, "/staff/invite", &fields("a@harbor.example")).await.status, 303);
    assert_eq!(other.post(practice, "/staff/invite", &fields("b@harbor.example")).await.status, 303);
    assert_eq!(named(&official.get(practice, &review).await.text), "0", "went from one to the other");
    assert_eq!(admin.post(practice, "/staff/invite", &fields("c@harbor.example")).await.status, 303);
    let report = official.get(practice, &review).await.text;
    assert_eq!(named(&report), "1", "{report}");
    let name = practice_name(practice, admin).await;
    let row = report.split("used in two places at once").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(row.contains(&format!("{name} (1)")), "{name}: {row}");
}

/// How often the review counted an account in two places.
fn named(report: &str) -> &str {
    let before = report.split("used in two places at once").next().unwrap();
    let count = before.rsplit("<strong class=\"digits\">").next().unwrap();
    count.split('<').next().unwrap()
}

async fn practice_name(practice: &Practice, admin: &Seat) -> String {
    let Principal::Staff { person, .. } = admin.0.who else { unreachable!() };
    let access = crate::sweep::program(None);
    let mut view = practice.keep.view(&access, Object::of("person", person.text())).await.unwrap();
    people::staff::shown_name(&mut view, &access, person).await.unwrap().reveal().to_owned()
}

/// Somebody of the staff at a browser somewhere.
struct Seat(Caller, &'static str, IpAddr);

impl Seat {
    async fn take(
        practice: &Practice,
        (link, roles): (&str, &[Role]),
        device: &'static str,
        address: &str,
    ) -> Seat {
        let address: IpAddr = address.parse().unwrap();
        let here = From { address: Some(address), device: device.into() };
        let (person, started) = here.during(signed_in(practice, link)).await;
        let roles: Roles = roles.iter().copied().collect();
        let who = Principal::Staff { person, session: started.session, roles };
        Seat(caller(practice, "seat", who, &started), device, address)
    }

    async fn get(&self, practice: &Practice, path: &str) -> Answer {
        self.send(practice, Request::get(path), Body::empty()).await
    }

    async fn post<V: AsRef<str>>(&self, practice: &Practice, path: &str, fields: &[(&str, V)]) -> Answer {
        let mut body = format!("form_token={}", self.0.token);
        for (name, value) in fields {
            let value = value.as_ref().bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
            body.push_str(&format!("&{name}={value}"));
        }
        let form = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(practice, form, Body::from(body)).await
    }

    async fn send(&self, practice: &Practice, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header(header::COOKIE, &self.0.cookie).header(header::USER_AGENT, self.1);
        let from = ConnectInfo(SocketAddr::new(self.2, 443));
        send(&practice.router, request.extension(from).body(body).unwrap()).await
    }

    async fn ask_passkey(&self, practice: &Practice) -> Value {
        let asked = self.post(practice, "/me/passkeys/start", &[("x", "")]).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        serde_json::from_str(&asked.text).unwrap()
    }
}

/// A device with a finger on it, as far as making passkeys goes (W3C Web Authentication Level 3, 6.3.2).
#[derive(Default)]
struct Authenticator {
    held: Vec<[u8; 16]>,
}

impl Authenticator {
    /// Makes a passkey, unless it holds one of those the server wants left alone.
    fn answers(&mut self, asked: &Value) -> Option<[(&'static str, String); 2]> {
        let excluded = asked["publicKey"]["excludeCredentials"].as_array().cloned().unwrap_or_default();
        let holds = |id: &Value| self.held.iter().any(|one| *id == URL_SAFE_NO_PAD.encode(one));
        if excluded.iter().any(|one| holds(&one["id"])) {
            return None;
        }
        let mut id = [0; 16];
        SystemEntropy.fill(&mut id);
        self.held.push(id);
        Some(self.insists(asked, self.held.len() - 1))
    }

    /// Brings one that it holds, whatever was asked. No statement is attested, so nothing is signed (8.7).
    fn insists(&self, asked: &Value, nth: usize) -> [(&'static str, String); 2] {
        let id = self.held[nth];
        let client = json!({
            "type": "webauthn.create",
            "challenge": asked["publicKey"]["challenge"],
            "origin": ORIGIN,
            "crossOrigin": false,
        });
        let mut data = digest(&SHA256, b"localhost").as_ref().to_vec();
        // User present and verified, with a credential; then the counter, the kind of device, the credential.
        data.extend([0x45, 0, 0, 0, 0]);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(id);
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20]);
        data.extend(POINT_X);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(POINT_Y);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let id = URL_SAFE_NO_PAD.encode(id);
        let answer = json!({
            "id": id, "rawId": id, "type": "public-key",
            "response": {
                "clientDataJSON": URL_SAFE_NO_PAD.encode(client.to_string()),
                "attestationObject": URL_SAFE_NO_PAD.encode(object),
                "transports": [],
            },
        });
        [("ceremony", asked["ceremony"].as_str().unwrap().to_owned()), ("answer", answer.to_string())]
    }
}

/// The base point of P-256 (SP 800-186, 3.2.1.3): a public key whose private key is 1.
const POINT_X: [u8; 32] = [
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77,
    0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
];
const POINT_Y: [u8; 32] = [
    0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b,
    0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];
