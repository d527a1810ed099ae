//! When somebody's place on a care team is to be looked at again, and who may say that it is still needed.
//! Pure.

use vocabulary::{DAY_MS, PersonId, UnixMillis};

/// A place is confirmed at least this often (R12): half a year, as access reviews of staff go.
pub const CONFIRM_MS: i64 = 180 * DAY_MS;
/// This long before, it shows as due soon.
pub const SOON_MS: i64 = 14 * DAY_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Later,
    Soon,
    Overdue,
}

pub fn due_at(confirmed: UnixMillis) -> UnixMillis {
    confirmed.plus_ms(CONFIRM_MS)
}

pub fn due(confirmed: UnixMillis, now: UnixMillis) -> Due {
    let left = due_at(confirmed).since(now);
    match left {
        left if left <= 0 => Due::Overdue,
        left if left <= SOON_MS => Due::Soon,
        _ => Due::Later,
    }
}

/// Nobody keeps themselves on a care team; anybody may leave one.
pub fn may_confirm(member: PersonId, by: PersonId) -> bool {
    member != by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_due_after_half_a_year() {
        let now = UnixMillis(1_795_289_400_000);
        let after = |ms| due(now, now.plus_ms(ms));
        assert_eq!(after(CONFIRM_MS - SOON_MS - 1), Due::Later);
        assert_eq!(after(CONFIRM_MS - SOON_MS), Due::Soon);
        assert_eq!(after(CONFIRM_MS - 1), Due::Soon);
        assert_eq!(after(CONFIRM_MS), Due::Overdue);
    }
}
