//! What an insight may hold, which findings it becomes, and how several are summed up. Pure.

use crate::findings::Kind;
use crate::findings::rules::shown;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Answers go from 1 to this.
pub const BEST: i64 = 5;
/// From here down an answer is a finding.
pub const LOW: i64 = 2;
pub const WORDS_MAX: usize = 1_000;

/// What can get in the way; each is the end of a word's key and of a finding's code.
pub const SUBJECTS: [&str; 5] = ["video-drops", "who-is-there", "own-room", "consent", "language"];

/// As the form sends it. Holds somebody's own words, so it has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub ease: String,
    pub clear: String,
    pub subject: String,
    pub words: String,
}

/// What was said. No `Debug`: it is sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insight {
    /// At ease with the platform.
    pub ease: i64,
    /// The policies say what to do.
    pub clear: i64,
    /// One of `SUBJECTS`, or empty.
    pub subject: String,
    pub words: String,
}

/// The form's field and the key of its sentence.
pub type Slip = (&'static str, &'static str);

pub fn read(typed: &Typed) -> Result<Insight, Vec<Slip>> {
    let score = |text: &str| text.parse().ok().filter(|score| (1..=BEST).contains(score));
    let (ease, clear) = (score(&typed.ease), score(&typed.clear));
    let known = typed.subject.is_empty() || SUBJECTS.contains(&typed.subject.as_str());
    let words = typed.words.trim();
    let checks = [
        (ease.is_none(), ("ease", "insight-missing")),
        (clear.is_none(), ("clear", "insight-missing")),
        (!known, ("subject", "insight-fault-subject")),
        (words.chars().count() > WORDS_MAX, ("words", "insight-fault-long")),
    ];
    let slips: Vec<Slip> = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, slip)| slip).collect();
    match (ease, clear, slips.is_empty()) {
        (Some(ease), Some(clear), true) => {
            Ok(Insight { ease, clear, subject: typed.subject.clone(), words: words.to_owned() })
        }
        _ => Err(slips),
    }
}

/// What the risk review hears of it.
pub fn findings(insight: &Insight) -> Vec<Kind> {
    let low = [(insight.ease <= LOW, Kind::StaffUneasy), (insight.clear <= LOW, Kind::StaffUnclear)];
    let mut kinds: Vec<Kind> = low.into_iter().filter(|(is, _)| *is).map(|(_, kind)| kind).collect();
    kinds.extend(Kind::parse(&format!("staff-{}", insight.subject)));
    kinds
}

/// Many insights as one picture. Counts of fewer than three are left out; so are averages over so few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// `None` is "fewer than three".
    pub given: Option<i64>,
    /// Tenths: 34 is 3.4.
    pub ease: Option<i64>,
    pub clear: Option<i64>,
    /// Subject and how often, the most frequent first; small counts are missing.
    pub subjects: Vec<(String, Option<i64>)>,
}

pub fn sum(all: &[Insight]) -> Sum {
    let count = all.len() as i64;
    let average = |of: fn(&Insight) -> i64| {
        shown(count).map(|count| (all.iter().map(of).sum::<i64>() * 10 + count / 2) / count)
    };
    let mut subjects: BTreeMap<&str, i64> = BTreeMap::new();
    for one in all.iter().filter(|one| !one.subject.is_empty()) {
        *subjects.entry(&one.subject).or_default() += 1;
    }
    let mut subjects: Vec<_> = subjects.into_iter().collect();
    subjects.sort_by_key(|(subject, count)| (-shown(*count).unwrap_or(0), *subject));
    Sum {
        given: shown(count),
        ease: average(|one| one.ease),
        clear: average(|one| one.clear),
        subjects: subjects.into_iter().map(|(subject, count)| (subject.to_owned(), shown(count))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(ease: &str, clear: &str, subject: &str) -> Typed {
        Typed { ease: ease.into(), clear: clear.into(), subject: subject.into(), words: " x ".into() }
    }

    #[test]
    fn both_scores_are_asked_and_a_subject_must_be_known() {
        assert!(read(&typed("5", "1", "")).is_ok_and(|insight| insight.words == "x"));
        assert_eq!(read(&typed("", "6", "moon")).err().map(|slips| slips.len()), Some(3));
        let long = Typed { words: "y".repeat(WORDS_MAX + 1), ..typed("3", "3", "") };
        assert_eq!(read(&long).err(), Some(vec![("words", "insight-fault-long")]));
    }

    #[test]
    fn low_scores_and_every_subject_become_findings() {
        let of = |ease: &str, clear: &str, subject: &str| {
            findings(&read(&typed(ease, clear, subject)).unwrap_or_else(|_| panic!("reads")))
        };
        assert_eq!(of("2", "3", ""), [Kind::StaffUneasy]);
        assert_eq!(of("3", "1", "own-room"), [Kind::StaffUnclear, Kind::StaffOwnRoom]);
        assert!(of("3", "3", "").is_empty());
        assert!(SUBJECTS.iter().all(|subject| of("5", "5", subject).len() == 1));
    }

    #[test]
    fn few_insights_have_no_average_and_few_subjects_no_count() {
        let one = |ease: &str, subject: &str| read(&typed(ease, "4", subject)).unwrap_or_else(|_| panic!());
        let two = [one("1", "consent"), one("5", "consent")];
        assert_eq!((sum(&two).given, sum(&two).ease), (None, None));
        assert_eq!(sum(&two).subjects, [("consent".to_owned(), None)]);
        let three = [one("1", "own-room"), one("5", "consent"), one("4", "consent")];
        assert_eq!((sum(&three).given, sum(&three).ease), (Some(3), Some(33)));
        assert!(sum(&three).subjects.iter().all(|(_, count)| count.is_none()));
    }
}
