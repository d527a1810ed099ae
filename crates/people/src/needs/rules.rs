//! Languages, ways of interpreting and aids as fixed lists, and what a form about them says. Pure.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::Words;

/// ISO 639-3 codes: English and Spanish first, then the languages most asked for in United States clinics,
/// then the signed ones. Each has its word: `tongue-` and the code.
pub const TONGUES: [&str; 28] = [
    "eng", "spa", "yue", "cmn", "vie", "kor", "tgl", "rus", "ara", "hat", "por", "fra", "pol", "urd", "hin",
    "pan", "ben", "nep", "som", "amh", "swa", "ukr", "fas", "hmn", "khm", "jpn", "deu", "ase",
];

/// American Sign Language.
pub const SIGNED: [&str; 1] = ["ase"];

/// What helps to see, hear and take part. Each has its word: `aid-` and the code.
pub const AIDS: [&str; 8] =
    ["captions", "chat", "face", "relay", "large_print", "read_aloud", "extra_time", "supporter"];

/// The aid that gives longer limits.
pub const EXTRA_TIME: &str = "extra_time";

/// Field and key of the sentence.
pub type Slip = (&'static str, &'static str);

/// The key of a language's word.
pub fn tongue_word(code: &str) -> String {
    format!("tongue-{code}")
}

/// The key of an aid's word.
pub fn aid_word(code: &str) -> String {
    format!("aid-{}", code.replace('_', "-"))
}

/// No `Debug`: it is about a patient.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Needs {
    /// A code of `TONGUES`.
    pub tongue: String,
    pub interpreter: bool,
    /// Codes of `AIDS`, in the order of the list.
    pub aids: Vec<String>,
}

impl Needs {
    /// Signed, and not spoken.
    pub fn is_signed(&self) -> bool {
        SIGNED.contains(&self.tongue.as_str())
    }

    /// Anything was said, also that English is their language.
    pub fn is_asked(&self) -> bool {
        *self != Needs::default()
    }

    pub fn is_nothing(&self) -> bool {
        !self.interpreter && self.aids.is_empty() && matches!(self.tongue.as_str(), "" | "eng")
    }

    /// The parts in words, the language first: "Vietnamese", "interpreter needed", "captions".
    pub fn told(&self, words: &Words) -> Vec<String> {
        let mut all = Vec::new();
        if !self.tongue.is_empty() {
            all.push(words.t(&tongue_word(&self.tongue)));
        }
        if self.interpreter {
            all.push(words.t(if self.is_signed() { "need-sign-interpreter" } else { "need-interpreter" }));
        }
        all.extend(self.aids.iter().map(|aid| words.t(&aid_word(aid))));
        all
    }
}

/// The fields by name: `tongue`, `interpreter`, and a tick for each aid as `aid-captions`.
pub fn read(typed: &BTreeMap<String, String>) -> Result<Needs, Slip> {
    let needs = kept(typed);
    if needs.tongue.is_empty() && typed.get("tongue").is_some_and(|tongue| !tongue.is_empty()) {
        return Err(("tongue", "need-fault-tongue"));
    }
    if needs.interpreter && matches!(needs.tongue.as_str(), "" | "eng") {
        return Err(("tongue", "need-fault-which"));
    }
    Ok(needs)
}

/// What of a form can be shown again: everything but a language that is on no list.
pub fn kept(typed: &BTreeMap<String, String>) -> Needs {
    let tongue = typed.get("tongue").map(String::as_str).unwrap_or_default();
    let tongue = TONGUES.iter().find(|code| **code == tongue).copied().unwrap_or_default();
    let ticked = |aid: &&&str| typed.contains_key(&format!("aid-{aid}"));
    Needs {
        tongue: tongue.to_owned(),
        interpreter: typed.contains_key("interpreter"),
        aids: AIDS.iter().filter(ticked).map(|aid| (*aid).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn needs_are_read_from_fixed_lists() {
        let read_whole = read(&typed(&[("tongue", "ase"), ("interpreter", "yes"), ("aid-captions", "yes")]));
        let needs = read_whole.ok().unwrap();
        assert!(needs.is_signed() && needs.interpreter && needs.aids == ["captions"]);
        assert!(read(&typed(&[])).is_ok_and(|needs| needs.is_nothing()));
        assert!(read(&typed(&[("tongue", "klingon")])).is_err());
        assert!(read(&typed(&[("interpreter", "yes")])).is_err(), "into which language?");
        assert!(SIGNED.iter().all(|code| TONGUES.contains(code)));
    }
}
