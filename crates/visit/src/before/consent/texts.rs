//! The consent texts: versioned files, what each must say, and who approved which language. Pure.
//!
//! Refuses a text that lacks one of the elements, and refuses to show a translation nobody has approved: then
//! the English text stands in, with a word about an interpreter.

use vocabulary::Lang;

/// What a telehealth consent must tell. Each is one `data-element` of the text.
pub const ELEMENTS: &[&str] = &[
    "parties",
    "others",
    "what",
    "limits",
    "privacy",
    "alternatives",
    "stop",
    "prescribing",
    "emergency",
    "drop-out",
    "recording",
    "access",
    "messages",
    "cost",
    "follow-up",
    "complaint",
    "interpreter",
    "term",
];

pub const TELEHEALTH: &str = "telehealth";
/// Raise it with every change of the words: everybody is asked again.
pub const TELEHEALTH_VERSION: &str = "2026-1";

#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub template: &'static str,
    pub version: &'static str,
    pub lang: Lang,
    pub approved_by: Approval,
    /// HTML with `{name}` where a value stands.
    pub html: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// The wording all translations follow.
    Original,
    /// Good enough to show how it works, and nowhere else.
    DemoOnly,
    /// A qualified person, named in the practice's records, has read it.
    Person(&'static str),
}

/// The values a text is filled with. Holds a name, so it has no `Debug`.
#[derive(Clone)]
pub struct Filling {
    pub patient: String,
    pub practice: String,
    pub phone: String,
    /// With credentials: "Dr. Amara Osei, MD".
    pub clinician: String,
    /// The last day, in words.
    pub until: String,
}

/// The text this reader is shown, and whether it is in their language.
pub fn shown(lang: Lang, demo: bool) -> &'static Text {
    let usable = |text: &&Text| text.lang == lang && (demo || text.approved_by != Approval::DemoOnly);
    TELEHEALTH_TEXTS.iter().find(usable).unwrap_or(&TELEHEALTH_TEXTS[0])
}

impl Text {
    /// The finished fragment. Values are escaped; the same values give the same bytes.
    pub fn fill(&self, with: &Filling) -> String {
        let values = [
            ("{patient}", &with.patient),
            ("{practice}", &with.practice),
            ("{phone}", &with.phone),
            ("{clinician}", &with.clinician),
            ("{until}", &with.until),
        ];
        let mut html = String::with_capacity(self.html.len() + 512);
        let mut rest = self.html;
        while let Some(at) = rest.find('{') {
            html.push_str(&rest[..at]);
            rest = &rest[at..];
            match values.iter().find(|(name, _)| rest.starts_with(name)) {
                Some((name, value)) => {
                    push_escaped(&mut html, value);
                    rest = &rest[name.len()..];
                }
                None => {
                    html.push('{');
                    rest = &rest[1..];
                }
            }
        }
        html.push_str(rest);
        html
    }
}

/// The elements this text does not have.
pub fn missing_elements(html: &str) -> Vec<&'static str> {
    let has = |element: &str| html.contains(&format!("<section data-element=\"{element}\">"));
    ELEMENTS.iter().copied().filter(|element| !has(element)).collect()
}

pub(super) fn push_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            plain => html.push(plain),
        }
    }
}

/// The first is the original.
pub const TELEHEALTH_TEXTS: &[Text] = &[
    Text {
        template: TELEHEALTH,
        version: TELEHEALTH_VERSION,
        lang: Lang::En,
        approved_by: Approval::Original,
        html: include_str!("texts/telehealth.2026-1.en.html"),
    },
    Text {
        template: TELEHEALTH,
        version: TELEHEALTH_VERSION,
        lang: Lang::Es,
        approved_by: Approval::DemoOnly,
        html: include_str!("texts/telehealth.2026-1.es.html"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn filling() -> Filling {
        Filling {
            patient: "Ana <b> & {phone}".into(),
            practice: "Harbor".into(),
            phone: "555-0142".into(),
            clinician: "Dr. Osei, MD".into(),
            until: "November 21, 2027".into(),
        }
    }

    /// R59 (part: a template that misses an element fails): every telehealth text says all that it must, and
    /// leaving out any one element is noticed.
    #[test]
    fn every_text_has_every_element_and_a_missing_one_is_noticed() {
        for text in TELEHEALTH_TEXTS {
            assert_eq!(missing_elements(text.html), Vec::<&str>::new(), "{:?}", text.lang);
            for element in ELEMENTS {
                let without = text.html.replace(&format!("data-element=\"{element}\""), "");
                assert_eq!(missing_elements(&without), [*element], "{:?}", text.lang);
            }
        }
    }

    #[test]
    fn values_are_escaped_and_never_filled_again() {
        for text in TELEHEALTH_TEXTS {
            let html = text.fill(&filling());
            assert!(html.contains("Ana &lt;b&gt; &amp; {phone}"), "{:?}", text.lang);
            assert!(html.contains("555-0142") && !html.contains("{clinician}") && !html.contains("{until}"));
            assert_eq!(html, text.fill(&filling()));
        }
    }

    /// R96 (part: consent texts): a translation that only the demo approved stays hidden in a real practice.
    #[test]
    fn a_translation_nobody_approved_is_not_shown() {
        assert_eq!(shown(Lang::Es, false).lang, Lang::En);
        assert_eq!(shown(Lang::Es, true).lang, Lang::Es);
        assert_eq!(shown(Lang::En, false).lang, Lang::En);
    }
}
