//! The database has one door: `sqlx::` stands only in `keep::store`, and every query names its columns (a
//! cached statement with a star breaks when a column is added elsewhere).

use super::{Finding, code, is_rust, numbered};
use crate::repository::Source;

const DOOR: &str = "crates/keep/src/store";
/// This file speaks of the star without using it.
const SELF: &str = "xtask/";

pub fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with(SELF)) {
        if is_rust(source) && !source.path.starts_with(DOOR) {
            for (line, text) in numbered(source) {
                if code(text).contains("sqlx::") {
                    findings.push(Finding::new(
                        source,
                        line,
                        "only keep::store names sqlx: use the reader or transaction",
                    ));
                }
            }
        }
        if is_rust(source) || source.path.ends_with(".sql") {
            stars(source, &mut findings);
        }
    }
    findings
}

/// Finds the star across line breaks too.
fn stars(source: &Source, findings: &mut Vec<Finding>) {
    let mut before = String::new();
    for (line, text) in numbered(source) {
        let text = if is_rust(source) { code(text) } else { text.split("--").next().unwrap_or_default() };
        for word in text.split_whitespace() {
            let word = word.trim_matches('"').to_lowercase();
            let starred = word == "*" || word.starts_with("*,") || word.ends_with(".*") && before == "select";
            if starred && ["select", "distinct", "returning"].contains(&before.as_str()) {
                findings.push(Finding::new(source, line, "name the columns instead of `*`"));
            }
            before = word;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn a_second_door_is_found() {
        let text = "//! sqlx:: is fine to talk about\nuse sqlx::Row;\n";
        assert_eq!(check(&[source("crates/visit/src/store.rs", text)]).len(), 1);
        assert_eq!(check(&[source("crates/keep/src/store/mod.rs", text)]), vec![]);
    }

    #[test]
    fn a_star_is_found_over_two_lines_and_a_count_is_not() {
        let text = "let a = \"select\n  * from visit\";\nlet b = \"SELECT * FROM x\";\n\
                    let c = \"select count(*) from x\";\n\
                    let d = \"select v.* from v\";\n";
        let lines: Vec<usize> =
            check(&[source("crates/visit/src/a.rs", text)]).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, vec![2, 3, 5]);
    }
}
