//! SQL of the table `licence`. What an account was made with counts until somebody enters the state properly.

use super::rules::{Licence, New, compact};
use crate::staff::{self, Person};
use keep::{Conn, Hint, KeepError, Row, Tx, args};
use vocabulary::{LicenceId, PersonId, UnixMillis};

/// Every state, several times over.
const LIST_MAX: i64 = 400;

/// The caller's entry in the trail names the act.
pub async fn add(
    tx: &mut Tx,
    (person, by): (PersonId, Option<PersonId>),
    new: &New,
) -> Result<LicenceId, KeepError> {
    let id = LicenceId::new(tx.now(), tx.entropy());
    tx.run_one(
        "INSERT INTO licence (id, person, state, compact, ends_at, entered_by, entered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, person, new.state, new.compact, new.ends_at, by, tx.now()],
    )
    .await?;
    tx.hint(Hint::Account(person));
    Ok(id)
}

/// `KeepError::Conflict` when it is somebody else's, or was ended before.
pub(super) async fn end(tx: &mut Tx, person: PersonId, id: LicenceId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE licence SET ended_at = $1 WHERE id = $2 AND person = $3 AND ended_at IS NULL",
        args![tx.now(), id, person],
    )
    .await?;
    tx.hint(Hint::Account(person));
    Ok(())
}

/// All that was ever entered for them, and the states that the account was made with and nobody has entered.
pub async fn of_person(conn: &mut Conn, person: PersonId) -> Result<Vec<Licence>, KeepError> {
    let Some(account) = staff::load(conn, person).await? else { return Ok(Vec::new()) };
    of(conn, &account).await
}

pub(super) async fn of(conn: &mut Conn, account: &Person) -> Result<Vec<Licence>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, state, compact, ends_at, ended_at FROM licence WHERE person = $1
             ORDER BY state, ends_at DESC, id LIMIT $2",
            args![account.id, LIST_MAX],
        )
        .await?;
    let mut all: Vec<Licence> = rows.iter().map(read).collect::<Result<_, _>>()?;
    for state in account.licensed_in.split_whitespace() {
        if !all.iter().any(|one| one.state == state) {
            all.push(Licence { id: None, state: state.into(), compact: None, ends_at: None, ended: false });
        }
    }
    Ok(all)
}

fn read(row: &Row) -> Result<Licence, KeepError> {
    Ok(Licence {
        id: Some(row.parsed("id", LicenceId::parse)?),
        state: row.text("state")?.to_owned(),
        compact: row.opt_text("compact")?.and_then(compact).map(|it| it.code),
        ends_at: Some(row.time("ends_at")?),
        ended: row.opt_time("ended_at")?.is_some_and(|_: UnixMillis| true),
    })
}
