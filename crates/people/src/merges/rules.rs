//! When two charts may become one, and until when that is taken back. Pure.

use vocabulary::{DAY_MS, PatientId, UnixMillis};

/// Fewer letters are no reason, more are a letter.
pub const REASON: std::ops::RangeInclusive<usize> = 10..=500;
/// Later, too much has been written into the one chart to tell whose it is.
pub const UNDO_MS: i64 = 30 * DAY_MS;
/// So long after a merge of two with different addresses no link is mailed: whose address it is may be wrong,
/// and whoever reads the other letter has time to call.
pub const LATELY_MS: i64 = 3 * DAY_MS;
/// Pairs on one page; whoever works through them sees the next.
pub const PAIRS_MAX: usize = 100;

/// At the end of the time itself it is too late.
pub fn may_undo(merged_at: UnixMillis, now: UnixMillis) -> bool {
    now.since(merged_at) < UNDO_MS
}

/// One spelling of two ids, whichever comes first.
pub fn pair(one: PatientId, other: PatientId) -> String {
    let (one, other) = (one.text(), other.text());
    if one <= other { format!("{one}.{other}") } else { format!("{other}.{one}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_is_taken_back_for_thirty_days() {
        let at = UnixMillis(1_000);
        assert!(may_undo(at, at.plus_ms(UNDO_MS - 1)));
        assert!(!may_undo(at, at.plus_ms(UNDO_MS)));
    }

    #[test]
    fn a_pair_has_one_spelling() {
        let (one, other) = (PatientId::from_bytes([1; 16]), PatientId::from_bytes([2; 16]));
        assert_eq!(pair(one, other), pair(other, one));
    }
}
