//! The page that was signed, as one document that needs nothing else: text, signature, version. Pure.
//!
//! The same arguments give the same bytes; what is kept and what is given back is this and nothing re-made.

use super::texts::{Filling, Text, push_escaped};
use web::Words;

/// Longer names are cut by the form, longer browser names here.
const DEVICE_MAX: usize = 160;

/// How the text was signed. Holds a name, so it has no `Debug`.
pub struct Signature<'a> {
    /// As typed.
    pub name: &'a str,
    /// Date and time in words, with the offset of the practice's zone.
    pub at: &'a str,
    /// What the browser says it is.
    pub device: &'a str,
    /// SHA-256 of the text's source, hexadecimal.
    pub text_hash: &'a str,
}

/// The finished document. `words` in the language of the text, without isolation marks.
pub fn artefact(text: &Text, filling: &Filling, signed: &Signature<'_>, words: &Words) -> String {
    let title = words.t("consent-title");
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
    let device: String = signed.device.chars().filter(|c| !c.is_control()).take(DEVICE_MAX).collect();
    let rows = [
        ("consent-copy-signed", signed.name.to_owned()),
        ("consent-copy-authority", words.t("consent-copy-authority-patient")),
        ("consent-copy-at", signed.at.to_owned()),
        ("consent-copy-how", words.t("consent-copy-how-typed")),
        ("consent-copy-device", device),
        ("consent-copy-text", format!("{} {} ({})", text.template, text.version, text.lang.code())),
        ("consent-copy-hash", signed.text_hash.to_owned()),
    ];
    for (label, value) in rows {
        html.push_str("<dt>");
        push_escaped(&mut html, &words.t(label));
        html.push_str("</dt><dd>");
        push_escaped(&mut html, &value);
        html.push_str("</dd>\n");
    }
    html.push_str("</dl></section>\n</article></body></html>\n");
    html
}

/// The part of a kept document that a page shows inside its own frame.
pub fn shown_part(document: &str) -> &str {
    let start = document.find("<article>").unwrap_or(0);
    let end = document.find("</article>").map_or(document.len(), |at| at + "</article>".len());
    document.get(start..end).unwrap_or("")
}
