//! Handing what was sealed for one patient over to another: two charts that were of one person become one,
//! and, should that have been a mistake, two again.
//!
//! One transaction: every value is opened in its place and sealed anew for the other owner, and the plain
//! columns `patient` and `owner` follow. Killed in the middle, nothing has happened. The trail stays where it
//! was: who did what to the old chart is not rewritten.

use crate::store::{Class, Row};
use crate::trail;
use crate::vault::{KeyId, Owner, Place, Purpose, key_id};
use crate::{Keep, KeepError, Tx, args};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use vocabulary::PatientId;

/// Rows handed over in one transaction; one chart has far fewer.
const ROWS_AT_MOST: usize = 5_000;

/// Rows looked at in one step.
const LOOKED_AT: i64 = 1_000;

/// A row that was handed over, by its table and its first column.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handed {
    pub table: String,
    pub row: String,
}

/// Which rows are meant.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// All but those of these tables.
    AllBut(&'a [&'a str]),
    /// What an earlier call gave back.
    These(&'a [Handed]),
}

impl Tx {
    /// Hands rows from one patient to another and tells which. The caller's entries tell of it under both.
    ///
    /// # Errors
    /// `Shredded` when the keys of either are gone, `Sealed` when a value does not open in its place: then
    /// nothing may be committed.
    pub async fn hand_over(
        &mut self,
        (from, to): (PatientId, PatientId),
        which: Which<'_>,
    ) -> Result<Vec<Handed>, KeepError> {
        let keep = self.keep.clone();
        if [from, to].iter().any(|one| keep.vault().is_shredded(Owner::Patient(*one))) {
            return Err(KeepError::Shredded);
        }
        let tables: Vec<String> = keep.register().tables().map(str::to_owned).collect();
        let mut work = Work { from, to, keys: HashSet::new(), versions: None, handed: Vec::new() };
        work.keys.extend(keep.vault().data_keys_of(Owner::Patient(from)));
        for table in tables.iter().filter(|table| moves(table, which)) {
            work.table(self, table, which).await?;
        }
        Ok(work.handed)
    }
}

struct Work {
    from: PatientId,
    to: PatientId,
    /// Under which keys the values of `from` lie.
    keys: HashSet<KeyId>,
    /// Read from the trail when a row does not say its version itself.
    versions: Option<trail::Versions>,
    handed: Vec<Handed>,
}

impl Work {
    async fn table(&mut self, tx: &mut Tx, table: &str, which: Which<'_>) -> Result<(), KeepError> {
        let keep = tx.keep.clone();
        let register = keep.register();
        let name = register.row_name(table).ok_or(KeepError::Shape("a table without columns"))?;
        let of = |column: &str, class| register.class(table, column) == Some(class);
        let whose = ["patient", "owner"].into_iter().find(|column| of(column, Class::Plain));
        // A row that is named by its patient is one for each: who owns the table says what becomes of two.
        if whose == Some(name) {
            return Ok(());
        }
        let mine = register.columns().filter(|(at, ..)| *at == table);
        let sealed: Vec<&str> = mine
            .filter(|(_, _, column)| column.class == Class::Sealed)
            .map(|(_, column, _)| column)
            .collect();
        if whose.is_none() && sealed.is_empty() {
            return Ok(());
        }
        let counted = of("version", Class::Plain);
        if sealed.len() > VALUES.len() {
            return Err(KeepError::Shape("a table with more sealed columns than are read at once"));
        }
        let named = sealed.iter().zip(VALUES).map(|(column, value)| format!(", {column} AS {value}"));
        let list: String = named.chain(counted.then(|| ", version".to_owned())).collect();
        let (from, to) = (self.from.text(), self.to.text());
        let narrowed = whose.map_or(String::new(), |whose| format!("AND {whose} = $3"));
        let mut after = String::new();
        loop {
            let sql = format!(
                "SELECT {name} AS row_name{list} FROM {table} WHERE {name} > $1 {narrowed}
                 ORDER BY {name} LIMIT $2"
            );
            let mut asked = args![&after, LOOKED_AT];
            asked.extend(whose.map(|_| args![&from]).unwrap_or_default());
            let rows = tx.rows_by_register(sql, asked).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.text("row_name")?.to_owned();
            for row in &rows {
                let id = row.text("row_name")?;
                if !takes(which, table, id) {
                    continue;
                }
                let mut ours = whose.is_some();
                for (column, value) in sealed.iter().zip(VALUES) {
                    ours |= self.seal_anew(tx, (table, name, column), (row, value, counted)).await?;
                }
                if let Some(whose) = whose {
                    let sql = format!("UPDATE {table} SET {whose} = $1 WHERE {name} = $2");
                    tx.run_by_register(sql, args![&to, id]).await?;
                }
                if ours {
                    self.handed.push(Handed { table: table.to_owned(), row: id.to_owned() });
                }
                if self.handed.len() > ROWS_AT_MOST {
                    return Err(KeepError::TooLarge("5,000 rows of one patient"));
                }
            }
        }
    }

    /// Whether there was a value of the old owner.
    async fn seal_anew(
        &mut self,
        tx: &mut Tx,
        (table, name, column): (&str, &str, &str),
        (row, value, counted): (&Row, &'static str, bool),
    ) -> Result<bool, KeepError> {
        let id = row.text("row_name")?;
        let Some(sealed) = row.opt_blob(value)? else { return Ok(false) };
        // Emptied on purpose: names no key.
        let Ok(key) = key_id(sealed) else { return Ok(false) };
        if !self.keys.contains(&key) {
            return Ok(false);
        }
        let stated = if counted { row.int("version")? } else { FIRST };
        let mut place = Place { table, column, row: id, version: stated, owner: Owner::Patient(self.from) };
        let keep = tx.keep.clone();
        let open = |place: &Place<'_>| keep.vault().open_sealed(Purpose::Data, place, sealed, &[]);
        let mut plain = open(&place);
        // Columns that change apart from each other are sealed under a constant, whatever the row counts.
        if plain.is_err() && stated != FIRST {
            place.version = FIRST;
            plain = open(&place);
        }
        if plain.is_err() {
            place.version = self.version(&keep, &place).await?;
            plain = open(&place);
        }
        let plain = plain?;
        let anew = tx.seal_again(&Place { owner: Owner::Patient(self.to), ..place }, &plain)?;
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE {name} = $2");
        tx.run_by_register(sql, args![anew, id]).await?;
        Ok(true)
    }

    async fn version(&mut self, keep: &Keep, place: &Place<'_>) -> Result<i64, KeepError> {
        if self.versions.is_none() {
            self.versions = Some(trail::versions(keep).await?);
        }
        let versions = self.versions.as_ref();
        Ok(versions.and_then(|all| all.of(place.table, place.column, place.row)).unwrap_or(FIRST))
    }
}

/// The trail and the orders to shred stay under whom they are about.
fn moves(table: &str, which: Which<'_>) -> bool {
    let kept = ["trail_leaf", "trail_head", "shredding"].contains(&table);
    let stays = matches!(which, Which::AllBut(tables) if tables.contains(&table));
    !kept && !stays
}

fn takes(which: Which<'_>, table: &str, row: &str) -> bool {
    match which {
        Which::AllBut(_) => true,
        Which::These(rows) => rows.iter().any(|one| one.table == table && one.row == row),
    }
}

const FIRST: i64 = 1;

/// What the sealed columns of a row are called while they are read.
const VALUES: [&str; 8] = ["v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7"];
