//! SQL of the table `patient_import`. The list itself is sealed for the practice: it is of many people.

use super::columns::Choices;
use super::file::Text;
use super::rules::{numbered, read_numbers};
use keep::{Conn, KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use vocabulary::{DAY_MS, HOUR_MS, Health, PersonId, UnixMillis};

/// A list that nobody finished is gone after this: it is read again from the file.
const KEPT_MS: i64 = DAY_MS;

/// The same for a list that nobody has said anything about: whoever went to lunch reads the file again.
const WAITING_KEPT_MS: i64 = HOUR_MS;

/// Lists that are let go at once; the rest goes the next time.
const OLD_AT_ONCE: i64 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is added before somebody says so.
    Waiting,
    /// Said so; stays until the last row, also over a restart.
    Adding,
    Added,
}

pub struct List {
    pub person: PersonId,
    pub text: Health,
    pub encoding: String,
    pub choices: Choices,
    pub state: State,
    /// Rows that are added although they look like somebody.
    pub picked: Vec<u64>,
    pub left_out: Vec<u64>,
    /// How many rows are through.
    pub done: usize,
    pub added: i64,
    read_at: UnixMillis,
}

/// How far it is after a lot of rows.
pub struct Step<'a> {
    pub state: State,
    pub left_out: &'a [u64],
    pub done: usize,
    pub added: i64,
}

impl State {
    fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Adding => "adding",
            State::Added => "added",
        }
    }

    fn parse(code: &str) -> Option<State> {
        [State::Waiting, State::Adding, State::Added].into_iter().find(|state| state.code() == code)
    }
}

pub async fn load(
    open: &mut Viewing,
    access: &Access,
    person: PersonId,
    now: UnixMillis,
) -> Result<Option<List>, KeepError> {
    let sql = "SELECT content, encoding, choices, state, picked, left_out, done, added, read_at
         FROM patient_import WHERE person = $1 AND read_at > $2";
    let Some(row) = open.row(sql, args![person, now.plus_ms(-KEPT_MS)]).await? else { return Ok(None) };
    let read_at = row.time("read_at")?;
    let text = open.unseal_text(access, &place(&person.text(), read_at), row.blob("content")?)?;
    Ok(Some(List {
        person,
        text,
        encoding: row.text("encoding")?.to_owned(),
        choices: row.parsed("choices", Choices::parse)?,
        state: row.parsed("state", State::parse)?,
        picked: row.parsed("picked", read_numbers)?,
        left_out: row.parsed("left_out", read_numbers)?,
        done: usize::try_from(row.int("done")?).map_err(|_| KeepError::Shape("patient_import.done"))?,
        added: row.int("added")?,
        read_at,
    }))
}

/// In the place of the list before, and of everybody's that are too old.
pub async fn put(tx: &mut Tx, person: PersonId, file: &Text, choices: &Choices) -> Result<(), KeepError> {
    remove(tx, person).await?;
    let sql = "SELECT person FROM patient_import WHERE read_at <= $1 ORDER BY read_at LIMIT $2";
    let now = tx.now();
    for old in tx.rows(sql, args![now.plus_ms(-KEPT_MS), OLD_AT_ONCE]).await? {
        remove(tx, old.parsed("person", PersonId::parse)?).await?;
    }
    let sealed = tx.seal_text(&place(&person.text(), now), &file.text)?;
    let state = State::Waiting.code();
    tx.run(
        "INSERT INTO patient_import (person, content, encoding, choices, state, picked, left_out, done, added,
             read_at) VALUES ($1, $2, $3, $4, $5, '', '', 0, 0, $6)",
        args![person, sealed, file.encoding, choices.text(), state, now],
    )
    .await?;
    Ok(())
}

pub async fn choose(tx: &mut Tx, person: PersonId, choices: &Choices) -> Result<(), KeepError> {
    let sql = "UPDATE patient_import SET choices = $2 WHERE person = $1 AND state = 'waiting'";
    tx.run_one(sql, args![person, choices.text()]).await
}

pub async fn begin(tx: &mut Tx, person: PersonId, picked: &[u64]) -> Result<(), KeepError> {
    let sql = "UPDATE patient_import SET state = 'adding', picked = $2
         WHERE person = $1 AND state = 'waiting'";
    tx.run_one(sql, args![person, numbered(picked)]).await
}

/// `before` is the list as it was read in this transaction; a second one at the same time is a conflict.
pub async fn advance(tx: &mut Tx, before: &List, after: &Step<'_>) -> Result<(), KeepError> {
    let place = |done: usize| i64::try_from(done).unwrap_or(i64::MAX);
    tx.run_one(
        "UPDATE patient_import SET state = $4, left_out = $5, done = $6, added = $7
         WHERE person = $1 AND read_at = $2 AND done = $3 AND state = 'adding'",
        args![
            before.person,
            before.read_at,
            place(before.done),
            after.state.code(),
            numbered(after.left_out),
            place(after.done),
            after.added
        ],
    )
    .await
}

/// Whether there was one.
pub async fn remove(tx: &mut Tx, person: PersonId) -> Result<bool, KeepError> {
    let Some(read_at) = read_at(tx, person).await? else { return Ok(false) };
    tx.empties(&place(&person.text(), read_at));
    tx.run_one("DELETE FROM patient_import WHERE person = $1", args![person]).await?;
    Ok(true)
}

/// Lets go of lists that nobody goes on with. Gives how many; the caller commits when there were some.
pub async fn sweep(tx: &mut Tx) -> Result<usize, KeepError> {
    let now = tx.now();
    let sql = "SELECT person FROM patient_import
               WHERE read_at <= $1 OR (read_at <= $2 AND state = 'waiting') ORDER BY read_at LIMIT $3";
    let bounds = args![now.plus_ms(-KEPT_MS), now.plus_ms(-WAITING_KEPT_MS), OLD_AT_ONCE];
    let old = tx.rows(sql, bounds).await?;
    for row in &old {
        remove(tx, row.parsed("person", PersonId::parse)?).await?;
    }
    Ok(old.len())
}

async fn read_at(conn: &mut Conn, person: PersonId) -> Result<Option<UnixMillis>, KeepError> {
    let row = conn.row("SELECT read_at FROM patient_import WHERE person = $1", args![person]).await?;
    row.map(|row| row.time("read_at")).transpose()
}

/// The moment of reading tells one list of a person from the next.
fn place(row: &str, read_at: UnixMillis) -> Place<'_> {
    let owner = Owner::Practice;
    Place { table: "patient_import", column: "content", row, version: read_at.0, owner }
}
