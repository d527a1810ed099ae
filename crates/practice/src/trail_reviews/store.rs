//! SQL of the table `trail_review`.

use super::rules::{Month, Report};
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{PersonId, TrailReviewId, UnixMillis};

/// More months than a practice has in a hundred years.
const LIST_MAX: i64 = 1_200;
/// Rows are never sealed anew.
const VERSION: i64 = 1;

pub struct Closed {
    pub id: TrailReviewId,
    pub period: String,
    pub reviewer: PersonId,
    pub at: UnixMillis,
    words: Vec<u8>,
}

/// What was found, and what stood out on the day it was signed.
#[derive(Serialize, Deserialize)]
pub struct Words {
    pub findings: String,
    pub report: Report,
    /// Whether every entry of the month was counted.
    pub whole: bool,
}

pub async fn closed(conn: &mut Conn) -> Result<Vec<Closed>, KeepError> {
    let sql = "SELECT id, period, reviewer, words, closed_at FROM trail_review ORDER BY period DESC LIMIT $1";
    conn.rows(sql, args![LIST_MAX]).await?.iter().map(read).collect()
}

pub async fn of(conn: &mut Conn, month: Month) -> Result<Option<Closed>, KeepError> {
    let sql = "SELECT id, period, reviewer, words, closed_at FROM trail_review WHERE period = $1";
    conn.row(sql, args![month.text()]).await?.as_ref().map(read).transpose()
}

pub async fn close(tx: &mut Tx, month: Month, reviewer: PersonId, words: &Words) -> Result<(), KeepError> {
    let id = TrailReviewId::new(tx.now(), tx.entropy());
    let row = id.text();
    let json = serde_json::to_string(words).map_err(|_| KeepError::Shape("trail_review.words"))?;
    let sealed = tx.seal_text(&place(&row), &json)?;
    tx.run_one(
        "INSERT INTO trail_review (id, period, reviewer, words, closed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (period) DO NOTHING",
        args![id, month.text(), reviewer, sealed, tx.now()],
    )
    .await
}

pub fn words(view: &Viewing, access: &Access, of: &Closed) -> Result<Words, KeepError> {
    let text = view.unseal_text(access, &place(&of.id.text()), &of.words)?;
    serde_json::from_str(text.reveal()).map_err(|_| KeepError::Shape("trail_review.words"))
}

fn read(row: &Row) -> Result<Closed, KeepError> {
    Ok(Closed {
        id: row.parsed("id", TrailReviewId::parse)?,
        period: row.text("period")?.to_owned(),
        reviewer: row.parsed("reviewer", PersonId::parse)?,
        words: row.blob("words")?.to_vec(),
        at: row.time("closed_at")?,
    })
}

fn place(row: &str) -> Place<'_> {
    Place { table: "trail_review", column: "words", row, version: VERSION, owner: Owner::Practice }
}
