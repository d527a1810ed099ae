//! What templates may ask for: words, times, icons, addresses of assets. `use web::filters;` beside a
//! template.

use crate::{Argument, Frame, assets, words};
use askama::filters::Safe;
use askama::{Result, Values};
use vocabulary::{Lang, UnixMillis};

/// `{{ "day-title"|t }}`
#[askama::filter_fn]
pub fn t(key: impl AsRef<str>, values: &dyn Values) -> Result<String> {
    Ok(frame(values)?.words.t(key.as_ref()))
}

/// `{{ "teach-title"|t_in(text_lang) }}`: in that language (BCP 47), the page's own where none is named.
#[askama::filter_fn]
pub fn t_in<L: AsRef<str>>(key: impl AsRef<str>, values: &dyn Values, lang: L) -> Result<String> {
    let words = &frame(values)?.words;
    let other = Lang::parse(lang.as_ref()).filter(|other| *other != words.lang());
    Ok(other.map_or_else(|| words.t(key.as_ref()), |other| words.in_lang(other).t(key.as_ref())))
}

/// `{{ "day-count"|with("n", count) }}`
#[askama::filter_fn]
pub fn with<A: Argument>(key: impl AsRef<str>, values: &dyn Values, name: &str, value: A) -> Result<String> {
    Ok(frame(values)?.words.with(key.as_ref(), &[(name, value.value())]))
}

/// `{{ "lobby-said"|with2("name", name, "time", time) }}`
#[askama::filter_fn]
pub fn with2<A: Argument, B: Argument>(
    key: impl AsRef<str>,
    values: &dyn Values,
    name: &str,
    value: A,
    name_2: &str,
    value_2: B,
) -> Result<String> {
    let given = [(name, value.value()), (name_2, value_2.value())];
    Ok(frame(values)?.words.with(key.as_ref(), &given))
}

/// `{{ "shell-call"|phone(frame.phone) }}`: a sentence about `{ $phone }`, the number unbroken.
#[askama::filter_fn]
pub fn phone<P: AsRef<str>>(key: impl AsRef<str>, values: &dyn Values, phone: P) -> Result<Safe<String>> {
    let number = phone.as_ref();
    let sentence = frame(values)?.words.with(key.as_ref(), &[("phone", number.into())]);
    Ok(Safe(unbroken(&sentence, number)))
}

/// `{{ text|whole(phone) }}`: escapes, and keeps this number in the text on one line.
#[askama::filter_fn]
pub fn whole<P: AsRef<str>>(text: impl AsRef<str>, _: &dyn Values, phone: P) -> Result<Safe<String>> {
    Ok(Safe(unbroken(text.as_ref(), phone.as_ref())))
}

/// `{{ "some-key"|t|rich }}`: escapes, then `**strong**` becomes strong. For sentences with one weighty word.
#[askama::filter_fn]
pub fn rich(text: impl AsRef<str>, _: &dyn Values) -> Result<Safe<String>> {
    Ok(Safe(strong(text.as_ref())))
}

/// `{{ "check"|icon }}`: an inline picture; the word beside it says what it means.
#[askama::filter_fn]
pub fn icon(name: impl AsRef<str>, _: &dyn Values) -> Result<Safe<&'static str>> {
    Ok(Safe(assets::icon(name.as_ref())))
}

/// `{{ "app.css"|asset }}`
#[askama::filter_fn]
pub fn asset(name: impl AsRef<str>, _: &dyn Values) -> Result<String> {
    Ok(assets::url(name.as_ref()))
}

/// `{{ visit.starts_at|time }}`: 2:30 PM
#[askama::filter_fn]
pub fn time(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    let frame = frame(values)?;
    Ok(frame.words.time(*at, &frame.zone))
}

/// `{{ visit.starts_at|clock }}`: 2:30
#[askama::filter_fn]
pub fn clock(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    let frame = frame(values)?;
    Ok(frame.words.clock(*at, &frame.zone))
}

/// `{{ visit.starts_at|day }}`: Saturday, November 21
#[askama::filter_fn]
pub fn day(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    let frame = frame(values)?;
    Ok(frame.words.day(*at, &frame.zone))
}

/// `{{ consent.signed_at|date }}`: November 21, 2026
#[askama::filter_fn]
pub fn date(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    let frame = frame(values)?;
    Ok(frame.words.date(*at, &frame.zone))
}

/// `{{ starts_at|on_paper }}`: Saturday, November 21, 2026, 2:30 PM (Eastern time)
#[askama::filter_fn]
pub fn on_paper(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    let frame = frame(values)?;
    Ok(frame.words.on_paper(*at, &frame.zone))
}

/// `<time datetime="{{ at|iso }}">`
#[askama::filter_fn]
pub fn iso(at: &UnixMillis, values: &dyn Values) -> Result<String> {
    Ok(words::iso(*at, &frame(values)?.zone))
}

fn frame(values: &dyn Values) -> Result<&Frame> {
    askama::get_value::<Frame>(values, "frame")
}

fn unbroken(text: &str, number: &str) -> String {
    let (html, number) = (strong(text), strong(number));
    if number.is_empty() {
        return html;
    }
    html.replace(&number, &format!("<span class=\"whole\">{number}</span>"))
}

fn strong(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for (index, part) in text.split("**").enumerate() {
        match index {
            0 => {}
            odd if odd % 2 == 1 => html.push_str("<strong>"),
            _ => html.push_str("</strong>"),
        }
        for letter in part.chars() {
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
    if text.matches("**").count() % 2 == 1 {
        html.push_str("</strong>");
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_words_do_not_open_a_door_for_markup() {
        assert_eq!(strong("a **b** <i>"), "a <strong>b</strong> &lt;i&gt;");
        assert_eq!(strong("a **b"), "a <strong>b</strong>");
    }

    #[test]
    fn a_phone_number_stays_in_one_piece_wherever_it_stands() {
        let said = unbroken("Call (617) 555-0142 <now>.", "(617) 555-0142");
        assert_eq!(said, "Call <span class=\"whole\">(617) 555-0142</span> &lt;now&gt;.");
        assert_eq!(unbroken("Call us.", ""), "Call us.");
        assert_eq!(unbroken("1 & 2", "1 & 2"), "<span class=\"whole\">1 &amp; 2</span>");
    }
}
