//! Holding every sealed value against the trail: each must be the one that the newest act on its place wrote.
//! This shows what the envelope alone cannot: an old version of a row put back, a row put in, a row taken
//! out.

use super::append::{Touched, decode};
use super::tree::Hash;
use super::verify::{TrailError, Verified, verify};
use crate::store::Class;
use crate::{Keep, KeepError, args};
use aws_lc_rs::digest::{SHA256, digest};
use std::collections::HashMap;

/// Leaves or values held in memory at once.
const BATCH: i64 = 500;

/// A place in the database, without its content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    pub table: String,
    pub column: String,
    pub row: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deep {
    pub trail: Verified,
    /// Sealed values that are exactly what the trail says.
    pub whole: u64,
    /// Values that are not the newest the trail knows for their place: edited, or an old version put back.
    pub altered: Vec<Spot>,
    /// Values that no act wrote.
    pub unknown: Vec<Spot>,
    /// Places that an act filled, and that no act emptied, and that are empty now: deleted behind its back.
    pub gone: Vec<Spot>,
}

/// Reads the whole trail and every sealed value. The row of a place must be the value of its table's first
/// column.
pub async fn verify_deep(keep: &Keep) -> Result<Deep, TrailError> {
    let trail = verify(keep).await?;
    let mut expected = versions(keep).await?;
    let mut deep = Deep { trail, whole: 0, altered: Vec::new(), unknown: Vec::new(), gone: Vec::new() };
    let sealed = keep.register().columns().filter(|(_, _, column)| column.class == Class::Sealed);
    for (table, column, _) in sealed.filter(|(table, ..)| *table != "trail_leaf") {
        check(keep, table, column, &mut expected, &mut deep).await?;
    }
    deep.gone = expected.into_spots();
    Ok(deep)
}

/// What the newest act on each place committed to: the version it was sealed at and the hash of the value.
pub(crate) struct Versions {
    columns: HashMap<(String, String), u16>,
    newest: HashMap<(u16, Box<str>), (i64, Hash)>,
}

impl Versions {
    /// At which version the value in this place was sealed.
    pub fn of(&self, table: &str, column: &str, row: &str) -> Option<i64> {
        let column = *self.columns.get(&(table.to_owned(), column.to_owned()))?;
        self.newest.get(&(column, row.into())).map(|(version, _)| *version)
    }

    fn take(&mut self, table: &str, column: &str, row: &str) -> Option<Hash> {
        let column = *self.columns.get(&(table.to_owned(), column.to_owned()))?;
        self.newest.remove(&(column, row.into())).map(|(_, hash)| hash)
    }

    fn put(&mut self, touched: Touched) {
        let next = u16::try_from(self.columns.len()).expect("a schema has few columns");
        let emptied = touched.is_emptied();
        let column = *self.columns.entry((touched.table, touched.column)).or_insert(next);
        if emptied {
            self.newest.remove(&(column, touched.row.into()));
            return;
        }
        self.newest.insert((column, touched.row.into()), (touched.version, touched.sha256));
    }

    fn into_spots(self) -> Vec<Spot> {
        let names: HashMap<u16, (String, String)> =
            self.columns.into_iter().map(|(name, at)| (at, name)).collect();
        let spot = |(at, row): (u16, Box<str>)| {
            let (table, column) = names[&at].clone();
            Spot { table, column, row: row.into() }
        };
        let mut spots: Vec<Spot> = self.newest.into_keys().map(spot).collect();
        spots.sort();
        spots
    }
}

/// Reads the whole trail for what it says of each place.
pub(crate) async fn versions(keep: &Keep) -> Result<Versions, KeepError> {
    let mut versions = Versions { columns: HashMap::new(), newest: HashMap::new() };
    let mut conn = keep.snapshot().await?;
    let mut from = 0;
    loop {
        let sql = "SELECT idx, touched FROM trail_leaf WHERE idx >= $1 ORDER BY idx LIMIT $2";
        let rows = conn.rows(sql, args![from, BATCH]).await?;
        let Some(last) = rows.last() else { return Ok(versions) };
        from = last.int("idx")? + 1;
        for row in &rows {
            let touched = decode(row.blob("touched")?).ok_or(KeepError::Shape("what an entry touched"))?;
            touched.into_iter().for_each(|one| versions.put(one));
        }
    }
}

async fn check(
    keep: &Keep,
    table: &str,
    column: &str,
    expected: &mut Versions,
    deep: &mut Deep,
) -> Result<(), KeepError> {
    let name = keep.register().row_name(table).ok_or(KeepError::Shape("a table without columns"))?;
    let mut conn = keep.snapshot().await?;
    let mut after = String::new();
    loop {
        let sql = format!(
            "SELECT {name} AS name, {column} AS value FROM {table} WHERE {name} > $1 ORDER BY {name} LIMIT $2"
        );
        let rows = conn.rows_by_register(sql, args![&after, BATCH]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.text("name")?.to_owned();
        for row in &rows {
            let Some(value) = row.opt_blob("value")?.filter(|value| !value.is_empty()) else { continue };
            let spot = Spot { table: table.into(), column: column.into(), row: row.text("name")?.into() };
            match expected.take(table, column, &spot.row) {
                Some(hash) if digest(&SHA256, value).as_ref() == hash => deep.whole += 1,
                Some(_) => deep.altered.push(spot),
                None => deep.unknown.push(spot),
            }
        }
    }
}
