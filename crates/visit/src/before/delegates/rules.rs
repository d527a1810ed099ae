//! What a delegation must say. Pure.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};

/// Longer than this nobody is named at once.
const DAYS_MAX: i32 = 366;

/// First and last day, both included. The fault is a field and the key of its sentence.
pub(super) fn span(
    (first, last): (Option<Date>, Option<Date>),
    today: Date,
) -> Result<(Date, Date), (&'static str, &'static str)> {
    let first = first.ok_or(("first", "book-not-a-day"))?;
    let last = last.ok_or(("last", "book-not-a-day"))?;
    if last < first {
        return Err(("last", "off-turned"));
    }
    if last < today {
        return Err(("last", "delegate-fault-over"));
    }
    let days = first.until((Unit::Day, last)).map_or(i32::MAX, |span| span.get_days());
    let far = today.checked_add(i64::from(DAYS_MAX).days()).is_ok_and(|far| first > far);
    if days >= DAYS_MAX || far {
        return Err(("last", "delegate-fault-long"));
    }
    Ok((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegation_has_two_days_in_order_and_ends_within_a_year() {
        let day = |text: &str| text.parse::<Date>().ok();
        let today = day("2026-11-21").unwrap();
        let asked = |first, last| span((day(first), day(last)), today);
        assert_eq!(asked("2026-11-21", "2026-11-21"), Ok((today, today)));
        assert!(asked("2026-11-01", "2026-12-01").is_ok(), "begun already");
        assert!(asked("2026-11-21", "2027-11-21").is_ok());
        for (first, last, wrong) in [
            ("", "2026-12-01", ("first", "book-not-a-day")),
            ("2026-12-01", "", ("last", "book-not-a-day")),
            ("2026-12-02", "2026-12-01", ("last", "off-turned")),
            ("2026-11-01", "2026-11-20", ("last", "delegate-fault-over")),
            ("2026-11-21", "2027-11-22", ("last", "delegate-fault-long")),
            ("2028-11-21", "2028-11-22", ("last", "delegate-fault-long")),
        ] {
            assert_eq!(asked(first, last), Err(wrong), "{first} {last}");
        }
    }
}
