//! Every critical text with its translation, by its code.

use crate::before::consent::{Scope, texts};
use crate::before::privacy_notice::texts as notice;
use aws_lc_rs::digest::{SHA256, digest};
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
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.translation.as_bytes()).as_ref().to_vec()
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
