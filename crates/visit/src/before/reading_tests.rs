//! How hard the longest texts and the rest of the words for patients are to read (R79).

use super::consent::Scope;
use super::consent::texts;
use super::privacy_notice::texts as notice;
use vocabulary::Lang;
use web::testing::reading::{english_grade, spanish_ease};

const GRADE_MAX: f64 = 6.0;
/// The sixth grade begins here.
const EASE_MIN: f64 = 70.0;

/// What somebody reads of a page: an item of a list and a heading end a sentence, a line of the file none.
fn prose(html: &str) -> String {
    let mut text = String::new();
    for (at, piece) in html.split('<').enumerate() {
        // The first piece stands before any tag.
        let (tag, words) = if at == 0 { ("", piece) } else { piece.split_once('>').unwrap() };
        let ends = ["/li", "/p", "/h2", "/h3", "/td", "/th", "/dt", "/dd", "br"].contains(&tag.trim());
        text.push_str(if ends { "\n" } else { " " });
        text.push_str(&words.replace('\n', " "));
    }
    text
}

fn is_plain(name: &str, lang: Lang, text: &str) {
    match lang {
        Lang::En => {
            let grade = english_grade(text);
            assert!(grade <= GRADE_MAX, "{name} grade {grade:.1}");
        }
        Lang::Es => {
            let ease = spanish_ease(text);
            assert!(ease >= EASE_MIN, "{name} ease {ease:.1}");
        }
    }
}

/// R79 (part: plain language, of the long texts)
#[test]
fn whatever_is_signed_or_handed_out_asks_for_no_more_than_the_sixth_grade() {
    for scope in Scope::ALL {
        for text in texts::of(scope) {
            let words = prose(text.html);
            assert!(words.split_whitespace().count() > 60, "{words}");
            is_plain(scope.code(), text.lang, &words);
        }
    }
    for lang in Lang::ALL {
        let text = notice::shown(lang, true);
        assert_eq!(text.lang, lang);
        is_plain("notice", lang, &prose(text.source()));
    }
}

/// What a patient reads beside the steps of check-in: the door, what they want and need, refusals,
/// agreements, letters, the portal, what comes after.
const PARTS: [&str; 24] = [
    "companion-",
    "consent-",
    "contact-",
    "drop-",
    "ended-",
    "entry-",
    "errand",
    "invite-",
    "is-it-us",
    "join-",
    "late-guest",
    "licence-",
    "link-",
    "mail-",
    "needs-",
    "notice-",
    "plain-",
    "portal-",
    "privacy-",
    "refused-",
    "survey-",
    "visit-",
    "who-",
    "word-",
];

/// Labels of fewer words count as sentences too, and would hide the long ones.
const SENTENCE_WORDS_MIN: usize = 8;

/// R79 (part: plain language, of everything else)
#[test]
fn every_sentence_on_the_way_to_a_visit_and_after_it_is_plain() {
    let letters =
        [include_str!("../../../web/locales/en/mail.ftl"), include_str!("../../../web/locales/es/mail.ftl")];
    let files = [[crate::WORDS.en, crate::WORDS.es], [people::WORDS.en, people::WORDS.es], letters];
    for part in PARTS {
        for (at, lang) in [Lang::En, Lang::Es].into_iter().enumerate() {
            let lines = files.iter().flat_map(|both| both[at].lines()).filter(|line| line.starts_with(part));
            let said = lines.filter_map(|line| line.split_once(" = ")).map(|(_, words)| words);
            let long = said.filter(|words| words.split_whitespace().count() >= SENTENCE_WORDS_MIN);
            let text = long.collect::<Vec<_>>().join("\n");
            assert!(!text.is_empty(), "{part}");
            is_plain(part, lang, &text);
        }
    }
}
