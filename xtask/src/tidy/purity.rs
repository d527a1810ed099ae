//! What decides is pure: every `rules.rs`, all of `policy`, and the core of `media` take time, randomness and
//! packets as arguments (their tests, which stand last, may read snapshots). They open nothing, wait for
//! nothing and ask no clock.

use super::{Finding, code, is_rust, numbered};
use crate::repository::Source;

/// A word that must not stand in pure code, and what to do instead.
const IMPURE: [(&str, &str); 15] = [
    ("axum", "answer a value; a page or socket turns it into HTTP"),
    ("tokio", "answer what should happen; the caller waits"),
    ("sqlx", "take what was loaded as an argument"),
    ("keep::", "take what was loaded as an argument"),
    ("store::", "take what was loaded as an argument"),
    ("SystemTime", "take `now: UnixMillis`"),
    ("Instant::now", "take `now` as an argument"),
    ("Clock", "take `now: UnixMillis`, not something that can be asked twice"),
    ("Entropy", "take the random bytes, not their source"),
    ("UdpSocket", "answer the packet; the shell sends it"),
    ("TcpStream", "answer the packet; the shell sends it"),
    ("TcpListener", "answer the packet; the shell sends it"),
    ("std::fs", "take the bytes as an argument"),
    ("std::thread", "answer what should happen; the shell runs it"),
    ("std::env", "take the setting as an argument"),
];

/// What is pure besides the rules: the decision, and the media server up to its sockets.
const PURE: [&str; 4] =
    ["crates/policy/src/", "crates/media/src/core", "crates/media/src/framing", "crates/media/src/offer"];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_rust(source) && is_pure(&source.path)) {
        for (line, text) in numbered(source).take_while(|(_, text)| !text.starts_with("#[cfg(test)]")) {
            for (word, instead) in IMPURE {
                if names(code(text), word) {
                    findings.push(Finding::new(
                        source,
                        line,
                        format!("pure code must not name `{word}`: {instead}"),
                    ));
                }
            }
        }
    }
    findings
}

fn is_pure(path: &str) -> bool {
    let ours = path.starts_with("crates/") && !path.ends_with("/tests.rs");
    let rules = path.ends_with("/rules.rs") || path.contains("/rules/");
    ours && (rules || PURE.iter().any(|place| path.starts_with(place)))
}

/// Whole words only: `house_keep::` is no `keep::`.
fn names(text: &str, word: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(part);
        let after = text[at + word.len()..].chars().next().is_some_and(part);
        !before && (word.ends_with(':') || !after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn an_impure_rule_is_found_and_a_comment_is_not() {
        let text = "//! No tokio here.\nuse keep::Tx; // tokio\nfn late(now: i64) { Instant::now() > now }\n";
        let lines: Vec<usize> = check(&[source("crates/visit/src/during/rules.rs", text)])
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, vec![2, 3]);
        assert_eq!(check(&[source("crates/visit/src/during/pages.rs", text)]), vec![]);
        assert_eq!(check(&[source("crates/media/src/core/room.rs", "use std::net::UdpSocket;\n")]).len(), 1);
    }

    #[test]
    fn only_whole_words_count() {
        assert!(names("use keep::Tx", "keep::"));
        assert!(!names("use housekeep::Tx", "keep::"));
        assert!(!names("fn tokioish()", "tokio"));
    }
}
