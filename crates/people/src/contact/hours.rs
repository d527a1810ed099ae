//! When a text may come: inside the hours that its reader said are safe, and by day. Pure.

use super::rules::{Preferences, safe_from};
use jiff::{Timestamp, ToSpan, civil::Weekday, tz::TimeZone};
use keep::outbox::texts;
use vocabulary::UnixMillis;

/// Each look moves to the opening of the safe hours, or into the morning.
const LOOKS: usize = 4;

/// The first moment from `from` on that is safe for this reader and no night. None when their hours lie in
/// the night: then somebody calls.
pub fn text_from(asked: &Preferences, from: UnixMillis, zone: &str) -> Option<UnixMillis> {
    let mut at = from;
    for _ in 0..LOOKS {
        let safe = safe_from(asked, at, zone);
        at = texts::earliest(&[], safe, zone);
        if at == safe {
            return Some(at);
        }
    }
    None
}

/// The end of the safe hours that hold `at`; none when they have no end.
pub fn safe_until(asked: &Preferences, at: UnixMillis, zone: &str) -> Option<UnixMillis> {
    if asked.any_hour() && !asked.weekdays {
        return None;
    }
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let here = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    let (days, hour) = match asked.until {
        _ if asked.any_hour() => (here.weekday().until(Weekday::Saturday).max(1), 0),
        24 => (1, 0),
        until => (0, i8::try_from(until).unwrap_or(0)),
    };
    let day = here.date().checked_add(i64::from(days).days()).ok()?;
    let ends = day.at(hour, 0, 0, 0).to_zoned(zone).ok()?;
    Some(UnixMillis(ends.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::HOUR_MS;

    const ZONE: &str = "America/New_York";
    /// Saturday, 21 November 2026, 15:00 in New York.
    const SATURDAY: UnixMillis = UnixMillis(1_795_291_200_000);

    fn asked(from: u8, until: u8, weekdays: bool) -> Preferences {
        Preferences { from, until, weekdays, ..Preferences::default() }
    }

    #[test]
    fn a_text_comes_by_day_within_the_hours_that_are_safe() {
        let at = |it: Preferences| text_from(&it, SATURDAY, ZONE).map(|at| at.since(SATURDAY) / HOUR_MS);
        assert_eq!(at(Preferences::default()), Some(0));
        assert_eq!(at(asked(18, 20, false)), Some(3));
        assert_eq!(at(asked(6, 9, false)), Some(17), "not at six but at eight");
        assert_eq!(at(asked(0, 24, true)), Some(41), "Monday at eight");
        assert_eq!(at(asked(21, 24, false)), None);
        assert_eq!(at(asked(5, 8, false)), None);
    }

    #[test]
    fn safe_hours_end() {
        let end =
            |it: Preferences, at: UnixMillis| safe_until(&it, at, ZONE).map(|it| it.since(at) / HOUR_MS);
        assert_eq!(end(Preferences::default(), SATURDAY), None);
        assert_eq!(end(asked(9, 17, false), SATURDAY), Some(2));
        assert_eq!(end(asked(9, 24, false), SATURDAY), Some(9));
        let monday = SATURDAY.plus_ms(41 * HOUR_MS);
        assert_eq!(end(asked(0, 24, true), monday), Some(5 * 24 - 8), "until Saturday");
        // Midnight before the clocks are set back, 1 November 2026.
        let long_day = UnixMillis(1_793_505_600_000);
        assert_eq!(end(asked(0, 20, false), long_day), Some(21));
    }
}
