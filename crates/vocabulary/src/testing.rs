//! Doubles for time and randomness, shared by the tests of all crates.

use crate::{Clock, Entropy, UnixMillis};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(now: UnixMillis) -> TestClock {
        TestClock(AtomicI64::new(now.0))
    }

    pub fn set(&self, now: UnixMillis) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable bytes from a seed (SplitMix64). Never for production: it is guessable.
#[derive(Debug)]
pub struct TestEntropy(Mutex<u64>);

impl TestEntropy {
    pub fn seeded(seed: u64) -> TestEntropy {
        TestEntropy(Mutex::new(seed))
    }
}

impl Entropy for TestEntropy {
    fn fill(&self, out: &mut [u8]) {
        let mut state = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        for chunk in out.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = *state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (word ^ (word >> 31)).to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}
