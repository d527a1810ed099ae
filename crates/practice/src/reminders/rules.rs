//! Who hears today that something waits. Pure.

use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeSet;
use vocabulary::UnixMillis;

/// More people than a practice has; the rest hears tomorrow.
pub const LETTERS_AT_MOST: usize = 500;

/// The day (ISO 8601) and the hour (0 to 23) on the practice's clock; an unknown zone is read as UTC.
pub fn local(now: UnixMillis, zone: &str) -> (String, i64) {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone);
    (at.date().to_string(), i64::from(at.hour()))
}

/// The hour that the house rules name has come; later in the day is still in time.
pub fn is_time(hour: i64, remind_hour: i64) -> bool {
    hour >= remind_hour
}

/// Whom each thing that waits concerns: whoever owns it, and the officials where nobody does, or nobody who
/// is still here.
pub fn concerned<Id: PartialEq + Copy>(owners: &[Option<Id>], active: &[Id], officials: &[Id]) -> Vec<Id> {
    let here = |owner: &Option<Id>| owner.is_some_and(|id| active.contains(&id));
    let theirs = owners.iter().filter(|one| here(one)).filter_map(|one| *one);
    let nobodys = if owners.iter().all(here) { &[] } else { officials };
    theirs.chain(nobodys.iter().copied()).collect()
}

/// Whoever something waits for and who has heard nothing today: each once, in a fixed order.
pub fn to_remind<Id: Ord + Copy>(waits_for: &[Id], active: &[Id], told_today: &[Id]) -> Vec<Id> {
    let all: BTreeSet<Id> = waits_for.iter().copied().collect();
    let may = |id: &Id| active.contains(id) && !told_today.contains(id);
    all.into_iter().filter(may).take(LETTERS_AT_MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_day_and_the_hour_are_those_of_the_practice() {
        let at = UnixMillis(1_795_318_200_000);
        assert_eq!(local(at, "UTC"), ("2026-11-22".into(), 3));
        assert_eq!(local(at, "America/New_York"), ("2026-11-21".into(), 22));
        assert!(is_time(8, 8) && is_time(23, 8) && !is_time(7, 8) && is_time(0, 0));
    }

    #[test]
    fn what_nobody_owns_any_more_waits_for_the_officials() {
        let (active, officials) = ([1, 2, 9], [9]);
        assert_eq!(concerned(&[Some(1), Some(2)], &active, &officials), [1, 2]);
        assert_eq!(concerned(&[Some(1), Some(5)], &active, &officials), [1, 9], "5 has left");
        assert_eq!(concerned(&[None], &active, &officials), [9]);
        assert!(concerned(&[], &active, &officials).is_empty());
    }

    proptest! {
        #[test]
        fn nobody_hears_twice_a_day_and_nobody_who_left(
            waits in proptest::collection::vec(0..20_u8, 0..40),
            active in proptest::collection::vec(0..20_u8, 0..20),
            told in proptest::collection::vec(0..20_u8, 0..20),
        ) {
            let found = to_remind(&waits, &active, &told);
            let mut once = found.clone();
            once.dedup();
            prop_assert_eq!(&once, &found);
            for id in 0..20 {
                let should = waits.contains(&id) && active.contains(&id) && !told.contains(&id);
                prop_assert_eq!(found.contains(&id), should);
            }
        }
    }
}
