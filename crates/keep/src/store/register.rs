//! The column register: what every column holds, read from the comments of the schema steps and compared with
//! the live database at every start. A column without a class, or a live column without an entry, is an
//! error.
//!
//! The form is one column per line, ending in ` -- plain: ...`, ` -- sealed: ...`, ` -- blind: ...` or
//! ` -- state: ...`. A table whose first line ends in ` -- append-only` keeps every row as it was written:
//! the engine itself refuses to change it.

use super::dialect::Dialect;
use super::fault::Around;
use super::value::Null;
use crate::{KeepError, Schema};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Readable in the file: random ids, states, times, counts.
    Plain,
    /// Ciphertext of the vault.
    Sealed,
    /// Keyed hash for exact matches.
    Blind,
    /// A sign of life: a moment that may be raised to now without an entry in the trail, and nothing else.
    State,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub class: Class,
    pub kind: Null,
    /// What it holds and how long it is kept, in the words of the schema.
    pub purpose: String,
}

/// Every column by table and name, and the first column of each table, which is how a sealed value names its
/// row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    columns: BTreeMap<(String, String), Column>,
    row_names: BTreeMap<String, String>,
    /// In the order in which they were made: what refers to another comes after it.
    tables: Vec<String>,
    append_only: BTreeSet<String>,
}

/// Reads the register from the steps of these schemas.
pub fn register(schemas: &[Schema]) -> Result<Register, KeepError> {
    let mut found = Register::default();
    for step in schemas.iter().flat_map(|schema| schema.steps) {
        found.read(step.sql).map_err(|line| {
            KeepError::Setup(format!(
                "step {} ({}): end this line with ` -- plain: ..`, ` -- sealed: ..` or ` -- blind: ..`: \
                 {line}",
                step.number, step.name
            ))
        })?;
    }
    Ok(found)
}

impl Register {
    pub fn class(&self, table: &str, column: &str) -> Option<Class> {
        self.columns.get(&(table.to_owned(), column.to_owned())).map(|column| column.class)
    }

    pub fn columns(&self) -> impl Iterator<Item = (&str, &str, &Column)> {
        self.columns.iter().map(|((table, name), column)| (table.as_str(), name.as_str(), column))
    }

    /// Every table, after those that it refers to.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(String::as_str)
    }

    /// The column that names a row of this table: its first one.
    pub fn row_name(&self, table: &str) -> Option<&str> {
        self.row_names.get(table).map(String::as_str)
    }

    fn read(&mut self, sql: &str) -> Result<(), String> {
        let mut table: Option<String> = None;
        for line in sql.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let upper = line.to_uppercase();
            if upper.starts_with("CREATE TABLE ") {
                let name = words
                    .iter()
                    .skip(2)
                    .find(|w| !matches!(w.to_uppercase().as_str(), "IF" | "NOT" | "EXISTS"));
                table = name.map(|name| name.trim_end_matches('(').to_owned());
                self.append_only.extend(table.clone().filter(|_| line.ends_with("-- append-only")));
            } else if upper.starts_with("DROP TABLE ") {
                self.forget(words.last().copied().unwrap_or_default().trim_end_matches(';'));
            } else if upper.starts_with("ALTER TABLE ") && upper.contains(" ADD COLUMN ") {
                let at = words.iter().position(|w| w.eq_ignore_ascii_case("column")).unwrap_or(0);
                self.add(words[2], words.get(at + 1).copied().unwrap_or_default(), line)?;
            } else if line.starts_with(')') {
                table = None;
            } else if let Some(table) = table.as_deref().filter(|_| !is_constraint(&upper)) {
                self.add(table, words[0], line)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, table: &str, name: &str, line: &str) -> Result<(), String> {
        let (declared, comment) = line.split_once("-- ").ok_or(line)?;
        let (class, purpose) = comment.split_once(':').ok_or(line)?;
        let class = match class.trim() {
            "plain" => Class::Plain,
            "sealed" => Class::Sealed,
            "blind" => Class::Blind,
            "state" => Class::State,
            _ => return Err(line.into()),
        };
        if matches!(class, Class::Sealed | Class::Blind) && !declared.contains(" BYTEA") {
            return Err(format!("{line} (sealed and blind columns are BYTEA)"));
        }
        let kind = match declared.split_whitespace().find_map(kind) {
            Some(kind) => kind,
            None => return Err(format!("{line} (types are TEXT, BIGINT, DOUBLE PRECISION and BYTEA)")),
        };
        if !self.tables.iter().any(|known| known == table) {
            self.tables.push(table.into());
        }
        self.row_names.entry(table.into()).or_insert_with(|| name.into());
        let column = Column { class, kind, purpose: purpose.trim().into() };
        self.columns.insert((table.into(), name.into()), column);
        Ok(())
    }

    fn forget(&mut self, table: &str) {
        self.columns.retain(|(of, _), _| of != table);
        self.row_names.remove(table);
        self.append_only.remove(table);
        self.tables.retain(|of| of != table);
    }

    /// The register equals the live schema, in both directions, and what is append-only is guarded.
    pub(super) async fn compare(
        &self,
        conn: &mut AnyConnection,
        dialect: Dialect,
        around: &Around,
    ) -> Result<(), KeepError> {
        let live = async {
            let rows = sqlx::query(dialect.live_columns()).fetch_all(&mut *conn).await?;
            rows.iter().map(|row| Ok((row.try_get("tab")?, row.try_get("col")?))).collect()
        };
        let live: Result<Vec<(String, String)>, sqlx::Error> = live.await;
        let live = live.map_err(|error| around.fault(&error))?;
        let unlisted = live.iter().find(|place| !self.columns.contains_key(*place));
        let gone = self.columns.keys().find(|place| !live.contains(place));
        if let Some((table, column)) = unlisted.or(gone) {
            return Err(KeepError::Setup(format!(
                "column {table}.{column} stands only in the database or only in the schema steps: they must \
                 agree"
            )));
        }
        for table in &self.append_only {
            let guard = sqlx::raw_sql(AssertSqlSafe(dialect.append_only(table))).execute(&mut *conn).await;
            guard.map_err(|error| around.fault(&error))?;
        }
        let watch = AssertSqlSafe(dialect.watch_in_database(&self.watched()));
        sqlx::raw_sql(watch).execute(&mut *conn).await.map_err(|error| around.fault(&error))?;
        Ok(())
    }
}

/// The types that mean the same to both engines.
fn kind(word: &str) -> Option<Null> {
    match word.trim_end_matches([',', ';']) {
        "TEXT" => Some(Null::Text),
        "BIGINT" => Some(Null::Int),
        "DOUBLE" => Some(Null::Real),
        "BYTEA" => Some(Null::Blob),
        _ => None,
    }
}

fn is_constraint(upper: &str) -> bool {
    let word = upper.split([' ', '(']).next().unwrap_or_default();
    ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK", "CONSTRAINT"].contains(&word)
}
