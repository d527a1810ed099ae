//! What a decision on an addressable specification must say, and where a tip stands. Pure.

use crate::risk::rules::Choice;
use serde::{Deserialize, Serialize};
use vocabulary::{DAY_MS, UnixMillis};

/// 45 CFR 164.306(d)(3)(ii): implement it, or say why not and do an equivalent where that is reasonable.
pub const DECISIONS: [&str; 3] = ["done", "equivalent", "not-reasonable"];
/// 45 CFR 164.306(e): looked at again as needed; we ask once a year.
pub const LOOK_AGAIN_MS: i64 = 365 * DAY_MS;
/// Shorter reasons say nothing to whoever reads them in six years.
pub const REASON_MIN: usize = 10;
pub const WORDS_MAX: usize = 4_000;

/// No `Debug`: it is sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// How it is done, or what is done instead.
    pub how: String,
    /// Why it is not done as it stands.
    pub reason: String,
}

pub fn decision(code: &str) -> Option<&'static str> {
    DECISIONS.into_iter().find(|one| *one == code)
}

/// The field and the key of the sentence.
pub fn check(decision: &str, words: &Words) -> Result<(), (&'static str, &'static str)> {
    let long = |text: &str| text.chars().count() > WORDS_MAX;
    let short = |text: &str| text.chars().count() < REASON_MIN;
    if long(&words.how) || long(&words.reason) {
        return Err(("how", "safeguard-fault-long"));
    }
    if decision != "not-reasonable" && short(&words.how) {
        return Err(("how", "safeguard-fault-how"));
    }
    if decision != "done" && short(&words.reason) {
        return Err(("reason", "safeguard-fault-reason"));
    }
    Ok(())
}

/// How one of them stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Gap,
    Decided,
    /// Decided longer than a year ago.
    Old,
}

pub fn standing(decided: Option<UnixMillis>, now: UnixMillis) -> Standing {
    match decided {
        None => Standing::Gap,
        Some(at) if now.since(at) >= LOOK_AGAIN_MS => Standing::Old,
        Some(_) => Standing::Decided,
    }
}

/// Where a tip stands, from the answers that speak of its weak spots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    Yes,
    Partly,
    No,
    /// Not every question about it has an answer.
    Unknown,
}

impl Followed {
    pub fn code(self) -> &'static str {
        match self {
            Followed::Yes => "yes",
            Followed::Partly => "partly",
            Followed::No => "no",
            Followed::Unknown => "unknown",
        }
    }
}

/// One bad answer is enough for "no": a chain is as strong as that. "Does not apply" says nothing.
pub fn followed(answers: &[Option<Choice>]) -> Followed {
    let any = |wanted: &[Choice]| answers.iter().flatten().any(|choice| wanted.contains(choice));
    if any(&[Choice::No, Choice::NotSure]) {
        return Followed::No;
    }
    if answers.is_empty() || answers.iter().any(Option::is_none) {
        return Followed::Unknown;
    }
    if any(&[Choice::Partly]) { Followed::Partly } else { Followed::Yes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_decision_asks_for_its_own_reasons() {
        let words = |how: &str, reason: &str| Words { how: how.into(), reason: reason.into() };
        let long_enough = "Locked at night.";
        for (code, words, ok) in [
            ("done", words(long_enough, ""), true),
            ("done", words("", ""), false),
            ("equivalent", words(long_enough, ""), false),
            ("equivalent", words(long_enough, long_enough), true),
            ("not-reasonable", words("", long_enough), true),
            ("not-reasonable", words(long_enough, "no"), false),
            ("done", words(&"x".repeat(WORDS_MAX + 1), ""), false),
        ] {
            assert_eq!(check(code, &words).is_ok(), ok, "{code}");
        }
        assert_eq!(decision("maybe"), None);
    }

    #[test]
    fn a_decision_is_a_gap_before_it_is_made_and_old_after_a_year() {
        let (made, year) = (UnixMillis(0), UnixMillis(LOOK_AGAIN_MS));
        assert_eq!(standing(None, made), Standing::Gap);
        assert_eq!(standing(Some(made), UnixMillis(LOOK_AGAIN_MS - 1)), Standing::Decided);
        assert_eq!(standing(Some(made), year), Standing::Old);
    }

    #[test]
    fn a_tip_is_followed_when_every_answer_says_so() {
        use Choice::{No, NotApplicable, NotSure, Partly, Yes};
        for (answers, stands) in [
            (vec![Some(Yes), Some(NotApplicable)], Followed::Yes),
            (vec![Some(Yes), Some(Partly)], Followed::Partly),
            (vec![Some(Yes), None], Followed::Unknown),
            (vec![None, Some(NotSure)], Followed::No),
            (vec![Some(No)], Followed::No),
            (vec![], Followed::Unknown),
        ] {
            assert_eq!(followed(&answers), stands, "{answers:?}");
        }
    }
}
