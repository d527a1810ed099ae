//! The kinds of an incident, and what a report and its end must hold. Pure.

use vocabulary::{DAY_MS, UnixMillis};

/// The ends of their words' keys, in the order of the buttons, each with its icon.
pub const KINDS: [(&str, &str); 6] = [
    ("wrong-person", "user-x"),
    ("overheard", "volume-2"),
    ("message", "mail-warning"),
    ("lost-device", "phone-off"),
    ("sign-in", "key-round"),
    ("other", "circle-help"),
];

pub const WORDS_MAX: usize = 4_000;
/// Words that can be added behind the end of one incident.
pub const LATER_MAX: usize = 50;
/// Within this the official should have looked at it.
pub const LOOK_WITHIN_MS: i64 = 3 * DAY_MS;

pub fn kind(code: &str) -> Option<&'static str> {
    KINDS.iter().map(|(kind, _)| *kind).find(|kind| *kind == code)
}

pub fn due_at(reported: UnixMillis) -> UnixMillis {
    reported.plus_ms(LOOK_WITHIN_MS)
}

/// An end without a word says nothing to whoever asks in six years.
pub fn may_close(words: &str) -> bool {
    (10..=WORDS_MAX).contains(&words.trim().chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_and_an_end_needs_words() {
        assert_eq!(kind("message"), Some("message"));
        assert_eq!(kind("weather"), None);
        assert!(may_close("Nobody could read it.") && !may_close("  done    "));
        assert!(!may_close(&"x".repeat(WORDS_MAX + 1)));
    }
}
