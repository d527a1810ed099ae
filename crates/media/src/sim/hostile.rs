//! Strangers, forgers and broken networks: none of them may end a call or get a single byte.

use std::net::SocketAddr;
use std::time::Duration;

use proptest::prelude::*;

use super::client::Client;
use super::*;
use crate::core::Failure;
use crate::names::Kind;

const GOOD: Conditions =
    Conditions { lost_per_mille: 0, delay: Duration::from_millis(20), jitter: Duration::ZERO };

/// Repeatable noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next(256) as u8).collect()
    }

    /// A packet somebody really sent, cut short, flipped, or with another first byte; or pure noise.
    fn spoil(&mut self, tape: &[(Path, Vec<u8>)]) -> Vec<u8> {
        let length = self.next(1_700);
        let mut packet = match self.next(5) {
            0 => self.bytes(length),
            _ if tape.is_empty() => self.bytes(length),
            _ => tape[self.next(tape.len())].1.clone(),
        };
        match self.next(4) {
            0 => packet.truncate(self.next(packet.len() + 1)),
            1 => {
                for _ in 0..=self.next(8) {
                    let at = self.next(packet.len());
                    let flipped = self.next(256) as u8;
                    if let Some(byte) = packet.get_mut(at) {
                        *byte ^= flipped;
                    }
                }
            }
            2 => {
                let first = [0, 1, 20, 22, 23, 21, 128, 144, 191][self.next(9)];
                if let Some(byte) = packet.first_mut() {
                    *byte = first;
                }
            }
            _ => {}
        }
        packet
    }
}

#[test]
fn junk_from_strangers_and_from_a_proved_address_ends_no_call() {
    for seed in 0..4 {
        let mut world = World::new(seed, GOOD);
        world.tape = Some(Vec::new());
        world.join(1, 1).unwrap();
        world.join(1, 2).unwrap();
        // Checks come first, and prove the addresses; the handshakes begin under fire a moment later.
        world.run(Duration::from_millis(50));
        let mut noise = Noise(seed);
        let stranger: SocketAddr = "203.0.113.7:5000".parse().unwrap();
        let mut recorded = vec![0; 10];
        for round in 0..600 {
            let tape = world.tape.take().unwrap_or_default();
            recorded.push(tape.len());
            // A recording is late: whoever can overtake the client's own packet can also stop it.
            let late = recorded[recorded.len().saturating_sub(10)];
            for _ in 0..10 {
                let packet = noise.spoil(&tape[..late]);
                // Spoofing the address of a client takes more luck, but it is possible after the handshake.
                let from =
                    if round > 200 && noise.next(2) == 0 { world.clients[0].address } else { stranger };
                world.inject(from, &packet);
            }
            world.tape = Some(tape);
            world.run(Duration::from_millis(10));
        }
        assert_eq!(world.core.counts().panics, 0);
        assert_eq!(world.stray, 0, "a stranger got an answer");
        let failed = world.events.iter().find(|event| matches!(event, MediaEvent::Failed { .. }));
        assert_eq!(failed, None, "seed {seed}");
        let before = [0, 1].map(|me| world.clients[me].got.len());
        world.run(Duration::from_secs(2));
        for me in [0, 1] {
            assert!(world.clients[me].got.len() > before[me] + 200, "seed {seed}");
            assert!(world.clients[me].got.iter().all(client::Got::intact));
        }
        assert!(world.core.counts().junk > 3_000);
    }
}

#[test]
fn no_handshake_byte_is_read_before_the_address_is_proved() {
    let mut world = World::new(20, GOOD);
    world.tape = Some(Vec::new());
    world.join(1, 1).unwrap();
    world.run(Duration::from_secs(1));
    let tape = world.tape.take().unwrap();
    let hello = tape.iter().find(|(_, packet)| packet[0] == 22).expect("a DTLS hello was sent");
    let thief: SocketAddr = "203.0.113.8:5000".parse().unwrap();
    let junk = world.core.counts().junk;
    for (_, packet) in tape.iter().filter(|(_, packet)| packet[0] >= 20) {
        world.inject(thief, packet);
    }
    world.inject(thief, &hello.1);
    assert!(world.core.counts().junk > junk);
    assert!(!world.core.knows_path(&udp(thief)));
    assert_eq!(world.stray, 0);
}

#[test]
fn a_recorded_check_from_elsewhere_moves_nothing() {
    let mut world = World::new(21, GOOD);
    world.tape = Some(Vec::new());
    let ann = world.join(1, 1).unwrap();
    world.join(1, 2).unwrap();
    world.run(Duration::from_secs(2));
    let tape = world.tape.take().unwrap();
    let thief: SocketAddr = "203.0.113.8:5000".parse().unwrap();
    for (_, check) in tape.iter().rev().filter(|(_, packet)| packet[..2] == [0, 1]).take(20) {
        world.inject(thief, check);
    }
    assert!(!world.core.knows_path(&udp(thief)));
    let before = world.clients[ann].got.len();
    world.run(Duration::from_secs(2));
    assert!(world.clients[ann].got.len() > before + 200);
    assert_eq!(world.stray, 0);
}

#[test]
fn an_address_written_into_an_offer_is_never_contacted() {
    let mut world = World::new(22, GOOD);
    let now = world.now;
    let mut client = Client::new(now, 1, "10.9.9.9:4000".parse().unwrap());
    let (offer, _) = client.offer();
    let lure = "a=candidate:1 1 udp 2122260223 203.0.113.66 53 typ host\r\n";
    let offer = offer.replace("a=mid:", &format!("{lure}a=mid:"));
    world.core.join(now, room_key(1), peer_key(1), &offer).unwrap();
    world.run(Duration::from_secs(40));
    assert_eq!(world.stray, 0);
    let why = Failure::NeverConnected;
    assert!(world.events.contains(&MediaEvent::Failed { room: room_key(1), peer: peer_key(1), why }));
}

#[test]
fn a_certificate_that_was_not_announced_gets_no_media() {
    let mut world = World::new(23, GOOD);
    let ann = world.join(1, 1).unwrap();
    let now = world.now;
    // Ben announces a fingerprint that is not his.
    let ben = world.join_with(1, 2, |offer| {
        let at = offer.find("sha-256 ").unwrap() + "sha-256 ".len();
        let other = if &offer[at..at + 2] == "AA" { "BB" } else { "AA" };
        format!("{}{other}{}", &offer[..at], &offer[at + 2..])
    });
    let ben = ben.unwrap();
    world.run(Duration::from_secs(3));
    assert!(world.now > now);
    assert!(world.clients[ben].got.is_empty());
    assert!(world.clients[ann].got.is_empty());
    let why = Failure::Broken;
    assert!(world.events.contains(&MediaEvent::Failed { room: room_key(1), peer: peer_key(2), why }));
    assert_eq!(world.core.peer_count(), 1);
}

#[test]
fn a_phone_whose_address_changes_is_found_again() {
    let mut world = World::new(24, GOOD);
    let ann = world.join(1, 1).unwrap();
    world.join(1, 2).unwrap();
    world.run(Duration::from_secs(3));
    world.move_to(ann, "10.77.0.1:50000".parse().unwrap());
    world.run(Duration::from_secs(10));
    let last = world.clients[ann].of(2, Kind::Audio).last().unwrap().at;
    assert!(world.now - last < Duration::from_secs(1), "silent for {:?}", world.now - last);
    let last = world.clients[1].of(1, Kind::Audio).last().unwrap().at;
    assert!(world.now - last < Duration::from_secs(1));
    assert!(!world.events.iter().any(|event| matches!(event, MediaEvent::Failed { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A join is answered or refused; it never panics, and what was there before stays.
    #[test]
    fn spoiled_offers_are_answered_or_refused(
        cuts in proptest::collection::vec((0usize..200, 0usize..4, any::<u8>()), 0..6),
    ) {
        let mut world = World::new(25, GOOD);
        world.join(1, 1).unwrap();
        let now = world.now;
        let (offer, _) = Client::new(now, 2, "10.0.0.9:1".parse().unwrap()).offer();
        let mut lines: Vec<String> = offer.lines().map(str::to_owned).collect();
        for (at, how, byte) in cuts {
            let at = at % lines.len();
            match how {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines[at].push(char::from(byte % 94 + 33)),
                _ => {
                    let half = lines[at].len() / 2;
                    lines[at].truncate(half);
                }
            }
            prop_assume!(!lines.is_empty());
        }
        let _ = world.core.join(now, room_key(1), peer_key(2), &lines.join("\r\n"));
        world.run(Duration::from_millis(20));
        prop_assert_eq!(world.core.counts().panics, 0);
        prop_assert!(!world.core.report(room_key(1)).is_empty());
    }
}
