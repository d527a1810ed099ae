//! Holds what a server sends against the manifest: bytes, kinds, headers, and names nobody knows.

use super::visitor::VISITORS;
use axum::http::HeaderMap;
use std::collections::BTreeSet;
use web::fetch::{Answer, Server};
use web::room_page::{self, RoomFile};

pub struct Report {
    pub origin: String,
    pub files: Vec<Compared>,
    pub headers_each: usize,
}

pub struct Compared {
    pub path: String,
    /// `same`, `CHANGED`, `MISSING` or `ADDED`.
    pub word: &'static str,
    pub bytes: usize,
    pub digest: String,
    /// Each a sentence; empty when all is well.
    pub faults: Vec<String>,
}

impl Report {
    /// Path and fault, in the order of the files.
    pub fn findings(&self) -> Vec<(&str, &str)> {
        let each = self.files.iter();
        each.flat_map(|file| file.faults.iter().map(|fault| (file.path.as_str(), fault.as_str()))).collect()
    }

    pub fn is_the_published_page(&self) -> bool {
        self.files.iter().all(|file| file.faults.is_empty())
    }
}

/// Asks for every file once for each kind of visitor. An unreachable server is an error, not a verdict.
pub async fn whole_page(server: &Server) -> Result<Report, String> {
    let known = room_page::files();
    if known.is_empty() {
        return Err("this program was built without the room's page: use a released one".into());
    }
    let wanted = room_page::headers(server.origin());
    let mut named = BTreeSet::new();
    let mut files = Vec::new();
    for file in &known {
        let mut compared = Compared::new(&file.path, "same");
        for visitor in VISITORS {
            let answer = server.send(visitor.asks_for(&file.path)?).await?;
            compared.hold(file, &wanted, &answer);
            named.extend(names_in(&answer));
        }
        files.push(compared);
    }
    for path in named.into_iter().filter(|path| known.iter().all(|file| file.path != *path)) {
        let mut added = Compared::new(&path, "ADDED");
        added.faults.push("named by the page and unknown to the manifest".into());
        files.push(added);
    }
    Ok(Report { origin: server.origin().to_owned(), files, headers_each: wanted.len() })
}

impl Compared {
    fn new(path: &str, word: &'static str) -> Compared {
        Compared { path: path.to_owned(), word, bytes: 0, digest: String::new(), faults: Vec::new() }
    }

    fn hold(&mut self, file: &RoomFile, wanted: &[(&'static str, String)], answer: &Answer) {
        if answer.status != 200 {
            self.word = "MISSING";
            return self.fault(format!("the server answers {} instead of the file", answer.status));
        }
        (self.bytes, self.digest) = (answer.body.len(), room_page::digest_of(&answer.body));
        if self.digest != file.digest {
            self.word = "CHANGED";
            self.fault(format!("other bytes than published ({} bytes, {})", file.bytes, file.digest));
        }
        for (name, value) in wanted {
            if let Some(fault) = header_fault(&answer.headers, name, value) {
                self.fault(fault);
            }
        }
        if let Some(fault) = header_fault(&answer.headers, "content-type", file.kind) {
            self.fault(fault);
        }
        for name in FOREIGN_HEADERS.iter().filter(|name| answer.headers.contains_key(**name)) {
            self.fault(format!("the header {name} is none of ours: it can change what runs"));
        }
    }

    /// A visitor after the first tells nothing new by the same fault.
    fn fault(&mut self, what: String) {
        if !self.faults.contains(&what) {
            self.faults.push(what);
        }
    }
}

/// Exactly once and exactly so: weaker, doubled and absent all count.
fn header_fault(headers: &HeaderMap, name: &str, wanted: &str) -> Option<String> {
    let sent: Vec<&[u8]> = headers.get_all(name).iter().map(|value| value.as_bytes()).collect();
    match sent[..] {
        [] => Some(format!("the header {name} is missing")),
        [one] if one == wanted.as_bytes() => None,
        [one] => Some(format!("the header {name} is not `{wanted}` but `{}`", String::from_utf8_lossy(one))),
        _ => Some(format!("the header {name} stands there more than once")),
    }
}

/// What a document or style sheet would make a browser fetch. It only has to be good enough to name
/// additions: a document that was changed to hide one is already found by its bytes.
fn names_in(answer: &Answer) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let kind = answer.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let marks: &[(&str, char)] = match kind.split(';').next() {
        Some("text/html") => &[("src=\"", '"'), ("href=\"", '"')],
        Some("text/css") => &[("url(", ')'), ("@import \"", '"')],
        _ => &[],
    };
    let mut names = BTreeSet::new();
    for (mark, end) in marks {
        for (at, _) in text.match_indices(mark).take(NAMES_MAX) {
            let name = text[at + mark.len()..].split(*end).next().unwrap_or("").trim_matches(['"', '\'']);
            if !name.is_empty() && !name.starts_with("data:") {
                names.insert(if name.contains(':') || name.starts_with('/') {
                    name.to_owned()
                } else {
                    format!("/room/{name}")
                });
            }
        }
    }
    names
}

/// They load, redirect, remember or re-code; none is ours.
const FOREIGN_HEADERS: [&str; 7] =
    ["content-encoding", "link", "location", "refresh", "service-worker-allowed", "set-cookie", "sourcemap"];
const NAMES_MAX: usize = 1_000;
