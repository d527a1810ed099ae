//! Wrong tries cost time, and more time with each. In memory; nobody is ever locked out.
//!
//! A stranger's tries slow down the stranger: they count by name and network, and, when they come from many
//! networks, by name for all strangers together. A browser in which the person signed in before has a count
//! of its own, so that a stranger cannot keep anybody waiting at their own desk.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use vocabulary::{HOUR_MS, MINUTE_MS, SECOND_MS, UnixMillis};

/// More counts than this and the ones that were quiet longest are forgotten.
const COUNTS_MAX: usize = 20_000;

/// A count that was quiet for this long starts again.
const QUIET_MS: i64 = HOUR_MS;

/// As many wrong tries in a row, and the account's owner gets a letter. Fewer would tell of every slip.
pub const ALERT_AT: u32 = 5;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// One name from one network.
    Here { name: Vec<u8>, from: IpAddr },
    /// One name from all browsers that are strange to it.
    Strangers { name: Vec<u8> },
    /// One name from a browser it knows.
    Known { name: Vec<u8>, browser: Vec<u8> },
    /// The password was right and the code was not: whoever that is knows half of it.
    Half { name: Vec<u8>, known: bool },
    /// A sequence that cannot be, such as a code that comes twice. Costs no time: it is told once.
    Odd { name: Vec<u8> },
}

#[derive(Clone, Copy)]
struct Wrong {
    times: u32,
    last: UnixMillis,
    again_at: UnixMillis,
}

/// Plugged into the site: `ctx.plugged::<Slow>()`.
#[derive(Default)]
pub struct Slow {
    wrong: Mutex<HashMap<Count, Wrong>>,
}

impl Count {
    /// Tries that cost nothing, the first pause, and the longest.
    fn steps(&self) -> (u32, i64, i64) {
        match self {
            Count::Here { .. } | Count::Known { .. } => (3, SECOND_MS, 5 * MINUTE_MS),
            Count::Strangers { .. } => (20, SECOND_MS, 5 * MINUTE_MS),
            Count::Half { .. } => (5, 10 * MINUTE_MS, 10 * MINUTE_MS),
            Count::Odd { .. } => (u32::MAX, 0, 0),
        }
    }
}

impl Slow {
    /// Seconds until the next try counts; `None` when it counts now.
    pub fn wait_s(&self, counts: &[Count], now: UnixMillis) -> Option<i64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let until = counts.iter().filter_map(|count| wrong.get(count)).map(|one| one.again_at).max()?;
        (until > now).then(|| (until.since(now) + SECOND_MS - 1) / SECOND_MS)
    }

    /// One more wrong try. Tells the highest count it reached.
    pub fn wrong(&self, counts: &[Count], now: UnixMillis) -> u32 {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() + counts.len() > COUNTS_MAX {
            forget(&mut wrong, now);
        }
        let mut highest = 0;
        for count in counts {
            let (free, first_ms, longest_ms) = count.steps();
            let before = wrong.get(count).filter(|one| now.since(one.last) < QUIET_MS);
            let times = before.map_or(0, |one| one.times).saturating_add(1);
            let pause_ms = match times.checked_sub(free) {
                None | Some(0) => 0,
                Some(beyond) => (first_ms << (beyond - 1).min(20)).min(longest_ms),
            };
            wrong.insert(count.clone(), Wrong { times, last: now, again_at: now.plus_ms(pause_ms) });
            highest = highest.max(times);
        }
        highest
    }

    /// The right one came: what was counted against it is forgotten.
    pub fn right(&self, counts: &[Count]) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().for_each(|count| {
            wrong.remove(count);
        });
    }
}

/// First those that are quiet; if that was nobody, everybody but those who have to wait.
fn forget(wrong: &mut HashMap<Count, Wrong>, now: UnixMillis) {
    wrong.retain(|_, one| now.since(one.last) < QUIET_MS);
    if wrong.len() + 4 > COUNTS_MAX {
        wrong.retain(|_, one| one.again_at > now);
    }
    if wrong.len() + 4 > COUNTS_MAX {
        wrong.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn stranger(network: u8) -> [Count; 2] {
        let from = IpAddr::V4(Ipv4Addr::new(192, 0, 2, network));
        [Count::Here { name: vec![1], from }, Count::Strangers { name: vec![1] }]
    }

    fn at_the_desk() -> [Count; 1] {
        [Count::Known { name: vec![1], browser: vec![9] }]
    }

    /// R21 (part: N failures raise a delay, and it grows)
    #[test]
    fn the_pause_grows_with_each_wrong_try_and_has_an_end() {
        let slow = Slow::default();
        let mut waits = Vec::new();
        let mut now = NOW;
        for _ in 0..16 {
            slow.wrong(&stranger(1), now);
            let wait = slow.wait_s(&stranger(1), now).unwrap_or(0);
            waits.push(wait);
            now = now.plus_ms(wait * SECOND_MS);
            assert_eq!(slow.wait_s(&stranger(1), now), None, "after the pause a try counts");
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
        slow.right(&stranger(1));
        assert_eq!(slow.wrong(&stranger(1), now), 1);
    }

    #[test]
    fn a_stranger_does_not_keep_anybody_from_their_own_desk() {
        let slow = Slow::default();
        for network in 0..200 {
            slow.wrong(&stranger(network), NOW);
        }
        assert!(slow.wait_s(&stranger(250), NOW).is_some(), "a new network is slowed down as well");
        assert_eq!(slow.wait_s(&at_the_desk(), NOW), None);
        let other = [Count::Strangers { name: vec![2] }];
        assert_eq!(slow.wait_s(&other, NOW), None, "another name is not");
    }

    #[test]
    fn whoever_knows_the_password_guesses_five_codes_in_ten_minutes() {
        let slow = Slow::default();
        let half = [Count::Half { name: vec![1], known: false }];
        for _ in 0..5 {
            slow.wrong(&half, NOW);
        }
        assert_eq!(slow.wait_s(&half, NOW), None);
        slow.wrong(&half, NOW);
        assert_eq!(slow.wait_s(&half, NOW), Some(600));
    }

    #[test]
    fn the_list_of_counts_stays_bounded_and_quiet_ones_are_forgotten() {
        let slow = Slow::default();
        for n in 0..u32::try_from(COUNTS_MAX * 2).unwrap() {
            slow.wrong(&[Count::Strangers { name: n.to_be_bytes().to_vec() }], NOW);
        }
        assert!(slow.wrong.lock().unwrap().len() <= COUNTS_MAX);
        let later = NOW.plus_ms(QUIET_MS);
        slow.wrong(&at_the_desk(), NOW);
        assert_eq!(slow.wrong(&at_the_desk(), later), 1);
    }
}
