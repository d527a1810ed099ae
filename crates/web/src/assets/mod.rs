//! Style sheets, fonts, icons and the client's bundle, compiled into the binary.
//!
//! Addresses carry a hash of the whole tree, `/a/<hash>/room.js`, so relative links share it and everything
//! may be cached for a year. Refuses names it does not hold. `ALCOVE_ASSETS=folder` reads files from a folder
//! first while designing (debug builds only).

use crate::Failure;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Own;

#[derive(RustEmbed)]
#[folder = "../../client/dist/"]
struct Client;

/// `url("app.css")` is `/a/5f3a.../app.css`.
pub fn url(name: &str) -> String {
    format!("/a/{}/{name}", tree_hash())
}

/// The picture of an icon, drawn in the colour of the text around it. Empty when there is none of this name.
pub fn icon(name: &str) -> &'static str {
    icons().get(name).map_or("", String::as_str)
}

pub(crate) fn icon_names() -> Vec<&'static str> {
    icons().keys().map(String::as_str).collect()
}

pub(crate) async fn serve(Path((_hash, name)): Path<(String, String)>) -> Result<Response, Failure> {
    let bytes = find(&name).ok_or(Failure::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, kind(&name)), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, bytes.into_owned()).into_response())
}

pub(crate) async fn mark() -> Response {
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, find("mark.svg").unwrap_or_default().into_owned()).into_response()
}

/// The client's bundle by name; the room's page is served and counted from it.
pub(crate) fn client_names() -> impl Iterator<Item = Cow<'static, str>> {
    Client::iter()
}

pub(crate) fn from_client(name: &str) -> Option<EmbeddedFile> {
    Client::get(name)
}

fn find(name: &str) -> Option<Cow<'static, [u8]>> {
    if let Some(fresh) = from_folder(name) {
        return Some(fresh.into());
    }
    Own::get(name).or_else(|| Client::get(name)).map(|file| file.data)
}

#[cfg(debug_assertions)]
fn from_folder(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("ALCOVE_ASSETS")?;
    Own::get(name)?;
    std::fs::read(std::path::Path::new(&folder).join(name)).ok()
}

#[cfg(not(debug_assertions))]
fn from_folder(_: &str) -> Option<Vec<u8>> {
    None
}

pub(crate) fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("html") => "text/html; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

fn tree_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| {
        let mut tree = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let mut add = |name: &str, file: Option<EmbeddedFile>| {
            tree.update(name.as_bytes());
            tree.update(&file.map(|file| file.metadata.sha256_hash()).unwrap_or_default());
        };
        Own::iter().for_each(|name| add(&name, Own::get(&name)));
        Client::iter().for_each(|name| add(&name, Client::get(&name)));
        short_hex(tree.finish().as_ref())
    })
}

fn short_hex(digest: &[u8]) -> String {
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn icons() -> &'static BTreeMap<String, String> {
    static ICONS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    ICONS.get_or_init(read_icons)
}

fn read_icons() -> BTreeMap<String, String> {
    let names = Own::iter().filter_map(|path| {
        let name = path.strip_prefix("icons/")?.strip_suffix(".svg")?.to_owned();
        let svg = String::from_utf8(Own::get(&path)?.data.into_owned()).ok()?;
        let svg =
            svg.trim().replacen("<svg ", "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\" ", 1);
        Some((name, svg))
    });
    names.collect()
}

#[cfg(test)]
mod tests;
