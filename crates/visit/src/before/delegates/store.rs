//! SQL of the tables `delegate` and `delegate_seat`.

use crate::before::booking::add_participant;
use crate::before::companions::refuse_when_over_or_full;
use crate::before::rules::Part;
use crate::before::store::{ParticipantRow, VisitRow, participant};
use keep::{Conn, KeepError, Row, Tx, args};
use people::patients::Names;
use vocabulary::{DelegateId, ParticipantId, PersonId, UnixMillis};
use web::Failure;

/// More colleagues than this nobody has at once.
pub(super) const DELEGATES_MAX: i64 = 20;

pub(super) struct Delegation {
    pub id: DelegateId,
    pub clinician: PersonId,
    pub person: PersonId,
    pub from: UnixMillis,
    pub until: UnixMillis,
}

/// Whether this colleague may lead this clinician's visits now.
pub(crate) async fn is_delegate(
    conn: &mut Conn,
    (clinician, person): (PersonId, PersonId),
    now: UnixMillis,
) -> Result<bool, KeepError> {
    let row = conn
        .row(
            "SELECT id FROM delegate WHERE clinician = $1 AND person = $2 AND from_at <= $3
                 AND until_at > $4 AND ended_at IS NULL LIMIT 1",
            args![clinician, person, now, now],
        )
        .await?;
    Ok(row.is_some())
}

/// How those are called who may lead this clinician's visits now.
pub(crate) async fn names_of(
    conn: &mut Conn,
    clinician: PersonId,
    (names, now): (&Names, UnixMillis),
) -> Result<Vec<String>, KeepError> {
    let all = of_clinician(conn, clinician, now).await?;
    let mut known: Vec<String> = all
        .iter()
        .filter(|one| one.from <= now)
        .filter_map(|one| names.staff(one.person))
        .map(|name| name.reveal().to_owned())
        .collect();
    known.sort();
    known.dedup();
    Ok(known)
}

/// Those that hold now or will, the earliest first.
pub(super) async fn of_clinician(
    conn: &mut Conn,
    clinician: PersonId,
    now: UnixMillis,
) -> Result<Vec<Delegation>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, clinician, person, from_at, until_at FROM delegate
             WHERE clinician = $1 AND until_at > $2 AND ended_at IS NULL ORDER BY from_at, id LIMIT $3",
            args![clinician, now, DELEGATES_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// For whom this colleague may lead, now or later.
pub(super) async fn of_person(
    conn: &mut Conn,
    person: PersonId,
    now: UnixMillis,
) -> Result<Vec<Delegation>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, clinician, person, from_at, until_at FROM delegate
             WHERE person = $1 AND until_at > $2 AND ended_at IS NULL ORDER BY from_at, id LIMIT $3",
            args![person, now, DELEGATES_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn insert(tx: &mut Tx, new: &Delegation) -> Result<(), KeepError> {
    tx.run_one(
        "INSERT INTO delegate (id, clinician, person, from_at, until_at, at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![new.id.text(), new.clinician, new.person, new.from, new.until, tx.now()],
    )
    .await
}

/// False when it was over, or is another clinician's.
pub(super) async fn end(tx: &mut Tx, id: DelegateId, clinician: PersonId) -> Result<bool, KeepError> {
    let now = tx.now();
    let changed = tx
        .run(
            "UPDATE delegate SET ended_at = $1 WHERE id = $2 AND clinician = $3 AND ended_at IS NULL",
            args![now, id.text(), clinician],
        )
        .await?;
    Ok(changed == 1)
}

/// A delegate comes to one visit: a deputy as long as the delegation holds.
pub(crate) async fn take_seat(
    tx: &mut Tx,
    visit: &VisitRow,
    person: PersonId,
) -> Result<ParticipantRow, Failure> {
    let now = tx.now();
    if !is_delegate(tx, (visit.clinician, person), now).await? {
        return Err(Failure::NotFound);
    }
    refuse_when_over_or_full(tx, visit).await?;
    let id = add_participant(tx, visit.id, Part::Deputy, Some(person)).await?;
    tx.run_one("INSERT INTO delegate_seat (participant) VALUES ($1)", args![id]).await?;
    Ok(participant(tx, id).await?)
}

/// This deputy is one by a delegation alone.
pub(crate) async fn ends_with(conn: &mut Conn, id: ParticipantId) -> Result<bool, KeepError> {
    let sql = "SELECT participant FROM delegate_seat WHERE participant = $1";
    Ok(conn.row(sql, args![id]).await?.is_some())
}

fn read(row: &Row) -> Result<Delegation, KeepError> {
    Ok(Delegation {
        id: row.parsed("id", DelegateId::parse)?,
        clinician: row.parsed("clinician", PersonId::parse)?,
        person: row.parsed("person", PersonId::parse)?,
        from: row.time("from_at")?,
        until: row.time("until_at")?,
    })
}
