//! Figures a run prints: lines per crate. Nothing fails by them.

use crate::repository::Source;
use std::collections::BTreeMap;

/// Lines that are not blank, tests included, per crate and per folder of scripts.
pub fn lines(sources: &[Source]) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for source in sources {
        let code = [".rs", ".sql", ".ts", ".mjs"].iter().any(|ending| source.path.ends_with(ending));
        let Some((first, rest)) = source.path.split_once('/').filter(|_| code) else { continue };
        let owner = if first == "crates" { rest.split('/').next().unwrap_or(rest) } else { first };
        *lines.entry(owner.to_string()).or_default() +=
            source.text.lines().filter(|line| !line.trim().is_empty()).count();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_crate() {
        let source = |path: &str| Source { path: path.into(), text: "a\n\n  \nb\n".into() };
        let counted = lines(&[
            source("crates/keep/src/a.rs"),
            source("crates/keep/b.sql"),
            source("client/c.ts"),
            source("x.rs"),
        ]);
        assert_eq!(counted, BTreeMap::from([("client".into(), 2), ("keep".into(), 4)]));
    }
}
