//! Holding every record against the trail: each sealed value and each row must be what the newest act on it
//! wrote. This shows what the envelope alone cannot: an old version of a value put back, a row put in, taken
//! out or edited, and a row that was edited before an act changed it again.

use super::append::{EMPTIED, ROW, Touched, decode, sha256};
use super::tree::Hash;
use super::verify::{TrailError, Verified, verify};
use crate::store::{Class, Conn, Null};
use crate::{Arg, Keep, KeepError, args};
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// Leaves, values or rows held in memory at once.
const BATCH: i64 = 500;

/// A place in the database, without its content. Without a column it is the row itself.
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
    /// Rows whose plain columns are exactly what the trail says.
    pub rows: u64,
    /// Values and rows that are not the newest the trail knows for their place: edited, or put back as they
    /// once were; and rows that an act found otherwise than the act before had left them.
    pub altered: Vec<Spot>,
    /// Values and rows that no act wrote.
    pub unknown: Vec<Spot>,
    /// Places that an act filled, and that no act emptied, and that are empty now: deleted behind its back.
    pub gone: Vec<Spot>,
}

impl Deep {
    /// Everything is what the trail says.
    pub fn is_whole(&self) -> bool {
        self.altered.is_empty() && self.unknown.is_empty() && self.gone.is_empty()
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column.as_str() {
            ROW => write!(f, "{}, the row {}", self.table, self.row),
            column => write!(f, "{}.{column} of {}", self.table, self.row),
        }
    }
}

/// Reads the whole trail, every sealed value and every row. The row of a place must be the value of its
/// table's first column.
pub async fn verify_deep(keep: &Keep) -> Result<Deep, TrailError> {
    let trail = verify(keep).await?;
    let mut conn = keep.snapshot().await?;
    let mut expected = versions_in(&mut conn).await?;
    let none = Vec::new;
    let mut deep = Deep { trail, whole: 0, rows: 0, altered: none(), unknown: none(), gone: none() };
    let sealed = keep.register().columns().filter(|(_, _, column)| column.class == Class::Sealed);
    for (table, column, _) in sealed.filter(|(table, ..)| *table != "trail_leaf") {
        check(keep, &mut conn, (table, column), &mut expected, &mut deep).await?;
    }
    for table in keep.register().watched() {
        check_rows(keep, &mut conn, &table.table, &mut expected, &mut deep).await?;
    }
    let tables: BTreeSet<&str> = keep.register().tables().collect();
    deep.altered.extend(std::mem::take(&mut expected.broken));
    deep.altered.retain(|spot| tables.contains(spot.table.as_str()));
    deep.altered.sort();
    deep.altered.dedup();
    // What stood in a table that a newer program no longer has is nobody's loss.
    deep.gone = expected.into_spots();
    deep.gone.retain(|spot| tables.contains(spot.table.as_str()));
    Ok(deep)
}

/// What the newest act on each place committed to: the version it was sealed at and the hash of the value.
pub(crate) struct Versions {
    columns: HashMap<(String, String), u16>,
    newest: HashMap<(u16, Box<str>), (i64, Hash)>,
    /// Rows that an act found otherwise than the act before had left them.
    broken: BTreeSet<Spot>,
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
        let Touched { table, column, row, version, sha256, was } = touched;
        let at = *self.columns.entry((table.clone(), column.clone())).or_insert(next);
        let place = (at, row.into_boxed_str());
        if let Some(was) = was {
            let left = self.newest.get(&place).map_or(EMPTIED, |(_, hash)| *hash);
            if was != left {
                self.broken.insert(Spot { table, column, row: place.1.to_string() });
            }
        }
        match emptied {
            true => self.newest.remove(&place),
            false => self.newest.insert(place, (version, sha256)),
        };
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
    versions_in(&mut keep.snapshot().await?).await
}

async fn versions_in(conn: &mut Conn) -> Result<Versions, KeepError> {
    let mut versions = Versions { columns: HashMap::new(), newest: HashMap::new(), broken: BTreeSet::new() };
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
    conn: &mut Conn,
    (table, column): (&str, &str),
    expected: &mut Versions,
    deep: &mut Deep,
) -> Result<(), KeepError> {
    let name = keep.register().row_name(table).ok_or(KeepError::Shape("a table without columns"))?;
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
            let whole = deep.hold(expected.take(table, column, &spot.row), sha256(value), spot);
            deep.whole += u64::from(whole);
        }
    }
}

async fn check_rows(
    keep: &Keep,
    conn: &mut Conn,
    table: &str,
    expected: &mut Versions,
    deep: &mut Deep,
) -> Result<(), KeepError> {
    let watched = keep.register().watch(table).ok_or(KeepError::Shape("a table without columns"))?;
    let mut after: Option<Arg> = None;
    loop {
        let sql = watched.select(keep.dialect(), after.is_none());
        let mut asked = args![BATCH];
        asked.extend(after.take());
        let rows = conn.rows_by_register(sql, asked).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(match watched.name_kind() {
            Null::Blob => Arg::Blob(last.blob("place")?.to_vec()),
            Null::Int => Arg::Int(last.int("place")?),
            _ => Arg::Text(last.text("place")?.to_owned()),
        });
        for row in &rows {
            let spot = Spot { table: table.into(), column: ROW.into(), row: row.text("name")?.into() };
            let says = sha256(row.text("says")?.as_bytes());
            let whole = deep.hold(expected.take(table, ROW, &spot.row), says, spot);
            deep.rows += u64::from(whole);
        }
    }
}

impl Deep {
    /// Whether the place holds what its newest act wrote.
    fn hold(&mut self, expected: Option<Hash>, found: Hash, spot: Spot) -> bool {
        match expected {
            Some(hash) if hash == found => return true,
            Some(_) => self.altered.push(spot),
            None => self.unknown.push(spot),
        }
        false
    }
}
