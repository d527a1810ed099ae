//! When the calendar and the accounts ask for a fresh look. Pure.

use vocabulary::{DAY_MS, UnixMillis};

/// Within this a request should be looked at.
pub const LOOK_WITHIN_MS: i64 = 30 * DAY_MS;
/// One in this many accounts that came or left is a turnover; two at least.
pub const TURNOVER_PART: usize = 4;
pub const TURNOVER_LEAST: usize = 2;

/// The day that the newest analysis, signed, has set for the next review has come.
pub fn year_is_over(review_due: Option<UnixMillis>, now: UnixMillis) -> bool {
    review_due.is_some_and(|due| due <= now)
}

/// So many accounts came and left that access and training want a fresh look.
pub fn has_turned_over(before: &[String], now: &[String]) -> bool {
    let came = now.iter().filter(|id| !before.contains(id)).count();
    let left = before.iter().filter(|id| !now.contains(id)).count();
    came + left >= TURNOVER_LEAST.max(before.len().div_ceil(TURNOVER_PART))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(from: usize, until: usize) -> Vec<String> {
        (from..until).map(|n| n.to_string()).collect()
    }

    #[test]
    fn a_quarter_and_two_at_least_is_a_turnover() {
        for (before, now, turned) in [
            (ids(0, 4), ids(0, 4), false),
            (ids(0, 4), ids(0, 5), false),
            (ids(0, 4), ids(1, 5), true),
            (ids(0, 20), ids(0, 24), false),
            (ids(0, 20), ids(2, 23), true),
            (ids(0, 2), ids(0, 4), true),
        ] {
            assert_eq!(has_turned_over(&before, &now), turned, "{} {}", before.len(), now.len());
        }
    }
}
