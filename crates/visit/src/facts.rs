//! What visits show of the practice's ways, for its analysis: agreement, privacy of place, failed checks.
//!
//! Counts and names nobody; refuses to open what is sealed.

use crate::before::rooms;
use crate::before::rooms::rules::{FIRST_LOOK_MS, Standing, due_at};
use keep::{BoxFuture, Conn, KeepError, args};
use practice::duties::Owed;
use practice::facts::rules::Seen;
use practice::facts::{Fact, Observer, World};
use practice::findings::{self, Kind};
use vocabulary::{DAY_MS, UnixMillis, VisitId};

/// Visits longer ago than this say little about the practice of today.
const LOOK_BACK_MS: i64 = 90 * DAY_MS;
/// More check-ins than this are not looked through; the newest ones count.
const CHECK_INS_MAX: i64 = 20_000;
/// What the readiness step can find.
const FAILED: &[Kind] = &[
    Kind::NoCamera,
    Kind::NoMicrophone,
    Kind::PoorLight,
    Kind::PoorNoise,
    Kind::PoorVoice,
    Kind::PoorConnection,
    Kind::NoSpeaker,
    Kind::OldBrowser,
    Kind::ChecksSkipped,
    Kind::ChecksWaived,
];

const FACTS: [Fact; 4] = [
    Fact::answer("consent-coverage"),
    Fact::answer("place-private"),
    Fact::answer("room-checks"),
    Fact::sign("checks-good"),
];

pub struct OfVisits;

impl Observer for OfVisits {
    fn facts(&self) -> &'static [Fact] {
        &FACTS
    }

    fn look<'a>(&'a self, fact: &'static str, world: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        Box::pin(async move {
            let since = world.now.plus_ms(-LOOK_BACK_MS);
            match fact {
                "consent-coverage" => consented(world.conn, since).await,
                "room-checks" => rooms_fit(world.conn, world.now).await,
                "place-private" => asked_for_place(world.conn, since).await,
                _ => checks_good(world.conn, since).await,
            }
        })
    }

    /// Rooms in use: a year after each was last measured, and soon where nobody ever did.
    fn owed<'a>(&'a self, world: World<'a>) -> BoxFuture<'a, Result<Vec<Owed>, KeepError>> {
        Box::pin(async move {
            let rooms = rooms::store::all(world.conn).await?;
            let owed = |room: rooms::store::Room| {
                let (at, key) = match &room.newest {
                    Some(check) => (due_at(check.at), "room-todo-again"),
                    None => (room.id.made_at().plus_ms(FIRST_LOOK_MS), "room-todo-first"),
                };
                Owed { at, key, name: room.name, href: format!("/practice/rooms/{}", room.id.text()) }
            };
            Ok(rooms.into_iter().filter(|room| room.is_here).map(owed).collect())
        })
    }
}

/// Patients who were let into a room, and whose newest answer to this clinician was a yes at that moment.
async fn consented(conn: &mut Conn, since: UnixMillis) -> Result<Seen, KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN
             (SELECT c.outcome FROM consent c WHERE c.patient = v.patient AND c.clinician = v.clinician
                 AND c.scope = 'telehealth' AND c.at <= p.admitted_at
                 ORDER BY c.number DESC LIMIT 1) = 'given'
             THEN 1 ELSE 0 END), 0) AS BIGINT) AS part
         FROM participant p JOIN visit v ON v.id = p.visit
         WHERE p.role = 'patient' AND p.admitted_at > $1";
    counted(conn, sql, since).await
}

/// Patients who were let into a room after they had said who is near.
async fn asked_for_place(conn: &mut Conn, since: UnixMillis) -> Result<Seen, KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(count(c.place) AS BIGINT) AS part
         FROM participant p LEFT JOIN check_in c ON c.participant = p.id
         WHERE p.role = 'patient' AND p.admitted_at > $1";
    counted(conn, sql, since).await
}

/// Rooms in use that were found fit, not too long ago.
async fn rooms_fit(conn: &mut Conn, now: UnixMillis) -> Result<Seen, KeepError> {
    let rooms = rooms::store::all(conn).await?;
    let here: Vec<_> = rooms.iter().filter(|room| room.is_here).collect();
    if here.is_empty() {
        return Ok(Seen::Nothing);
    }
    let fit = here.iter().filter(|room| room.standing(now) == Standing::Fit).count();
    Ok(Seen::Share { part: fit as i64, whole: here.len() as i64 })
}

async fn counted(conn: &mut Conn, sql: &'static str, since: UnixMillis) -> Result<Seen, KeepError> {
    let row = conn.row(sql, args![since]).await?.ok_or(KeepError::Shape("a count without a row"))?;
    Ok(Seen::Patients { part: row.int("part")?, whole: row.int("whole")? })
}

/// Check-ins whose readiness step found nothing.
async fn checks_good(conn: &mut Conn, since: UnixMillis) -> Result<Seen, KeepError> {
    let rows = conn
        .rows(
            "SELECT DISTINCT p.visit FROM check_in c JOIN participant p ON p.id = c.participant
             WHERE p.role = 'patient' AND c.readiness IS NOT NULL AND c.done_at > $1
             ORDER BY p.visit DESC LIMIT $2",
            args![since, CHECK_INS_MAX],
        )
        .await?;
    let failed = findings::visits_with(conn, FAILED, since).await?;
    let mut good = 0;
    for row in &rows {
        good += i64::from(!failed.contains(&row.parsed("visit", VisitId::parse)?));
    }
    Ok(Seen::Patients { part: good, whole: rows.len() as i64 })
}

#[cfg(test)]
mod tests;
