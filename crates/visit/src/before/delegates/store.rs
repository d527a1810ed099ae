//! SQL of the tables `delegate` and `delegate_seat`.

use crate::before::booking::add_participant;
use crate::before::companions::refuse_when_over_or_full;
use crate::before::rules::{Part, ParticipantEvent};
use crate::before::store::{ParticipantRow, VISITS_MAX, VisitRow, load_visit, participant, set_participant};
use keep::{Conn, Hint, KeepError, Row, Tx, args};
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

/// Whether this colleague may lead, now, the visits of this clinician that start then: both are inside one
/// delegation.
pub(crate) async fn is_delegate(
    conn: &mut Conn,
    (clinician, person): (PersonId, PersonId),
    (now, starts_at): (UnixMillis, UnixMillis),
) -> Result<bool, KeepError> {
    let row = conn
        .row(
            "SELECT id FROM delegate WHERE clinician = $1 AND person = $2 AND from_at <= $3
                 AND until_at > $4 AND from_at <= $5 AND until_at > $6 AND ended_at IS NULL LIMIT 1",
            args![clinician, person, now, now, starts_at, starts_at],
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

/// Gives whose it was; `None` when it was over, or is another clinician's.
pub(super) async fn end(
    tx: &mut Tx,
    id: DelegateId,
    clinician: PersonId,
) -> Result<Option<PersonId>, KeepError> {
    let now = tx.now();
    let changed = tx
        .run(
            "UPDATE delegate SET ended_at = $1 WHERE id = $2 AND clinician = $3 AND ended_at IS NULL",
            args![now, id.text(), clinician],
        )
        .await?;
    if changed != 1 {
        return Ok(None);
    }
    let row = tx.row("SELECT person FROM delegate WHERE id = $1", args![id.text()]).await?;
    Ok(Some(row.ok_or(KeepError::NotFound)?.parsed("person", PersonId::parse)?))
}

/// Takes the seats that no other delegation holds off the visits that are not over, and tells those visits:
/// whoever sits in a room there is out of it.
pub(super) async fn leave_seats(
    tx: &mut Tx,
    (clinician, person): (PersonId, PersonId),
) -> Result<(), Failure> {
    let now = tx.now();
    let rows = tx
        .rows(
            "SELECT p.id FROM participant p JOIN delegate_seat s ON s.participant = p.id
                 JOIN visit v ON v.id = p.visit
             WHERE p.person = $1 AND v.clinician = $2 AND p.state <> 'removed'
                 AND v.state IN ('booked', 'open', 'waiting', 'live') ORDER BY p.id LIMIT $3",
            args![person, clinician, VISITS_MAX],
        )
        .await?;
    for row in &rows {
        let seat = participant(tx, row.parsed("id", ParticipantId::parse)?).await?;
        let visit = load_visit(tx, seat.visit).await?;
        if is_delegate(tx, (clinician, person), (now, visit.starts_at)).await? {
            continue;
        }
        let gone = seat.state.step(ParticipantEvent::Remove).map_err(|_| Failure::Changed)?;
        set_participant(tx, &seat, gone, now).await?;
        tx.hint(Hint::Visit(visit.id));
    }
    Ok(())
}

/// Named for this visit alone, they are a deputy of it whatever the delegation does. False when they were.
pub(crate) async fn stays(tx: &mut Tx, seat: ParticipantId) -> Result<bool, KeepError> {
    let gone = tx.run("DELETE FROM delegate_seat WHERE participant = $1", args![seat]).await?;
    Ok(gone == 1)
}

/// A delegate comes to one visit: a deputy as long as the delegation holds.
pub(crate) async fn take_seat(
    tx: &mut Tx,
    visit: &VisitRow,
    person: PersonId,
) -> Result<ParticipantRow, Failure> {
    let now = tx.now();
    if !is_delegate(tx, (visit.clinician, person), (now, visit.starts_at)).await? {
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
