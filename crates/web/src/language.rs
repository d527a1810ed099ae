//! Which language a page speaks: the person's last choice in this browser, else the one of the account, else
//! what the browser asks for (RFC 9110 section 12.5.4), else English.

use crate::{Failure, Site, see_other};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;
use std::sync::{Arc, OnceLock};
use vocabulary::Lang;

const COOKIE: &str = "__Host-lang";
const COOKIE_RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000";
/// Longer lists are cut: nobody speaks more languages than this.
const ASKED_MAX: usize = 20;

/// Carries the chosen language from `Ctx` out to the failure page of the same request.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<OnceLock<Lang>>);

impl Heard {
    pub(crate) fn set(&self, lang: Lang) {
        let _ = self.0.set(lang);
    }

    pub(crate) fn or_from(&self, headers: &HeaderMap) -> Lang {
        self.0.get().copied().unwrap_or_else(|| choose(headers, None))
    }
}

pub(crate) fn choose(headers: &HeaderMap, of_account: Option<Lang>) -> Lang {
    cookie(headers).or(of_account).or_else(|| asked(headers)).unwrap_or_default()
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    lang: String,
    back: String,
}

/// `POST /lang`. Needs no form token: it changes how the next page reads, and `armour` keeps other sites out.
pub(crate) async fn switch(
    State(_): State<Site>,
    axum::Form(choice): axum::Form<Choice>,
) -> Result<Response, Failure> {
    let lang = Lang::parse(&choice.lang).ok_or(Failure::BadInput)?;
    let back = if is_own_path(&choice.back) { choice.back.as_str() } else { "/" };
    let mut response = see_other(back);
    let cookie = HeaderValue::from_str(&format!("{COOKIE}={}; {COOKIE_RULES}", lang.code()))
        .map_err(|_| Failure::BadInput)?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// A path of this site and nothing a browser could read as another host.
pub fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

fn cookie(headers: &HeaderMap) -> Option<Lang> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Lang::parse(value))
}

fn asked(headers: &HeaderMap) -> Option<Lang> {
    let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(Lang, u32)> = None;
    for part in header.split(',').take(ASKED_MAX) {
        let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
        let primary = tag.trim().split('-').next().unwrap_or("").to_ascii_lowercase();
        let (Some(lang), Ok(weight)) = (Lang::parse(&primary), weight.trim().parse::<f32>()) else {
            continue;
        };
        let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u32;
        if weight > 0 && best.is_none_or(|(_, so_far)| weight > so_far) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn the_browsers_wish_is_the_last_to_be_asked() {
        let wish = ("accept-language", "fr, es-MX;q=0.9, en;q=0.5");
        assert_eq!(choose(&headers(&[wish]), None), Lang::Es);
        assert_eq!(choose(&headers(&[wish]), Some(Lang::En)), Lang::En);
        let choice = ("cookie", "a=b; __Host-lang=es");
        assert_eq!(choose(&headers(&[choice]), Some(Lang::En)), Lang::Es);
        assert_eq!(choose(&headers(&[("accept-language", "zh, es;q=0")]), None), Lang::En);
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        assert!(is_own_path("/g/3/check-in/place?x=1"));
        for other in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a b", "/a\r\nb"] {
            assert!(!is_own_path(other), "{other}");
        }
    }
}
