//! SQL of the table `enrolment`.

use super::rules::{Purpose, Standing};
use keep::{Conn, Keep, KeepError, Tx, args};
use vocabulary::{EnrolmentId, PersonId, Secret, UnixMillis};

pub struct Enrolment {
    pub id: EnrolmentId,
    pub person: PersonId,
    pub purpose: Purpose,
    pub standing: Standing,
}

/// A new link; those given out before open nothing any more. `span` is when it opens and when it is over.
pub async fn issue(
    tx: &mut Tx,
    person: PersonId,
    purpose: Purpose,
    span: (UnixMillis, UnixMillis),
) -> Result<Secret, KeepError> {
    withdraw(tx, person).await?;
    let (now, secret) = (tx.now(), Secret::new(tx.entropy()));
    let id = EnrolmentId::new(now, tx.entropy());
    let index = tx.blind(INDEX.0, INDEX.1, &secret.reveal());
    tx.run(
        "INSERT INTO enrolment (id, person, secret_index, purpose, issued_at, opens_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, person, index, purpose.code(), now, span.0, span.1],
    )
    .await?;
    Ok(secret)
}

/// No link of this person opens anything any more.
pub async fn withdraw(tx: &mut Tx, person: PersonId) -> Result<(), KeepError> {
    tx.run(
        "UPDATE enrolment SET over_at = $2 WHERE person = $1 AND over_at IS NULL",
        args![person, tx.now()],
    )
    .await?;
    Ok(())
}

/// `Conflict` when the link was used meanwhile.
pub async fn use_up(tx: &mut Tx, id: EnrolmentId) -> Result<(), KeepError> {
    tx.run_one("UPDATE enrolment SET over_at = $2 WHERE id = $1 AND over_at IS NULL", args![id, tx.now()])
        .await
}

/// A secret that cannot be one is looked up all the same: forged, mistyped and absent cost alike.
pub fn index(keep: &Keep, typed: &str) -> Vec<u8> {
    let spelled = Secret::parse(typed).map_or_else(String::new, |secret| secret.reveal());
    keep.blind(INDEX.0, INDEX.1, &spelled)
}

pub async fn by_secret(conn: &mut Conn, index: Vec<u8>) -> Result<Option<Enrolment>, KeepError> {
    let row = conn
        .row(
            "SELECT id, person, purpose, opens_at, expires_at, over_at FROM enrolment
             WHERE secret_index = $1",
            args![index],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let standing = Standing {
        opens_at: row.time("opens_at")?,
        expires_at: row.time("expires_at")?,
        over_at: row.opt_time("over_at")?,
    };
    Ok(Some(Enrolment {
        id: row.parsed("id", EnrolmentId::parse)?,
        person: row.parsed("person", PersonId::parse)?,
        purpose: row.parsed("purpose", Purpose::parse)?,
        standing,
    }))
}

const INDEX: (&str, &str) = ("enrolment", "secret_index");
