//! SQL of the table `recovery`.

use super::rules::{Standing, is_stale};
use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{PersonId, RecoveryId, UnixMillis};

/// More under way at once than this are not a list anybody reads.
const LIST_MAX: i64 = 50;

pub struct Recovery {
    pub id: RecoveryId,
    pub standing: Standing,
}

pub async fn ask(tx: &mut Tx, person: PersonId, by: PersonId) -> Result<RecoveryId, KeepError> {
    close(tx, person).await?;
    let id = RecoveryId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO recovery (id, person, asked_by, asked_at) VALUES ($1, $2, $3, $4)",
        args![id, person, by, tx.now()],
    )
    .await?;
    Ok(id)
}

pub async fn approve(
    tx: &mut Tx,
    id: RecoveryId,
    by: PersonId,
    opens_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE recovery SET approved_by = $2, approved_at = $3, opens_at = $4
         WHERE id = $1 AND approved_by IS NULL AND over_at IS NULL",
        args![id, by, tx.now(), opens_at],
    )
    .await
}

/// Used, stopped or replaced.
pub async fn close(tx: &mut Tx, person: PersonId) -> Result<(), KeepError> {
    tx.run("UPDATE recovery SET over_at = $2 WHERE person = $1 AND over_at IS NULL", args![person, tx.now()])
        .await?;
    Ok(())
}

/// The one under way for this person.
pub async fn of(conn: &mut Conn, person: PersonId, now: UnixMillis) -> Result<Option<Recovery>, KeepError> {
    Ok(all(conn, now).await?.into_iter().find(|one| one.standing.person == person))
}

/// All under way, oldest first.
pub async fn all(conn: &mut Conn, now: UnixMillis) -> Result<Vec<Recovery>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, person, asked_by, asked_at, approved_by, opens_at FROM recovery
             WHERE over_at IS NULL ORDER BY asked_at DESC, id DESC LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    let mut found: Vec<Recovery> = rows.iter().map(read).collect::<Result<_, KeepError>>()?;
    found.retain(|one| !is_stale(&one.standing, now));
    found.reverse();
    Ok(found)
}

fn read(row: &Row) -> Result<Recovery, KeepError> {
    let standing = Standing {
        person: row.parsed("person", PersonId::parse)?,
        asked_by: row.parsed("asked_by", PersonId::parse)?,
        asked_at: row.time("asked_at")?,
        approved: row.opt_parsed("approved_by", PersonId::parse)?,
        opens_at: row.opt_time("opens_at")?,
    };
    Ok(Recovery { id: row.parsed("id", RecoveryId::parse)?, standing })
}
