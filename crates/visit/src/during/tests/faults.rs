//! What must go wrong gently: bad tickets, bad messages, floods, a second page, a session that ends.

use super::callers::acts_for_the_patient;
use super::house::{House, furnish};
use crate::before::rules::ParticipantState as S;
use crate::during::{routes, way_in::TICKET_MS};
use ::people::sessions;
use keep::{Entry, Object};
use policy::Act;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use vocabulary::{Lang, MINUTE_MS, Principal, Role, Roles};
use web::testing::post;

#[tokio::test]
async fn a_ticket_opens_once_within_a_minute_and_no_other_does() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let used = house.ticket(&meeting, meeting.patient).await;
    let mut first = house.socket().await;
    first.say("hello", json!({ "ticket": used })).await;
    first.next("welcome").await;
    let old = house.ticket(&meeting, meeting.supporter).await;
    house.clock.advance_ms(TICKET_MS);
    let fresh = house.ticket(&meeting, meeting.supporter).await;
    house.clock.advance_ms(TICKET_MS - 1);
    for token in [used.as_str(), old.as_str(), "A".repeat(43).as_str(), "short", ""] {
        let mut page = house.socket().await;
        page.say("hello", json!({ "ticket": token })).await;
        assert_eq!(page.problem().await, "ticket-over", "{token}");
        page.closed().await;
    }
    let mut page = house.socket().await;
    page.say("hello", json!({ "ticket": fresh })).await;
    page.next("welcome").await;
    first.caught_up().await;
}

#[tokio::test]
async fn a_resume_token_is_nobody_elses_and_dies_with_a_newer_ticket() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut old = house.page(&meeting, meeting.patient).await;
    let mut forged = house.socket().await;
    forged.say("hello", json!({ "resume": "A".repeat(43) })).await;
    assert_eq!(forged.problem().await, "resume-over");
    forged.closed().await;
    let mut new = house.page(&meeting, meeting.patient).await;
    assert_eq!(old.problem().await, "superseded");
    old.closed().await;
    let mut back = house.socket().await;
    back.say("hello", json!({ "resume": old.resume })).await;
    assert_eq!(back.problem().await, "resume-over");
    new.caught_up().await;
}

#[tokio::test]
async fn the_older_of_two_pages_with_one_token_is_told_and_the_newer_goes_on() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let mut copy = house.resumed(&patient.resume, None).await;
    assert_eq!(patient.problem().await, "superseded");
    patient.closed().await;
    assert_eq!(copy.welcome["stage"], "room");
    copy.caught_up().await;
    host.caught_up().await;
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);
}

#[tokio::test]
async fn small_mistakes_are_answered_and_survived() {
    let house = House::open().await;
    let (_meeting, mut host, mut patient) = house.met().await;
    let cases = [
        ("not json".to_owned(), "message-malformed"),
        (json!({ "v": 1, "seq": 1, "type": "alive", "body": { "x": 1 } }).to_string(), "message-malformed"),
        (json!({ "v": 1, "seq": 1, "type": "sing", "body": {} }).to_string(), "message-unknown"),
        (json!({ "v": 9, "seq": 1, "type": "alive", "body": {} }).to_string(), "message-version"),
        ("x".repeat(70_000), "message-too-long"),
        (
            json!({ "v": 1, "seq": 1, "type": "hello", "body": { "ticket": "x" } }).to_string(),
            "message-malformed",
        ),
        (json!({ "v": 1, "seq": 1, "type": "offer", "body": { "sdp": "no" } }).to_string(), "offer-refused"),
    ];
    for (text, code) in cases {
        patient.raw(text).await;
        assert_eq!(patient.problem().await, code);
    }
    let long = "m=x\r\n".repeat(33);
    patient.say("offer", json!({ "sdp": long })).await;
    assert_eq!(patient.problem().await, "message-too-long");
    patient.caught_up().await;
    host.caught_up().await;
}

#[tokio::test]
async fn problems_are_told_in_the_persons_language() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let ticket = house.ticket_in(&meeting, meeting.patient, Lang::Es).await;
    let mut page = house.socket().await;
    page.say("hello", json!({ "ticket": ticket })).await;
    assert_eq!(page.next("welcome").await["lang"], "es");
    page.say("note", json!({ "blob": "x" })).await;
    assert_eq!(page.next("problem").await["title"], "Usted todavía no está en la sala.");
}

#[tokio::test]
async fn ten_mistakes_in_a_row_close_the_socket_and_nobody_elses() {
    let house = House::open().await;
    let (_meeting, mut host, mut patient) = house.met().await;
    for _ in 0..10 {
        patient.raw("{}".into()).await;
    }
    patient.closed().await;
    let last = patient.heard.last().unwrap();
    assert_eq!(last.1["type"], "urn:alcove:message-too-many-mistakes");
    for _ in 0..10 {
        host.say("admit", json!({ "participant": "0197aaaa-0000-7000-8000-000000000000" })).await;
    }
    host.closed().await;
    assert_eq!(host.heard.last().unwrap().1["type"], "urn:alcove:message-too-many-mistakes");
    let mut again = house.resumed(&patient.resume, None).await;
    again.caught_up().await;
}

#[tokio::test]
async fn a_flood_is_not_read() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut page = house.page(&meeting, meeting.patient).await;
    for _ in 0..65 {
        page.say("alive", json!({})).await;
    }
    assert_eq!(page.problem().await, "message-too-fast");
    house.clock.advance_ms(1_000);
    for _ in 0..4 {
        assert_eq!(page.problem().await, "message-too-fast");
    }
    page.caught_up().await;
}

#[tokio::test]
async fn a_page_of_another_origin_gets_no_socket() {
    let house = House::open().await;
    for origin in ["https://evil.example", "null", ""] {
        assert!(house.connect(origin).await.is_err(), "{origin}");
    }
    assert!(house.connect(&house.origin.clone()).await.is_ok());
}

#[tokio::test]
async fn nobody_is_anybody_before_the_hello() {
    let house = House::open().await;
    for kind in ["alive", "end", "offer"] {
        let mut page = house.socket().await;
        let body = if kind == "offer" { json!({ "sdp": "v=0" }) } else { json!({}) };
        page.say(kind, body).await;
        assert_eq!(page.problem().await, "hello-first");
        page.closed().await;
    }
}

/// R13 (part: the socket and the media of an ended session, within two seconds)
#[tokio::test]
async fn an_ended_session_loses_its_socket_and_media_within_two_seconds() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    house.sign_out(meeting.patient.session).await;
    let gone = async {
        assert_eq!(patient.problem().await, "signed-out");
        patient.closed().await;
    };
    timeout(Duration::from_secs(2), gone).await.unwrap();
    assert_eq!(house.media.peers(meeting.visit), 1);
    // The place stays; the way back leads through signing in.
    house.eventually(meeting.patient.id, S::Away).await;
    let mut back = house.socket().await;
    back.say("hello", json!({ "resume": patient.resume })).await;
    assert_eq!(back.problem().await, "signed-out");
    host.caught_up().await;
}

/// R35 (part: refused acts in the room)
#[tokio::test]
async fn refused_and_done_acts_are_in_the_trail_and_it_verifies() {
    let house = House::open().await;
    let (_meeting, mut host, mut patient) = house.met().await;
    patient.say("end", json!({})).await;
    patient.problem().await;
    host.say("end", json!({})).await;
    host.next("ended").await;
    let acts = house.acts().await;
    for act in [Act::OpenRoom, Act::Admit, Act::JoinRoom, Act::End] {
        assert!(acts.contains(&(act.code().into(), true)), "{} in {acts:?}", act.code());
    }
    assert!(acts.contains(&(Act::End.code().into(), false)), "{acts:?}");
    assert!(keep::trail::verify(&house.keep).await.is_ok());
}

#[tokio::test]
async fn the_hosts_press_leads_into_the_room_with_a_ticket_in_the_fragment() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let roles = Roles::NONE.with(Role::Clinician);
    let who = Principal::Staff { person: meeting.person, session: meeting.host.session, roles };
    let site = web::testing::site(house.keep.clone(), who, &[crate::WORDS]);
    let router = routes().into_router(site.plug(Arc::new(house.live.clone())));
    let path = format!("/visits/{}/enter", meeting.visit.text());
    let answer = post(&router, &path, &[("admit", &meeting.patient.id.text())]).await;
    assert_eq!(answer.status, 303);
    let (ticket, wish) = answer.location().trim_start_matches("/room/#").split_once('~').unwrap();
    assert_eq!(wish, format!("admit={}", meeting.patient.id.text()));
    let mut page = house.socket().await;
    page.say("hello", json!({ "ticket": ticket })).await;
    assert_eq!(page.next("welcome").await["stage"], "room");

    let stranger = Principal::Staff {
        person: vocabulary::PersonId::from_bytes([9; 16]),
        session: meeting.host.session,
        roles,
    };
    let site = web::testing::site(house.keep.clone(), stranger, &[crate::WORDS]);
    let router = routes().into_router(site.plug(Arc::new(house.live.clone())));
    assert_eq!(post(&router, &path, &[]).await.status, 404);
    // The stranger's try is in the trail, and nothing else came of it.
    assert!(house.acts().await.contains(&(Act::OpenRoom.code().into(), false)));
}

/// R74 (part: an authority that ends, by a colleague's press or by its date, ends being in the visit too)
/// R76 (part: to whoever is refused it looks like a session that is over)
#[tokio::test]
async fn whoever_acts_for_the_patient_no_longer_is_out_of_the_visit() {
    for pressed in [true, false] {
        let house = House::open().await;
        let meeting = house.meeting().await;
        let place = acts_for_the_patient(&house, &meeting, meeting.supporter.id, "consent").await;
        let mut page = house.page(&meeting, meeting.supporter).await;

        if pressed {
            let mut tx = house.keep.begin().await.unwrap();
            let now = tx.now();
            ::people::representatives::put_end(&mut tx, place, now).await.unwrap();
            tx.commit(&furnish(), Entry::new(Object::of("representative", ""))).await.unwrap();
            let told = timeout(Duration::from_secs(2), page.problem()).await;
            assert_eq!(told.expect("within two seconds"), "signed-out");
        } else {
            // Alive all the while, so that the session itself is not what ends.
            for _ in 0..3 {
                house.clock.advance_ms(20 * MINUTE_MS);
                sessions::touch(&house.keep, &[meeting.supporter.session]).await.unwrap();
            }
            // The next tick comes five seconds after the last, which was before this.
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert_eq!(page.problem().await, "signed-out", "at the next tick");
        }
        page.closed().await;
        let mut back = house.socket().await;
        back.say("hello", json!({ "resume": page.resume })).await;
        assert_eq!(back.problem().await, "signed-out", "no way back");
    }
}
