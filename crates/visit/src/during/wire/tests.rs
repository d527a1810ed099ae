//! Reading refuses what it must; the TypeScript and the document say what the types say.

use super::typescript::{self, Direction, parts_of};
use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use vocabulary::ParticipantId;

#[test]
fn the_typescript_of_the_page_is_drawn_from_these_types() {
    let path = root().join("client/src/wire/wire.ts");
    let drawn = typescript::file();
    if std::env::var_os("ALCOVE_ACCEPT").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "wire.ts is stale: ALCOVE_ACCEPT=1 cargo test -p visit wire");
}

#[test]
fn the_document_names_every_message_and_field_and_no_other() {
    let text = std::fs::read_to_string(root().join("docs/protocol.md")).unwrap();
    let (from, to) = (typescript::from_page(), typescript::to_page());
    let mut shapes = from.shapes.clone();
    shapes.extend(to.shapes.clone());
    assert_eq!(chapter(&text, "## From the page"), fields(&from, &shapes));
    assert_eq!(chapter(&text, "## To the page"), fields(&to, &shapes));
    let bodies: BTreeSet<&String> = from.bodies.iter().chain(&to.bodies).map(|(_, body)| body).collect();
    let named: BTreeMap<String, BTreeMap<String, String>> = shapes
        .iter()
        .filter(|(name, _)| !bodies.contains(name))
        .map(|(name, declaration)| (name.clone(), parts_of(declaration)))
        .collect();
    assert_eq!(chapter(&text, "## Shapes"), named);
}

#[test]
fn the_document_names_every_problem_and_no_other() {
    let text = std::fs::read_to_string(root().join("docs/protocol.md")).unwrap();
    let rows = chapter(&text, "## Problems").remove("problems").unwrap();
    let told: BTreeSet<&str> = rows.keys().map(String::as_str).collect();
    let ours: BTreeSet<&str> =
        crate::during::problem::Trouble::ALL.iter().map(|trouble| trouble.code()).collect();
    assert_eq!(told, ours);
}

#[test]
fn a_message_is_read_with_its_number() {
    let id = ParticipantId::from_bytes([7; 16]);
    let text = format!(r#"{{"v":1,"seq":4,"type":"admit","body":{{"participant":"{}"}}}}"#, id.text());
    assert_eq!(read(&text), Ok((4, FromPage::Admit(Whom { participant: id }))));
}

#[test]
fn what_is_not_a_message_is_refused_with_its_number_where_it_has_one() {
    let long = format!(r#"{{"v":1,"seq":1,"type":"say","body":{{"text":"{}"}}}}"#, "x".repeat(FRAME_BYTES));
    let wordy =
        format!(r#"{{"v":1,"seq":2,"type":"say","body":{{"text":"{}"}}}}"#, "é".repeat(SAY_CHARS + 1));
    let lines = format!(r#"{{"v":1,"seq":2,"type":"offer","body":{{"sdp":"{}"}}}}"#, "m=x\\n".repeat(33));
    let cases: [(&str, Option<u64>, Flaw); 14] = [
        ("", None, Flaw::Malformed),
        ("[]", None, Flaw::Malformed),
        ("{\"v\":1", None, Flaw::Malformed),
        (r#"{"v":1,"seq":-1,"type":"alive","body":{}}"#, None, Flaw::Malformed),
        (r#"{"v":1,"seq":1,"type":"alive","body":{},"more":1}"#, None, Flaw::Malformed),
        (r#"{"v":2,"seq":3,"type":"alive","body":{}}"#, Some(3), Flaw::Version),
        (r#"{"v":1,"seq":3,"type":"open_sesame","body":{}}"#, Some(3), Flaw::Unknown),
        (r#"{"v":1,"seq":3,"type":"alive","body":{"x":1}}"#, Some(3), Flaw::Malformed),
        (r#"{"v":1,"seq":3,"type":"admit","body":{"participant":"me"}}"#, Some(3), Flaw::Malformed),
        (r#"{"v":1,"seq":3,"type":"hello","body":{}}"#, Some(3), Flaw::Malformed),
        (r#"{"v":1,"seq":3,"type":"hello","body":{"ticket":"a","resume":"b"}}"#, Some(3), Flaw::Malformed),
        (&long, None, Flaw::TooLong),
        (&wordy, Some(2), Flaw::TooLong),
        (&lines, Some(2), Flaw::TooLong),
    ];
    for (text, seq, flaw) in cases {
        assert_eq!(read(text), Err((seq, flaw)), "{}", &text[..text.len().min(80)]);
    }
}

#[test]
fn what_is_just_within_its_bound_is_read() {
    let word = format!(r#"{{"v":1,"seq":2,"type":"say","body":{{"text":"{}"}}}}"#, "é".repeat(SAY_CHARS));
    assert!(read(&word).is_ok());
    let blob = format!(r#"{{"v":1,"seq":2,"type":"note","body":{{"blob":"{}"}}}}"#, "x".repeat(BLOB_BYTES));
    assert!(read(&blob).is_ok());
    // The two longest payloads that travel together fit into one frame.
    let id = ParticipantId::from_bytes([7; 16]);
    let most = "x".repeat(BLOB_BYTES);
    let body = serde_json::json!({ "epoch": MAX_SEQ, "commit": most, "welcome": { "to": id, "blob": most } });
    let seal = serde_json::json!({ "v": 1, "seq": MAX_SEQ, "type": "seal", "body": body });
    assert!(read(&seal.to_string()).is_ok());
    let welcome = ToPage::WelcomeIn(WelcomeIn { blob: most.clone(), group: most });
    assert!(write(MAX_SEQ, &welcome).len() <= FRAME_BYTES);
}

#[test]
fn a_payload_is_base64url_within_its_bound() {
    let over = "x".repeat(BLOB_BYTES + 1);
    let id = ParticipantId::from_bytes([7; 16]).text();
    for (payload, flaw) in [(over.as_str(), Flaw::TooLong), ("", Flaw::Malformed), ("a=", Flaw::Malformed)] {
        let bodies = [
            ("knock", format!(r#"{{"blob":"{payload}"}}"#)),
            ("note", format!(r#"{{"blob":"{payload}"}}"#)),
            ("door", format!(r#"{{"to":"{id}","blob":"{payload}"}}"#)),
            ("found", format!(r#"{{"group":"{payload}"}}"#)),
            ("seal", format!(r#"{{"epoch":0,"commit":"{payload}"}}"#)),
            ("seal", format!(r#"{{"epoch":0,"commit":"c","welcome":{{"to":"{id}","blob":"{payload}"}}}}"#)),
        ];
        for (kind, body) in bodies {
            let text = format!(r#"{{"v":1,"seq":1,"type":"{kind}","body":{body}}}"#);
            assert_eq!(read(&text), Err((Some(1), flaw)), "{kind}");
        }
    }
    for epoch in ["-1", "0.5", "9007199254740992", "\"0\""] {
        let text = format!(r#"{{"v":1,"seq":1,"type":"seal","body":{{"epoch":{epoch},"commit":"c"}}}}"#);
        assert_eq!(read(&text), Err((Some(1), Flaw::Malformed)), "{epoch}");
    }
}

#[test]
fn a_message_to_the_page_is_an_envelope() {
    assert_eq!(
        write(9, &ToPage::Ended(Ended { next: "/day".into(), by_phone: false })),
        r#"{"body":{"by_phone":false,"next":"/day"},"seq":9,"type":"ended","v":1}"#
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in ".{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn no_body_makes_reading_panic(kind in "[a-z_]{0,14}", body in "[\\[\\]{}\":a-z0-9,]{0,60}") {
        let _ = read(&format!(r#"{{"v":1,"seq":1,"type":"{kind}","body":{body}}}"#));
    }
}

fn fields(of: &Direction, shapes: &BTreeMap<String, String>) -> BTreeMap<String, BTreeMap<String, String>> {
    let parts = |body: &String| shapes.get(body).map(|declaration| parts_of(declaration)).unwrap_or_default();
    of.bodies.iter().map(|(kind, body)| ((*kind).to_owned(), parts(body))).collect()
}

/// Each ``### `name` `` of one chapter with the first two columns of the table below it.
fn chapter(text: &str, title: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let start = text.find(title).unwrap_or_else(|| panic!("docs/protocol.md has no chapter {title}"));
    let body = text[start + title.len()..].split("\n## ").next().unwrap();
    let mut found = BTreeMap::new();
    for section in body.split("\n### ").skip(1) {
        let name = section.lines().next().unwrap().trim_matches('`').to_owned();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")).map(|row| {
            let mut cells = row.split(" | ").map(|cell| cell.trim().trim_matches('`').to_owned());
            let field = cells.next().unwrap();
            let kind = cells.next().unwrap_or_default();
            (field, kind)
        });
        // A table of words has two columns: the word and what it means.
        let words = section.contains("| word |");
        let rows = rows.map(|(field, kind)| (field, if words { String::new() } else { kind })).collect();
        found.insert(name, rows);
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
