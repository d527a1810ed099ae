//! One account in two places at once (R10; 45 CFR 164.312(a)(2)(i)): two people may share it, or somebody has
//! copied a session. Pure.

use std::collections::BTreeMap;
use std::net::IpAddr;
use vocabulary::{MINUTE_MS, UnixMillis};

/// Here, there and here again within this is more than walking over to another desk.
pub const TOGETHER_MS: i64 = 10 * MINUTE_MS;
/// Places remembered of one person; more than anybody has sessions.
const PLACES_MAX: usize = 8;

/// Where an entry was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub session: String,
    pub device: String,
    pub address: Option<IpAddr>,
}

impl Place {
    /// Another browser, or the same session in another network. One browser speaks IPv4 and IPv6 by turns,
    /// and its address changes at home: that is no other place. Nor is one of which nothing was written down,
    /// as of a page that came back by itself after the program was started again.
    pub fn is_elsewhere(&self, other: &Place) -> bool {
        let moved = match (self.address, other.address) {
            (Some(IpAddr::V4(one)), Some(IpAddr::V4(other))) => one.octets()[..2] != other.octets()[..2],
            (Some(IpAddr::V6(one)), Some(IpAddr::V6(other))) => one.segments()[..2] != other.segments()[..2],
            _ => false,
        };
        let is_known = !self.device.is_empty() && !other.device.is_empty();
        self.session != other.session || is_known && self.device != other.device || moved
    }
}

/// Where each person was last seen, the place that was used last at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<String, Vec<(Place, UnixMillis)>>);

impl Places {
    /// Whether this person was elsewhere between this entry and one from the same place a few minutes apart.
    /// Entries come in the order of time, forwards or backwards.
    pub fn between(&mut self, who: &str, place: &Place, at: UnixMillis) -> bool {
        let known = self.0.entry(who.to_owned()).or_default();
        let elsewhere = known.last().is_some_and(|(last, _)| last.is_elsewhere(place));
        let before = known.iter().position(|(one, _)| !one.is_elsewhere(place));
        let apart = before.map(|n| at.since(known.remove(n).1).abs());
        if known.len() == PLACES_MAX {
            known.remove(0);
        }
        known.push((place.clone(), at));
        elsewhere && apart.is_some_and(|apart| apart <= TOGETHER_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(session: &str, address: &str) -> Place {
        Place { session: session.into(), device: "Firefox".into(), address: address.parse().ok() }
    }

    fn told(of: &[(&Place, i64)]) -> bool {
        let mut places = Places::default();
        let told: Vec<bool> =
            of.iter().map(|(place, at)| places.between("ana", place, UnixMillis(*at))).collect();
        assert!(told[..told.len() - 1].iter().all(|told| !told), "not before the last: {told:?}");
        told[told.len() - 1]
    }

    #[test]
    fn here_and_there_and_here_again_is_two_places_at_once() {
        let (desk, home) = (place("a", "192.0.2.7"), place("b", "192.0.2.7"));
        assert!(told(&[(&desk, 0), (&home, 5), (&desk, TOGETHER_MS)]));
        assert!(told(&[(&desk, TOGETHER_MS), (&home, 5), (&desk, 0)]), "read backwards too");
        assert!(!told(&[(&desk, 0), (&home, 5), (&desk, TOGETHER_MS + 1)]), "came back later");
        assert!(!told(&[(&desk, 0), (&home, 5), (&home, 6)]), "went over there");
        let mut others = Places::default();
        others.between("ana", &desk, UnixMillis(0));
        others.between("theo", &home, UnixMillis(1));
        assert!(!others.between("ana", &desk, UnixMillis(2)), "two people, each in one place");
    }

    #[test]
    fn a_copied_session_shows_and_a_browser_with_two_addresses_does_not() {
        let (desk, copied) = (place("a", "192.0.2.7"), place("a", "198.51.100.9"));
        assert!(told(&[(&desk, 0), (&copied, 1), (&desk, 2)]));
        let device = Place { device: "curl".into(), ..desk.clone() };
        assert!(told(&[(&desk, 0), (&device, 1), (&desk, 2)]));
        let unknown = Place { device: String::new(), ..place("a", "") };
        for same in [place("a", "192.0.2.200"), place("a", "2001:db8::1"), place("a", ""), unknown] {
            assert!(!told(&[(&desk, 0), (&same, 1), (&desk, 2)]), "{same:?}");
        }
        assert!(place("a", "2001:db8::1").is_elsewhere(&place("a", "2001:dc9::1")));
    }
}
