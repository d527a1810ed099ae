//! SQL of the table `incident`.

use super::rules;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{IncidentId, PersonId, UnixMillis};

/// The newest ones; more than a practice should ever have.
const LIST_MAX: i64 = 500;

/// In the place of an account: somebody from outside, whom nobody knows.
pub(super) fn outsider() -> PersonId {
    PersonId::from_bytes([0; 16])
}

/// Without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: IncidentId,
    pub number: i64,
    pub kind: &'static str,
    pub reported_by: PersonId,
    pub reported_at: UnixMillis,
    pub closed_at: Option<UnixMillis>,
    pub version: i64,
}

/// No `Debug`: they are sealed, and somebody may have named a patient in spite of the hint.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Words {
    pub what: String,
    pub closing: String,
    /// Said after it was closed, in order.
    pub later: Vec<Later>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Later {
    /// Random id of the person.
    pub by: String,
    /// Unix milliseconds.
    pub at: i64,
    pub words: String,
}

pub(super) async fn report(
    tx: &mut Tx,
    kind: &'static str,
    by: PersonId,
    what: &str,
) -> Result<(IncidentId, i64), KeepError> {
    let id = IncidentId::new(tx.now(), tx.entropy());
    let row =
        tx.row("SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS last FROM incident", args![]).await?;
    let number = row.ok_or(KeepError::Shape("incident.number"))?.int("last")? + 1;
    let said = Words { what: what.to_owned(), ..Words::default() };
    let words = seal(tx, "incident", &id.text(), FIRST_VERSION, &said)?;
    tx.run(
        "INSERT INTO incident (id, number, kind, state, words, reported_by, reported_at, version)
         VALUES ($1, $2, $3, 'new', $4, $5, $6, $7)",
        args![id.text(), number, kind, words, by, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok((id, number))
}

/// How many came from outside since then.
pub(super) async fn from_outside_since(conn: &mut Conn, since: UnixMillis) -> Result<i64, KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS many FROM incident
               WHERE reported_by = $1 AND reported_at > $2";
    let row = conn.row(sql, args![outsider(), since]).await?;
    row.ok_or(KeepError::Shape("a count without a row"))?.int("many")
}

/// Open ones first, then the newest.
pub async fn list(conn: &mut Conn) -> Result<Vec<Incident>, KeepError> {
    let rows = rows(conn).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn with_words(
    viewing: &mut Viewing,
    access: &Access,
) -> Result<Vec<(Incident, Words)>, KeepError> {
    let rows = rows(viewing).await?;
    rows.iter().map(|row| Ok((read(row)?, open(viewing, access, "incident", row)?))).collect()
}

async fn rows(conn: &mut Conn) -> Result<Vec<Row>, KeepError> {
    let sql = "SELECT id, number, kind, reported_by, reported_at, closed_at, words, version FROM incident
               ORDER BY closed_at IS NOT NULL, number DESC LIMIT $1";
    conn.rows(sql, args![LIST_MAX]).await
}

/// `KeepError::Conflict` when somebody closed it first.
pub(super) async fn close(
    tx: &mut Tx,
    access: &Access,
    id: IncidentId,
    (by, closing): (PersonId, &str),
) -> Result<i64, KeepError> {
    let sql = "SELECT id, number, kind, reported_by, reported_at, closed_at, words, version FROM incident
               WHERE id = $1";
    let row = tx.row(sql, args![id.text()]).await?.ok_or(KeepError::NotFound)?;
    let before = read(&row)?;
    let mut words: Words = open(tx, access, "incident", &row)?;
    words.closing = closing.to_owned();
    let version = before.version + 1;
    let sealed = seal(tx, "incident", &id.text(), version, &words)?;
    tx.run_one(
        "UPDATE incident SET state = 'closed', words = $1, closed_by = $2, closed_at = $3, version = $4
         WHERE id = $5 AND state = 'new' AND version = $6",
        args![sealed, by, tx.now(), version, id.text(), before.version],
    )
    .await?;
    Ok(before.number)
}

/// Adds words to an incident that is closed; those that stand there stay.
pub(super) async fn add_words(
    tx: &mut Tx,
    access: &Access,
    id: IncidentId,
    (by, said): (PersonId, &str),
) -> Result<i64, KeepError> {
    let sql = "SELECT id, number, kind, reported_by, reported_at, closed_at, words, version FROM incident
               WHERE id = $1 AND state = 'closed'";
    let row = tx.row(sql, args![id.text()]).await?.ok_or(KeepError::NotFound)?;
    let before = read(&row)?;
    let mut words: Words = open(tx, access, "incident", &row)?;
    if words.later.len() >= rules::LATER_MAX {
        return Err(KeepError::TooLarge("words after the end of an incident"));
    }
    words.later.push(Later { by: by.text(), at: tx.now().0, words: said.to_owned() });
    let version = before.version + 1;
    let sealed = seal(tx, "incident", &id.text(), version, &words)?;
    tx.run_one(
        "UPDATE incident SET words = $1, version = $2 WHERE id = $3 AND version = $4",
        args![sealed, version, id.text(), before.version],
    )
    .await?;
    Ok(before.number)
}

fn read(row: &Row) -> Result<Incident, KeepError> {
    Ok(Incident {
        id: row.parsed("id", IncidentId::parse)?,
        number: row.int("number")?,
        kind: row.parsed("kind", rules::kind)?,
        reported_by: row.parsed("reported_by", PersonId::parse)?,
        reported_at: row.time("reported_at")?,
        closed_at: row.opt_time("closed_at")?,
        version: row.int("version")?,
    })
}
