//! When each peer wants to be called next.
//!
//! Owns the order of deadlines: exactly one entry per peer, so it cannot grow. Pure.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use crate::names::PeerKey;

#[derive(Default)]
pub struct Deadlines {
    order: BTreeSet<(Instant, PeerKey)>,
    of: HashMap<PeerKey, Instant>,
}

impl Deadlines {
    pub fn set(&mut self, peer: PeerKey, at: Instant) {
        if self.of.get(&peer) == Some(&at) {
            return;
        }
        self.forget(peer);
        self.of.insert(peer, at);
        self.order.insert((at, peer));
    }

    pub fn forget(&mut self, peer: PeerKey) {
        if let Some(at) = self.of.remove(&peer) {
            self.order.remove(&(at, peer));
        }
    }

    pub fn next(&self) -> Option<Instant> {
        self.order.first().map(|(at, _)| *at)
    }

    /// The first peer whose time has come, if any. It stays until it is set anew or forgotten.
    pub fn due(&self, now: Instant) -> Option<PeerKey> {
        self.order.first().filter(|(at, _)| *at <= now).map(|(_, peer)| *peer)
    }
}
