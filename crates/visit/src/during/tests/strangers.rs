//! The socket as somebody meets it who has no business in this visit: whoever says nothing of a right to be
//! here, and the people of another visit, who name people of this one.

use super::callers::sample;
use super::house::{House, Page};
use crate::before::rules::{ParticipantState as S, VisitState};
use crate::during::wire::FromPage;
use serde_json::{Value, json};
use vocabulary::ParticipantId;

/// What this message is answered with.
async fn answers(page: &mut Page, kind: &str, body: Value) -> Vec<Value> {
    let before = page.heard.len();
    page.say(kind, body).await;
    page.caught_up().await;
    let problems = page.heard[before..].iter().filter(|(kind, _)| kind == "problem");
    problems.map(|(_, body)| body["type"].clone()).collect()
}

/// R11 (part: over the socket, before anybody has said by what right they are there)
#[tokio::test]
async fn a_socket_without_a_right_hears_nothing_whatever_it_says() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let nowhere = ParticipantId::from_bytes([7; 16]).text();
    for kind in FromPage::KINDS {
        let mut told = Vec::new();
        for whom in [meeting.patient.id.text().as_str(), &nowhere, "x"] {
            let mut stranger = house.socket().await;
            stranger.say(kind, sample(kind, whom)).await;
            stranger.closed().await;
            assert_eq!(stranger.kinds(), ["problem"], "{kind}");
            told.push(stranger.heard[0].1["type"].clone());
        }
        assert_eq!(told[0], told[1], "{kind}");
    }
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);
    host.caught_up().await;
    patient.caught_up().await;
}

/// R11 (part: over the socket, by the people of another visit: somebody who is there and somebody who is not
/// are refused alike, and nobody here feels it)
#[tokio::test]
async fn the_people_of_another_visit_reach_nobody_here_and_cannot_tell_who_is_there() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let other = house.meeting().await;
    let mut theirs = house.page(&other, other.host).await;
    let mut guest = house.page(&other, other.patient).await;
    let there = json!({ "participant": meeting.patient.id.text() });
    let nowhere = json!({ "participant": ParticipantId::from_bytes([7; 16]).text() });
    for page in [&mut theirs, &mut guest] {
        for kind in ["admit", "remove", "back_to_lobby"] {
            let foreign = answers(page, kind, there.clone()).await;
            let absent = answers(page, kind, nowhere.clone()).await;
            assert_eq!(foreign, absent, "{kind}");
            let malformed = answers(page, kind, json!({ "participant": "x" })).await;
            assert_eq!(malformed, [json!("urn:alcove:message-malformed")], "{kind}");
        }
    }
    let (before, heard) = (host.heard.len(), patient.heard.len());
    host.caught_up().await;
    patient.caught_up().await;
    let felt = host.heard[before..].iter().chain(&patient.heard[heard..]).filter(|(kind, _)| kind != "alive");
    assert!(felt.clone().all(|(kind, _)| kind == "room"), "{:?}", felt.collect::<Vec<_>>());
    assert_eq!(house.state(meeting.patient.id).await, S::InRoom);
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Live);
}
