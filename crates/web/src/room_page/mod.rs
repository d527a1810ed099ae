//! The room's page as it leaves this program: which files, which bytes, which headers.
//!
//! The page holds the keys of a visit, so it is the one page that is compared from outside
//! (`alcove verify-page`). Owns the closed list of its files, the manifest over them and the headers they
//! travel with. Refuses every name that is not on the list, and every value made by the server: the same
//! bytes and the same headers go to everybody.

use crate::armour::{ALWAYS, HTTPS_FOR_A_YEAR};
use crate::page::CAMERA_HERE;
use crate::{Failure, assets};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// One file of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomFile {
    /// Where it stands: `/room/`, `/room/room.js`.
    pub path: String,
    pub kind: &'static str,
    pub bytes: usize,
    /// `sha256-` and base64, as in `integrity` attributes.
    pub digest: String,
}

/// Every file of the page, by path. Empty in a program that was built without the client.
pub fn files() -> Vec<RoomFile> {
    let mut files: Vec<RoomFile> = assets::client_names()
        .filter(|name| is_of_the_room(name))
        .filter_map(|name| {
            let file = assets::from_client(&name)?;
            let path = if name == DOCUMENT { "/room/".to_owned() } else { format!("/room/{name}") };
            let kind = assets::kind(&name);
            Some(RoomFile { path, kind, bytes: file.data.len(), digest: digest_of(&file.data) })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The published description of the page, one line of JSON with sorted members, so that equal pages have
/// equal manifests. Member names are those of the manifests that browsers are learning to check (WAICT);
/// `hashes` maps paths to digests.
pub fn manifest() -> String {
    let hashes: BTreeMap<String, String> = files().into_iter().map(|file| (file.path, file.digest)).collect();
    let manifest = serde_json::json!({
        "hashes": hashes,
        "integrity-policy": INTEGRITY_POLICY,
        "version": MANIFEST_VERSION,
    });
    manifest.to_string()
}

/// One short text for the whole page: the digest of its manifest.
pub fn manifest_digest() -> String {
    digest_of(manifest().as_bytes())
}

pub fn digest_of(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    format!("sha256-{}", STANDARD.encode(digest.as_ref()))
}

/// The headers that guard each file of the page, at an origin such as `https://visits.example`.
pub fn headers(origin: &str) -> Vec<(&'static str, String)> {
    let mut headers: Vec<(&str, String)> =
        ALWAYS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    headers.push(("content-security-policy", content_security_policy(origin)));
    headers.push(("integrity-policy", INTEGRITY_POLICY.to_owned()));
    headers.push(("permissions-policy", CAMERA_HERE.to_owned()));
    headers.push(("cache-control", "no-cache".to_owned()));
    if origin.starts_with("https://") {
        headers.push(("strict-transport-security", HTTPS_FOR_A_YEAR.to_owned()));
    }
    headers
}

/// Marks an answer as a file of the page, so that `armour` puts `headers` on it.
#[derive(Clone, Copy)]
pub(crate) struct OfTheRoom;

pub(crate) fn harden(answer: &mut HeaderMap, origin: &str) {
    for (name, value) in headers(origin) {
        // The origin is the only part that is not written here; the policy alone holds it.
        let value = HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        answer.insert(HeaderName::from_static(name), value);
    }
}

/// `GET /room/`: one document, the same bytes for everybody.
pub(crate) async fn document(asked: HeaderMap) -> Result<Response, Failure> {
    answer(DOCUMENT, &asked)
}

/// `GET /room/{file}`: what the document loads. It names its script by digest, so all files must come from
/// one build: every load asks again, and the tag (RFC 9110 section 8.8.3) saves the bytes.
pub(crate) async fn file(Path(name): Path<String>, asked: HeaderMap) -> Result<Response, Failure> {
    if name == DOCUMENT || !is_of_the_room(&name) {
        return Err(Failure::NotFound);
    }
    answer(&name, &asked)
}

fn answer(name: &str, asked: &HeaderMap) -> Result<Response, Failure> {
    let file = assets::from_client(name).ok_or(Failure::NotFound)?;
    let tag = format!("\"{}\"", digest_of(&file.data));
    let headers = [(header::CONTENT_TYPE, assets::kind(name).to_owned()), (header::ETAG, tag.clone())];
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer = if known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, file.data.into_owned()).into_response()
    };
    answer.extensions_mut().insert(OfTheRoom);
    Ok(answer)
}

/// Stricter than the other pages': no forms, and workers only from what the page itself has fetched with its
/// digest. The socket's origin is spelled out: older Safari does not let `'self'` stand for it.
fn content_security_policy(origin: &str) -> String {
    let socket = origin.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'self'; worker-src blob:; connect-src 'self' {socket}; \
         style-src 'self'; font-src 'self'; img-src 'self' blob:; media-src 'self' blob:; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types alcove"
    )
}

/// Everything the client's bundle holds but the small script of the other pages.
fn is_of_the_room(name: &str) -> bool {
    name != "pages.js"
}

const DOCUMENT: &str = "room.html";
/// Scripts without a digest are refused by browsers that know this (Integrity-Policy, W3C SRI).
const INTEGRITY_POLICY: &str = "blocked-destinations=(script)";
const MANIFEST_VERSION: u8 = 1;

#[cfg(test)]
mod tests;
