//! What the officials owe by a day, where it is done, and how long before its day it shows. Pure.

use crate::ids::VendorId;
use crate::risk::rules::Trigger;
use crate::trail_reviews::rules::Month;
use jiff::{Timestamp, tz::TimeZone};
use vocabulary::{BreakGlassId, DAY_MS, UnixMillis};

/// Shows on the home page this long before its day.
pub const SHOWN_AHEAD_MS: i64 = 14 * DAY_MS;
/// A new agreement takes a while.
const AGREEMENT_SHOWN_AHEAD_MS: i64 = 60 * DAY_MS;
/// A letter says it this long before its day; one about an agreement has to come while there is time.
pub const TOLD_AHEAD_MS: i64 = 3 * DAY_MS;
const AGREEMENT_TOLD_AHEAD_MS: i64 = 14 * DAY_MS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The next analysis.
    Review,
    /// Something changed, and nobody has looked at it.
    Request(Trigger),
    Incident {
        number: i64,
        kind: &'static str,
    },
    Inventory,
    Evaluation,
    Agreement(VendorId),
    /// So many decisions on addressable specifications grow old.
    Safeguards(usize),
    /// A chart that was opened in an emergency.
    Emergency(BreakGlassId),
    /// So many places on care teams.
    Teams(usize),
    Trail(Month),
    /// A part of the program to the right owes it: the key of its words, what it is about, and its page.
    Other(Owed),
}

/// What an observer says must be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    pub at: UnixMillis,
    /// Of words with a `$name`.
    pub key: &'static str,
    /// Never a patient's.
    pub name: String,
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    pub at: UnixMillis,
    pub what: What,
}

impl Duty {
    pub fn is_shown(&self, now: UnixMillis) -> bool {
        let ahead = match self.what {
            // These wait already, whatever their day is.
            What::Request(_) | What::Incident { .. } | What::Emergency(_) | What::Trail(_) => return true,
            What::Agreement(_) => AGREEMENT_SHOWN_AHEAD_MS,
            _ => SHOWN_AHEAD_MS,
        };
        self.at.since(now) <= ahead
    }

    /// Worth a letter today.
    pub fn is_told(&self, now: UnixMillis) -> bool {
        let ahead = match self.what {
            What::Agreement(_) => AGREEMENT_TOLD_AHEAD_MS,
            _ => TOLD_AHEAD_MS,
        };
        self.at.since(now) <= ahead
    }

    /// Where it is done.
    pub fn href(&self) -> String {
        match &self.what {
            What::Review | What::Request(_) => "/practice/analysis".into(),
            What::Incident { .. } => "/practice/incidents".into(),
            What::Inventory => "/practice/inventory".into(),
            What::Evaluation => "/practice/evaluations".into(),
            What::Agreement(vendor) => format!("/practice/vendors/{}", vendor.text()),
            What::Safeguards(_) => "/practice/safeguards".into(),
            What::Emergency(opening) => format!("/practice/emergency/{}", opening.text()),
            What::Teams(_) => "/practice/care-teams".into(),
            What::Trail(month) => format!("/practice/trail/reviews/{}", month.text()),
            What::Other(owed) => owed.href.clone(),
        }
    }
}

/// Days until then by the practice's calendar: 0 on the day itself, whatever the hour; negative behind it. An
/// unknown zone is read as UTC.
pub fn days_until(at: UnixMillis, now: UnixMillis, zone: &str) -> i64 {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day = |at: UnixMillis| {
        Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
    };
    day(now).until(day(at)).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::HOUR_MS;

    #[test]
    fn days_are_those_of_the_calendar_on_the_practices_clock() {
        // 15:00 in New York, and noon of the same day.
        let (now, noon) = (UnixMillis(1_795_291_200_000), UnixMillis(1_795_280_400_000));
        let zone = "America/New_York";
        for days in [-400, -1, 0, 1, 14, 400] {
            assert_eq!(days_until(noon.plus_ms(days * DAY_MS), now, "UTC"), days);
        }
        assert_eq!(days_until(noon, now, zone), 0, "the hour is over, the day is not");
        assert_eq!(days_until(noon.plus_ms(DAY_MS), now, zone), 1);
        let late = now.plus_ms(8 * HOUR_MS);
        assert_eq!((days_until(noon, late, zone), days_until(noon, late, "UTC")), (0, -1));
    }

    #[test]
    fn a_duty_shows_before_it_is_told_and_an_agreement_earlier_than_the_rest() {
        let now = UnixMillis(0);
        let at = |what: What, days: i64| {
            let duty = Duty { at: now.plus_ms(days * DAY_MS), what };
            (duty.is_shown(now), duty.is_told(now))
        };
        let vendor = VendorId::parse("0192aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa").unwrap();
        assert_eq!([at(What::Inventory, 15), at(What::Inventory, 14)], [(false, false), (true, false)]);
        assert_eq!([at(What::Inventory, 3), at(What::Inventory, -400)], [(true, true), (true, true)]);
        assert_eq!(at(What::Agreement(vendor), 61), (false, false));
        assert_eq!(at(What::Agreement(vendor), 60), (true, false));
        assert_eq!(at(What::Agreement(vendor), 14), (true, true));
        assert_eq!(at(What::Request(Trigger::Law), 30), (true, false));
    }
}
