//! Visits that go well, and visits on bad networks.

use std::time::Duration;

use super::*;
use crate::core::{Failure, SlotMap};
use crate::names::Kind;

const GOOD: Conditions =
    Conditions { lost_per_mille: 0, delay: Duration::from_millis(20), jitter: Duration::ZERO };
const BAD: Conditions =
    Conditions { lost_per_mille: 30, delay: Duration::from_millis(200), jitter: Duration::from_millis(40) };

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn two_people_hear_and_see_each_other() {
    let mut world = World::new(1, GOOD);
    let ann = world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.run(seconds(5));
    for (me, other) in [(ann, 2), (ben, 1)] {
        let client = &world.clients[me];
        assert!(client.connected);
        assert!(client.heard(other, Kind::Audio) > 220, "{}", client.heard(other, Kind::Audio));
        assert!(client.heard(other, Kind::Video) > 400, "{}", client.heard(other, Kind::Video));
        assert!(client.got.iter().all(client::Got::intact));
    }
    assert_eq!(world.core.counts().panics, 0);
}

/// R24 (part: the relay hands on the very bytes it got and has no code that reads them).
#[test]
fn what_comes_out_is_byte_for_byte_what_went_in() {
    let mut world = World::new(2, BAD);
    for peer in 1..=4 {
        world.join(1, peer).unwrap();
    }
    world.run(seconds(10));
    for client in &world.clients {
        assert!(client.got.len() > 3_000, "{}", client.got.len());
        for got in &client.got {
            assert!(got.intact(), "packet {} of {} was changed", got.number(), got.from());
            assert_ne!(got.from(), client.peer, "nobody hears themselves");
        }
    }
}

#[test]
fn loss_reordering_and_a_long_way_cost_little_sound_and_no_call() {
    let mut world = World::new(3, BAD);
    let ann = world.join(1, 1).unwrap();
    world.join(1, 2).unwrap();
    // Lost handshakes are said again, later each time (RFC 6347 section 4.2.4.1); that is not under test.
    let so_far = |world: &World, kind| world.clients[ann].heard(2, kind);
    for _ in 0..30 {
        world.run(seconds(1));
        if so_far(&world, Kind::Audio) > 0 && so_far(&world, Kind::Video) > 0 {
            break;
        }
    }
    let before = [Kind::Audio, Kind::Video].map(|kind| so_far(&world, kind));
    let (sound, picture) = (world.clients[1].sent_audio, world.clients[1].sent_video);
    world.run(seconds(20));
    let sent = (world.clients[1].sent_audio - sound) as usize;
    let heard = so_far(&world, Kind::Audio) - before[0];
    // Two ways of 3 % each, nothing sent again for sound.
    assert!(heard * 100 > sent * 90, "{heard} of {sent}");
    let sent = (world.clients[1].sent_video - picture) as usize;
    let seen = so_far(&world, Kind::Video) - before[1];
    assert!(seen * 100 > sent * 93, "{seen} of {sent}: lost pictures are sent again");
    assert!(!world.events.iter().any(|event| matches!(event, MediaEvent::Failed { .. })));
}

#[test]
fn a_late_joiner_gets_slots_and_a_key_frame() {
    let mut world = World::new(4, GOOD);
    let ann = world.join(1, 1).unwrap();
    world.join(1, 2).unwrap();
    world.run(seconds(3));
    world.take_events();
    let asked_before = world.clients[ann].key_frames_asked.len();
    let cam = world.join(1, 3).unwrap();
    let told = world.take_events();
    let map = told.iter().find_map(|event| match event {
        MediaEvent::Slots { peer, map, .. } if *peer == peer_key(3) => Some(map.clone()),
        _ => None,
    });
    let shown = |slot, kind, n| SlotMap { slot, kind, publisher: peer_key(n) };
    assert_eq!(
        map.unwrap(),
        [
            shown(0, Kind::Audio, 1),
            shown(1, Kind::Audio, 2),
            shown(0, Kind::Video, 1),
            shown(1, Kind::Video, 2)
        ]
    );
    world.run(seconds(3));
    assert!(world.clients[ann].key_frames_asked.len() > asked_before);
    assert!(world.clients[cam].heard(1, Kind::Video) > 100);
    assert!(world.clients[ann].of(3, Kind::Video).all(|got| got.slot == 1));
    assert!(world.clients[ann].heard(3, Kind::Video) > 100);
}

#[test]
fn whoever_left_or_was_removed_receives_nothing_afterwards() {
    let mut world = World::new(5, GOOD);
    world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.run(seconds(3));
    world.leave(2);
    world.run(Duration::from_millis(100));
    let got = world.clients[ben].got.len();
    world.clients[ben].take_sends();
    world.run(seconds(3));
    assert_eq!(world.clients[ben].got.len(), got);
    assert!(!world.clients[ben].alive(), "the goodbye arrived");
    assert_eq!(world.core.peer_count(), 1);
    assert_eq!(world.stray, 0);
}

#[test]
fn rooms_share_nothing_and_a_stranger_gets_nothing() {
    let mut world = World::new(6, GOOD);
    for (room, peer) in [(1, 1), (1, 2), (2, 3), (2, 4)] {
        world.join(room, peer).unwrap();
    }
    let stranger: SocketAddr = "203.0.113.9:9999".parse().unwrap();
    for _ in 0..20 {
        world.run(Duration::from_millis(200));
        world.inject(stranger, &[0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 1, 2, 3]);
        world.inject(stranger, &[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    }
    for (place, other, foreign) in [(0, 2, [3, 4]), (1, 1, [3, 4]), (2, 4, [1, 2]), (3, 3, [1, 2])] {
        let client = &world.clients[place];
        assert!(client.heard(other, Kind::Audio) > 100);
        assert!(client.got.iter().all(|got| !foreign.contains(&got.from())));
    }
    assert_eq!(world.stray, 0, "nothing is ever sent to an address that proved nothing");
}

#[test]
fn a_panic_in_one_peer_ends_that_peer_only() {
    let mut world = World::new(7, GOOD);
    let ann = world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.join(1, 3).unwrap();
    world.run(seconds(2));
    world.core.panic_next(peer_key(3));
    world.run(seconds(1));
    assert_eq!(world.core.counts().panics, 1);
    let why = |event: &MediaEvent| match event {
        MediaEvent::Failed { peer, why: Failure::Panicked, .. } => *peer == peer_key(3),
        _ => false,
    };
    assert!(world.take_events().iter().any(why));
    let before = [world.clients[ann].got.len(), world.clients[ben].got.len()];
    world.run(seconds(2));
    assert!(world.clients[ann].got.len() > before[0] + 200);
    assert!(world.clients[ben].got.len() > before[1] + 200);
    assert_eq!(world.core.peer_count(), 2);
}

#[test]
fn joining_again_replaces_the_old_connection_and_keeps_the_place() {
    let mut world = World::new(8, GOOD);
    let ann = world.join(1, 1).unwrap();
    let old = world.join(1, 2).unwrap();
    world.run(seconds(2));
    let new = world.join(1, 2).unwrap();
    world.run(seconds(3));
    assert_eq!(world.core.peer_count(), 2);
    assert!(!world.clients[old].alive());
    assert!(world.clients[new].heard(1, Kind::Video) > 100);
    let slots: Vec<usize> = world.clients[ann].of(2, Kind::Video).map(|got| got.slot).collect();
    assert!(slots.iter().all(|slot| *slot == 0));
    // One stream for the receiver: numbers and time only grow, across the change of connection.
    let stream: Vec<_> = world.clients[ann].of(2, Kind::Video).collect();
    assert!(stream.windows(2).all(|pair| pair[1].sequence > pair[0].sequence));
    assert!(stream.windows(2).all(|pair| pair[1].time.wrapping_sub(pair[0].time) < 1 << 31));
    assert!(stream.len() > 250, "{}", stream.len());
}

#[test]
fn a_silent_network_is_reported_and_then_gives_up_its_place() {
    let mut world = World::new(9, GOOD);
    world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.run(seconds(2));
    world.take_events();
    world.unplug(ben);
    world.run(seconds(25));
    let lost = MediaEvent::Disconnected { room: room_key(1), peer: peer_key(2) };
    assert!(world.take_events().contains(&lost));
    world.run(seconds(35));
    let gone = MediaEvent::Failed { room: room_key(1), peer: peer_key(2), why: Failure::LostTooLong };
    assert!(world.take_events().contains(&gone));
    assert_eq!(world.core.peer_count(), 1);
}

#[test]
fn a_network_that_comes_back_in_time_is_no_failure() {
    let mut world = World::new(10, GOOD);
    let ann = world.join(1, 1).unwrap();
    world.join(1, 2).unwrap();
    world.run(seconds(2));
    world.set_conditions(Conditions { lost_per_mille: 1_000, ..GOOD });
    world.run(seconds(10));
    world.set_conditions(GOOD);
    world.run(seconds(5));
    let last = world.clients[ann].of(2, Kind::Audio).last().unwrap();
    assert!(world.now - last.at < seconds(1));
    assert!(!world.events.iter().any(|event| matches!(event, MediaEvent::Failed { .. })));
}

#[test]
fn a_closed_page_frees_its_place_at_once() {
    let mut world = World::new(11, GOOD);
    world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.run(seconds(2));
    let now = world.now;
    world.clients[ben].close(now);
    world.run(seconds(1));
    let closed = MediaEvent::Failed { room: room_key(1), peer: peer_key(2), why: Failure::Closed };
    assert!(world.take_events().contains(&closed));
}

#[test]
fn a_storm_of_key_frame_requests_reaches_the_sender_twice_a_second_at_most() {
    let mut world = World::new(12, GOOD);
    let ann = world.join(1, 1).unwrap();
    let ben = world.join(1, 2).unwrap();
    world.run(seconds(3));
    let before = world.clients[ann].key_frames_asked.len();
    for _ in 0..200 {
        let now = world.now;
        world.clients[ben].ask_key_frame(now, 0);
        world.run(Duration::from_millis(20));
    }
    let asked = world.clients[ann].key_frames_asked.len() - before;
    assert!((6..=9).contains(&asked), "{asked} in 4 s");
}

#[test]
fn a_full_room_and_bad_offers_are_refused_with_a_reason_and_harm_nobody() {
    let mut world = World::new(13, GOOD);
    for peer in 1..=8 {
        world.join(1, peer).unwrap();
    }
    assert_eq!(world.join(1, 9).unwrap_err(), JoinError::RoomFull);
    let now = world.now;
    let mut refuse = |offer: &str| world.core.join(now, room_key(1), peer_key(1), offer).unwrap_err();
    assert_eq!(refuse("hello"), JoinError::NotSdp);
    assert_eq!(refuse("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n"), JoinError::NotSdp);
    assert_eq!(refuse(&"v=0".repeat(20_000)), JoinError::TooLarge);
    world.run(seconds(2));
    assert_eq!(world.core.peer_count(), 8);
    assert!(world.clients.iter().all(|client| client.connected));
    // Three slots of each kind: eight people, three shown.
    assert_eq!(world.core.report(room_key(1))[0].slots.len(), 6);
}

#[test]
fn the_offer_of_a_real_browser_is_answered_line_by_line() {
    let offer = include_str!("chromium-offer.sdp");
    let mut world = World::new(14, GOOD);
    let answer = world.core.join(world.now, room_key(1), peer_key(1), offer).unwrap();
    let lines = |start: &str| answer.lines().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
    assert_eq!(lines("m=audio").len(), 4);
    assert_eq!(lines("m=video").len(), 4);
    assert_eq!(lines("a=mid:"), (0..8).map(|n| format!("a=mid:{n}")).collect::<Vec<_>>());
    assert_eq!(lines("a=recvonly").len(), 2);
    assert_eq!(lines("a=sendonly").len(), 6);
    assert!(answer.contains("a=ice-lite") && answer.contains("a=setup:passive"));
    // The server is not to learn who is speaking, and offers nothing it cannot carry.
    assert!(!answer.contains("audio-level") && !answer.contains("H264"));
    world.join(1, 2).unwrap();
    assert_eq!(world.core.report(room_key(1))[0].slots.len(), 2);
}

#[test]
fn hundreds_of_simulated_visits_run_in_a_minute() {
    let began_ns = processor_ns();
    const VISITS: u64 = 40;
    for seed in 0..VISITS {
        let conditions = if seed % 2 == 0 { GOOD } else { BAD };
        let mut world = World::new(seed, conditions);
        world.join(1, 1).unwrap();
        world.join(1, 2).unwrap();
        world.run(seconds(10));
        for (me, other) in [(0, 2), (1, 1)] {
            // On the bad network a lost handshake packet costs seconds.
            assert!(world.clients[me].heard(other, Kind::Audio) > 50, "seed {seed}");
            assert!(world.clients[me].heard(other, Kind::Video) > 100, "seed {seed}");
        }
    }
    let took_s = (processor_ns() - began_ns) as f64 / 1e9;
    report(&format!("{VISITS} simulated visits of 10 s each in {took_s:.1} s of processor time"));
    assert!(VISITS as f64 * 60.0 / took_s > 200.0, "only {VISITS} visits in {took_s:.1} s");
}

/// What this thread has really run, so that a busy machine does not fail the test.
fn processor_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse().unwrap()
}

#[expect(clippy::print_stdout, reason = "the measured number is what this test is for")]
fn report(line: &str) {
    println!("{line}");
}
