//! SQL of the table `emergency_place`.

use super::rules::{PlaceRow, Typed, best};
use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{EmergencyPlaceId, PersonId};

/// More than all ZIP prefixes of the states a practice serves.
const LIST_MAX: i64 = 2_000;

/// The caller's entry in the trail names the act. `typed` was checked.
pub async fn add(tx: &mut Tx, by: PersonId, typed: &Typed) -> Result<EmergencyPlaceId, KeepError> {
    let id = EmergencyPlaceId::new(tx.now(), tx.entropy());
    tx.run_one(
        "INSERT INTO emergency_place (id, state, zip, area, emergency, care, crisis, checked_by, checked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            id,
            &typed.state,
            &typed.zip,
            &typed.area,
            &typed.emergency,
            &typed.care,
            &typed.crisis,
            by,
            tx.now()
        ],
    )
    .await?;
    Ok(id)
}

pub(super) async fn end(tx: &mut Tx, id: EmergencyPlaceId) -> Result<(), KeepError> {
    let sql = "UPDATE emergency_place SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
    tx.run_one(sql, args![tx.now(), id]).await
}

pub(super) async fn list(conn: &mut Conn) -> Result<Vec<PlaceRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, state, zip, area, emergency, care, crisis, checked_by, checked_at
             FROM emergency_place WHERE ended_at IS NULL ORDER BY state, zip, id LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The line for a place, if anybody has entered one.
pub async fn for_place(conn: &mut Conn, state: &str, zip: &str) -> Result<Option<PlaceRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, state, zip, area, emergency, care, crisis, checked_by, checked_at
             FROM emergency_place WHERE ended_at IS NULL AND state = $1 ORDER BY zip, id LIMIT $2",
            args![state, LIST_MAX],
        )
        .await?;
    let places: Vec<PlaceRow> = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok(best(&places, state, zip).cloned())
}

fn read(row: &Row) -> Result<PlaceRow, KeepError> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(PlaceRow {
        id: row.parsed("id", EmergencyPlaceId::parse)?,
        state: text("state")?,
        zip: text("zip")?,
        area: text("area")?,
        emergency: text("emergency")?,
        care: text("care")?,
        crisis: text("crisis")?,
        checked_by: row.parsed("checked_by", PersonId::parse)?,
        checked_at: row.time("checked_at")?,
    })
}
