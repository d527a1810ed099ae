//! The free text of a row: one sealed JSON value under the practice's key, in its column `words`, sealed anew
//! with every version of its row.

use keep::{KeepError, Owner, Place, Row, Tx, Viewing};
use policy::Access;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Every row begins here, and every change adds one: who changes an older version gets a conflict.
pub const FIRST_VERSION: i64 = 1;

pub fn seal<T: Serialize>(
    tx: &mut Tx,
    table: &'static str,
    row: &str,
    version: i64,
    words: &T,
) -> Result<Vec<u8>, KeepError> {
    let json = serde_json::to_vec(words).map_err(|_| KeepError::Shape("words that JSON cannot hold"))?;
    let json = Zeroizing::new(json);
    tx.seal(&place(table, row, version), &json)
}

pub fn open<T: DeserializeOwned>(
    viewing: &Viewing,
    access: &Access,
    table: &'static str,
    row: &Row,
) -> Result<T, KeepError> {
    let place = place(table, row.text("id")?, row.int("version")?);
    let json = viewing.unseal(access, &place, row.blob("words")?)?;
    serde_json::from_slice(&json).map_err(|_| KeepError::Shape("sealed words that are no JSON"))
}

fn place<'a>(table: &'static str, row: &'a str, version: i64) -> Place<'a> {
    Place { table, column: "words", row, version, owner: Owner::Practice }
}
