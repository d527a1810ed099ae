//! A site for tests: somebody is signed in, forms carry their token, requests look like a browser's.

pub mod letters;
pub mod reading;

use crate::{BoxFuture, Catalog, Failure, Found, Locale, SignIn, Site, form_token};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use keep::Keep;
use std::sync::Arc;
use tower::ServiceExt;
use vocabulary::{MINUTE_MS, Principal};

/// The form key of everybody in tests.
pub const FORM_KEY: [u8; 32] = [7; 32];

/// A test's answer is read up to here.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Signs in one fixed principal, whatever the request says.
pub struct AlwaysSignedIn(pub Principal);

impl SignIn for AlwaysSignedIn {
    fn who<'a>(&'a self, _: &'a HeaderMap, _: &'a str) -> BoxFuture<'a, Result<Found, Failure>> {
        let found = Found {
            who: self.0,
            shown_name: Some("Test Person".into()),
            lang: None,
            form_key: FORM_KEY,
            fresh: true,
            left_ms: 15 * MINUTE_MS,
        };
        Box::pin(async move { Ok(found) })
    }
}

/// A site where `who` is signed in and the words of `slices` are known.
pub fn site(keep: Keep, who: Principal, slices: &[Locale]) -> Site {
    let catalog = Catalog::new(slices).expect("the words are complete");
    Site::new(keep, Arc::new(AlwaysSignedIn(who)), catalog)
}

/// What a browser got.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// Where a redirect leads, empty when there is none.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

pub async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).expect("a request")).await
}

/// Sends a form the way a page of this site does: same origin, with the token.
pub async fn post(router: &Router, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = form_token(&FORM_KEY);
    let mut body = format!("form_token={token}");
    for (name, value) in fields {
        body.push_str(&format!("&{}={}", encode(name), encode(value)));
    }
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body));
    send(router, request.expect("a request")).await
}

/// Where the language switch of a page leads to.
pub fn way_back(html: &str) -> &str {
    html.split("name=\"back\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("")
}

/// Sends one file the way a page of this site does.
pub async fn upload(router: &Router, path: &str, bytes: &[u8]) -> Answer {
    let part = "--part\r\nContent-Disposition: form-data; name=";
    let token = form_token(&FORM_KEY);
    let head = format!("{part}\"form_token\"\r\n\r\n{token}\r\n{part}\"file\"; filename=\"x\"\r\n\r\n");
    let body = [head.as_bytes(), bytes, b"\r\n--part--\r\n"].concat();
    let request = Request::post(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=part");
    send(router, request.body(Body::from(body)).expect("a test's request")).await
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response: Response = router.clone().oneshot(request).await.expect("a router never fails");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, ANSWER_MAX_BYTES).await.expect("a bounded answer");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, text }
}

/// Words that templates (`"key"|t`, `f::text(name, "key")`) or code (`t("key")`, `with("key"`) of a crate use
/// and the catalogue lacks. Call with `env!("CARGO_MANIFEST_DIR")`; the answer should be empty.
pub fn missing_words(crate_folder: &str, slices: &[Locale]) -> Vec<String> {
    let catalog = Catalog::new(slices).expect("the words are complete");
    let mut missing = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(crate_folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or("").to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(kind.as_str(), "html" | "rs") && !path.ends_with("tests.rs") {
                let text = without_comments(&std::fs::read_to_string(&path).unwrap_or_default());
                let unknown = used_keys(&text).into_iter().filter(|key| !catalog.has(key));
                missing.extend(unknown.map(|key| format!("{}: {key}", path.display())));
            }
        }
    }
    missing
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    for (index, part) in text.split("{#").enumerate() {
        kept.push_str(if index == 0 { part } else { part.split_once("#}").map_or("", |(_, after)| after) });
    }
    let code = kept.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// Keys look like `slice-thing`: lower case, at least one hyphen.
fn used_keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for marker in ["\"|t}", "\"|t ", "\"|t|", "\"|with(", "\"|with2(", "\"|phone("] {
        for (at, _) in text.match_indices(marker) {
            keys.extend(text[..at].rsplit('"').next());
        }
    }
    for marker in ["words.t(\"", "words.with(\""] {
        for (at, _) in text.match_indices(marker) {
            keys.extend(text[at + marker.len()..].split('"').next());
        }
    }
    // Keys handed to the macros of forms.html: every quoted word of the call that is no icon.
    for (at, _) in text.match_indices("{% call f::") {
        let call = text[at..].split("%}").next().unwrap_or("");
        let quoted = call.split('"').collect::<Vec<_>>();
        let keys_of_call = quoted.chunks_exact(2).skip(1).filter(|pair| !pair[0].contains("autocomplete"));
        let words = keys_of_call.map(|pair| pair[1]);
        keys.extend(words.filter(|word| crate::assets::icon(word).is_empty() && !word.starts_with('/')));
    }
    keys.retain(|key| {
        key.contains('-') && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    });
    keys
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => (byte as char).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
