//! What an entry of the inventory must hold, how old it may be, and how a table becomes entries. Pure.

use serde::{Deserialize, Serialize};
use vocabulary::{DAY_MS, UnixMillis};

/// What there is, in the order of the map's columns.
pub const KINDS: [&str; 6] = ["people", "place", "device", "paper", "program", "vendor"];

/// The column of the map: who and where, what is held in hands, what runs, who is outside.
pub fn column(kind: &str) -> usize {
    match kind {
        "people" | "place" => 0,
        "device" | "paper" => 1,
        "program" => 2,
        _ => 3,
    }
}

pub fn kind(code: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|one| *one == code)
}

/// After this an entry must be looked at again (R32).
pub const LOOK_AGAIN_MS: i64 = 365 * DAY_MS;
pub const LINE_MAX: usize = 120;
pub const WORDS_MAX: usize = 1_000;
/// More are no inventory of one clinic.
pub const ASSETS_MAX: usize = 400;
pub const FLOWS_MAX: usize = 800;

/// When the look that was oldest runs out.
pub fn due_at(oldest: UnixMillis) -> UnixMillis {
    oldest.plus_ms(LOOK_AGAIN_MS)
}

/// No `Debug`: it is sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub name: String,
    pub place: String,
    pub holder: String,
    /// Which health data is on it.
    pub data: String,
    /// What protects it.
    pub protection: String,
}

impl Words {
    /// The field and the key of the sentence.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let long = |text: &str, most: usize| text.chars().count() > most;
        if self.name.is_empty() || long(&self.name, LINE_MAX) {
            return Err(("name", "asset-fault-name"));
        }
        if long(&self.place, LINE_MAX) || long(&self.holder, LINE_MAX) {
            return Err(("place", "asset-fault-long"));
        }
        if self.data.is_empty() || long(&self.data, WORDS_MAX) {
            return Err(("data", "asset-fault-data"));
        }
        if long(&self.protection, WORDS_MAX) {
            return Err(("protection", "asset-fault-long"));
        }
        Ok(())
    }
}

/// The first line of the table, in this order when it is written.
pub const HEAD: [&str; 7] = ["kind", "name", "place", "holder", "health data", "protection", "last look"];
const NEEDED: [&str; 3] = ["kind", "name", "health data"];

/// What is wrong with a table: the row counted from 1, and the key of the sentence.
pub type Wrong = (usize, &'static str);

/// What a table says of one entry. A column that it does not have is `None`, and stays as it is.
#[derive(Clone)]
pub struct Line {
    pub kind: &'static str,
    pub name: String,
    pub data: String,
    place: Option<String>,
    holder: Option<String>,
    protection: Option<String>,
}

impl Line {
    /// Written over what is there under that name, or the whole of a new entry.
    pub fn over(self, before: Option<&Words>) -> Words {
        let kept = |cell: Option<String>, before: Option<&String>| {
            cell.or_else(|| before.cloned()).unwrap_or_default()
        };
        Words {
            place: kept(self.place, before.map(|words| &words.place)),
            holder: kept(self.holder, before.map(|words| &words.holder)),
            protection: kept(self.protection, before.map(|words| &words.protection)),
            name: self.name,
            data: self.data,
        }
    }
}

/// Entries from the rows of a table. Every wrong row is named; one is enough to take none.
pub fn from_table(rows: &[Vec<String>]) -> Result<Vec<Line>, Vec<Wrong>> {
    let Some((head, rows)) = rows.split_first() else { return Err(vec![(1, "inventory-fault-empty")]) };
    let named: Vec<String> = head.iter().map(|cell| cell.trim().to_lowercase()).collect();
    let at = |name: &str| named.iter().position(|cell| cell == name);
    if NEEDED.iter().any(|name| at(name).is_none()) {
        return Err(vec![(1, "inventory-fault-head")]);
    }
    if rows.is_empty() {
        return Err(vec![(2, "inventory-fault-empty")]);
    }
    let mut found: Vec<Line> = Vec::new();
    let mut wrong = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cell = |name: &str| at(name).and_then(|at| row.get(at)).cloned().unwrap_or_default();
        let named = |name: &str| at(name).map(|_| cell(name));
        let line = |kind| Line {
            kind,
            name: cell("name"),
            data: cell("health data"),
            place: named("place"),
            holder: named("holder"),
            protection: named("protection"),
        };
        let doubled = found.iter().any(|other| other.name == cell("name"));
        match kind(&cell("kind").to_lowercase()).map(|kind| (line(kind), line(kind).over(None).check())) {
            _ if doubled => wrong.push((index + 2, "inventory-fault-twice")),
            None => wrong.push((index + 2, "inventory-fault-kind")),
            Some((_, Err((_, key)))) => wrong.push((index + 2, key)),
            Some((line, Ok(()))) => found.push(line),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let read = from_table(&table(&[
            &["Name", "Health Data", "Kind"],
            &["Front desk laptop", "Names and times", "device"],
        ]));
        let read = read.unwrap_or_else(|wrong| panic!("{wrong:?}"));
        assert!(read.len() == 1 && read[0].kind == "device" && read[0].data == "Names and times");
        let before = Words { holder: "Ana".into(), protection: "A lock".into(), ..Words::default() };
        let after = read[0].clone().over(Some(&before));
        assert!(after.holder == "Ana" && after.protection == "A lock" && after.data == "Names and times");
    }

    #[test]
    fn every_wrong_row_is_named() {
        let wrong = from_table(&table(&[
            &["kind", "name", "health data"],
            &["device", "Laptop", "Names"],
            &["spaceship", "Rocket", "Names"],
            &["paper", "", "Names"],
            &["paper", "Laptop", "Names"],
        ]));
        let wanted = [(3, "inventory-fault-kind"), (4, "asset-fault-name"), (5, "inventory-fault-twice")];
        assert_eq!(wrong.err().unwrap_or_default(), wanted);
        assert_eq!(from_table(&table(&[&["name"]])).err(), Some(vec![(1, "inventory-fault-head")]));
        assert_eq!(from_table(&[]).err(), Some(vec![(1, "inventory-fault-empty")]));
    }

    #[test]
    fn every_kind_has_its_column() {
        assert_eq!(KINDS.map(column), [0, 0, 1, 1, 2, 3]);
    }
}
