//! The page that was signed, as one document that needs nothing else: text, signature, version. Pure.
//!
//! The same arguments give the same bytes; what is kept and what is given back is this and nothing re-made.

use super::drawn::{Drawn, HEIGHT, WIDTH};
use super::rules::TeachBack;
use super::texts::{Filling, Text, push_escaped};
use vocabulary::UnixMillis;
use web::Words;

/// Longer names are cut by the form, longer browser names here.
const DEVICE_MAX: usize = 160;

/// How the text was signed or said. Holds names, so it has no `Debug`.
pub struct Signature<'a> {
    /// As typed; in a spoken consent, whose answer it was.
    pub name: &'a str,
    /// Date and time in words, with the offset of the practice's zone.
    pub at: &'a str,
    /// The key of the authority they signed with.
    pub authority: &'static str,
    pub how: How<'a>,
    /// The name of the state the patient was in, if it was known.
    pub state: &'a str,
    pub teach_back: Option<TeachBack>,
    /// SHA-256 of the text's source, hexadecimal.
    pub text_hash: &'a str,
}

/// By hand of the patient, or with the help of staff.
#[derive(Clone, Copy)]
pub enum How<'a> {
    /// What the browser says it is, and what the hand did.
    Screen { device: &'a str, hand: Hand<'a> },
    /// Names as patients see them.
    Voice { taken_by: &'a str, witness: &'a str, basis: &'a str },
    Paper {
        taken_by: &'a str,
        basis: &'a str,
        /// Of a paper that came in with a date on it; without one it was signed at that moment.
        filed: Option<Filed<'a>>,
    },
}

/// A signature on a screen (15 U.S.C. 7006(5): a process adopted with the intent to sign).
#[derive(Clone, Copy)]
pub enum Hand<'a> {
    Ticked,
    Typed,
    Drew(&'a Drawn),
}

/// A signed paper that the practice keeps.
#[derive(Clone, Copy)]
pub struct Filed<'a> {
    /// Midnight of the day that stands on it, in the practice's zone.
    pub signed_at: UnixMillis,
    /// The same day in words.
    pub day: &'a str,
    /// Where it is kept.
    pub kept: &'a str,
}

/// The finished document. `words` in the language of the text, without isolation marks.
pub fn artefact(text: &Text, filling: &Filling, signed: &Signature<'_>, words: &Words) -> String {
    let title = words.t(text.scope.title());
    let mut html = String::with_capacity(8 * 1024);
    html.push_str("<!doctype html>\n<html lang=\"");
    html.push_str(text.lang.code());
    html.push_str("\"><head><meta charset=\"utf-8\">");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    push_escaped(&mut html, &title);
    // The fingerprint is one word of 64 letters: on a phone it breaks.
    html.push_str("</title><style>body{overflow-wrap:anywhere}</style></head>\n<body><article>\n<h2>");
    push_escaped(&mut html, &title);
    html.push_str("</h2>\n");
    html.push_str(&text.fill(filling));
    html.push_str("<section data-element=\"signature\"><h3>");
    push_escaped(&mut html, &words.t("consent-copy-signature"));
    html.push_str("</h3>\n<dl class=\"facts\">\n");
    let mut rows = vec![
        ("consent-copy-signed", signed.name.to_owned()),
        ("consent-copy-authority", words.t(signed.authority)),
    ];
    rows.extend(how_rows(signed, words));
    if !signed.state.is_empty() {
        rows.push(("consent-copy-state", signed.state.to_owned()));
    }
    if let Some(teach_back) = signed.teach_back {
        rows.push(("teach-title", words.t(&format!("teach-back-{}", teach_back.code()))));
    }
    let name = format!("{} {} ({})", text.scope.code(), text.version, text.lang.code());
    rows.push(("consent-copy-text", name));
    rows.push(("consent-copy-hash", signed.text_hash.to_owned()));
    for (label, value) in rows {
        html.push_str("<dt>");
        push_escaped(&mut html, &words.t(label));
        html.push_str("</dt><dd>");
        push_escaped(&mut html, &value);
        html.push_str("</dd>\n");
    }
    html.push_str("</dl>\n");
    if let How::Screen { hand: Hand::Drew(drawn), .. } = signed.how {
        push_drawn(&mut html, drawn, &words.t("consent-copy-drawn"));
    }
    html.push_str("</section>\n</article></body></html>\n");
    html
}

/// The strokes themselves: lines on whole numbers, and nothing that a reader of the copy would load or run.
fn push_drawn(html: &mut String, drawn: &Drawn, label: &str) {
    html.push_str("<p class=\"drawn\"><svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"");
    push_escaped(html, label);
    html.push_str(&format!("\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">"));
    html.push_str(
        "<path fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" stroke-linecap=\"round\"",
    );
    html.push_str(" stroke-linejoin=\"round\" d=\"");
    push_escaped(html, &drawn.path());
    html.push_str("\"/></svg></p>\n");
}

fn how_rows(signed: &Signature<'_>, words: &Words) -> Vec<(&'static str, String)> {
    match signed.how {
        How::Screen { device, hand } => {
            let device = device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect();
            let how = match hand {
                Hand::Ticked => "consent-copy-how-ticked",
                Hand::Typed => "consent-copy-how-typed",
                Hand::Drew(_) => "consent-copy-how-drawn",
            };
            vec![
                ("consent-copy-at", signed.at.to_owned()),
                ("consent-copy-how", words.t(how)),
                ("consent-copy-device", device),
            ]
        }
        How::Voice { taken_by, witness, basis } => with_basis(
            basis,
            vec![
                ("consent-copy-at", signed.at.to_owned()),
                ("consent-copy-how", words.t("consent-copy-how-voice")),
                ("consent-copy-read-by", taken_by.to_owned()),
                ("consent-copy-witness", witness.to_owned()),
            ],
        ),
        How::Paper { taken_by, basis, filed } => {
            let how = ("consent-copy-how", words.t("consent-copy-how-paper"));
            let seen_by = ("consent-copy-seen-by", taken_by.to_owned());
            let rows = match filed {
                Some(paper) => vec![
                    ("consent-copy-paper-day", paper.day.to_owned()),
                    how,
                    seen_by,
                    ("consent-copy-recorded", signed.at.to_owned()),
                    ("consent-copy-kept", paper.kept.to_owned()),
                ],
                None => vec![("consent-copy-at", signed.at.to_owned()), how, seen_by],
            };
            with_basis(basis, rows)
        }
    }
}

fn with_basis(basis: &str, mut rows: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
    if !basis.is_empty() {
        rows.push(("consent-copy-basis", basis.to_owned()));
    }
    rows
}

/// The part of a kept document that a page shows inside its own frame.
pub fn shown_part(document: &str) -> &str {
    let start = document.find("<article>").unwrap_or(0);
    let end = document.find("</article>").map_or(document.len(), |at| at + "</article>".len());
    document.get(start..end).unwrap_or("")
}
