//! The seat of whoever checks somebody ahead of the host: a deputy of this visit until the check is written
//! down and they are out of the room they opened for it, or until half an hour is over.
//!
//! Owns the table `check_seat`. A seat that is over gives no right and stands in no list; whoever is named a
//! deputy for good keeps their place without it.

use super::store::Checked;
use crate::before::booking::add_participant;
use crate::before::companions::may_lead;
use crate::before::delegates;
use crate::before::rules::{PARTICIPANTS_MAX, Part, ParticipantEvent, ParticipantState, VisitState};
use crate::before::store::{ParticipantRow, VisitRow, participants, set_participant};
use axum::http::StatusCode;
use keep::{Conn, KeepError, Tx, args};
use people::staff;
use vocabulary::{DAY_MS, MINUTE_MS, ParticipantId, PersonId, UnixMillis, VisitId};
use web::Failure;

/// Once a visit is by phone, who somebody is can be written down this long.
const BY_PHONE_MS: i64 = DAY_MS;

/// How long somebody is a deputy for one check. Opening the room begins it anew.
pub(crate) const CHECK_MS: i64 = 30 * MINUTE_MS;

/// Seats of one visit that were taken for a check.
#[derive(Default)]
pub(crate) struct Checks(Vec<(ParticipantId, UnixMillis)>);

impl Checks {
    pub fn is_for_check(&self, id: ParticipantId) -> bool {
        self.0.iter().any(|(seat, _)| *seat == id)
    }

    pub fn is_over(&self, id: ParticipantId, now: UnixMillis) -> bool {
        self.0.iter().any(|(seat, until)| *seat == id && now >= *until)
    }

    /// Still comes, as far as a seat for a check says.
    pub fn expects(&self, row: &ParticipantRow, now: UnixMillis) -> bool {
        row.is_expected() && !self.is_over(row.id, now)
    }
}

pub(crate) async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Checks, KeepError> {
    let rows = conn
        .rows(
            "SELECT s.participant, s.until_at FROM check_seat s JOIN participant p ON p.id = s.participant
             WHERE p.visit = $1 ORDER BY s.participant LIMIT $2",
            args![visit, PARTICIPANTS_MAX as i64],
        )
        .await?;
    let read =
        |row: &keep::Row| Ok((row.parsed("participant", ParticipantId::parse)?, row.time("until_at")?));
    Ok(Checks(rows.iter().map(read).collect::<Result<_, KeepError>>()?))
}

/// A deputy for a check; the row is new unless they have one, of a check before or of a delegation. Takes
/// none of the visit's places: they are alone with one person, and gone before the others come.
pub(super) async fn take(tx: &mut Tx, visit: &VisitRow, person: PersonId) -> Result<ParticipantId, Failure> {
    let account = staff::load(tx, person).await?.filter(may_lead).ok_or(Failure::BadInput)?;
    let now = tx.now();
    if !is_open(visit, now) {
        return Err(Failure::told(StatusCode::CONFLICT, "visit-too-late"));
    }
    let people = participants(tx, visit.id).await?;
    let checks = of_visit(tx, visit.id).await?;
    let checked_before = |row: &&ParticipantRow| row.person == Some(person) && checks.is_for_check(row.id);
    let id = match people.iter().find(|row| row.is_deputy(person)) {
        Some(row) if checks.is_for_check(row.id) => row.id,
        // A delegation that is over gives them nothing any more.
        Some(row) if delegates::ends_with(tx, row.id).await? => row.id,
        // Named meanwhile: their place needs no seat, and ends with none.
        Some(row) => return Ok(row.id),
        None => match people.iter().find(checked_before) {
            Some(row) => set_participant(tx, row, ParticipantState::Invited, now).await?.id,
            None if people.len() >= PARTICIPANTS_MAX => {
                return Err(Failure::told(StatusCode::CONFLICT, "companion-full"));
            }
            None => add_participant(tx, visit.id, Part::Deputy, Some(account.id)).await?,
        },
    };
    tx.run_one(
        "INSERT INTO check_seat (participant, until_at) VALUES ($1, $2)
         ON CONFLICT (participant) DO UPDATE SET until_at = excluded.until_at",
        args![id, now.plus_ms(CHECK_MS)],
    )
    .await?;
    Ok(id)
}

/// The room is opened: from now on as long as a whole check.
pub(crate) async fn renew(tx: &mut Tx, seat: ParticipantId) -> Result<(), KeepError> {
    let until = tx.now().plus_ms(CHECK_MS);
    tx.run("UPDATE check_seat SET until_at = $1 WHERE participant = $2", args![until, seat]).await?;
    Ok(())
}

/// Named by somebody, they are a deputy for good. False when they were.
pub(crate) async fn stays(tx: &mut Tx, seat: ParticipantId) -> Result<bool, KeepError> {
    let gone = tx.run("DELETE FROM check_seat WHERE participant = $1", args![seat]).await?;
    Ok(gone == 1)
}

/// The check is written down: whoever took a seat for it, and is not in the room, is a deputy no more.
pub(super) async fn done(tx: &mut Tx, visit: &VisitRow, person: PersonId) -> Result<(), Failure> {
    let seats = of_visit(tx, visit.id).await?;
    let people = participants(tx, visit.id).await?;
    let Some(row) = people.iter().find(|row| row.is_deputy(person)) else { return Ok(()) };
    if seats.is_for_check(row.id) && !row.state.holds_a_place() {
        let gone = row.state.step(ParticipantEvent::Remove).map_err(|_| Failure::Changed)?;
        let now = tx.now();
        set_participant(tx, row, gone, now).await?;
    }
    Ok(())
}

/// Whoever leaves the room they opened for a check has done what they came for, once it is written down:
/// until then what they saw can be.
pub(crate) async fn ended(
    conn: &mut Conn,
    row: &ParticipantRow,
    state: ParticipantState,
) -> Result<ParticipantState, KeepError> {
    let leaves = row.part == Part::Deputy && state == ParticipantState::Left;
    let done = leaves && has_written(conn, row).await?;
    Ok(if done { ParticipantState::Removed } else { state })
}

/// A check of this visit, by whoever has a seat for one, since they opened the room.
async fn has_written(conn: &mut Conn, row: &ParticipantRow) -> Result<bool, KeepError> {
    let sql = "SELECT c.id FROM participant p JOIN check_seat s ON s.participant = p.id
                   JOIN identity_check c ON c.by_person = p.person AND c.visit = p.visit
               WHERE p.id = $1 AND c.at >= s.until_at - $2 LIMIT 1";
    Ok(conn.row(sql, args![row.id, CHECK_MS]).await?.is_some())
}

/// Whether a check can still be written down: before the visit is over, and not long after it went to the
/// phone.
pub(super) fn is_open(visit: &VisitRow, now: UnixMillis) -> bool {
    let by_phone = visit.state == VisitState::MovedToPhone;
    let calls = by_phone && visit.ended_at.is_some_and(|moved| now.since(moved) < BY_PHONE_MS);
    !visit.state.is_over() || calls
}

/// Whether this colleague can write down a document of theirs: both are in the room, or were not long ago.
pub(super) async fn has_seen(
    conn: &mut Conn,
    (visit, person): (&VisitRow, PersonId),
    (who, newest): (&ParticipantRow, Option<&Checked>),
    now: UnixMillis,
) -> Result<bool, KeepError> {
    // A place in a room that is closed is none.
    let inside = |row: &ParticipantRow| row.state.holds_a_place() && !visit.state.is_over();
    let was_there = |row: &ParticipantRow| {
        let last = row.admitted_at.max(row.left_at);
        inside(row) || last.is_some_and(|at| now.since(at) < CHECK_MS && who.admitted_at <= Some(at))
    };
    let is_open = |at: UnixMillis| now.since(at) < CHECK_MS && newest.is_none_or(|it| it.at < at);
    let was_seen = inside(who) || who.admitted_at.is_some_and(is_open);
    let people = participants(conn, visit.id).await?;
    Ok(was_seen && people.iter().any(|row| row.person == Some(person) && was_there(row)))
}

/// When the step into this state counts from. Whoever comes back from the room before the host was ever there
/// was only looked at, and has waited all the while.
pub(crate) fn counts_from(
    (visit, row): (&VisitRow, &ParticipantRow),
    state: ParticipantState,
    now: UnixMillis,
) -> UnixMillis {
    let back = state == ParticipantState::Waiting && row.state.holds_a_place();
    row.arrived_at.filter(|_| back && visit.started_at.is_none()).unwrap_or(now)
}

/// A guest who was in the room with the host, and not only looked at by a deputy ahead of them.
pub(crate) fn met_host(row: &ParticipantRow, visit: &VisitRow) -> bool {
    let together = row.admitted_at.zip(visit.started_at).is_some_and(|(came, began)| came >= began);
    row.person.is_none() && together
}

/// The host comes in: whom a deputy let in to look at them is in the visit from now on.
pub(crate) async fn meets_host(
    tx: &mut Tx,
    row: &ParticipantRow,
    now: UnixMillis,
) -> Result<ParticipantRow, KeepError> {
    let next = ParticipantRow { admitted_at: Some(now), version: row.version + 1, ..row.clone() };
    let sql = "UPDATE participant SET admitted_at = $1, version = $2 WHERE id = $3 AND version = $4";
    let changed = tx.run(sql, args![now, next.version, row.id, row.version]).await?;
    if changed == 1 { Ok(next) } else { Err(KeepError::Conflict) }
}
