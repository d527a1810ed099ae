//! When a telehealth consent is in force. Pure.
//!
//! The newest answer to this clinician counts and no older one: a "no" today ends a "yes" of last month.

use super::texts::TELEHEALTH_VERSION;
use vocabulary::{DAY_MS, PersonId, UnixMillis};

/// A consent is asked again after this. Longer would outlive the yearly review that state rules expect.
pub const CONSENT_DAYS: i64 = 365;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Given,
    Refused,
    Withdrawn,
}

/// What the newest answer says, without who and how.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub outcome: Outcome,
    pub clinician: PersonId,
    pub template_version: &'a str,
    pub at: UnixMillis,
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Given => "given",
            Outcome::Refused => "refused",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Option<Outcome> {
        [Outcome::Given, Outcome::Refused, Outcome::Withdrawn].into_iter().find(|it| it.code() == code)
    }
}

/// `newest` is the newest answer this patient gave to this clinician, if any.
pub fn in_force(newest: Option<&Standing>, clinician: PersonId, now: UnixMillis) -> bool {
    newest.is_some_and(|answer| {
        answer.outcome == Outcome::Given
            && answer.clinician == clinician
            && answer.template_version == TELEHEALTH_VERSION
            && now < ends(answer.at)
    })
}

/// The moment a consent of `at` stops counting.
pub fn ends(at: UnixMillis) -> UnixMillis {
    at.plus_ms(CONSENT_DAYS * DAY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn person(byte: u8) -> PersonId {
        PersonId::from_bytes([byte; 16])
    }

    fn given() -> Standing<'static> {
        Standing {
            outcome: Outcome::Given,
            clinician: person(1),
            template_version: TELEHEALTH_VERSION,
            at: NOW,
        }
    }

    /// R64 (part: text change, new provider, 12 months): each of these ends the consent.
    #[test]
    fn a_new_text_a_new_clinician_and_a_year_each_end_a_consent() {
        assert!(in_force(Some(&given()), person(1), NOW));
        assert!(!in_force(None, person(1), NOW));
        assert!(!in_force(Some(&given()), person(2), NOW), "another clinician");
        let old_text = Standing { template_version: "2025-9", ..given() };
        assert!(!in_force(Some(&old_text), person(1), NOW), "an older text");
        assert!(in_force(Some(&given()), person(1), ends(NOW).plus_ms(-1)));
        assert!(!in_force(Some(&given()), person(1), ends(NOW)), "a year later");
    }

    #[test]
    fn no_means_no() {
        for outcome in [Outcome::Refused, Outcome::Withdrawn] {
            assert!(!in_force(Some(&Standing { outcome, ..given() }), person(1), NOW));
            assert_eq!(Outcome::parse(outcome.code()), Some(outcome));
        }
    }
}
