//! SQL of the table `safeguard_decision`.

use super::rules::{self, Words};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{FindingId, PersonId, UnixMillis};

/// Twenty-two specifications, decided anew for a hundred years.
const LIST_MAX: i64 = 3_000;

/// Without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub specification: String,
    pub number: i64,
    pub decision: &'static str,
    pub by: PersonId,
    pub at: UnixMillis,
}

/// `number` is one more than the person has seen: the key refuses a second one of that number.
pub(super) async fn add(
    tx: &mut Tx,
    (specification, number): (&str, i64),
    decision: &'static str,
    words: &Words,
    by: PersonId,
) -> Result<(), KeepError> {
    let id = FindingId::new(tx.now(), tx.entropy()).text();
    let sealed = seal(tx, "safeguard_decision", &id, FIRST_VERSION, words)?;
    tx.run_one(
        "INSERT INTO safeguard_decision (id, specification, number, decision, words, decided_by, decided_at,
             version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (specification, number) DO NOTHING",
        args![id, specification, number, decision, sealed, by, tx.now(), FIRST_VERSION],
    )
    .await
}

/// The newest decision on each.
pub async fn newest(conn: &mut Conn) -> Result<Vec<Decided>, KeepError> {
    let sql = "SELECT specification, number, decision, decided_by, decided_at FROM safeguard_decision d
               WHERE number = (SELECT max(number) FROM safeguard_decision o
                   WHERE o.specification = d.specification)
               ORDER BY specification LIMIT $1";
    conn.rows(sql, args![LIST_MAX]).await?.iter().map(read).collect()
}

/// Every decision on one, the newest first.
pub(super) async fn history(
    viewing: &mut Viewing,
    access: &Access,
    specification: &str,
) -> Result<Vec<(Decided, Words)>, KeepError> {
    let sql = "SELECT id, specification, number, decision, words, decided_by, decided_at, version
               FROM safeguard_decision WHERE specification = $1 ORDER BY number DESC LIMIT $2";
    let rows = viewing.rows(sql, args![specification, LIST_MAX]).await?;
    rows.iter().map(|row| Ok((read(row)?, open(viewing, access, "safeguard_decision", row)?))).collect()
}

fn read(row: &Row) -> Result<Decided, KeepError> {
    Ok(Decided {
        specification: row.text("specification")?.to_owned(),
        number: row.int("number")?,
        decision: row.parsed("decision", rules::decision)?,
        by: row.parsed("decided_by", PersonId::parse)?,
        at: row.time("decided_at")?,
    })
}
