//! The texts of the notice, what each must say (45 CFR 164.520(b)), and the part for substance use records.
//! Pure.

use crate::before::consent::texts::{Approval, push_escaped};
use aws_lc_rs::digest::{SHA256, digest};
use vocabulary::Lang;

/// Raise it with every change of the words: everybody is shown the new notice.
pub const VERSION: &str = "2026-1";

/// 45 CFR 164.520(b)(1)(i)-(viii). Each is one `data-element` of the text.
pub const ELEMENTS: &[&str] =
    &["header", "uses", "part-2", "other-uses", "rights", "duties", "complaints", "contact", "effective"];

/// Shown where the practice says that it keeps such records (42 CFR part 2).
const PART_2: &str = "part-2";

#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub version: &'static str,
    pub lang: Lang,
    pub approved_by: Approval,
    html: &'static str,
}

pub struct Filling<'a> {
    pub practice: &'a str,
    pub phone: &'a str,
    /// Who answers for privacy.
    pub official: &'a str,
    /// Since when this version is posted: the day in words (45 CFR 164.520(b)(1)(viii)).
    pub effective: &'a str,
    pub part_2: bool,
}

/// `approved`: a translation of exactly these words may be shown.
pub fn shown(lang: Lang, approved: bool) -> &'static Text {
    let usable = |text: &&Text| text.lang == lang && (approved || text.approved_by != Approval::DemoOnly);
    TEXTS.iter().find(usable).unwrap_or(&TEXTS[0])
}

impl Text {
    /// As it is written, with its holes.
    pub fn source(&self) -> &'static str {
        self.html
    }

    /// SHA-256 of the source.
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.html.as_bytes()).as_ref().to_vec()
    }

    /// The finished fragment, values escaped.
    pub fn fill(&self, with: &Filling<'_>) -> String {
        let source = if with.part_2 { self.html.to_owned() } else { without(self.html, PART_2) };
        let mut html = source;
        for (hole, value) in [
            ("{practice}", with.practice),
            ("{phone}", with.phone),
            ("{official}", with.official),
            ("{effective}", with.effective),
        ] {
            let mut safe = String::new();
            push_escaped(&mut safe, value);
            html = html.replace(hole, &safe);
        }
        html
    }
}

fn without(html: &str, element: &str) -> String {
    let marker = format!("<section data-element=\"{element}\">");
    let Some(start) = html.find(&marker) else { return html.to_owned() };
    let end = html[start..].find("</section>").map_or(html.len(), |at| start + at + "</section>".len());
    format!("{}{}", &html[..start], html[end..].trim_start())
}

const TEXTS: &[Text] = &[
    Text {
        version: VERSION,
        lang: Lang::En,
        approved_by: Approval::Original,
        html: include_str!("texts/notice.2026-1.en.html"),
    },
    Text {
        version: VERSION,
        lang: Lang::Es,
        approved_by: Approval::DemoOnly,
        html: include_str!("texts/notice.2026-1.es.html"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const FILLING: Filling<'static> = Filling {
        practice: "Harbor <b>",
        phone: "555-0142",
        official: "Pat Vogel",
        effective: "November 21, 2026",
        part_2: true,
    };

    #[test]
    fn every_notice_says_all_that_it_must() {
        for text in TEXTS {
            for element in ELEMENTS {
                let marker = format!("<section data-element=\"{element}\">");
                assert!(text.html.contains(&marker), "{element} {:?}", text.lang);
            }
            let html = text.fill(&FILLING);
            assert!(html.contains("Harbor &lt;b&gt;") && html.contains("Pat Vogel") && !html.contains('{'));
        }
    }

    /// 45 CFR 164.520(b)(1)(ii)(B) and (iv)(A): statements that stand inside an element.
    #[test]
    fn every_notice_names_all_uses_and_says_which_wish_must_be_followed() {
        let wanted = [
            ["help with your care", "disaster", "organ", "funeral", "military", "jail", "Human Services"],
            [
                "con su atención",
                "desastre",
                "órganos",
                "funerarias",
                "armadas",
                "cárcel",
                "Servicios Humanos",
            ],
        ];
        let restriction = ["we do not have to say yes, except", "no estamos obligados a decir que sí, salvo"];
        for (at, text) in TEXTS.iter().enumerate() {
            let uses = element(text.html, "uses");
            assert!(wanted[at].iter().all(|word| uses.contains(word)), "{:?}: {uses}", text.lang);
            assert!(element(text.html, "rights").contains(restriction[at]), "{:?}", text.lang);
        }
    }

    fn element<'a>(html: &'a str, name: &str) -> &'a str {
        let (_, rest) = html.split_once(&format!("data-element=\"{name}\"")).unwrap();
        rest.split("</section>").next().unwrap()
    }

    #[test]
    fn the_part_on_substance_use_records_is_shown_where_it_applies() {
        for text in TEXTS {
            assert!(text.fill(&FILLING).contains("42 CFR"));
            let without = text.fill(&Filling { part_2: false, ..FILLING });
            assert!(!without.contains("42 CFR") && without.contains("data-element=\"other-uses\""));
        }
    }
}
