//! What a browser measured on its way to the media server and back, and what that is worth in a visit. Pure.
//! Refuses numbers that no measurement gives.

use super::answers::Verdict;
use serde::{Deserialize, Serialize};

/// Which way media found to the media server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Udp,
    /// Something on the way lets no UDP through: pictures come later.
    Tcp,
    /// No connection at all.
    None,
}

impl Way {
    pub fn code(self) -> &'static str {
        match self {
            Way::Udp => "udp",
            Way::Tcp => "tcp",
            Way::None => "none",
        }
    }
}

/// Measured over one real connection in each direction. None: that number did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    pub way: Way,
    pub round_trip_ms: Option<u32>,
    /// Of 1000 packets, in the worse direction.
    pub lost_per_mille: Option<u32>,
    /// From the browser to the server, kbit/s.
    pub up_kbps: Option<u32>,
    /// Back to the browser, kbit/s.
    pub down_kbps: Option<u32>,
}

impl Network {
    /// Outside: a number that is none. Inside none: nothing was measured.
    #[expect(clippy::option_option, reason = "refused, absent and there are three things")]
    pub fn read(field: impl Fn(&str) -> String) -> Option<Option<Network>> {
        let way = match field("way").as_str() {
            "" => return Some(None),
            "udp" => Way::Udp,
            "tcp" => Way::Tcp,
            "none" => Way::None,
            _ => return None,
        };
        let number = |name: &str, most: u32| match field(name).as_str() {
            "" => Some(None),
            text => text.parse().ok().filter(|number| *number <= most).map(Some),
        };
        Some(Some(Network {
            way,
            round_trip_ms: number("round_trip", ROUND_TRIP_MAX_MS)?,
            lost_per_mille: number("lost", 1_000)?,
            up_kbps: number("up", RATE_MAX_KBPS)?,
            down_kbps: number("down", RATE_MAX_KBPS)?,
        }))
    }

    /// The worst of what was measured. Over TCP it is never better than usable.
    pub fn verdict(&self) -> Verdict {
        if self.way == Way::None {
            return Verdict::Poor;
        }
        let far = self.round_trip_ms.map(|ms| grade(ms <= 150, ms > 500));
        let lost = self.lost_per_mille.map(|lost| grade(lost <= 10, lost > 80));
        let rate = |kbps: Option<u32>| kbps.map(|kbps| grade(kbps >= 600, kbps < 150));
        let way = (self.way == Way::Tcp).then_some(Verdict::Fair);
        let all = [far, lost, rate(self.up_kbps), rate(self.down_kbps), way];
        let worst = |verdict| all.contains(&Some(verdict)).then_some(verdict);
        worst(Verdict::Poor)
            .or_else(|| worst(Verdict::Fair))
            .or_else(|| worst(Verdict::Good))
            .unwrap_or(Verdict::Unknown)
    }
}

fn grade(good: bool, poor: bool) -> Verdict {
    match (good, poor) {
        (true, _) => Verdict::Good,
        (_, true) => Verdict::Poor,
        _ => Verdict::Fair,
    }
}

/// A minute: longer is no round trip.
const ROUND_TRIP_MAX_MS: u32 = 60_000;
/// 10 Gbit/s.
const RATE_MAX_KBPS: u32 = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(way: &str, numbers: [&str; 4]) -> Option<Option<Network>> {
        Network::read(|name| {
            let at = ["round_trip", "lost", "up", "down"].iter().position(|known| *known == name);
            at.map_or(way, |at| numbers[at]).to_owned()
        })
    }

    fn verdict(way: &str, numbers: [&str; 4]) -> Verdict {
        measured(way, numbers).unwrap().unwrap().verdict()
    }

    #[test]
    fn a_connection_is_as_good_as_its_worst_number() {
        let good = ["150", "10", "600", "600"];
        assert_eq!(verdict("udp", good), Verdict::Good);
        assert_eq!(verdict("tcp", good), Verdict::Fair);
        assert_eq!(verdict("none", ["", "", "", ""]), Verdict::Poor);
        assert_eq!(verdict("udp", ["", "", "", ""]), Verdict::Unknown);
        for (at, fair, poor) in [(0, "151", "501"), (1, "11", "81"), (2, "599", "149"), (3, "150", "0")] {
            let with = |number| {
                let mut all = good;
                all[at] = number;
                verdict("udp", all)
            };
            assert_eq!((with(fair), with(poor)), (Verdict::Fair, Verdict::Poor), "{at}");
        }
    }

    #[test]
    fn what_no_measurement_gives_is_refused() {
        assert_eq!(measured("", ["", "", "", ""]), Some(None));
        for wrong in ["-1", "1.5", "1001", "many"] {
            assert_eq!(measured("udp", ["", wrong, "", ""]), None, "{wrong}");
        }
        assert_eq!(measured("pigeon", ["", "", "", ""]), None);
        assert_eq!(measured("udp", ["60001", "", "", ""]), None);
    }
}
