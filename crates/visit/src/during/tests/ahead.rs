//! A deputy opens the room for a check ahead of the host, over real sockets.

use super::admitting::deputy_of;
use super::house::{House, furnish};
use crate::before::rules::{ParticipantState as S, VisitState};
use crate::before::store::participant;
use keep::{Entry, Object, args};
use serde_json::json;
use std::time::Duration;
use vocabulary::{DAY_MS, MINUTE_MS, ParticipantId};

/// The desk founds, lets one person in and nobody beside them, sends them back with their place in the line;
/// the host founds anew, and what the desk compared is nowhere on the record.
#[tokio::test]
async fn the_desk_looks_at_one_person_ahead_of_the_host() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let mut guest = house.page(&meeting, meeting.supporter).await;
    assert_eq!(guest.next("lobby").await["position"], 2);
    let mut desk = house.page(&meeting, deputy_of(&house, &meeting).await).await;
    desk.say("log", json!({ "after": 0 })).await;
    assert_eq!(desk.problem().await, "log-gone");
    desk.say("found", json!({ "group": "check" })).await;
    assert_eq!(desk.next("founded").await, json!({ "group": "check", "epoch": 0 }));
    let [one, other] = [meeting.patient, meeting.supporter].map(|who| who.id.text());
    let waited = arrived(&house, meeting.patient.id).await;
    house.clock.advance_ms(5 * MINUTE_MS);
    desk.say("admit", json!({ "participant": one })).await;
    assert_eq!(patient.next("founded").await["group"], "check");
    desk.say("admit", json!({ "participant": other })).await;
    assert_eq!(desk.problem().await, "one-until-host");
    let welcome = json!({ "to": one, "blob": "welcome" });
    desk.say("seal", json!({ "epoch": 0, "commit": "add", "welcome": welcome })).await;
    assert_eq!(patient.next("welcome_in").await["group"], "check");
    desk.say("compared", json!({ "participant": one, "outcome": "matches" })).await;
    desk.say("back_to_lobby", json!({ "participant": one })).await;
    patient.next("returned").await;
    assert_eq!(patient.next("lobby").await["position"], 1, "before whoever came later");
    assert_eq!(arrived(&house, meeting.patient.id).await, waited);
    assert_eq!(
        (house.spoken(meeting.patient.id).await, house.visit_state(meeting.visit).await),
        (None, VisitState::Waiting)
    );
    let mut host = house.page(&meeting, meeting.host).await;
    desk.say("found", json!({ "group": "again" })).await;
    assert_eq!(desk.problem().await, "not-yours");
    host.say("found", json!({ "group": "visit" })).await;
    desk.until("founded", |founded| founded["group"] == "visit").await;
    host.caught_up().await;
    assert!(!format!("{:?}", host.heard).contains("check\""), "the host hears nothing of the check's group");
}

/// Whoever took a seat for a check is off the visit when they leave the room after it was written down, and
/// when their half hour is over; nobody is left alone in it. What was not written down yet still can be.
#[tokio::test]
async fn a_seat_for_a_check_ends_in_the_room_too() {
    for (leaves, written) in [(true, true), (true, false), (false, false)] {
        let ends = if leaves && !written { S::Left } else { S::Removed };
        let house = House::open().await;
        let meeting = house.meeting().await;
        let mut patient = house.page(&meeting, meeting.patient).await;
        let who = deputy_of(&house, &meeting).await;
        let mut tx = house.keep.begin().await.unwrap();
        let until = tx.now().plus_ms(30 * MINUTE_MS);
        tx.run("INSERT INTO check_seat (participant, until_at) VALUES ($1, $2)", args![who.id, until])
            .await
            .unwrap();
        if written {
            let sql = "INSERT INTO identity_check (id, patient, visit, participant, outcome, level, flagged,
                           facts, by_person, at)
                       SELECT $1, v.patient, v.id, $2, 'passed', 'none', 0, $3, p.person, $4
                       FROM participant p JOIN visit v ON v.id = p.visit WHERE p.id = $5";
            let id = vocabulary::IdentityCheckId::new(tx.now(), tx.entropy()).text();
            tx.run(sql, args![&id, meeting.patient.id, vec![0_u8], tx.now(), who.id]).await.unwrap();
        }
        tx.commit(&furnish(), Entry::new(Object::of("participant", ""))).await.unwrap();
        let mut desk = house.page(&meeting, who).await;
        desk.say("admit", json!({ "participant": meeting.patient.id.text() })).await;
        patient.next("admitted").await;
        if leaves {
            desk.say("leave", json!({})).await;
        } else {
            house.clock.advance_ms(30 * MINUTE_MS);
        }
        after_a_tick(&house, who.id, ends).await;
        desk.closed().await;
        assert_eq!(desk.kinds().last(), Some(&"left"));
        let told = desk.heard.iter().any(|(_, body)| body["type"] == "urn:alcove:check-over");
        assert_eq!(told, !leaves, "why they are out: {written}");
        patient.next("returned").await;
        assert_eq!(house.state(meeting.patient.id).await, S::Waiting);
    }
}

/// Whoever became a delegate of the clinician in the meantime leads without the seat.
#[tokio::test]
async fn a_delegate_outlives_the_half_hour_of_a_check() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut host = house.page(&meeting, meeting.host).await;
    let both = [deputy_of(&house, &meeting).await, deputy_of(&house, &meeting).await];
    let [delegate, other] = both;
    let mut tx = house.keep.begin().await.unwrap();
    let now = tx.now();
    for who in both {
        let until = now.plus_ms(30 * MINUTE_MS);
        tx.run("INSERT INTO check_seat (participant, until_at) VALUES ($1, $2)", args![who.id, until])
            .await
            .unwrap();
    }
    let sql = "INSERT INTO delegate (id, clinician, person, from_at, until_at, at)
               SELECT $1, v.clinician, p.person, $2, $3, $4
               FROM participant p JOIN visit v ON v.id = p.visit WHERE p.id = $5";
    let id = vocabulary::DelegateId::new(now, tx.entropy()).text();
    let (from, to) = (now.plus_ms(-DAY_MS), now.plus_ms(DAY_MS));
    tx.run(sql, args![&id, from, to, now, delegate.id]).await.unwrap();
    tx.commit(&furnish(), Entry::new(Object::of("participant", ""))).await.unwrap();
    let mut stays = house.page(&meeting, delegate).await;
    let mut goes = house.page(&meeting, other).await;
    house.clock.advance_ms(30 * MINUTE_MS);
    after_a_tick(&house, other.id, S::Removed).await;
    goes.closed().await;
    stays.caught_up().await;
    assert_eq!(house.state(delegate.id).await, S::InRoom);
    assert!(!stays.kinds().contains(&"problem"), "{:?}", stays.kinds());
    host.caught_up().await;
}

/// A second deputy is turned away and holds no place afterwards; whoever checks comes back past her.
#[tokio::test]
async fn a_colleague_who_is_turned_away_holds_no_place() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let first = deputy_of(&house, &meeting).await;
    let mut desk = house.page(&meeting, first).await;
    desk.say("found", json!({ "group": "check" })).await;
    desk.next("founded").await;
    let second = deputy_of(&house, &meeting).await;
    let ticket = house.ticket(&meeting, second).await;
    let mut page = house.socket().await;
    page.say("hello", json!({ "ticket": ticket })).await;
    assert_eq!(page.problem().await, "other-checks");
    assert_eq!(house.state(second.id).await, S::Left);
    let mut desk = house.page(&meeting, first).await;
    assert_eq!(desk.welcome["stage"], "room");
    assert_eq!(desk.next("founded").await["group"], "check");
}

/// Nobody has pressed anything when whoever checked is gone for a minute: the entry names who waits again.
#[tokio::test]
async fn the_trail_names_whom_the_program_sends_back() {
    let house = House::open().await;
    let meeting = house.meeting().await;
    let mut patient = house.page(&meeting, meeting.patient).await;
    let who = deputy_of(&house, &meeting).await;
    let mut desk = house.page(&meeting, who).await;
    let whom = meeting.patient.id.text();
    desk.say("admit", json!({ "participant": whom })).await;
    patient.next("admitted").await;
    drop(desk);
    after_a_tick(&house, who.id, S::Away).await;
    house.clock.advance_ms(MINUTE_MS);
    after_a_tick(&house, meeting.patient.id, S::Waiting).await;
    patient.next("returned").await;
    let entry = house.trail().await.into_iter().find(|it| it.details.contains_key("returned")).unwrap();
    assert_eq!((entry.act.as_str(), &entry.details["returned"]), ("visit.keep", &whom));
}

/// The tasks of visits tick by a clock of their own.
async fn after_a_tick(house: &House, id: ParticipantId, state: S) {
    for _ in 0..1_000 {
        if house.state(id).await == state {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never {state:?}");
}

async fn arrived(house: &House, id: ParticipantId) -> Option<vocabulary::UnixMillis> {
    participant(&mut house.keep.read().await.unwrap(), id).await.unwrap().arrived_at
}
