//! Every critical text with its translation, by its code.

use crate::before::consent::{Scope, texts};
use crate::before::privacy_notice::texts as notice;
use aws_lc_rs::digest::{SHA256, digest};
use practice::signed_reports::proof::hex;
use std::sync::Arc;
use vocabulary::Lang;
use web::Catalog;

/// The code of the notice of privacy practices.
pub(crate) const NOTICE: &str = "privacy_notice";
/// The code of the sentences below.
pub(crate) const EMERGENCY: &str = "emergency";

/// Sentences about emergencies that patients read.
const EMERGENCY_KEYS: [&str; 6] = [
    "location-emergency",
    "drop-out-patient",
    "consent-short-emergency",
    "word-emergency",
    "ended-emergency",
    "portal-emergency",
];
/// Raise it when a sentence is added.
const EMERGENCY_VERSION: &str = "2026-1";

/// One text as both languages have it.
pub struct Critical {
    pub code: &'static str,
    /// The key of its name.
    pub title: &'static str,
    pub version: &'static str,
    pub original: String,
    pub translation: String,
    /// HTML written by us, or plain sentences.
    pub is_html: bool,
}

impl Critical {
    /// SHA-256 of both languages: a translation of other words is no translation of these.
    pub fn hash(&self) -> Vec<u8> {
        let both = format!("{}\0{}", self.original, self.translation);
        digest(&SHA256, both.as_bytes()).as_ref().to_vec()
    }

    /// The same in hexadecimal, for the form: what was read is what is approved.
    pub fn seen(&self) -> String {
        hex(&self.hash())
    }
}

/// All of them. Spanish is the one language that has translations.
pub fn all(catalog: &Arc<Catalog>) -> Vec<Critical> {
    let mut all = vec![emergency(catalog), privacy_notice()];
    all.extend(Scope::ALL.into_iter().map(|scope| {
        let [original, translation] = texts::of(scope);
        Critical {
            code: scope.code(),
            title: scope.title(),
            version: original.version,
            original: original.html.to_owned(),
            translation: translation.html.to_owned(),
            is_html: true,
        }
    }));
    all
}

fn privacy_notice() -> Critical {
    let [original, translation] = [Lang::En, Lang::Es].map(|lang| notice::shown(lang, true).source());
    Critical {
        code: NOTICE,
        title: "translation-notice",
        version: notice::VERSION,
        original: original.to_owned(),
        translation: translation.to_owned(),
        is_html: true,
    }
}

fn emergency(catalog: &Arc<Catalog>) -> Critical {
    let hole = |name: &str| format!("{{{name}}}");
    let said = |lang: Lang| {
        let words = catalog.words(lang);
        let one = |key: &&str| words.with(key, &[("n", hole("n").into()), ("phone", hole("phone").into())]);
        EMERGENCY_KEYS.iter().map(one).collect::<Vec<_>>().join("\n")
    };
    Critical {
        code: EMERGENCY,
        title: "translation-emergency",
        version: EMERGENCY_VERSION,
        original: said(Lang::En),
        translation: said(Lang::Es),
        is_html: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R96 (part: an approval counts for the words that were read, of both languages).
    #[test]
    fn a_changed_word_of_either_language_is_another_text() {
        let text = |original: &str, translation: &str| {
            let (original, translation) = (original.to_owned(), translation.to_owned());
            Critical { original, translation, ..privacy_notice() }.hash()
        };
        assert_eq!(text("Call us", "Llame"), text("Call us", "Llame"));
        assert_ne!(text("Call us", "Llame"), text("Call 911", "Llame"));
        assert_ne!(text("Call us", "Llame"), text("Call us", "Llame al 911"));
    }
}
