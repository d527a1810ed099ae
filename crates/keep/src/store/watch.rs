//! Which rows a transaction changes, told by the engine itself: a statement cannot forget to say so.
//!
//! The writer's connection has a table of its own, `row_changed`, that triggers fill with what each row said
//! before and after. Nobody else's connection has one, so a change behind the program's back is not written
//! there: the trail does not know of it, and `verify --deep` says so.
//!
//! What a row says is one text, the same on both engines: each column that is not empty with its length in
//! front, in the order of their names. Sealed values are committed to by themselves and signs of life by
//! nobody, so neither is part of it. An empty column is left out, so that one added later changes no row.
//! Real numbers are told to the millionth, which both engines write alike.

use super::Conn;
use super::dialect::Dialect;
use super::register::{Class, Register};
use super::value::Null;
use crate::{KeepError, args};

/// Rows that one transaction may change; a whole list of patients is far less.
const ROWS_AT_MOST: usize = 100_000;

/// The log itself: its leaves and its head are proven by their own hashes.
const THE_TRAIL: [&str; 2] = ["trail_leaf", "trail_head"];

/// A row that was changed: what it said when the transaction began, and what it says now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    pub table: String,
    pub row: String,
    pub was: Option<String>,
    pub is: Option<String>,
}

/// A table whose rows are watched.
pub(crate) struct Watched {
    pub table: String,
    name: (String, Null),
    columns: Vec<(String, Null)>,
}

impl Register {
    /// Every table but the trail's own.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let tables = self.tables().filter(|table| !THE_TRAIL.contains(table));
        tables.filter_map(|table| self.watch(table)).collect()
    }

    pub(crate) fn watch(&self, table: &str) -> Option<Watched> {
        let of = |column: &str, kind: Null| (column.to_owned(), kind);
        let mine = || self.columns().filter(|(at, ..)| *at == table);
        let name = self.row_name(table)?;
        let kind = mine().find(|(_, column, _)| *column == name)?.2.kind;
        let told = mine().filter(|(_, _, column)| matches!(column.class, Class::Plain | Class::Blind));
        let columns = told.map(|(_, column, about)| of(column, about.kind)).collect();
        Some(Watched { table: table.to_owned(), name: of(name, kind), columns })
    }
}

impl Watched {
    /// Reads a batch of rows, as `name` and `says`, in the order of their names.
    pub fn select(&self, dialect: Dialect, first: bool) -> String {
        let (name, beyond) = (&self.name.0, if first { "" } else { "WHERE {name} > $2" });
        format!(
            "SELECT {name} AS place, {} AS name, {} AS says FROM {} {} ORDER BY {name} LIMIT $1",
            self.name_of(dialect, ""),
            self.says(dialect, ""),
            self.table,
            beyond.replace("{name}", name),
        )
    }

    pub fn name_kind(&self) -> Null {
        self.name.1
    }

    fn name_of(&self, dialect: Dialect, row: &str) -> String {
        dialect.text(&format!("{row}{}", self.name.0), self.name.1)
    }

    fn says(&self, dialect: Dialect, row: &str) -> String {
        let one = |(column, kind): &(String, Null)| {
            let at = format!("{row}{column}");
            let text = dialect.text(&at, *kind);
            format!(
                "CASE WHEN {at} IS NULL THEN '' ELSE '{column}=' || CAST(length({text}) AS TEXT) || ':' \
                 || {text} || ';' END"
            )
        };
        self.columns.iter().map(one).collect::<Vec<_>>().join(" || ")
    }

    /// The columns whose change is one; the others may change without anybody hearing of it.
    fn of(&self) -> String {
        self.columns.iter().map(|(column, _)| column.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn put(&self, dialect: Dialect, name_from: &str, was: Option<&str>, is: Option<&str>) -> String {
        let said = |row: Option<&str>| row.map_or("NULL".to_owned(), |row| self.says(dialect, row));
        format!(
            "INSERT INTO row_changed (tab, name, was_said, is_said) VALUES ('{}', {}, {}, {});",
            self.table,
            self.name_of(dialect, name_from),
            said(was),
            said(is)
        )
    }
}

impl Dialect {
    /// What the writer's own connection needs: where changes are told, and on SQLite who tells them.
    pub fn watch_on_connection(self, tables: &[Watched]) -> String {
        let id = match self {
            Dialect::Sqlite => "INTEGER PRIMARY KEY",
            Dialect::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY",
        };
        let mut sql = format!(
            "CREATE TEMP TABLE IF NOT EXISTS row_changed
             (seq {id}, tab TEXT NOT NULL, name TEXT NOT NULL, was_said TEXT, is_said TEXT);"
        );
        for table in tables.iter().filter(|_| self == Dialect::Sqlite) {
            let acts = [
                ("added", "INSERT".to_owned(), table.put(self, "NEW.", None, Some("NEW."))),
                (
                    "edited",
                    format!("UPDATE OF {}", table.of()),
                    table.put(self, "OLD.", Some("OLD."), Some("NEW.")),
                ),
                ("deleted", "DELETE".to_owned(), table.put(self, "OLD.", Some("OLD."), None)),
            ];
            for (what, act, put) in acts {
                sql += &format!(
                    "CREATE TEMP TRIGGER IF NOT EXISTS {0}_is_{what} AFTER {act} ON main.{0}
                     BEGIN {put} END;",
                    table.table
                );
            }
        }
        sql
    }

    /// What the database itself needs. A server has no triggers for one connection alone, so these ask
    /// whether theirs has somewhere to tell it.
    pub fn watch_in_database(self, tables: &[Watched]) -> String {
        if self == Dialect::Sqlite {
            return String::new();
        }
        let watch = |table: &Watched| {
            format!(
                "CREATE OR REPLACE FUNCTION {0}_is_watched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF to_regclass('pg_temp.row_changed') IS NULL THEN RETURN NULL; END IF;
                 IF TG_OP = 'INSERT' THEN {1}
                 ELSIF TG_OP = 'UPDATE' THEN {2}
                 ELSE {3} END IF;
                 RETURN NULL; END $$;
                 CREATE OR REPLACE TRIGGER {0}_is_watched AFTER INSERT OR UPDATE OF {4} OR DELETE ON {0}
                 FOR EACH ROW EXECUTE FUNCTION {0}_is_watched();",
                table.table,
                table.put(self, "NEW.", None, Some("NEW.")),
                table.put(self, "OLD.", Some("OLD."), Some("NEW.")),
                table.put(self, "OLD.", Some("OLD."), None),
                table.of(),
            )
        };
        tables.iter().map(watch).collect()
    }

    /// A value as text, written alike by both engines.
    fn text(self, at: &str, kind: Null) -> String {
        match (kind, self) {
            (Null::Text, _) => at.to_owned(),
            (Null::Int, _) => format!("CAST({at} AS TEXT)"),
            (Null::Real, _) => format!("CAST(CAST(round({at} * 1000000.0) AS BIGINT) AS TEXT)"),
            (Null::Blob, Dialect::Sqlite) => format!("lower(hex({at}))"),
            (Null::Blob, Dialect::Postgres) => format!("encode({at}, 'hex')"),
        }
    }
}

impl Conn {
    /// The rows that the open transaction has changed so far, each once, and forgets them. To be asked once,
    /// right before the commit.
    pub(crate) async fn changed(&mut self) -> Result<Vec<Changed>, KeepError> {
        let sql = "SELECT tab, name, was_said, is_said FROM row_changed ORDER BY seq LIMIT $1";
        let rows = self.rows(sql, args![ROWS_AT_MOST as i64 + 1]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        if rows.len() > ROWS_AT_MOST {
            return Err(KeepError::TooLarge("100,000 rows changed in one transaction"));
        }
        self.run("DELETE FROM row_changed", args![]).await?;
        let mut at = std::collections::HashMap::new();
        let mut changed: Vec<Changed> = Vec::new();
        for row in &rows {
            let (table, name) = (row.text("tab")?.to_owned(), row.text("name")?.to_owned());
            let is = row.opt_text("is_said")?.map(str::to_owned);
            match at.get(&(table.clone(), name.clone())) {
                Some(place) => {
                    let known: &mut Changed = &mut changed[*place];
                    known.is = is;
                }
                None => {
                    at.insert((table.clone(), name.clone()), changed.len());
                    let was = row.opt_text("was_said")?.map(str::to_owned);
                    changed.push(Changed { table, row: name, was, is });
                }
            }
        }
        changed.retain(|one| one.was != one.is);
        Ok(changed)
    }
}
