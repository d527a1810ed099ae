//! Papers point at things that exist: every link of a page, and every test and path that ARCHITECTURE.md
//! names in backticks. So an invariant cannot lose the test that holds it without the page being changed too.

use super::{Finding, numbered};
use crate::repository::Source;

const PAPER: &str = "ARCHITECTURE.md";
/// A word in backticks with this many underscores is the name of a test: tests are sentences.
const SENTENCE: usize = 3;
const FOLDERS: [&str; 7] = ["crates/", "client/", "e2e/", "docs/", "xtask/", ".ci/", ".config/"];

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in sources.iter().filter(|source| source.path.ends_with(".md")) {
        links(page, sources, &mut findings);
    }
    for paper in sources.iter().filter(|source| source.path == PAPER) {
        for (line, text) in numbered(paper) {
            for word in text.split('`').skip(1).step_by(2) {
                if is_path(word) && !exists(sources, word) {
                    findings.push(Finding::new(
                        paper,
                        line,
                        format!("{word} is gone: say where this is now"),
                    ));
                }
                if is_test(word) && !has_test(sources, word) {
                    let advice =
                        format!("no test is called {word}: name the one that holds this, or bring it back");
                    findings.push(Finding::new(paper, line, advice));
                }
            }
        }
    }
    findings
}

/// Links inside the tree, in the form `](path)`.
fn links(page: &Source, sources: &[Source], findings: &mut Vec<Finding>) {
    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (line, text) in numbered(page) {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains(':') && !exists(sources, &joined(folder, file)) {
                findings.push(Finding::new(page, line, format!("{file} is gone: mend the link")));
            }
        }
    }
}

fn joined(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_path(word: &str) -> bool {
    FOLDERS.iter().any(|folder| word.starts_with(folder)) && !word.contains(['*', '{', '<', ' '])
}

fn exists(sources: &[Source], path: &str) -> bool {
    let folder = format!("{}/", path.trim_end_matches('/'));
    sources.iter().any(|source| source.path == path || source.path.starts_with(&folder))
}

fn is_test(word: &str) -> bool {
    let letters =
        word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    letters && word.matches('_').count() >= SENTENCE
}

fn has_test(sources: &[Source], name: &str) -> bool {
    let call = format!("fn {name}(");
    sources.iter().any(|source| source.path.ends_with(".rs") && source.text.contains(&call))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn a_link_into_nothing_is_found() {
        let page = "[a](../README.md) [b](0001.md#why) [c](https://example.org) [d](0002.md)\n";
        let tree = [source("docs/README.md", page), source("README.md", ""), source("docs/0001.md", "")];
        let found: Vec<String> = check(&tree).into_iter().map(|finding| finding.advice).collect();
        assert_eq!(found, vec!["0002.md is gone: mend the link"]);
    }

    #[test]
    fn a_pointer_into_nothing_is_found() {
        let code = source("crates/keep/src/trail/mod.rs", "    fn a_hole_in_the_trail_shows() {}\n");
        let paper = "See `crates/keep/src/trail` and `a_hole_in_the_trail_shows`.\n\
                     See `crates/keep/src/gone` and `a_hole_in_the_trail_hides` and `open_room`.\n";
        let findings = check(&[source(PAPER, paper), code]);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), vec![2, 2]);
    }
}
