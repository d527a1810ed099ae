//! How a table becomes ways between entries, and back. Pure.

use super::rules::{WORDS_MAX, Wrong};
use std::collections::HashSet;

/// The first line of the table, in this order when it is written.
pub const HEAD: [&str; 5] = ["from", "to", "what", "protection", "last look"];
const NEEDED: [&str; 3] = ["from", "to", "what"];

/// What a table says of one way. Without a column for it, what protects the way stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Both ends, by their places among the entries that are known.
    pub ends: (usize, usize),
    pub what: String,
    pub protection: Option<String>,
}

/// Whether the first line speaks of ways and not of entries.
pub fn are_in(rows: &[Vec<String>]) -> bool {
    let names = |cell: &String| matches!(cell.trim().to_lowercase().as_str(), "from" | "to");
    rows.first().is_some_and(|head| head.iter().any(names))
}

/// Ways from the rows of a table between entries of these names. Every wrong row is named; one is enough to
/// take none.
pub fn from_table(rows: &[Vec<String>], names: &[&str]) -> Result<Vec<Line>, Vec<Wrong>> {
    let Some((head, rows)) = rows.split_first() else { return Err(vec![(1, "inventory-fault-empty")]) };
    let head: Vec<String> = head.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let at = |name: &str| head.iter().position(|cell| cell == name);
    if NEEDED.iter().any(|name| at(name).is_none()) {
        return Err(vec![(1, "inventory-fault-head")]);
    }
    if rows.is_empty() {
        return Err(vec![(2, "inventory-fault-empty")]);
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cell = |name: &str| at(name).and_then(|at| row.get(at)).cloned().unwrap_or_default();
        let line = || {
            let ends = (place(&cell("from"), names)?, place(&cell("to"), names)?);
            let (what, protection) = (cell("what"), at("protection").map(|_| cell("protection")));
            let long = |text: &str| text.chars().count() > WORDS_MAX;
            if ends.0 == ends.1 {
                Err("flow-fault-ends")
            } else if what.is_empty() || long(&what) || protection.as_deref().is_some_and(long) {
                Err("flow-fault-what")
            } else {
                Ok(Line { ends, what, protection })
            }
        };
        match line() {
            Ok(line) if seen.insert((line.ends, line.what.clone())) => found.push(line),
            Ok(_) => wrong.push((index + 2, "flow-fault-twice")),
            Err(key) => wrong.push((index + 2, key)),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

fn place(name: &str, names: &[&str]) -> Result<usize, &'static str> {
    let mut same = names.iter().enumerate().filter(|(_, one)| **one == name).map(|(at, _)| at);
    match (same.next(), same.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err("flow-fault-name-twice"),
        (None, _) => Err("flow-fault-name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn ways_are_read_between_the_names_that_are_known() {
        let rows = table(&[&["What", "To", "From"], &["Letters", "CloudFax", "Laptop"]]);
        assert!(are_in(&rows) && !are_in(&table(&[&["kind", "name", "health data"]])));
        let read = from_table(&rows, &["Laptop", "CloudFax"]);
        let line = Line { ends: (0, 1), what: "Letters".into(), protection: None };
        assert_eq!(read, Ok(vec![line]));
    }

    #[test]
    fn every_wrong_row_is_named() {
        let wrong = from_table(
            &table(&[
                &["from", "to", "what", "protection"],
                &["A", "B", "Letters", "TLS"],
                &["A", "B", "Letters", "none"],
                &["A", "nobody", "Letters", ""],
                &["A", "twin", "Letters", ""],
                &["A", "A", "Letters", ""],
                &["A", "B", "", ""],
            ]),
            &["A", "B", "twin", "twin"],
        );
        let wanted = [
            (3, "flow-fault-twice"),
            (4, "flow-fault-name"),
            (5, "flow-fault-name-twice"),
            (6, "flow-fault-ends"),
            (7, "flow-fault-what"),
        ];
        assert_eq!(wrong.unwrap_err(), wanted);
        assert_eq!(from_table(&table(&[&["from", "to"]]), &[]), Err(vec![(1, "inventory-fault-head")]));
        assert_eq!(from_table(&table(&[&HEAD]), &[]), Err(vec![(2, "inventory-fault-empty")]));
    }
}
