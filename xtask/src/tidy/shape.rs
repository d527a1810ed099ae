//! The shape of files: a module doc on every Rust file, 400 lines at most, 110 letters a line, and no names
//! that say nothing.

use super::{Finding, is_rust, is_script, numbered};
use crate::repository::Source;

const MOST_LINES: usize = 400;
const MOST_LETTERS: usize = 110;

/// Files that may be longer or wider, each with its reason.
const EXCEPTIONS: [(&str, &str); 1] = [("client/src/wire/wire.ts", "generated from the Rust types")];

/// Words that name nothing, in file and type names.
const EMPTY: [&str; 14] = [
    "manager", "managers", "service", "services", "helper", "helpers", "util", "utils", "common", "base",
    "impl", "impls", "data", "info",
];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_rust(source) || is_script(source)) {
        if is_rust(source) && !documented(source) {
            findings.push(Finding::new(
                source,
                1,
                "begin with `//!`: what this file owns and what it refuses",
            ));
        }
        name(source, &mut findings);
        if is_rust(source) {
            types(source, &mut findings);
        }
        if !EXCEPTIONS.iter().any(|(path, _)| *path == source.path) {
            size(source, &mut findings);
        }
    }
    for (path, _) in EXCEPTIONS {
        let there = sources.iter().any(|source| source.path == path);
        if !there && sources.iter().any(|source| source.path == "Cargo.lock") {
            let advice = format!("tidy excepts {path}, which is gone: delete the line in tidy/shape.rs");
            findings.push(Finding { path: "xtask/src/tidy/shape.rs".into(), line: 1, advice });
        }
    }
    findings
}

fn documented(source: &Source) -> bool {
    source
        .text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!"))
        .is_some_and(|line| line.starts_with("//!"))
}

fn name(source: &Source, findings: &mut Vec<Finding>) {
    for word in source.path.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        if EMPTY.contains(&word.to_lowercase().as_str()) {
            findings.push(Finding::new(
                source,
                1,
                format!("`{word}` in a path says nothing: name what the file owns"),
            ));
        }
    }
}

fn types(source: &Source, findings: &mut Vec<Finding>) {
    for (line, text) in numbered(source) {
        let mut words = text.split_whitespace().skip_while(|word| word.starts_with("pub"));
        let Some("struct" | "enum" | "trait" | "type") = words.next() else { continue };
        let Some(declared) = words.next() else { continue };
        let declared =
            declared.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        for word in camel_words(declared) {
            if EMPTY.contains(&word.as_str()) {
                let advice = format!("`{word}` in `{declared}` says nothing: name what the type is");
                findings.push(Finding::new(source, line, advice));
            }
        }
    }
}

fn camel_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        if letter.is_uppercase() || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

fn size(source: &Source, findings: &mut Vec<Finding>) {
    let lines = source.text.lines().count();
    if lines > MOST_LINES {
        let advice =
            format!("{lines} lines, {MOST_LINES} at most: this file owns two things, give each its own");
        findings.push(Finding::new(source, MOST_LINES + 1, advice));
    }
    for (line, text) in numbered(source) {
        let letters = text.chars().count();
        if letters > MOST_LETTERS {
            findings.push(Finding::new(
                source,
                line,
                format!("{letters} letters, {MOST_LETTERS} at most: break the line"),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    fn advice(path: &str, text: &str) -> usize {
        check(&[source(path, text)]).len()
    }

    #[test]
    fn a_file_without_a_word_about_itself_is_found() {
        assert_eq!(advice("crates/keep/src/a.rs", "use b;\n"), 1);
        assert_eq!(advice("crates/keep/src/a.rs", "\n//! Owns a.\nuse b;\n"), 0);
        assert_eq!(advice("client/src/a.ts", "export {};\n"), 0);
    }

    #[test]
    fn long_files_and_lines_are_found() {
        let long = format!("//! Owns much.\n{}", "x;\n".repeat(MOST_LINES));
        assert_eq!(advice("crates/keep/src/a.rs", &long), 1);
        let wide = format!("//! Owns width.\n// {}\n", "ä".repeat(MOST_LETTERS - 3));
        assert_eq!(advice("crates/keep/src/a.rs", &wide), 0);
        assert_eq!(advice("crates/keep/src/a.rs", &wide.replace("// ", "//  ")), 1);
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        assert_eq!(advice("crates/keep/src/utils.rs", "//! Owns x.\n"), 1);
        assert_eq!(advice("crates/keep/src/database.rs", "//! Owns x.\n"), 0);
        assert_eq!(advice("crates/keep/src/a.rs", "//! Owns x.\npub(crate) struct VisitManager<T>(T);\n"), 1);
        assert_eq!(advice("crates/keep/src/a.rs", "//! Owns x.\npub struct Database;\n"), 0);
    }
}
