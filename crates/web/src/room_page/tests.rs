//! The room's page: closed list, strict headers, one manifest.

use super::*;
use crate::testing::{self, get};
use axum::Router;
use vocabulary::Principal;

const ORIGIN: &str = "http://localhost:8080";

async fn router() -> Router {
    let (keep, _) = keep::testing::keep(&[]).await;
    crate::routes().into_router(testing::site(keep, Principal::Anonymous, &[]))
}

#[tokio::test]
async fn every_file_of_the_room_comes_with_all_its_headers_and_the_bytes_of_the_manifest() {
    let router = router().await;
    for file in files() {
        let answer = get(&router, &file.path).await;
        assert_eq!(answer.status, 200, "{}", file.path);
        assert_eq!(answer.headers["content-type"], file.kind);
        for (name, value) in headers(ORIGIN) {
            let sent: Vec<&HeaderValue> = answer.headers.get_all(name).iter().collect();
            assert_eq!(sent, [value.as_str()], "{name} of {}", file.path);
        }
        if file.kind.contains("text") {
            assert_eq!(digest_of(answer.text.as_bytes()), file.digest);
            assert!(manifest().contains(&file.digest));
        }
    }
}

#[tokio::test]
async fn what_is_not_on_the_list_is_not_under_the_room() {
    let router = router().await;
    for path in ["/room/pages.js", "/room/room.html", "/room/app.css", "/room/..", "/room/nothing"] {
        assert_eq!(get(&router, path).await.status, 404, "{path}");
    }
}

#[test]
fn the_policy_of_the_room_lets_in_less_than_that_of_other_pages() {
    let policy = content_security_policy("https://visits.example");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "worker-src blob:;",
        "connect-src 'self' wss://visits.example;",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types alcove",
    ] {
        assert!(policy.contains(part), "{part}");
    }
    assert!(!policy.contains("unsafe"));
    assert!(headers("https://visits.example").iter().any(|(name, _)| *name == "strict-transport-security"));
}

/// The document names what it loads, each script and style with its digest, and holds nothing but that: no
/// script and no style of its own, no place for a value of the server.
#[test]
fn the_document_is_static_and_names_its_scripts_by_digest() {
    let Some(document) = assets::from_client(DOCUMENT) else { return };
    let text = String::from_utf8(document.data.into_owned()).unwrap();
    assert_eq!(text.matches("<script").count(), 1);
    assert_eq!(text.matches("integrity=\"sha384-").count(), 2, "one script, one style sheet");
    assert!(!text.contains("<style") && !text.contains(" style="));
    for line in text.lines().filter(|line| line.contains("<script") || line.contains("stylesheet")) {
        assert!(line.contains("crossorigin"), "Integrity-Policy refuses what is loaded without: {line}");
    }
    assert!(!text.contains(['{', '}']), "a place that was not filled in");
}

#[test]
fn the_manifest_is_one_line_that_names_every_file() {
    let read: serde_json::Value = serde_json::from_str(&manifest()).unwrap();
    assert_eq!(read["version"], 1);
    let hashes = read["hashes"].as_object().unwrap();
    assert_eq!(hashes.len(), files().len());
    assert!(files().is_empty() || hashes.contains_key("/room/"));
    assert!(!manifest().contains('\n'));
}
