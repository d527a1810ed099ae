//! When the picture on the first device leads on, and how the short code is spelled. Pure.

use vocabulary::{MINUTE_MS, SessionId, UnixMillis};

/// From the picture to the last press on the phone. Longer, and somebody who passes by the screen has time.
pub const LIFE_MS: i64 = 10 * MINUTE_MS;
/// For whoever asked for more time (R101).
pub const LONGER_MS: i64 = 2 * LIFE_MS;
/// Wrong short codes, then the picture is over.
pub const TRIES_MAX: i64 = 5;

const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
/// Longer input is no code with spaces in it.
const TYPED_MAX: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub from: SessionId,
    pub tries: i64,
    pub expires_at: UnixMillis,
    pub over_at: Option<UnixMillis>,
}

/// Whether it leads on: once, in time, and while the invitation still belongs to the device that showed it.
pub fn leads_on(standing: &Standing, bound: Option<SessionId>, now: UnixMillis) -> bool {
    let in_time = standing.over_at.is_none() && now < standing.expires_at;
    in_time && standing.tries < TRIES_MAX && bound == Some(standing.from)
}

/// Six digits from keyed random bytes. The few values of 2^32 that do not divide evenly make some codes
/// likelier by one in four thousand, which five tries do not notice.
pub fn code(bytes: &[u8]) -> String {
    let drawn = bytes.iter().take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    format!("{:06}", drawn % CODES)
}

/// In two groups, as it stands on the page.
pub fn spoken(code: &str) -> String {
    code.split_at_checked(DIGITS / 2).map_or_else(String::new, |(one, other)| format!("{one} {other}"))
}

/// As people type it: with spaces, dashes or neither. None when it is not six digits.
pub fn read_code(typed: &str) -> Option<String> {
    if typed.len() > TYPED_MAX {
        return None;
    }
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fits = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
    fits.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_on_once_in_time_and_from_the_device_of_the_invitation() {
        let (from, other) = (SessionId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        let fine = Standing { from, tries: 0, expires_at: UnixMillis(LIFE_MS), over_at: None };
        let at = |standing: &Standing, ms| leads_on(standing, Some(from), UnixMillis(ms));
        assert!(at(&fine, 0) && at(&fine, LIFE_MS - 1));
        assert!(!at(&fine, LIFE_MS) && !at(&fine, LIFE_MS + 1));
        assert!(!at(&Standing { over_at: Some(UnixMillis(1)), ..fine }, 2), "used, or replaced");
        assert!(at(&Standing { tries: TRIES_MAX - 1, ..fine }, 0));
        assert!(!at(&Standing { tries: TRIES_MAX, ..fine }, 0));
        assert!(!leads_on(&fine, Some(other), UnixMillis(0)), "went on elsewhere meanwhile");
        assert!(!leads_on(&fine, None, UnixMillis(0)), "signed out there");
    }

    #[test]
    fn a_short_code_is_read_as_it_is_shown() {
        let shown = spoken(&code(&[0xff, 0x00, 0x12, 0x34, 0x56]));
        assert_eq!((shown.len(), &shown[3..4]), (7, " "));
        assert_eq!(read_code(&shown), Some(code(&[0xff, 0x00, 0x12, 0x34])));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６", &" ".repeat(41)] {
            assert_eq!(read_code(wrong), None, "{wrong}");
        }
    }
}
