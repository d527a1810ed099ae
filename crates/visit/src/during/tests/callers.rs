//! Every message of the wire, said by everybody who may meet this visit and may not act in it: about
//! themselves, somebody of another visit, nobody at all, and something that is no id.

use super::house::{Guest, House, Meeting, Page, clinician, furnish, seat};
use crate::before::rules::ParticipantState as S;
use crate::during::wire::FromPage;
use keep::{Entry, Object, Tx, args};
use people::{sessions, staff};
use serde_json::{Value, json};
use vocabulary::{HOUR_MS, ParticipantId, PatientId, RepresentativeId};

/// A body that fits this message; wherever it may name somebody, it names this one.
pub fn sample(kind: &str, whom: &str) -> Value {
    match kind {
        "hello" => json!({ "ticket": "t" }),
        "offer" => json!({ "sdp": "v=0" }),
        "media" => json!({ "mic": true, "camera": true }),
        "draw" => json!({ "sizes": ["large", "small"] }),
        "lock" => json!({ "locked": true }),
        "say" => json!({ "text": "soon" }),
        "knock" | "note" => json!({ "blob": "b" }),
        "door" => json!({ "to": whom, "blob": "b" }),
        "found" => json!({ "group": "g" }),
        "seal" => json!({ "epoch": 0, "commit": "c", "welcome": { "to": whom, "blob": "b" } }),
        "log" => json!({ "after": 0 }),
        "admit" | "remove" | "back_to_lobby" => json!({ "participant": whom }),
        "compared" => json!({ "participant": whom, "outcome": "matches" }),
        "language" => json!({ "lang": "es" }),
        _ => json!({}),
    }
}

/// Somebody comes for the patient of this meeting, for an hour and by an authority over this class alone.
pub async fn acts_for_the_patient(
    house: &House,
    meeting: &Meeting,
    participant: ParticipantId,
    scope: &str,
) -> (PatientId, RepresentativeId) {
    let mut tx = house.keep.begin().await.unwrap();
    let patient = patient_of(&mut tx, meeting).await;
    let (authority, now) = (RepresentativeId::new(tx.now(), tx.entropy()), tx.now());
    let sql = "INSERT INTO representative (id, patient, authority, name, identity, evidence, seen_by,
                   seen_at, scope, begins_at, ends_at)
               VALUES ($1, $2, 'agent', $3, 'known', 'power_of_attorney', $4, $5, $6, $5, $7)";
    let ends = now.plus_ms(HOUR_MS);
    let row = args![authority, patient, Vec::<u8>::new(), meeting.person, now, scope, ends];
    tx.run_one(sql, row).await.unwrap();
    let sql = "INSERT INTO acting (participant, patient, representative) VALUES ($1, $2, $3)";
    tx.run_one(sql, args![participant, patient, authority]).await.unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("representative", ""))).await.unwrap();
    (patient, authority)
}

async fn patient_of(tx: &mut Tx, meeting: &Meeting) -> PatientId {
    let row = tx.row("SELECT patient FROM visit WHERE id = $1", args![meeting.visit]).await;
    row.unwrap().unwrap().parsed("patient", PatientId::parse).unwrap()
}

/// Somebody more at this visit, with a session of a guest.
async fn guest(house: &House, meeting: &Meeting, place: (&str, &str), door: &str) -> Guest {
    let mut tx = house.keep.begin().await.unwrap();
    let (patient, rules) = (patient_of(&mut tx, meeting).await, house.keep.settings().house_rules.clone());
    let id = seat(&mut tx, meeting.visit, place, (None, None)).await;
    let until = tx.now().plus_ms(HOUR_MS);
    let row = sessions::Guest { door, visit: meeting.visit, participant: id, patient, known: true, until };
    let session = sessions::start_guest(&mut tx, &rules, &row).await.unwrap().session;
    tx.commit(&furnish(), Entry::new(Object::of("visit", meeting.visit.text()))).await.unwrap();
    Guest { id, session }
}

/// A colleague who is a deputy at this visit, and signed in; suspended or not.
async fn deputy(house: &House, meeting: &Meeting, suspended: bool) -> Guest {
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    let person = staff::add(&mut tx, &clinician()).await.unwrap();
    let id = seat(&mut tx, meeting.visit, ("deputy", "admitted"), (Some(person), None)).await;
    let session = sessions::start_staff(&mut tx, &rules, person, sessions::How::Link).await.unwrap().session;
    if suspended {
        // The session as it is, so that the account alone decides.
        let sql = "UPDATE person SET state = 'suspended' WHERE id = $1";
        tx.run_one(sql, args![person]).await.unwrap();
    }
    tx.commit(&furnish(), Entry::new(Object::of("person", person.text()))).await.unwrap();
    Guest { id, session }
}

/// Whom a message can name: the caller, whoever is in a room the caller is not in, nobody, and no id.
fn named(own: ParticipantId, foreign: ParticipantId) -> [String; 4] {
    [own.text(), foreign.text(), ParticipantId::from_bytes([7; 16]).text(), "x".to_owned()]
}

/// Leaving comes last, because nothing comes after it.
fn kinds() -> impl Iterator<Item = &'static str> {
    let before = FromPage::KINDS.iter().copied().filter(|kind| *kind != "leave");
    before.chain(["leave"])
}

/// Each message with each of them; `free` are those this caller may send, and `leave`. Whoever may lock the
/// room may end the visit too: they do not, for nothing is left to try after it.
async fn says_everything(house: &House, page: &mut Page, whom: &[String; 4], free: &[&str]) {
    for kind in kinds().filter(|kind| *kind != "end" || !free.contains(&"lock")) {
        let names_somebody = sample(kind, "a") != sample(kind, "b");
        let mut told = Vec::new();
        for one in &whom[..if names_somebody { 4 } else { 1 }] {
            // The rate is not what refuses them.
            house.clock.advance_ms(100);
            let before = page.heard.len();
            page.say(kind, sample(kind, one)).await;
            if kind == "leave" {
                return page.closed().await;
            }
            page.caught_up().await;
            let problems = page.heard[before..].iter().filter(|(kind, _)| kind == "problem");
            told.push(problems.map(|(_, body)| body["type"].as_str().unwrap()).collect::<Vec<_>>().join(" "));
        }
        if free.contains(&kind) {
            assert_eq!(told, [""], "{kind}");
            continue;
        }
        let plain = ["not-yours", "not-admitted", "person-not-here", "message-malformed", "log-gone"];
        for answer in &told {
            let code = answer.trim_start_matches("urn:alcove:");
            assert!(plain.contains(&code), "{kind}: {told:?}");
        }
        if let [_, foreign, absent, malformed] = told.as_slice() {
            assert_eq!(foreign, absent, "{kind}: who is there and who is not");
            assert_eq!(malformed, "urn:alcove:message-malformed", "{kind}");
        }
    }
}

/// What these two pages heard since, but for the answer to their own `alive`.
async fn felt(pages: [&mut Page; 2], since: [usize; 2]) -> [Vec<String>; 2] {
    let mut all = [Vec::new(), Vec::new()];
    for ((page, since), felt) in pages.into_iter().zip(since).zip(&mut all) {
        page.caught_up().await;
        let heard = page.heard[since..].iter().map(|(kind, _)| kind.clone());
        felt.extend(heard.filter(|kind| kind != "alive"));
        felt.dedup();
    }
    all
}

/// R11 (part: every message of the socket, by whoever holds a way to this visit and is out of it: suspended,
/// removed, invited and not yet there)
#[tokio::test]
async fn whoever_is_out_of_the_visit_says_everything_in_vain() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let (other, _other_host, _other_patient) = house.met().await;
    let suspended = deputy(&house, &meeting, true).await;
    let removed = guest(&house, &meeting, ("supporter", "removed"), "00000000000000a1").await;
    let invited = guest(&house, &meeting, ("supporter", "invited"), "00000000000000a2").await;
    let since = [host.heard.len(), patient.heard.len()];
    for (caller, first, stage) in [
        (suspended, "problem", Value::Null),
        (removed, "welcome", json!("removed")),
        (invited, "welcome", json!("left")),
    ] {
        for kind in kinds() {
            let names_somebody = sample(kind, "a") != sample(kind, "b");
            for whom in &named(caller.id, other.patient.id)[..if names_somebody { 4 } else { 1 }] {
                let mut page = house.socket().await;
                let ticket = house.ticket(&meeting, caller).await;
                page.say("hello", json!({ "ticket": ticket })).await;
                page.say(kind, sample(kind, whom)).await;
                page.closed().await;
                assert_eq!((page.kinds(), &page.heard[0].1["stage"]), (vec![first], &stage), "{kind}");
                let all = format!("{:?}", page.heard);
                assert!(!all.contains(&meeting.patient.id.text()) && !all.contains("Maria"), "{all}");
            }
        }
    }
    // Of all this they see that the colleague was seated, which the row says.
    for heard in felt([&mut host, &mut patient], since).await {
        assert!(heard.iter().all(|kind| ["queue", "room"].contains(&kind.as_str())), "{heard:?}");
    }
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);
    assert_eq!(house.state(removed.id).await, S::Removed);
    assert_eq!(house.state(invited.id).await, S::Invited);
}

/// R11 (part: every message of the socket, by whoever waits and by the patient of another visit; and by a
/// deputy about people of another visit)
#[tokio::test]
async fn whoever_is_not_in_the_room_moves_nobody_there_whatever_they_say() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let (other, mut other_host, mut other_patient) = house.met().await;
    let interpreter = guest(&house, &meeting, ("interpreter", "waiting"), "00000000000000b1").await;
    let signs = guest(&house, &meeting, ("representative", "waiting"), "00000000000000b2").await;
    let reads = guest(&house, &meeting, ("supporter", "waiting"), "00000000000000b3").await;
    acts_for_the_patient(&house, &meeting, signs.id, "consent").await;
    acts_for_the_patient(&house, &meeting, reads.id, "chart").await;
    host.say("found", json!({ "group": "g" })).await;
    felt([&mut host, &mut patient], [0, 0]).await;

    let since = [host.heard.len(), patient.heard.len()];
    for caller in [meeting.supporter, interpreter, signs, reads] {
        let mut page = house.page(&meeting, caller).await;
        assert_eq!(page.welcome["stage"], "lobby");
        // Somebody who is in the room they wait for is as far from them as anybody of another visit.
        for foreign in [other.patient.id, meeting.patient.id] {
            for kind in ["admit", "remove", "back_to_lobby", "compared", "door", "seal"] {
                let [_, foreign, absent, _] = named(caller.id, foreign);
                let mut told = Vec::new();
                for whom in [foreign, absent] {
                    house.clock.advance_ms(50);
                    page.say(kind, sample(kind, &whom)).await;
                    told.push(page.problem().await);
                }
                assert_eq!(told[0], told[1], "{kind}");
                house.clock.advance_ms(50);
                page.caught_up().await;
            }
        }
        let whom = named(caller.id, other.patient.id);
        says_everything(&house, &mut page, &whom, &["alive", "language", "knock"]).await;
        let all = format!("{:?}", page.heard);
        let secret = [meeting.patient.id.text(), meeting.host.id.text(), "Maria".into(), "founded".into()];
        assert!(secret.iter().all(|secret| !all.contains(secret.as_str())), "{all}");
    }
    let whom = named(other.patient.id, meeting.patient.id);
    let free = ["offer", "media", "draw", "note", "alive", "language", "knock"];
    says_everything(&house, &mut other_patient, &whom, &free).await;
    let all = format!("{:?}", other_patient.heard);
    assert!(!all.contains(&meeting.patient.id.text()) && !all.contains(&meeting.visit.text()), "{all}");

    let [host_felt, patient_felt] = felt([&mut host, &mut patient], since).await;
    let outside = ["queue", "knocked"];
    assert!(host_felt.iter().all(|kind| outside.contains(&kind.as_str())), "{host_felt:?}");
    assert!(patient_felt.is_empty(), "{patient_felt:?}");
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);

    // A deputy acts here, and nowhere else.
    let deputy = deputy(&house, &meeting, false).await;
    let mut page = house.page(&meeting, deputy).await;
    assert_eq!(page.welcome["stage"], "room");
    other_host.caught_up().await;
    let since = other_host.heard.len();
    let free = ["offer", "media", "draw", "note", "alive", "language", "knock", "lock", "log", "say"];
    says_everything(&house, &mut page, &named(deputy.id, other.host.id), &free).await;
    other_host.caught_up().await;
    assert!(other_host.kinds()[since..].iter().all(|kind| ["alive", "queue"].contains(kind)));
    assert_eq!(house.state(other.host.id).await, S::InRoom);
}
