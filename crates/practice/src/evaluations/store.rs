//! SQL of the table `evaluation`.

use super::rules::{OCCASIONS, SCOPES, known};
use crate::ids::EvaluationId;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{PersonId, UnixMillis};

/// One or two a year, for a hundred years.
const LIST_MAX: i64 = 300;

/// Without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    pub id: EvaluationId,
    pub number: i64,
    pub scope: &'static str,
    pub occasion: &'static str,
    pub evaluated_at: UnixMillis,
    pub next_due: UnixMillis,
    pub recorded_by: PersonId,
    pub recorded_at: UnixMillis,
}

/// No `Debug`: they are sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub what: String,
    pub by: String,
    pub findings: String,
    pub next_steps: String,
}

pub(super) async fn add(
    tx: &mut Tx,
    (scope, occasion): (&'static str, &'static str),
    (evaluated, next): (UnixMillis, UnixMillis),
    words: &Words,
    by: PersonId,
) -> Result<(EvaluationId, i64), KeepError> {
    let id = EvaluationId::new(tx.now(), tx.entropy());
    let row = tx.row("SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS last FROM evaluation", args![]);
    let number = row.await?.ok_or(KeepError::Shape("evaluation.number"))?.int("last")? + 1;
    let words = seal(tx, "evaluation", &id.text(), FIRST_VERSION, words)?;
    tx.run(
        "INSERT INTO evaluation (id, number, scope, occasion, evaluated_at, next_due, words, recorded_by,
             recorded_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![id.text(), number, scope, occasion, evaluated, next, words, by, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok((id, number))
}

/// The newest first.
pub async fn list(conn: &mut Conn) -> Result<Vec<Evaluation>, KeepError> {
    let sql = "SELECT id, number, scope, occasion, evaluated_at, next_due, recorded_by, recorded_at
               FROM evaluation ORDER BY number DESC LIMIT $1";
    conn.rows(sql, args![LIST_MAX]).await?.iter().map(read).collect()
}

pub(super) async fn one(
    viewing: &mut Viewing,
    access: &Access,
    id: EvaluationId,
) -> Result<(Evaluation, Words), KeepError> {
    let sql = "SELECT id, number, scope, occasion, evaluated_at, next_due, words, recorded_by, recorded_at,
                   version
               FROM evaluation WHERE id = $1";
    let row = viewing.row(sql, args![id.text()]).await?.ok_or(KeepError::NotFound)?;
    Ok((read(&row)?, open(viewing, access, "evaluation", &row)?))
}

fn read(row: &Row) -> Result<Evaluation, KeepError> {
    Ok(Evaluation {
        id: row.parsed("id", EvaluationId::parse)?,
        number: row.int("number")?,
        scope: row.parsed("scope", |code| known(&SCOPES, code))?,
        occasion: row.parsed("occasion", |code| known(&OCCASIONS, code))?,
        evaluated_at: row.time("evaluated_at")?,
        next_due: row.time("next_due")?,
        recorded_by: row.parsed("recorded_by", PersonId::parse)?,
        recorded_at: row.time("recorded_at")?,
    })
}
