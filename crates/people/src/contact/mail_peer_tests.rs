//! Letters against a mail server that is a program of its own: down, slow, stalling in the middle,
//! greylisting, and knowing one address no more.

use super::tests::write;
use crate::contact::rules::{Preferences, Way};
use crate::testing::{House, system};
use keep::outbox::{TRIES_AT_MOST, deliver_due};
use keep::{Entry, Object, args};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use vocabulary::{HOUR_MS, MINUTE_MS, PatientId, Role, SECOND_MS};
use web::mail::{Mail, SmtpCarrier, SmtpConfig};

const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../e2e/stage/mail_peer.mjs");
/// How long the carrier of these tests lets a server say nothing.
const PATIENCE: Duration = Duration::from_secs(3);

struct Peer {
    process: Child,
    said: std::io::Lines<BufReader<std::process::ChildStdout>>,
    port: u16,
}

impl Peer {
    fn start(moods: &Value) -> Peer {
        let mut process = Command::new("node")
            .args([PEER, &moods.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node, which the README names");
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
        let first: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
        let port = first["port"].as_u64().unwrap().try_into().unwrap();
        Peer { process, said, port }
    }

    /// The next things it did, as "took b".
    fn did(&mut self, count: usize) -> Vec<String> {
        let one = |line: String| {
            let said: Value = serde_json::from_str(&line).unwrap();
            let (did, to) = (said["did"].as_str().unwrap(), said["to"].as_str().unwrap());
            format!("{did} {}", to.split('@').next().unwrap())
        };
        (0..count).map(|_| one(self.said.next().unwrap().unwrap())).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Patients a, b, c and so on, each with an address of their own.
async fn readers<const N: usize>(house: &House) -> [PatientId; N] {
    let mut all = Vec::new();
    for letter in ('a'..).take(N) {
        let patient = house.patient_named(&format!("{letter} Reader")).await;
        let asked = Preferences { email: at(letter), ..Preferences::default() };
        let mut tx = house.keep.begin().await.unwrap();
        super::store::say(&mut tx, patient, &asked, None).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("contact", ""))).await.unwrap();
        all.push(patient);
    }
    all.try_into().unwrap()
}

fn at(letter: char) -> String {
    format!("{letter}@example.org")
}

fn carrier(house: &House, port: u16) -> SmtpCarrier {
    let from = "visits@practice.example".into();
    let config = SmtpConfig { host: "127.0.0.1".into(), port, tls: false, login: None, from };
    SmtpCarrier::with_patience(&config, house.keep.clone(), PATIENCE).unwrap()
}

async fn cancelled(house: &House, patient: PatientId) {
    assert_eq!(write(house, patient, Mail::Cancelled { when: house.in_a_day() }).await, Way::Mail);
    house.clock.advance_ms(SECOND_MS);
}

async fn tries_of(house: &House, patient: PatientId) -> Vec<i64> {
    let sql = "SELECT attempts FROM outbox WHERE owner = $1 ORDER BY made_at, id";
    let owner = keep::Owner::Patient(patient).text();
    let rows = house.keep.read().await.unwrap().rows(sql, args![owner]).await.unwrap();
    rows.iter().map(|row| row.int("attempts").unwrap()).collect()
}

/// What waits while the server is down goes out in the order in which it was written once one letter gets
/// through, however long the pauses of the older ones had grown; nobody waits behind the address that is
/// refused, the letter that is greylisted or the one that is never answered, and the desk sees who got
/// nothing.
#[tokio::test]
async fn a_mail_server_that_was_down_drains_in_order_and_the_desk_sees_what_bounced() {
    let house = House::open().await;
    let [a, b, c, d, e] = readers::<5>(&house).await;
    let down = Peer::start(&json!({}));
    let (port, carrier) = (down.port, carrier(&house, down.port));
    drop(down);
    for patient in [a, b, c] {
        cancelled(&house, patient).await;
    }
    // An hour and a half without a server: their pauses have grown to half an hour and more.
    for _ in 0..90 {
        assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(0), "nobody listens");
        house.clock.advance_ms(MINUTE_MS);
    }
    let tried = tries_of(&house, a).await[0];
    assert!((6..TRIES_AT_MOST).contains(&tried), "{tried} tries of {TRIES_AT_MOST} in 90 minutes");
    for patient in [d, e, a] {
        cancelled(&house, patient).await;
    }
    // The newer ones have their first try while still nobody listens.
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(0));
    house.clock.advance_ms(MINUTE_MS);
    let moods = json!({
        "port": port, "slowMs": 300, "refuses": [at('b')], "greys": [at('c')], "stalls": [at('d')],
    });
    let mut peer = Peer::start(&moods);
    // The older letter to `a` goes first, and once it is through everybody's go, the oldest first.
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(3));
    let heard = peer.did(6);
    assert_eq!(heard, ["took a", "refused b", "greyed c", "stalled d", "took e", "took a"]);
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let lost = desk.get("/patients/errands").await.text;
    assert!(lost.contains("Messages that did not arrive") && lost.contains("b Reader"), "{lost}");
    assert!(!lost.contains("c Reader") && !lost.contains("d Reader"), "these are tried again: {lost}");

    // Each pause counts from the answer: at most an hour, here less.
    house.clock.advance_ms(HOUR_MS);
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(2));
    assert_eq!(peer.did(2), ["took c", "took d"]);
    house.clock.advance_ms(24 * HOUR_MS);
    assert_eq!(deliver_due(&house.keep, &carrier).await, Ok(0), "none goes twice");
}

/// A server that never comes back: after twelve tries in about six hours the desk is told.
#[tokio::test]
async fn a_mail_server_that_stays_away_is_given_up_after_twelve_tries() {
    let house = House::open().await;
    let [a] = readers::<1>(&house).await;
    let down = Peer::start(&json!({}));
    let carrier = carrier(&house, down.port);
    drop(down);
    cancelled(&house, a).await;
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let mut minutes = 0;
    while tries_of(&house, a).await[0] < TRIES_AT_MOST {
        assert!(!desk.get("/patients/errands").await.text.contains("did not arrive"), "tried again");
        house.clock.advance_ms(10 * MINUTE_MS);
        minutes += 10;
        deliver_due(&house.keep, &carrier).await.unwrap();
        assert!(minutes <= 8 * 60, "a letter was forgotten");
    }
    assert!(minutes >= 4 * 60, "{minutes} minutes are too short for a mail server's repair");
    assert!(desk.get("/patients/errands").await.text.contains("did not arrive"));
}
