//! The simulated network: seeded loss, delay and reordering.
//!
//! Owns packets in flight.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, Default)]
pub struct Conditions {
    /// Of a thousand packets.
    pub lost_per_mille: u64,
    pub delay: Duration,
    /// Added at random; more than the gap between packets means reordering.
    pub jitter: Duration,
}

#[derive(Clone, Copy, Debug)]
pub enum To {
    Server(SocketAddr),
    Client(usize),
}

pub struct Net {
    pub conditions: Conditions,
    random: u64,
    sent: u64,
    flying: BTreeMap<(Instant, u64), (To, Vec<u8>)>,
}

impl Net {
    pub fn new(seed: u64, conditions: Conditions) -> Net {
        Net { conditions, random: seed.wrapping_mul(2).wrapping_add(1), sent: 0, flying: BTreeMap::new() }
    }

    pub fn send(&mut self, now: Instant, to: To, packet: Vec<u8>) {
        if self.random() % 1_000 < self.conditions.lost_per_mille {
            return;
        }
        let jitter_us = self.conditions.jitter.as_micros() as u64;
        let jitter = if jitter_us == 0 { 0 } else { self.random() % jitter_us };
        self.sent += 1;
        let at = now + self.conditions.delay + Duration::from_micros(jitter);
        self.flying.insert((at, self.sent), (to, packet));
    }

    pub fn arrived(&mut self, now: Instant) -> Option<(To, Vec<u8>)> {
        let first = self.flying.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    fn random(&mut self) -> u64 {
        // xorshift64*: repeatable, and good enough to lose packets by.
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        self.random.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}
