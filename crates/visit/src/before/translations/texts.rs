//! Every critical text with its translation, by its code.

use crate::before::consent::Scope;
use crate::before::consent::texts::{self, push_escaped};
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

/// Sentences that stand beside a consent wherever one is given or taken back.
const SIGNING_KEYS: [&str; 13] = [
    "consent-agree",
    "consent-name-hint",
    "pad-label",
    "consent-minor-alone",
    "teach-title",
    "teach-hint",
    "teach-stay",
    "teach-stop",
    "teach-pay",
    "teach-missing",
    "teach-wrong",
    "take-back-care",
    "paper-sheet-last-day",
];
const TELEHEALTH_KEYS: [&str; 4] =
    ["consent-short-video", "consent-short-stop", "consent-short-record", "consent-on-paper-hint"];
const SCREEN_KEYS: [&str; 3] = ["screen-lead", "screen-agree", "take-back-screen"];
const NOTICE_KEYS: [&str; 3] = ["privacy-short-use", "privacy-short-never", "privacy-short-rights"];

/// The keys of the sentences that belong to a text, and are shown in the language that it is shown in.
pub(crate) fn beside(code: &str) -> Vec<&'static str> {
    match code {
        EMERGENCY => EMERGENCY_KEYS.to_vec(),
        NOTICE => NOTICE_KEYS.to_vec(),
        _ => {
            let own: &[_] = match Scope::parse(code) {
                Some(Scope::Telehealth) => &TELEHEALTH_KEYS,
                Some(Scope::ESign) => &SCREEN_KEYS,
                _ => &[],
            };
            SIGNING_KEYS.iter().chain(own).copied().collect()
        }
    }
}

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
    for text in all.iter_mut().filter(|text| text.is_html) {
        let keys = beside(text.code);
        text.original.push_str(&section(catalog, Lang::En, &keys));
        text.translation.push_str(&section(catalog, Lang::Es, &keys));
    }
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

/// Sentences with names for their holes.
fn sentences(catalog: &Arc<Catalog>, lang: Lang, keys: &[&str]) -> Vec<String> {
    let hole = |name: &str| format!("{{{name}}}");
    let words = catalog.words(lang);
    let one = |key: &&str| words.with(key, &[("n", hole("n").into()), ("phone", hole("phone").into())]);
    keys.iter().map(one).collect()
}

fn section(catalog: &Arc<Catalog>, lang: Lang, keys: &[&str]) -> String {
    let mut html = String::from("\n<section data-element=\"beside\"><ul>\n");
    for said in sentences(catalog, lang, keys) {
        html.push_str("<li>");
        push_escaped(&mut html, &said);
        html.push_str("</li>\n");
    }
    html + "</ul></section>\n"
}

fn emergency(catalog: &Arc<Catalog>) -> Critical {
    let said = |lang: Lang| sentences(catalog, lang, &EMERGENCY_KEYS).join("\n");
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
