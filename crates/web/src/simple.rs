//! Simple mode: large letters and one question at a time, as somebody chose it in this browser (R101).

use axum::http::{HeaderMap, HeaderValue, header};

const COOKIE: &str = "__Host-simple";
const COOKIE_RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000";

/// None: nobody chose in this browser.
pub(crate) fn chosen(headers: &HeaderMap) -> Option<bool> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value == "1")
}

/// For `Set-Cookie`: a year in this browser.
pub fn simple_cookie(on: bool) -> HeaderValue {
    let text = format!("{COOKIE}={}; {COOKIE_RULES}", u8::from(on));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_read_from_the_cookie_it_was_written_to() {
        let with = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(text));
            chosen(&headers)
        };
        assert_eq!(
            [with("a=b"), with("a=b; __Host-simple=1"), with("__Host-simple=0")],
            [None, Some(true), Some(false)]
        );
        assert!(simple_cookie(true).to_str().unwrap().starts_with("__Host-simple=1; Path=/; Secure"));
    }
}
