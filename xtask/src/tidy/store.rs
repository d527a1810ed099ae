//! The database has one door: `sqlx::` stands only in `keep::store`, every query names its columns (a cached
//! statement with a star breaks when a column is added elsewhere), and one SQL text serves both engines: what
//! only one of them understands, or understands otherwise, is found here and not at a practice.

use super::{Finding, code, is_rust, numbered};
use crate::repository::Source;

const DOOR: &str = "crates/keep/src/store";
/// This file speaks of the star without using it.
const SELF: &str = "xtask/";
/// Where the differences between the engines live.
const DIALECTS: [&str; 5] =
    ["/dialect.rs", "/sqlite.rs", "/postgres.rs", "/store/on_a_server.rs", "/store/tests.rs"];

/// Words of one engine alone, or of two meanings, and what both understand. SQL is written in capitals.
const ONE_SIDED: [(&str, &str); 20] = [
    ("PRAGMA", "only keep::store sets up an engine"),
    ("AUTOINCREMENT", "ids are random"),
    ("WITHOUT ROWID", "Postgres has none"),
    ("INSERT OR ", "say `ON CONFLICT (..) DO ..`"),
    ("REPLACE INTO", "say `ON CONFLICT (..) DO UPDATE`"),
    ("BLOB", "the type is BYTEA, and bytes are arguments"),
    ("INTEGER", "the type is BIGINT"),
    ("BOOLEAN", "a flag is BIGINT, 0 or 1"),
    ("TIMESTAMP", "times are BIGINT, Unix milliseconds"),
    ("JSONB", "JSON is TEXT, or sealed"),
    ("VARCHAR", "the type is TEXT"),
    ("FOR UPDATE", "there is one writer, and a version column"),
    ("ILIKE", "compare a stored folded column"),
    (" LIKE ", "SQLite folds letters and Postgres does not: compare a stored folded column"),
    (" GLOB ", "Postgres has none"),
    ("NULLS FIRST", "order by `CASE WHEN x IS NULL ..`"),
    ("IFNULL(", "say COALESCE"),
    ("DROP TRIGGER", "a table is `-- append-only` or it is not"),
    ("CREATE TRIGGER", "a table is `-- append-only` or it is not"),
    ("COLLATE", "text is in the order of its bytes"),
];
/// The same in small letters: functions and literals.
const ONE_SIDED_SMALL: [(&str, &str); 8] = [
    (" x'", "bytes are arguments"),
    ("zeroblob(", "bytes are arguments"),
    ("json_", "read JSON in Rust"),
    ("datetime(", "times are BIGINT, Unix milliseconds"),
    ("strftime(", "times are BIGINT, Unix milliseconds"),
    ("pragma_", "only keep::store sets up an engine"),
    ("rowid", "Postgres has none"),
    ("last_insert", "ids are made before the row is"),
];

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
        if !DIALECTS.iter().any(|file| source.path.starts_with(DOOR) && source.path.ends_with(file)) {
            one_sided(source, &mut findings);
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

/// Looks at steps, and in Rust at lines of a string that is SQL, up to a module `in_files`.
fn one_sided(source: &Source, findings: &mut Vec<Finding>) {
    let step = source.path.ends_with(".sql");
    if !step && !is_rust(source) {
        return;
    }
    let mut speaks = false;
    for (line, text) in numbered(source).take_while(|(_, text)| !text.starts_with("mod in_files")) {
        let text = if step { text.split("--").next().unwrap_or_default() } else { code(text) };
        // A statement goes on from line to line until its string ends.
        speaks = step || speaks || BEGINNINGS.iter().any(|word| text.contains(word));
        if !speaks {
            continue;
        }
        for (word, instead) in ONE_SIDED.iter().chain(&ONE_SIDED_SMALL) {
            if text.contains(word) {
                let what = format!("`{}` is for one engine: {instead}", word.trim());
                findings.push(Finding::new(source, line, what));
            }
        }
        speaks = !step && !text.trim_end().ends_with(['"', ';', ',', ')']);
    }
}

/// How a statement begins in a string.
const BEGINNINGS: [&str; 7] =
    ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH ", "\"CREATE ", "\"ALTER "];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn a_word_of_one_engine_is_found_in_steps_and_statements_and_nowhere_else() {
        let step = "CREATE TABLE a ( -- plain: no JSONB\n  id TEXT PRIMARY KEY, -- plain: id\n  b BLOB\n);\n";
        let lines =
            |source: Source| -> Vec<usize> { check(&[source]).iter().map(|finding| finding.line).collect() };
        assert_eq!(lines(source("crates/a/src/schema.sql", step)), vec![3]);
        let code = "let a = \"SELECT a FROM b WHERE c LIKE $1\";\n\
                    let b = \"SELECT a\n   FROM b FOR UPDATE\";\n\
                    let words = \"INTEGER\"; let t = 1;\n";
        assert_eq!(lines(source("crates/a/src/store.rs", code)), vec![1, 3]);
        assert_eq!(lines(source("crates/keep/src/store/sqlite.rs", code)), Vec::<usize>::new());
    }

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
