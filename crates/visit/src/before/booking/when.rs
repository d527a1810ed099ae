//! Days and hours in the practice's zone (RFC 9557 names zones as the IANA does). Pure.
//!
//! Refuses an hour that does not exist because clocks jump forward, instead of moving it silently. An hour
//! that exists twice is the first of the two.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use vocabulary::UnixMillis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenFault {
    NotADay,
    NotAnHour,
    /// Clocks jump over this hour on that day.
    SkippedHour,
    /// The practice's own zone is unknown to this machine.
    Zone,
}

/// The calendar day of `at` in `zone`.
pub fn day_of(at: UnixMillis, zone: &str) -> Result<Date, WhenFault> {
    Ok(zoned(at, zone)?.date())
}

/// Midnight to midnight, which is 23 or 25 hours on two days of the year.
pub fn span_of(day: Date, zone: &str) -> Result<(UnixMillis, UnixMillis), WhenFault> {
    let zone = TimeZone::get(zone).map_err(|_| WhenFault::Zone)?;
    let next = day.tomorrow().map_err(|_| WhenFault::NotADay)?;
    let start = |day: Date| day.to_zoned(zone.clone()).map(|at| millis(&at)).map_err(|_| WhenFault::NotADay);
    Ok((start(day)?, start(next)?))
}

/// The seven days of the week that holds `day`, Sunday first.
pub fn week_of(day: Date) -> [Date; 7] {
    let back = i64::from(day.weekday().to_sunday_zero_offset());
    std::array::from_fn(|n| {
        let days = Span::new().days(i64::try_from(n).unwrap_or(0) - back);
        day.checked_add(days).unwrap_or(day)
    })
}

/// From the first midnight of these days to the midnight after the last.
pub fn span_of_days(days: &[Date; 7], zone: &str) -> Result<(UnixMillis, UnixMillis), WhenFault> {
    Ok((span_of(days[0], zone)?.0, span_of(days[6], zone)?.1))
}

/// Reads what `<input type="date">` and `<input type="time">` send: `2026-11-21`, `14:30`.
pub fn read(day: &str, hour: &str, zone: &str) -> Result<UnixMillis, WhenFault> {
    let day = read_day(day).ok_or(WhenFault::NotADay)?;
    let hour = Time::strptime("%H:%M", hour.trim()).map_err(|_| WhenFault::NotAnHour)?;
    let zone = TimeZone::get(zone).map_err(|_| WhenFault::Zone)?;
    let found = zone.to_ambiguous_zoned(day.to_datetime(hour));
    if matches!(found.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
        return Err(WhenFault::SkippedHour);
    }
    found.compatible().map(|at| millis(&at)).map_err(|_| WhenFault::NotADay)
}

/// `2026-11-21` and nothing else, within the centuries a clinic books in.
pub fn read_day(day: &str) -> Option<Date> {
    let day = Date::strptime("%Y-%m-%d", day.trim()).ok()?;
    (2000..2200).contains(&day.year()).then_some(day)
}

/// The day before and the day after.
pub fn neighbours(day: Date) -> (Option<Date>, Option<Date>) {
    (day.checked_sub(Span::new().days(1)).ok(), day.checked_add(Span::new().days(1)).ok())
}

/// The values for `<input type="date">` and `<input type="time">`.
pub fn fields(at: UnixMillis, zone: &str) -> Result<(String, String), WhenFault> {
    let at = zoned(at, zone)?;
    Ok((at.strftime("%Y-%m-%d").to_string(), at.strftime("%H:%M").to_string()))
}

fn zoned(at: UnixMillis, zone: &str) -> Result<Zoned, WhenFault> {
    let zone = TimeZone::get(zone).map_err(|_| WhenFault::Zone)?;
    Ok(Timestamp::from_millisecond(at.0).map_err(|_| WhenFault::NotADay)?.to_zoned(zone))
}

fn millis(at: &Zoned) -> UnixMillis {
    UnixMillis(at.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOSTON: &str = "America/New_York";

    #[test]
    fn an_hour_is_read_in_the_practices_zone() {
        // 2026-11-21 14:30 in Boston is 19:30 UTC.
        assert_eq!(read("2026-11-21", "14:30", BOSTON), Ok(UnixMillis(1_795_289_400_000)));
        assert_eq!(fields(UnixMillis(1_795_289_400_000), BOSTON), Ok(("2026-11-21".into(), "14:30".into())));
    }

    #[test]
    fn an_hour_that_clocks_jump_over_is_refused() {
        assert_eq!(read("2027-03-14", "02:30", BOSTON), Err(WhenFault::SkippedHour));
        assert!(read("2027-03-14", "03:30", BOSTON).is_ok());
    }

    #[test]
    fn an_hour_that_exists_twice_is_the_first() {
        let first = read("2026-11-01", "01:30", BOSTON).unwrap();
        let after = read("2026-11-01", "02:30", BOSTON).unwrap();
        assert_eq!(after.since(first), 2 * vocabulary::HOUR_MS);
    }

    #[test]
    fn a_day_is_as_long_as_it_is() {
        let hours = |day: &str| {
            let (from, until) = span_of(read_day(day).unwrap(), BOSTON).unwrap();
            until.since(from) / vocabulary::HOUR_MS
        };
        assert_eq!((hours("2027-03-14"), hours("2026-11-01"), hours("2026-11-21")), (23, 25, 24));
    }

    #[test]
    fn a_week_begins_on_sunday_and_is_an_hour_longer_or_shorter_twice_a_year() {
        let hours = |day: &str| {
            let week = week_of(read_day(day).unwrap());
            let (from, until) = span_of_days(&week, BOSTON).unwrap();
            (week[0].to_string(), week[6].to_string(), until.since(from) / vocabulary::HOUR_MS)
        };
        assert_eq!(hours("2026-11-21"), ("2026-11-15".into(), "2026-11-21".into(), 168));
        assert_eq!(hours("2026-11-22"), ("2026-11-22".into(), "2026-11-28".into(), 168));
        assert_eq!(hours("2026-11-01").2, 169);
        assert_eq!(hours("2027-03-14").2, 167);
    }

    #[test]
    fn nonsense_is_told_apart() {
        assert_eq!(read("21.11.2026", "14:30", BOSTON), Err(WhenFault::NotADay));
        assert_eq!(read("2026-02-30", "14:30", BOSTON), Err(WhenFault::NotADay));
        assert_eq!(read("2026-11-21", "25:00", BOSTON), Err(WhenFault::NotAnHour));
        assert_eq!(read("2026-11-21", "14:30", "Mars/Olympus"), Err(WhenFault::Zone));
    }
}
