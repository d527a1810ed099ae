//! A cookie that says no more than "the same browser as before": it opens nothing. With it a new device is
//! news, and a stranger's wrong tries do not slow down a person at their own desk.

use axum::http::{HeaderMap, HeaderValue, header};
use vocabulary::Secret;

const NAME: &str = "__Host-browser";
const RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000";

pub fn of(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).and_then(|(_, value)| Secret::parse(value))
}

pub fn cookie(token: &Secret) -> HeaderValue {
    let line = format!("{NAME}={}; {RULES}", token.reveal());
    let mut line = HeaderValue::from_str(&line).expect("base64url is a header value");
    line.set_sensitive(true);
    line
}
