//! What makes an interpreter qualified, and what an entry must say. Pure.

use people::needs::TONGUES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::UnixMillis;

pub type Days = (Result<Option<UnixMillis>, ()>, Result<Option<UnixMillis>, ()>);

/// On what a qualification rests (45 CFR 92.4): each has its word, `interpreter-basis-` and the code.
pub const BASES: [&str; 6] = ["cchi", "nbcmi", "rid", "court", "assessed", OF_AGENCY];
pub const OF_AGENCY: &str = "agency_assessed";
pub const LINE_MAX: usize = 200;
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// 32^12 is 2^60: nobody guesses it at 20 tries a minute.
pub const CODE_LENGTH: usize = 12;

/// No `Debug`: it names somebody.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub name: String,
    pub email: String,
    /// Number of the certificate, or who assessed them and when.
    pub proof: String,
    pub agency: String,
}

/// A form that was read; the days are checked by the caller, who knows the practice's zone.
pub struct New {
    pub words: Words,
    pub tongues: Vec<&'static str>,
    pub basis: &'static str,
}

pub type Slip = (&'static str, &'static str);

/// The fields by name; a language is ticked as `tongue-spa`. Answers all slips at once. `ends`: when the
/// qualification ends; `terms`: when the confidentiality terms were signed; `covered`: the vendor
/// record that was chosen is an agency's, in force.
pub fn read(
    typed: &BTreeMap<String, String>,
    (ends, terms): Days,
    covered: bool,
    now: UnixMillis,
) -> Result<New, Vec<Slip>> {
    let text =
        |field: &str| people::patients::rules::tidy(typed.get(field).map(String::as_str).unwrap_or_default());
    let words =
        Words { name: text("name"), email: text("email"), proof: text("proof"), agency: text("agency") };
    let ticked = |tongue: &&'static str| typed.contains_key(&format!("tongue-{tongue}"));
    let tongues: Vec<&'static str> = TONGUES.iter().copied().filter(|it| ticked(it)).collect();
    let basis = BASES.iter().copied().find(|basis| *basis == text("basis"));
    let wrong = |text: &str| text.is_empty() || text.chars().count() > LINE_MAX;
    // Whichever of the three says so: somebody of an agency needs its agreement.
    let of_agency = !words.agency.is_empty() || !text("vendor").is_empty() || basis == Some(OF_AGENCY);
    let email = people::patients::rules::is_email(&words.email);
    let checks = [
        (wrong(&words.name), ("name", "interpreter-fault-name")),
        (!words.email.is_empty() && !email, ("email", "interpreter-fault-email")),
        (tongues.is_empty(), ("tongues", "interpreter-fault-tongues")),
        (basis.is_none(), ("basis", "interpreter-fault-basis")),
        (wrong(&words.proof), ("proof", "interpreter-fault-proof")),
        (ends.is_err(), ("basis_ends", "interpreter-fault-day")),
        (ends.is_ok_and(|it| it.is_some_and(|at| at <= now)), ("basis_ends", "interpreter-fault-ended")),
        (!matches!(terms, Ok(Some(at)) if at <= now), ("terms", "interpreter-fault-terms")),
        (words.agency.chars().count() > LINE_MAX, ("agency", "interpreter-fault-agency")),
        (of_agency && !covered, ("vendor", "interpreter-fault-vendor")),
    ];
    let slips: Vec<Slip> = checks.into_iter().filter(|(is, _)| *is).map(|(_, slip)| slip).collect();
    match basis {
        Some(basis) if slips.is_empty() => Ok(New { words, tongues, basis }),
        _ => Err(slips),
    }
}

/// Opens the list of jobs; told once, kept as a keyed hash.
pub fn code(random: [u8; CODE_LENGTH]) -> String {
    // 256 is a multiple of 32: every letter is as likely.
    random.iter().map(|byte| char::from(CODE_LETTERS[usize::from(*byte) % CODE_LETTERS.len()])).collect()
}

/// In groups of four, as it is read aloud.
pub fn spoken(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// As people type it: small letters, spaces, dashes. None when it is no such code.
pub fn typed_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).take(2 * CODE_LENGTH).collect();
    (code.len() == CODE_LENGTH).then(|| code.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn typed(change: &[(&str, &str)]) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> = [
            ("name", "Elena Ruiz"),
            ("email", "elena@interpreters.example"),
            ("basis", "cchi"),
            ("proof", "CHI-Spanish 123456"),
            ("tongue-spa", "yes"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (name, value) in change {
            all.insert((*name).to_owned(), (*value).to_owned());
        }
        all.retain(|_, value| value != "-");
        all
    }

    fn faults(
        change: &[(&str, &str)],
        ends: Option<i64>,
        terms: Option<i64>,
        covered: bool,
    ) -> Vec<&'static str> {
        let at = |days: Option<i64>| Ok(days.map(|days| NOW.plus_ms(days * vocabulary::DAY_MS)));
        let read = read(&typed(change), (at(ends), at(terms)), covered, NOW);
        read.err().unwrap_or_default().into_iter().map(|slip| slip.0).collect()
    }

    #[test]
    fn only_a_qualified_interpreter_under_terms_is_entered() {
        assert!(faults(&[], Some(9), Some(-1), false).is_empty(), "no agency needs no vendor");
        assert_eq!(faults(&[("basis", "cousin")], None, Some(-1), true), ["basis"]);
        assert_eq!(faults(&[("proof", "")], None, Some(-1), true), ["proof"]);
        assert_eq!(faults(&[("tongue-spa", "-")], None, Some(-1), true), ["tongues"]);
        assert_eq!(faults(&[], Some(0), Some(-1), true), ["basis_ends"], "a certificate that has ended");
        assert_eq!(faults(&[], None, None, true), ["terms"]);
        assert_eq!(faults(&[], None, Some(1), true), ["terms"], "signed tomorrow is not signed");
        assert_eq!(faults(&[("agency", "Lingua")], None, Some(-1), false), ["vendor"]);
        assert!(faults(&[("agency", "Lingua")], None, Some(-1), true).is_empty());
        assert_eq!(faults(&[("vendor", "one out of force")], None, Some(-1), false), ["vendor"]);
        assert_eq!(faults(&[("basis", "agency_assessed")], None, Some(-1), false), ["vendor"]);
        assert!(faults(&[("basis", "agency_assessed")], None, Some(-1), true).is_empty());
    }

    #[test]
    fn a_code_is_read_as_it_is_spoken() {
        let code = code([5; CODE_LENGTH]);
        assert_eq!(typed_code(&spoken(&code).to_lowercase()), Some(code));
        assert_eq!(typed_code("123"), None);
    }
}
