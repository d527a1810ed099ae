//! Text messages: one of at most 160 characters, with who it is from, how to reach us, the reader's own words
//! and how to end them (R104, R105). Refuses to cut: what does not fit is told by somebody.

use super::{Mail, Reach, Said};
use crate::Words;
use keep::{Face, Letter};

/// Characters of one message in the alphabet of 7 bits (3GPP TS 23.038 section 6.2.1).
pub const TEXT_MAX: usize = 160;
/// With any other letter the whole message is UCS-2, and half as long (section 6.2.3).
pub const TEXT_MAX_UCS2: usize = 70;

/// A name in front of every text leaves room for a link.
pub const NAME_MAX: usize = 30;

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Each stands for two (section 6.2.1.1).
const EXTENDED: &str = "^{}\\[~]|€";

impl Mail<'_> {
    /// The same as a text to the number in `reach`; `name` is what texts call the practice. None when it
    /// cannot be one: of a kind that is for staff, to somebody who wants no name in it, or too long.
    pub fn text(&self, reach: &Reach<'_>, (name, face): (&str, &Face), words: &Words) -> Option<Letter> {
        let (kind, when, link) = self.parts();
        let key = format!("mail-text-{kind}");
        if reach.bare || !words.has(&key) || face.phone.is_empty() {
            return None;
        }
        let mut said = Said::new(reach, face, words, when);
        said.when = when.map(|at| said.words.brief(at, &face.zone)).unwrap_or_default();
        let whole = |key: &str, code: bool| {
            let phrase = reach.phrase.map(|_| said.say("mail-text-phrase"));
            let code = code.then(|| said.say("mail-text-code"));
            let parts = [Some(said.say(key)), link.map(str::to_owned), phrase, code];
            let end = format!("{} {}", face.phone, said.say("mail-text-stop"));
            let parts = parts.into_iter().flatten().chain([end]);
            plain(&format!("{name}: {}", parts.collect::<Vec<_>>().join(" ")))
        };
        let short = format!("{key}-short");
        let keys = [Some(key.as_str()), words.has(&short).then_some(short.as_str())];
        // The time before the code: who doubts it can ask for HELP.
        let tries = keys.into_iter().flatten().flat_map(|key| [(key, true), (key, false)]);
        let text = tries.map(|(key, code)| whole(key, code)).find(|text| fits(text))?;
        Some(Letter { until: self.when(), ..Letter::sms(reach.to, text) })
    }
}

/// An answer to a STOP, START or HELP. How to reach us stands in front: the end is what is left out, after
/// the reader's own words.
pub fn answer(reach: &Reach<'_>, key: &str, (name, face): (&str, &Face), words: &Words) -> Letter {
    let said = Said::new(reach, face, words, None);
    let whole = |key: &str, phrase: bool| {
        let phrase = if phrase { format!(" {}", said.say("mail-text-phrase")) } else { String::new() };
        plain(&format!("{name}, {}: {}{phrase}", face.phone, said.say(key)))
    };
    let short = format!("{key}-short");
    let shortest = if words.has(&short) { short.as_str() } else { key };
    let tries = [reach.phrase.is_some(), false].map(|phrase| [(key, phrase), (shortest, phrase)]);
    let text = tries.into_iter().flatten().map(|(key, phrase)| whole(key, phrase)).find(|text| fits(text));
    let mut text = text.unwrap_or_else(|| whole(shortest, false));
    while !fits(&text) {
        text.pop();
    }
    Letter { reply: true, ..Letter::sms(reach.to, text.trim_end()) }
}

/// Whether it is one message.
pub fn fits(text: &str) -> bool {
    let units = |c: char| match (BASIC.contains(c), EXTENDED.contains(c)) {
        (true, _) => Some(1),
        (_, true) => Some(2),
        _ => None,
    };
    match text.chars().map(units).sum::<Option<usize>>() {
        Some(septets) => septets <= TEXT_MAX,
        None => text.encode_utf16().count() <= TEXT_MAX_UCS2,
    }
}

/// Letters that would make every text a long one are written without their mark, as people do in texts.
pub fn plain(text: &str) -> String {
    let one = |c: char| match c {
        _ if BASIC.contains(c) => c,
        'á' | 'â' | 'ã' => 'a',
        'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' | 'û' => 'u',
        'ç' => 'c',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'È' | 'Ê' | 'Ë' => 'E',
        'Í' | 'Ì' | 'Î' | 'Ï' => 'I',
        'Ó' | 'Ò' | 'Ô' | 'Õ' => 'O',
        'Ú' | 'Ù' | 'Û' => 'U',
        '\u{a0}' | '\u{202f}' => ' ',
        '‘' | '’' => '\'',
        '“' | '”' | '«' | '»' => '"',
        '–' | '—' => '-',
        other => other,
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
