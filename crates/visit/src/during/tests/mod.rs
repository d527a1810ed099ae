//! Lobby and room over real sockets on loopback, a real store, and a media server without packets.

mod admitting;
mod ahead;
pub(super) mod callers;
mod coming;
mod fake_media;
mod faults;
mod files;
mod findings;
mod house;
mod sealed;
mod strangers;

use crate::before::rules::{ParticipantState as S, VisitState};
use ::media::Size;
use house::{House, connected, furnish};
use keep::{Entry, Object};
use serde_json::json;

/// A live house without packets, behind somebody else's pages.
pub(crate) fn live(keep: &keep::Keep, site: &web::Site) -> super::Live {
    let media = std::sync::Arc::new(fake_media::FakeMedia::default());
    let (keep, catalog) = (keep.clone(), site.catalog.clone());
    super::Live::start(super::Parts { keep, media, catalog, demo: false, texting: Default::default() })
}

/// The number is the way out when a room stops, and all that somebody who was removed has: the rule about
/// visits by phone takes it from nobody. It says only what the page offers when a connection does not hold.
#[tokio::test]
async fn the_rules_on_phone_and_picture_reach_the_room_and_the_number_stays() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    for allowed in [true, false] {
        let mut settings = (*house.keep.settings()).clone();
        settings.face.phone = "555-0142".into();
        let rules = &mut settings.house_rules;
        (rules.phone_fallback, rules.audio_only) = (allowed, allowed);
        let mut tx = house.keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&furnish(), Entry::new(Object::of("practice", ""))).await.unwrap();
        let page = house.page(&meeting, meeting.patient).await;
        let visit = &page.welcome["visit"];
        assert_eq!(visit["phone"], "555-0142", "{allowed}");
        assert_eq!((&visit["by_phone"], &visit["sound_only"]), (&json!(allowed), &json!(allowed)));
    }
}

#[tokio::test]
async fn a_patient_waits_until_admitted_and_then_meets_the_host() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    assert_eq!(patient.welcome["stage"], "lobby");
    assert_eq!(patient.welcome["name"], "Maria Lopez");
    assert_eq!(patient.welcome["visit"]["clinician"], "Dr. Amara Osei");
    assert_eq!(patient.next("lobby").await["position"], 1);

    let mut host = house.page(&meeting, meeting.host).await;
    assert_eq!((&host.welcome["stage"], &host.welcome["role"]), (&json!("room"), &json!("host")));
    let queue = host.next("queue").await;
    assert_eq!(queue["waiting"][0]["name"], "Maria Lopez");
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Live);
    assert_eq!(house.state(meeting.host.id).await, S::InRoom);

    host.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
    let room = patient.next("room").await;
    assert_eq!(patient.kinds(), ["welcome", "lobby", "coming", "admitted", "room"]);
    assert_eq!(room["people"].as_array().unwrap().len(), 2);
    assert_eq!(house.state(meeting.patient.id).await, S::Admitted);

    let offer = patient.say("offer", json!({ "sdp": "v=0" })).await;
    let answer = patient.next("answer").await;
    assert_eq!((&answer["sdp"], &answer["seq_of"]), (&json!("v=0 answer"), &json!(offer)));
    host.say("offer", json!({ "sdp": "v=0" })).await;
    patient.until("room", |room| connected(room) == 2).await;
    patient.until("room", |room| room["slots"][0]["participant"] == meeting.host.id.text()).await;
    house.eventually(meeting.patient.id, S::InRoom).await;

    patient.say("draw", json!({ "sizes": ["large", "small"] })).await;
    patient.say("media", json!({ "mic": true, "camera": true })).await;
    // Who is looked at hears in which sizes, and nothing of by whom.
    let seen = |room: &serde_json::Value| {
        let people = room["people"].as_array().unwrap();
        let on = people.iter().any(|one| one["id"] == meeting.patient.id.text() && one["mic"] == true);
        on && room["sizes"] == json!(["large"])
    };
    host.until("room", seen).await;
    assert_eq!(house.media.drawn(), [vec![Size::Large, Size::Small]], "passed on to the media server");
}

/// What the desk says on its page reaches whoever waits at once, and whoever comes after a restart.
#[tokio::test]
async fn words_of_the_desk_reach_the_lobby_at_once_and_survive_a_restart() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut waiting = house.page(&meeting, meeting.patient).await;
    waiting.next("lobby").await;
    house.desk_says(&meeting, "Just a moment.").await;
    waiting.until("lobby", |lobby| lobby["said"][0]["text"] == "Just a moment.").await;
    house.desk_says(&meeting, "You are next.").await;
    let both = |lobby: &serde_json::Value| lobby["said"].as_array().is_some_and(|said| said.len() == 2);
    waiting.until("lobby", both).await;
    let house = house.restarted().await;
    let mut again = house.page(&meeting, meeting.patient).await;
    again.until("lobby", both).await;
}

#[tokio::test]
async fn a_person_in_the_lobby_hears_nothing_of_the_room() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let mut waiting = house.page(&meeting, meeting.supporter).await;
    host.say("media", json!({ "mic": true, "camera": true })).await;
    patient.say("note", json!({ "blob": "sealed" })).await;
    assert_eq!(host.next("note").await["from"], meeting.patient.id.text());
    host.say("lock", json!({ "locked": true })).await;
    host.say("say", json!({ "text": "We are running late." })).await;
    waiting.until("lobby", |lobby| lobby["said"][0]["text"] == "We are running late.").await;
    host.say("end", json!({})).await;
    waiting.closed().await;
    let kinds = waiting.kinds();
    assert!(kinds.iter().all(|kind| ["welcome", "lobby", "ended"].contains(kind)), "{kinds:?}");
    let all = format!("{:?}", waiting.heard);
    assert!(!all.contains(&meeting.patient.id.text()) && !all.contains("Maria") && !all.contains("sealed"));
}

#[tokio::test]
async fn who_tries_to_act_from_the_lobby_is_refused_and_the_room_is_unharmed() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let mut waiting = house.page(&meeting, meeting.supporter).await;
    let victim = json!({ "participant": meeting.patient.id.text() });
    for (kind, body) in [
        ("admit", json!({ "participant": meeting.supporter.id.text() })),
        ("remove", victim.clone()),
        ("back_to_lobby", victim.clone()),
        ("lock", json!({ "locked": true })),
        ("end", json!({})),
        ("say", json!({ "text": "I am the host" })),
    ] {
        let seq = waiting.say(kind, body.clone()).await;
        let problem = waiting.next("problem").await;
        assert_eq!((&problem["type"], &problem["seq_of"]), (&json!("urn:alcove:not-yours"), &json!(seq)));
        patient.say(kind, body).await;
        assert_eq!(patient.problem().await, "not-yours");
    }
    for (kind, body) in [("offer", json!({ "sdp": "v=0" })), ("note", json!({ "blob": "x" }))] {
        waiting.say(kind, body).await;
        assert_eq!(waiting.problem().await, "not-admitted");
    }
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);
    assert_eq!(house.state(meeting.supporter.id).await, S::Waiting);
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Live);
    host.caught_up().await;
    patient.caught_up().await;
    assert_eq!(house.media.peers(meeting.visit), 2);
}

#[tokio::test]
async fn a_removed_person_is_out_for_good_and_their_media_end() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    host.say("remove", json!({ "participant": meeting.patient.id.text() })).await;
    patient.next("removed").await;
    patient.closed().await;
    assert_eq!(patient.kinds().last(), Some(&"removed"));
    assert_eq!(house.media.peers(meeting.visit), 1);
    assert_eq!(house.state(meeting.patient.id).await, S::Removed);
    host.until("room", |room| room["people"].as_array().unwrap().len() == 1).await;
    let mut again = house.resumed(&patient.resume, None).await;
    assert_eq!(again.welcome["stage"], "removed");
    again.closed().await;
}

#[tokio::test]
async fn back_to_lobby_ends_media_and_a_second_admission_brings_them_back() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let whom = json!({ "participant": meeting.patient.id.text() });
    host.say("back_to_lobby", whom.clone()).await;
    patient.next("returned").await;
    patient.next("lobby").await;
    assert_eq!(house.media.peers(meeting.visit), 1);
    host.until("queue", |queue| queue["waiting"].to_string().contains("Maria Lopez")).await;
    host.say("admit", whom).await;
    patient.next("admitted").await;
    patient.say("offer", json!({ "sdp": "v=0" })).await;
    patient.next("answer").await;
    assert_eq!(house.media.peers(meeting.visit), 2);
}

#[tokio::test]
async fn what_was_heard_of_the_digits_is_in_the_record_and_in_the_trail() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let whom = meeting.patient.id.text();
    patient.say("compared", json!({ "participant": whom, "outcome": "matches" })).await;
    assert_eq!(patient.problem().await, "not-yours");
    host.say("compared", json!({ "participant": whom, "outcome": "heard" })).await;
    assert_eq!(host.problem().await, "message-malformed");
    assert_eq!(house.spoken(meeting.patient.id).await, None);
    host.say("compared", json!({ "participant": whom, "outcome": "skipped" })).await;
    host.caught_up().await;
    assert_eq!(house.spoken(meeting.patient.id).await, Some("skipped"));
    // Also by the program that was started again meanwhile.
    let house = house.restarted().await;
    let mut host = house.resumed(&host.resume, None).await;
    host.say("compared", json!({ "participant": whom, "outcome": "known_device" })).await;
    host.caught_up().await;
    assert_eq!(house.spoken(meeting.patient.id).await, Some("skipped"));
    host.say("compared", json!({ "participant": whom, "outcome": "matches" })).await;
    host.caught_up().await;
    assert_eq!(house.spoken(meeting.patient.id).await, Some("matches"));
    let acts = house.acts().await.into_iter().filter(|(act, _)| act == "room.code");
    assert_eq!(acts.filter(|(_, done)| *done).count(), 2, "one entry for each that counted");
}

#[tokio::test]
async fn a_page_that_changes_its_language_is_told_its_words_again() {
    let house = House::open().await;
    let (meeting, mut host, _patient) = house.met().await;
    let _waiting = house.page(&meeting, meeting.supporter).await;
    let page = |queue: &serde_json::Value| queue["waiting"][0]["badges"].to_string();
    house.steps_out(meeting.supporter.id).await;
    house.steps_in(meeting.supporter.id).await;
    host.until("queue", |queue| page(queue).contains("Page not open")).await;
    host.say("language", json!({ "lang": "es" })).await;
    host.until("queue", |queue| page(queue).contains("no abierta")).await;
    host.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
    assert_eq!(host.next("problem").await["title"], "Esa persona ya no está aquí.");
}

#[tokio::test]
async fn a_locked_room_says_so_to_whoever_admits() {
    let house = House::open().await;
    let (meeting, mut host, _patient) = house.met().await;
    let mut waiting = house.page(&meeting, meeting.supporter).await;
    host.say("lock", json!({ "locked": true })).await;
    host.until("room", |room| room["locked"] == true).await;
    let whom = json!({ "participant": meeting.supporter.id.text() });
    host.say("admit", whom.clone()).await;
    assert_eq!(host.problem().await, "room-locked");
    host.say("lock", json!({ "locked": false })).await;
    host.say("admit", whom).await;
    waiting.next("admitted").await;
}

#[tokio::test]
async fn the_end_reaches_everybody_with_the_next_address() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    host.say("end", json!({})).await;
    assert_eq!(patient.next("ended").await["next"], "/g/0123456789abcdef/survey");
    assert_eq!(host.next("ended").await["next"], format!("/visits/{}", meeting.visit.text()));
    patient.closed().await;
    host.closed().await;
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Ended);
    assert_eq!(house.state(meeting.patient.id).await, S::Left);
    assert_eq!(house.media.peers(meeting.visit), 0);
    let mut again = house.resumed(&patient.resume, None).await;
    assert_eq!(again.welcome["stage"], "ended");
    assert_eq!(again.next("ended").await["next"], "/g/0123456789abcdef/survey");
}

#[tokio::test]
async fn a_reload_comes_back_without_a_second_admission() {
    let house = House::open().await;
    let (meeting, mut host, patient) = house.met().await;
    let resume = patient.resume.clone();
    drop(patient);
    host.until("room", |room| connected(room) == 1).await;
    house.eventually(meeting.patient.id, S::Away).await;
    let mut again = house.resumed(&resume, None).await;
    assert_eq!(again.welcome["stage"], "room");
    again.say("offer", json!({ "sdp": "v=0" })).await;
    again.next("answer").await;
    host.until("room", |room| connected(room) == 2).await;
    house.eventually(meeting.patient.id, S::InRoom).await;
    assert_eq!(house.media.peers(meeting.visit), 2);
}

#[tokio::test]
async fn a_bad_second_offer_costs_nobody_anything() {
    let house = House::open().await;
    let (meeting, host, mut patient) = house.met().await;
    patient.say("offer", json!({ "sdp": "words" })).await;
    patient.next("problem").await;
    assert_eq!(house.media.peers(meeting.visit), 2);
    patient.say("offer", json!({ "sdp": "v=0" })).await;
    patient.next("answer").await;
    assert_eq!(house.media.peers(meeting.visit), 2);
    drop(host);
}

#[tokio::test]
async fn after_a_restart_both_come_back_and_nothing_acknowledged_is_lost() {
    let house = House::open().await;
    let (meeting, mut host, patient) = house.met().await;
    host.say("lock", json!({ "locked": true })).await;
    host.until("room", |room| room["locked"] == true).await;
    let house = house.restarted().await;
    let mut host = house.resumed(&host.resume, Some(host.last_seq)).await;
    assert_eq!(host.welcome["stage"], "room");
    let room = host.next("room").await;
    assert_eq!((&room["locked"], room["people"].as_array().unwrap().len()), (&json!(true), 2));
    let mut patient = house.resumed(&patient.resume, Some(patient.last_seq)).await;
    assert_eq!(patient.welcome["stage"], "room");
    patient.say("offer", json!({ "sdp": "v=0" })).await;
    patient.next("answer").await;
    house.eventually(meeting.patient.id, S::InRoom).await;
}

#[tokio::test]
async fn visits_do_not_touch_each_other() {
    let house = House::open().await;
    let (one, mut host, mut patient) = house.met().await;
    let (other, mut other_host, _other_patient) = house.met().await;
    let foreign = json!({ "participant": one.patient.id.text() });
    for kind in ["remove", "back_to_lobby", "admit"] {
        other_host.say(kind, foreign.clone()).await;
        assert_eq!(other_host.problem().await, "person-not-here");
    }
    other_host.say("end", json!({})).await;
    other_host.next("ended").await;
    assert_eq!(house.visit_state(one.visit).await, VisitState::Live);
    assert_eq!(house.visit_state(other.visit).await, VisitState::Ended);
    assert_eq!(house.state(one.patient.id).await, S::InRoom);
    host.caught_up().await;
    patient.caught_up().await;
}

#[tokio::test]
async fn a_person_who_leaves_is_told_and_the_visit_goes_on() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    patient.say("leave", json!({})).await;
    patient.next("left").await;
    patient.closed().await;
    host.until("room", |room| room["people"].as_array().unwrap().len() == 1).await;
    assert_eq!(house.state(meeting.patient.id).await, S::Left);
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Live);
    assert_eq!(house.media.peers(meeting.visit), 1);
}

#[tokio::test]
async fn who_comes_by_a_page_without_a_socket_is_in_the_queue_at_once() {
    let house = House::open().await;
    let (meeting, mut host, _patient) = house.met().await;
    host.caught_up().await;
    house.steps_out(meeting.supporter.id).await;
    host.until("queue", |queue| queue["waiting"].as_array().unwrap().is_empty()).await;
    house.steps_in(meeting.supporter.id).await;
    let queue = host.until("queue", |queue| !queue["waiting"].as_array().unwrap().is_empty()).await;
    assert_eq!(queue["waiting"][0]["name"], "Support person");
    assert_eq!(queue["waiting"][0]["badges"][0]["kind"], "page");
    assert_eq!(house.live.queue(meeting.visit).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_practice_that_ends_the_visit_by_a_page_ends_it_for_the_sockets() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    house.moves_to_phone(meeting.visit).await;
    assert_eq!(patient.next("ended").await["by_phone"], true, "the practice calls them now");
    assert_eq!(host.next("ended").await["by_phone"], false);
    assert_eq!(house.media.peers(meeting.visit), 0);
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::MovedToPhone);
    house.eventually(meeting.patient.id, S::Left).await;
}
