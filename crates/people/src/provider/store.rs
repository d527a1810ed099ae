//! SQL of the table `provider_login`.

use keep::{Conn, Keep, KeepError, Tx, args};
use vocabulary::{PersonId, UnixMillis};

/// The blind form of what a provider calls somebody.
pub(super) fn index(keep: &Keep, subject: &str) -> Vec<u8> {
    keep.blind(SUBJECT.0, SUBJECT.1, subject)
}

pub(super) async fn person_of(conn: &mut Conn, index: &[u8]) -> Result<Option<PersonId>, KeepError> {
    let row = conn.row("SELECT person FROM provider_login WHERE subject_index = $1", args![index]).await?;
    row.as_ref().map(|row| row.parsed("person", PersonId::parse)).transpose()
}

/// Since when this person comes in by the provider, and when they last did.
pub async fn connected(
    conn: &mut Conn,
    person: PersonId,
) -> Result<Option<(UnixMillis, Option<UnixMillis>)>, KeepError> {
    let row =
        conn.row("SELECT made_at, used_at FROM provider_login WHERE person = $1", args![person]).await?;
    row.as_ref().map(|row| Ok((row.time("made_at")?, row.opt_time("used_at")?))).transpose()
}

/// Instead of any account this person had connected. `Conflict` when it is somebody else's.
pub(super) async fn connect(tx: &mut Tx, person: PersonId, index: &[u8]) -> Result<(), KeepError> {
    if person_of(tx, index).await?.is_some_and(|other| other != person) {
        return Err(KeepError::Conflict);
    }
    forget(tx, person).await?;
    tx.run(
        "INSERT INTO provider_login (subject_index, person, made_at) VALUES ($1, $2, $3)",
        args![index, person, tx.now()],
    )
    .await?;
    Ok(())
}

/// Marks the way in as used. `Conflict` when it was taken away meanwhile.
pub(crate) async fn used(tx: &mut Tx, person: PersonId, index: &[u8]) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE provider_login SET used_at = $3 WHERE subject_index = $1 AND person = $2",
        args![index, person, tx.now()],
    )
    .await
}

/// From then on the provider lets this person in no more.
pub async fn forget(tx: &mut Tx, person: PersonId) -> Result<(), KeepError> {
    tx.run("DELETE FROM provider_login WHERE person = $1", args![person]).await?;
    Ok(())
}

const SUBJECT: (&str, &str) = ("provider_login", "subject_index");
