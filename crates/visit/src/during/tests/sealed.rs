//! The sealed group over real sockets. The payloads are opaque: any base64url will do.

use super::house::House;
use crate::during::visit_task::REFUSED_IN_A_ROW;
use serde_json::{Value, json};

#[tokio::test]
async fn a_person_knocks_meets_the_host_at_the_door_and_is_let_into_the_group() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let (me, lead) = (meeting.patient.id.text(), meeting.host.id.text());
    let mut patient = house.page(&meeting, meeting.patient).await;
    patient.say("knock", json!({ "blob": "knock" })).await;
    patient.caught_up().await;

    let mut host = house.page(&meeting, meeting.host).await;
    let knocked = host.next("knocked").await;
    let expected = json!({ "from": me, "name": "Maria Lopez", "role": "patient", "blob": "knock" });
    assert_eq!(knocked, expected);
    host.say("found", json!({ "group": "group" })).await;
    assert_eq!(host.next("founded").await, json!({ "group": "group", "epoch": 0 }));

    host.say("door", json!({ "to": me, "blob": "challenge" })).await;
    assert_eq!(patient.next("door").await, json!({ "from": lead, "blob": "challenge" }));
    patient.say("door", json!({ "to": lead, "blob": "opening" })).await;
    assert_eq!(host.next("door").await, json!({ "from": me, "blob": "opening" }));

    host.say("admit", json!({ "participant": me })).await;
    let welcome = json!({ "to": me, "blob": "welcome" });
    host.say("seal", json!({ "epoch": 0, "commit": "add", "welcome": welcome })).await;
    let sealed = json!({ "index": 1, "epoch": 0, "from": lead, "commit": "add" });
    assert_eq!(host.next("sealed").await, sealed);
    assert_eq!(patient.next("welcome_in").await, json!({ "blob": "welcome", "group": "group" }));
    host.caught_up().await;
    assert!(!host.kinds().contains(&"welcome_in"));

    patient.say("note", json!({ "blob": "hello" })).await;
    assert_eq!(host.next("note").await, json!({ "from": me, "blob": "hello" }));
    patient.caught_up().await;
    assert!(!patient.kinds().contains(&"note"));
}

#[tokio::test]
async fn a_page_that_loses_many_races_for_an_epoch_keeps_its_socket() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    host.say("found", json!({ "group": "g" })).await;
    let welcome = json!({ "to": meeting.patient.id.text(), "blob": "welcome" });
    host.say("seal", json!({ "epoch": 0, "commit": "first", "welcome": welcome })).await;
    patient.next("sealed").await;
    for _ in 0..REFUSED_IN_A_ROW + 2 {
        patient.say("seal", json!({ "epoch": 0, "commit": "late" })).await;
        assert_eq!(patient.problem().await, "epoch-taken");
    }
    patient.say("seal", json!({ "epoch": 1, "commit": "next" })).await;
    assert_eq!(patient.next("sealed").await["index"], 2);
}

#[tokio::test]
async fn the_lobby_hears_the_door_and_nothing_else_of_the_group() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let mut waiting = house.page(&meeting, meeting.supporter).await;
    let them = meeting.supporter.id.text();
    host.say("found", json!({ "group": "secretgroup" })).await;
    host.say("seal", json!({ "epoch": 0, "commit": "secretcommit" })).await;
    patient.say("note", json!({ "blob": "secretnote" })).await;
    patient.say("knock", json!({ "blob": "secretknock" })).await;
    host.next("knocked").await;
    waiting.caught_up().await;
    assert!(!format!("{:?}", waiting.heard).contains("secret"));
    for (kind, body) in [
        ("found", json!({ "group": "g" })),
        ("seal", json!({ "epoch": 1, "commit": "c" })),
        ("note", json!({ "blob": "b" })),
        ("log", json!({ "after": 0 })),
    ] {
        waiting.say(kind, body).await;
        let expected = if kind == "found" { "not-yours" } else { "not-admitted" };
        assert_eq!(waiting.problem().await, expected, "{kind}");
    }
    let welcome = json!({ "to": them, "blob": "welcome" });
    host.say("seal", json!({ "epoch": 1, "commit": "add", "welcome": welcome })).await;
    assert_eq!(host.problem().await, "person-not-here");
    waiting.caught_up().await;
    let kinds = waiting.kinds();
    let of_group = ["welcome_in", "sealed", "note", "founded", "knocked"];
    assert!(!kinds.iter().any(|kind| of_group.contains(kind)), "{kinds:?}");
}

#[tokio::test]
async fn a_foreign_door_is_refused_and_reaches_nobody() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let (other, mut other_host, _other_patient) = house.met().await;
    let mut waiting = house.page(&meeting, meeting.supporter).await;
    for to in [meeting.patient.id, meeting.supporter.id, other.host.id, other.supporter.id] {
        waiting.say("door", json!({ "to": to.text(), "blob": "x" })).await;
        assert_eq!(waiting.problem().await, "person-not-here");
    }
    for to in [meeting.supporter.id, meeting.host.id] {
        patient.say("door", json!({ "to": to.text(), "blob": "x" })).await;
        assert_eq!(patient.problem().await, "person-not-here");
        other_host.say("door", json!({ "to": to.text(), "blob": "x" })).await;
        assert_eq!(other_host.problem().await, "person-not-here");
    }
    waiting.say("door", json!({ "blob": "first" })).await;
    assert_eq!(host.next("door").await["blob"], "first");
    for page in [&mut host, &mut patient, &mut waiting, &mut other_host] {
        page.caught_up().await;
        assert!(!page.heard.iter().any(|(kind, body)| kind == "door" && body["blob"] == "x"));
    }
}

#[tokio::test]
async fn a_lost_race_is_answered_with_epoch_taken_and_nothing_of_it_arrives() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    host.say("found", json!({ "group": "g" })).await;
    let welcome = json!({ "to": meeting.patient.id.text(), "blob": "welcome" });
    host.say("seal", json!({ "epoch": 0, "commit": "add", "welcome": welcome })).await;
    patient.next("welcome_in").await;
    patient.say("seal", json!({ "epoch": 1, "commit": "first" })).await;
    host.until("sealed", |sealed| sealed["commit"] == "first").await;
    let again = json!({ "to": meeting.patient.id.text(), "blob": "again" });
    let body = json!({ "epoch": 1, "commit": "second", "welcome": again });
    let seq = host.say("seal", body).await;
    let problem = host.next("problem").await;
    assert_eq!((&problem["type"], &problem["seq_of"]), (&json!("urn:alcove:epoch-taken"), &json!(seq)));
    host.say("seal", json!({ "epoch": 2, "commit": "third" })).await;
    for page in [&mut host, &mut patient] {
        page.until("sealed", |sealed| sealed["commit"] == "third").await;
        let told = page.heard.iter().filter(|(kind, _)| kind == "sealed").map(|(_, body)| body);
        let log: Vec<(&Value, &Value)> = told.map(|body| (&body["index"], &body["commit"])).collect();
        let expected = [(1, "add"), (2, "first"), (3, "third")];
        let expected = expected.map(|(index, commit)| (json!(index), json!(commit)));
        assert_eq!(log, expected.each_ref().map(|(index, commit)| (index, commit)));
    }
    assert_eq!(patient.kinds().iter().filter(|kind| **kind == "welcome_in").count(), 1);
}

#[tokio::test]
async fn whoever_comes_back_has_what_they_missed_repeated_and_asks_the_log_for_the_rest() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    host.say("found", json!({ "group": "g" })).await;
    host.say("seal", json!({ "epoch": 0, "commit": "one" })).await;
    patient.next("sealed").await;
    let (resume, seen) = (patient.resume.clone(), patient.last_seq);
    drop(patient);
    house.eventually(meeting.patient.id, crate::before::rules::ParticipantState::Away).await;
    host.say("note", json!({ "blob": "meanwhile" })).await;
    host.say("seal", json!({ "epoch": 1, "commit": "two" })).await;
    host.until("sealed", |sealed| sealed["index"] == 2).await;

    let mut again = house.resumed(&resume, Some(seen)).await;
    assert_eq!(again.next("founded").await["epoch"], 2);
    assert_eq!(again.kinds()[..3], ["welcome", "note", "sealed"]);
    // A page that reloaded knows nothing and has nothing repeated.
    drop(again);
    let mut reloaded = house.resumed(&resume, None).await;
    reloaded.next("founded").await;
    assert!(!reloaded.kinds().contains(&"sealed"));
    reloaded.say("log", json!({ "after": 1 })).await;
    assert_eq!(reloaded.next("sealed").await["commit"], "two");
    reloaded.say("log", json!({ "after": 0 })).await;
    assert_eq!(reloaded.next("sealed").await["commit"], "one");
    assert_eq!(reloaded.next("sealed").await["commit"], "two");
}

#[tokio::test]
async fn whoever_is_sent_back_or_removed_has_nothing_of_the_room_repeated() {
    let house = House::open().await;
    let (meeting, mut host, patient) = house.met().await;
    let (resume, seen) = (patient.resume.clone(), patient.last_seq);
    drop(patient);
    house.eventually(meeting.patient.id, crate::before::rules::ParticipantState::Away).await;
    host.say("found", json!({ "group": "g" })).await;
    host.say("note", json!({ "blob": "secret" })).await;
    let whom = json!({ "participant": meeting.patient.id.text() });
    host.say("back_to_lobby", whom.clone()).await;
    host.say("note", json!({ "blob": "secret" })).await;
    host.caught_up().await;
    let mut again = house.resumed(&resume, Some(seen)).await;
    assert_eq!(again.welcome["stage"], "lobby");
    again.caught_up().await;
    assert_eq!(again.kinds(), ["welcome", "lobby", "coming", "alive"]);
    host.say("remove", whom).await;
    host.say("note", json!({ "blob": "secret" })).await;
    again.closed().await;
    assert_eq!(again.kinds().last(), Some(&"removed"));
    let mut out = house.resumed(&resume, Some(seen)).await;
    out.closed().await;
    assert_eq!(out.kinds(), ["welcome"]);
}

#[tokio::test]
async fn after_a_restart_the_log_is_gone_and_the_host_founds_anew() {
    let house = House::open().await;
    let (meeting, mut host, patient) = house.met().await;
    host.say("found", json!({ "group": "old" })).await;
    host.say("seal", json!({ "epoch": 0, "commit": "one" })).await;
    host.next("sealed").await;
    let house = house.restarted().await;
    let mut patient = house.resumed(&patient.resume, Some(patient.last_seq)).await;
    for (kind, body) in [("log", json!({ "after": 1 })), ("seal", json!({ "epoch": 1, "commit": "c" }))] {
        patient.say(kind, body).await;
        assert_eq!(patient.problem().await, "log-gone");
    }
    assert!(!patient.kinds().contains(&"founded"));
    // From inside the room, before and after the host is back.
    patient.say("knock", json!({ "blob": "again" })).await;
    patient.caught_up().await;
    let mut host = house.resumed(&host.resume, Some(host.last_seq)).await;
    assert_eq!(host.next("knocked").await["from"], meeting.patient.id.text());
    host.say("found", json!({ "group": "new" })).await;
    assert_eq!(patient.next("founded").await, json!({ "group": "new", "epoch": 0 }));
    let welcome = json!({ "to": meeting.patient.id.text(), "blob": "w" });
    host.say("seal", json!({ "epoch": 0, "commit": "add", "welcome": welcome })).await;
    assert_eq!(patient.next("welcome_in").await["group"], "new");
}

#[tokio::test]
async fn only_the_host_founds_and_a_refusal_leaves_the_group_as_it_was() {
    let house = House::open().await;
    let (_meeting, mut host, mut patient) = house.met().await;
    host.say("found", json!({ "group": "g" })).await;
    host.say("seal", json!({ "epoch": 0, "commit": "one" })).await;
    patient.say("found", json!({ "group": "mine" })).await;
    assert_eq!(patient.problem().await, "not-yours");
    host.say("log", json!({ "after": 0 })).await;
    host.until("sealed", |sealed| sealed["commit"] == "one").await;
    host.caught_up().await;
    assert!(!format!("{:?}", host.heard).contains("mine"));
}

#[tokio::test]
async fn too_much_is_refused_and_the_visit_goes_on() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let long = "x".repeat(30 * 1024 + 1);
    let to = meeting.host.id.text();
    for (kind, body) in [
        ("knock", json!({ "blob": long })),
        ("note", json!({ "blob": long })),
        ("door", json!({ "to": to, "blob": long })),
        ("seal", json!({ "epoch": 0, "commit": long })),
    ] {
        patient.say(kind, body).await;
        assert_eq!(patient.problem().await, "message-too-long", "{kind}");
    }
    patient.say("note", json!({ "blob": "not base64!" })).await;
    assert_eq!(patient.problem().await, "message-malformed");
    patient.caught_up().await;
    host.caught_up().await;
    assert!(!host.kinds().contains(&"note"));
}

/// Nothing of the group is on disk, and none of it is an act of its own in the trail.
#[tokio::test]
async fn the_group_leaves_nothing_behind() {
    let house = House::open().await;
    let (meeting, mut host, mut patient) = house.met().await;
    let before = house.acts().await.len();
    host.say("found", json!({ "group": "g" })).await;
    host.say("seal", json!({ "epoch": 0, "commit": "one" })).await;
    patient.say("knock", json!({ "blob": "k" })).await;
    host.say("door", json!({ "to": meeting.patient.id.text(), "blob": "d" })).await;
    patient.say("note", json!({ "blob": "n" })).await;
    host.next("note").await;
    // Reading the trail is an entry itself.
    assert!(house.acts().await.len() <= before + 1);
    host.say("end", json!({})).await;
    patient.next("ended").await;
    patient.closed().await;
    let mut again = house.resumed(&patient.resume, Some(0)).await;
    again.closed().await;
    assert_eq!(again.kinds(), ["welcome", "ended"]);
}
