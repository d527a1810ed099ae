//! Whether a visit fits into somebody's hours. Pure: days and minutes are those of the clock on the wall.

use jiff::civil::Date;
use vocabulary::SiteId;

/// Hours of one weekday, minutes after midnight, `from < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// 1 Monday to 7 Sunday.
    pub weekday: i64,
    pub from_min: i64,
    pub until_min: i64,
    pub site: Option<SiteId>,
}

/// First and last day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Off {
    pub first: Date,
    pub last: Date,
}

/// A visit on the clock of the wall: its day, its first and last minute after that midnight, and its site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub day: Date,
    pub from_min: i64,
    pub until_min: i64,
    /// `None`: nobody said where, so no site is the wrong one.
    pub site: Option<SiteId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Fits,
    /// They see nobody on that day.
    Away,
    /// They see patients, but not at that hour, or not at that site.
    OutsideHours,
}

/// Who has said no hours is never outside them.
pub fn fit(hours: &[Hours], off: &[Off], wanted: Wanted) -> Fit {
    if off.iter().any(|off| off.first <= wanted.day && wanted.day <= off.last) {
        return Fit::Away;
    }
    let weekday = i64::from(wanted.day.weekday().to_monday_one_offset());
    let there = |one: &Hours| one.site.is_none() || wanted.site.is_none() || one.site == wanted.site;
    let holds = |one: &Hours| {
        let spans = one.from_min <= wanted.from_min && wanted.until_min <= one.until_min;
        one.weekday == weekday && spans && there(one)
    };
    if hours.is_empty() || hours.iter().any(holds) { Fit::Fits } else { Fit::OutsideHours }
}

/// `09:30` as minutes after midnight.
pub fn minutes(hour: &str) -> Option<i64> {
    let (h, m) = hour.trim().split_once(':')?;
    let (h, m): (i64, i64) = (h.parse().ok()?, m.parse().ok()?);
    ((0..24).contains(&h) && (0..60).contains(&m)).then_some(h * 60 + m)
}

/// The end of a span: midnight is the end of its day, not its beginning.
pub fn end_minutes(hour: &str) -> Option<i64> {
    minutes(hour).map(|at| if at == 0 { 24 * 60 } else { at })
}

/// `09:30`
pub fn hour(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Two spans of one weekday share a minute.
pub fn overlap(one: &Hours, other: &Hours) -> bool {
    one.weekday == other.weekday && one.from_min < other.until_min && other.from_min < one.until_min
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(weekday: i64, from_min: i64, until_min: i64) -> Hours {
        Hours { weekday, from_min, until_min, site: None }
    }

    fn wanted(day: &str, from_min: i64, length: i64) -> Wanted {
        Wanted { day: day.parse().unwrap(), from_min, until_min: from_min + length, site: None }
    }

    #[test]
    fn a_visit_fits_when_one_span_holds_all_of_it() {
        // 2026-11-23 is a Monday.
        let open = [hours(1, 9 * 60, 12 * 60), hours(1, 13 * 60, 17 * 60), hours(3, 9 * 60, 12 * 60)];
        let table = [
            ("2026-11-23", 9 * 60, 30, Fit::Fits),
            ("2026-11-23", 11 * 60 + 40, 20, Fit::Fits),
            ("2026-11-23", 11 * 60 + 45, 20, Fit::OutsideHours),
            ("2026-11-23", 8 * 60 + 59, 20, Fit::OutsideHours),
            ("2026-11-24", 9 * 60, 20, Fit::OutsideHours),
            ("2026-11-25", 9 * 60, 20, Fit::Fits),
        ];
        for (day, from, length, expected) in table {
            assert_eq!(fit(&open, &[], wanted(day, from, length)), expected, "{day} {from}+{length}");
        }
        assert_eq!(fit(&[], &[], wanted("2026-11-24", 0, 20)), Fit::Fits, "no hours said: none broken");
    }

    #[test]
    fn hours_at_one_site_are_none_at_another() {
        let [north, south] =
            ["66", "77"].map(|n| SiteId::parse(&format!("0192f0c1-2b3c-7d4e-8f00-1122334455{n}")).unwrap());
        let open = [Hours { site: Some(north), ..hours(1, 540, 720) }, hours(1, 780, 1020)];
        let at = |site, from| fit(&open, &[], Wanted { site, ..wanted("2026-11-23", from, 20) });
        assert_eq!(at(Some(north), 540), Fit::Fits);
        assert_eq!(at(Some(south), 540), Fit::OutsideHours);
        assert_eq!(at(None, 540), Fit::Fits, "nobody said where");
        assert_eq!(at(Some(south), 780), Fit::Fits, "hours for anywhere");
    }

    #[test]
    fn hours_can_end_at_midnight() {
        assert_eq!((end_minutes("00:00"), end_minutes("17:00")), (Some(1440), Some(1020)));
        let open = [hours(1, 1200, end_minutes("00:00").unwrap())];
        assert_eq!(fit(&open, &[], wanted("2026-11-23", 1420, 20)), Fit::Fits);
        assert_eq!(fit(&open, &[], wanted("2026-11-23", 1425, 20)), Fit::OutsideHours);
    }

    #[test]
    fn a_day_off_is_off_from_its_first_to_its_last_day() {
        let off = [Off { first: "2026-12-24".parse().unwrap(), last: "2026-12-26".parse().unwrap() }];
        for (day, expected) in [
            ("2026-12-23", Fit::Fits),
            ("2026-12-24", Fit::Away),
            ("2026-12-25", Fit::Away),
            ("2026-12-26", Fit::Away),
            ("2026-12-27", Fit::Fits),
        ] {
            assert_eq!(fit(&[], &off, wanted(day, 600, 20)), expected, "{day}");
        }
    }

    #[test]
    fn hours_are_read_and_written_as_clocks_show_them() {
        assert_eq!(
            (minutes("09:30"), minutes("23:59"), minutes(" 00:00 ")),
            (Some(570), Some(1439), Some(0))
        );
        for nonsense in ["", "9", "24:00", "12:60", "-1:00", "noon"] {
            assert_eq!(minutes(nonsense), None, "{nonsense}");
        }
        assert_eq!((hour(570), hour(0)), ("09:30".to_owned(), "00:00".to_owned()));
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        assert!(!overlap(&hours(1, 540, 720), &hours(1, 720, 780)));
        assert!(overlap(&hours(1, 540, 720), &hours(1, 719, 780)));
        assert!(!overlap(&hours(1, 540, 720), &hours(2, 540, 720)));
    }
}
