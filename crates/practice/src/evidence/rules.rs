//! What counts as proof, for which practice, and in which months. Pure.

use crate::risk::bank::Question;
use serde::Deserialize;
use std::sync::OnceLock;
use vocabulary::{DAY_MS, Lang, UnixMillis};

/// Pub. L. 116-321 asks for the previous twelve months.
pub const PERIOD_MS: i64 = 365 * DAY_MS;

/// One of the ten practices of HICP.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Practice {
    pub number: u8,
    en: String,
    es: String,
    weak_spots: Vec<String>,
    pub facts: Vec<String>,
}

#[derive(Deserialize)]
struct Lists {
    practice: Vec<Practice>,
}

impl Practice {
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Es => &self.es,
        }
    }
}

pub fn practices() -> &'static [Practice] {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    &LISTS
        .get_or_init(|| {
            toml::from_str(include_str!("practices.toml")).expect("the ten practices are in order")
        })
        .practice
}

/// The practice that an answer to this question speaks about.
pub fn practice_of(question: &Question) -> Option<u8> {
    let spots = &question.vulnerabilities;
    let about = |one: &&Practice| spots.first().is_some_and(|spot| one.weak_spots.contains(spot));
    practices().iter().find(about).map(|one| one.number)
}

/// Where a piece of proof comes from; its word is `evidence-source-` and the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Answer,
    Attached,
    Inventory,
    Vendor,
    TrailReview,
    Incident,
    Risk,
    Safeguard,
    Evaluation,
    Analysis,
}

impl Source {
    pub const ALL: [Source; 10] = [
        Source::Answer,
        Source::Attached,
        Source::Inventory,
        Source::Vendor,
        Source::TrailReview,
        Source::Incident,
        Source::Risk,
        Source::Safeguard,
        Source::Evaluation,
        Source::Analysis,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Source::Answer => "answer",
            Source::Attached => "attached",
            Source::Inventory => "inventory",
            Source::Vendor => "vendor",
            Source::TrailReview => "trail-review",
            Source::Incident => "incident",
            Source::Risk => "risk",
            Source::Safeguard => "safeguard",
            Source::Evaluation => "evaluation",
            Source::Analysis => "analysis",
        }
    }
}

/// One thing that was done, and the day it was done. No `Debug`: it holds the practice's own words.
#[derive(Clone)]
pub struct Piece {
    pub practice: u8,
    pub source: Source,
    pub what: String,
    /// The day it was done, as somebody declared it or the program saw it.
    pub at: UnixMillis,
    /// When it was entered; none where only the declared day is kept.
    pub recorded: Option<UnixMillis>,
}

/// Done within the twelve months before `now`, and not in the future.
pub fn counts(at: UnixMillis, now: UnixMillis) -> bool {
    (0..=PERIOD_MS).contains(&now.since(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::bank::bank;
    use proptest::prelude::*;

    #[test]
    fn the_ten_practices_share_the_weak_spots_of_the_bank_without_doubles() {
        assert_eq!(
            practices().iter().map(|one| one.number).collect::<Vec<_>>(),
            (1..=10).collect::<Vec<_>>()
        );
        let spots: Vec<&String> = practices().iter().flat_map(|one| &one.weak_spots).collect();
        assert!(spots.iter().all(|spot| bank().vulnerability(spot).is_some()));
        let mut once = spots.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), spots.len(), "an answer speaks about one practice");
        assert!(bank().questions.iter().filter(|one| practice_of(one).is_some()).count() > 60);
    }

    proptest! {
        #[test]
        fn only_the_last_twelve_months_count(at in 0..2 * PERIOD_MS) {
            let now = UnixMillis(PERIOD_MS);
            prop_assert_eq!(counts(UnixMillis(at), now), at <= PERIOD_MS);
        }
    }
}
