//! What waits for an answer that comes in another request: a passkey dialog, a sign-in elsewhere.
//!
//! Each is taken once, within its time. In memory alone: after a restart one presses again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use vocabulary::{Entropy, Secret, UnixMillis};

/// Under way at once. Beyond it the oldest is forgotten, and its person presses again.
const OPEN_MAX: usize = 2_000;

pub(crate) struct Waiting<T> {
    open: Mutex<HashMap<[u8; 32], (UnixMillis, T)>>,
    open_ms: i64,
}

impl<T> Waiting<T> {
    pub fn for_ms(open_ms: i64) -> Waiting<T> {
        Waiting { open: Mutex::default(), open_ms }
    }

    /// The number that the answer must carry.
    pub fn put(&self, now: UnixMillis, entropy: &dyn Entropy, what: T) -> String {
        let number = Secret::new(entropy);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, (since, _)| now.since(*since) < self.open_ms);
        if open.len() >= OPEN_MAX {
            let oldest = open.iter().min_by_key(|(_, (since, _))| *since).map(|(key, _)| *key);
            oldest.map(|key| open.remove(&key));
        }
        open.insert(*number.bytes(), (now, what));
        number.reveal()
    }

    pub fn take(&self, now: UnixMillis, number: &str) -> Option<T> {
        let number = Secret::parse(number)?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, what) = open.remove(number.bytes())?;
        (now.since(since) < self.open_ms).then_some(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::testing::TestEntropy;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    #[test]
    fn each_is_taken_once_and_in_its_time() {
        let (waiting, entropy) = (Waiting::for_ms(1_000), TestEntropy::seeded(3));
        let [first, second] = [7, 8].map(|what| waiting.put(NOW, &entropy, what));
        assert_eq!(waiting.take(NOW.plus_ms(999), &first), Some(7));
        assert_eq!(waiting.take(NOW.plus_ms(999), &first), None);
        assert_eq!(waiting.take(NOW.plus_ms(1_000), &second), None);
        assert_eq!(waiting.take(NOW, "no number"), None);
    }

    #[test]
    fn their_list_stays_bounded_and_the_newest_stay() {
        let (waiting, entropy) = (Waiting::for_ms(i64::MAX), TestEntropy::seeded(4));
        let all: Vec<String> = (0..2_100).map(|at| waiting.put(NOW.plus_ms(at), &entropy, at)).collect();
        assert_eq!(waiting.open.lock().unwrap().len(), OPEN_MAX);
        assert_eq!(waiting.take(NOW.plus_ms(2_100), &all[0]), None);
        assert_eq!(waiting.take(NOW.plus_ms(2_100), &all[2_099]), Some(2_099));
    }
}
