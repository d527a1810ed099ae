//! SQL of the table `check_in`: three sealed answers, the promise, a waiver of the checks, and when the last
//! was given.

use super::answers::{Location, Place, Readiness};
use super::rules::{self, Checks, Done, Papers};
use crate::before::consent::{self, Scope};
use crate::before::store::{ParticipantRow, VisitRow};
use crate::before::{licence, privacy_notice};
use keep::{Conn, KeepError, Owner, Tx, Viewing, args};
use policy::{Access, HouseRules};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vocabulary::{ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

/// The sealed answers of one participant, still closed.
#[derive(Clone, Debug, Default)]
pub struct CheckInRow {
    pub place: Option<Vec<u8>>,
    pub readiness: Option<Vec<u8>>,
    pub location: Option<Vec<u8>>,
    /// Postal code of the state in the location.
    pub state: Option<String>,
    pub promised_at: Option<UnixMillis>,
    /// The checks ran, whatever they found.
    pub checks_ran: bool,
    pub waived_at: Option<UnixMillis>,
    pub waived_by: Option<PersonId>,
    /// The host went on without a consent, in an emergency.
    pub overridden_at: Option<UnixMillis>,
    pub overridden_by: Option<PersonId>,
    pub done_at: Option<UnixMillis>,
    pub version: i64,
}

/// Which answer is meant; each is one sealed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Place,
    Readiness,
    Location,
    Waiver,
    Emergency,
}

impl CheckInRow {
    pub fn checks(&self) -> Checks {
        Checks { answered: self.readiness.is_some(), ran: self.checks_ran, waived: self.waived_at.is_some() }
    }
}

/// An empty row when nothing was answered yet.
pub async fn load(conn: &mut Conn, participant: ParticipantId) -> Result<CheckInRow, KeepError> {
    let row = conn
        .row(
            "SELECT place, readiness, location, state, promised_at, checks_ran, waived_at, waived_by,
                    overridden_at, overridden_by, done_at, version
             FROM check_in WHERE participant = $1",
            args![participant],
        )
        .await?;
    let Some(row) = row else { return Ok(CheckInRow::default()) };
    let bytes = |column| Ok::<_, KeepError>(row.opt_blob(column)?.map(<[u8]>::to_vec));
    Ok(CheckInRow {
        place: bytes("place")?,
        readiness: bytes("readiness")?,
        location: bytes("location")?,
        state: row.opt_text("state")?.map(str::to_owned),
        promised_at: row.opt_time("promised_at")?,
        checks_ran: row.flag("checks_ran")?,
        waived_at: row.opt_time("waived_at")?,
        waived_by: row.opt_parsed("waived_by", PersonId::parse)?,
        overridden_at: row.opt_time("overridden_at")?,
        overridden_by: row.opt_parsed("overridden_by", PersonId::parse)?,
        done_at: row.opt_time("done_at")?,
        version: row.int("version")?,
    })
}

/// What has an answer already, the consent included.
pub async fn done(
    conn: &mut Conn,
    visit: &VisitRow,
    row: &CheckInRow,
    (house, now): (&HouseRules, UnixMillis),
) -> Result<Done, KeepError> {
    let who = (house, now);
    let consent = consent::for_visit(conn, visit, who).await?;
    let e_sign = consent::newest(conn, visit.patient, Scope::ESign, None).await?;
    let e_signs = consent::stands(conn, visit.patient, Scope::ESign, who).await?;
    // Whoever agreed aloud or on paper needs no screen to sign on.
    let by_voice = consent.lets_in() && !e_signs;
    let notice = privacy_notice::newest(conn, visit.patient).await?;
    let here = |of: Option<VisitId>| of == Some(visit.id);
    let papers = Papers {
        e_sign: !by_voice && (!e_signs || e_sign.is_some_and(|row| here(row.of.visit))),
        notice: notice.as_ref().is_none_or(|row| here(row.visit)),
    };
    Ok(Done {
        papers,
        e_sign: e_signs || by_voice,
        notice: notice.is_some(),
        consent: consent.lets_in(),
        promise: row.promised_at.is_some(),
        place: row.place.is_some(),
        readiness: rules::checks_done(house, &row.checks()),
        location: row.location.is_some(),
        licence: licence::for_visit(conn, visit, now).await?.lets_in(),
    })
}

pub async fn put_place(
    tx: &mut Tx,
    who: &ParticipantRow,
    of: PatientId,
    it: &Place,
) -> Result<(), KeepError> {
    let sealed = seal(tx, who.id, of, Answer::Place, it)?;
    tx.run_one(
        "INSERT INTO check_in (participant, place, version) VALUES ($1, $2, 1)
         ON CONFLICT (participant) DO UPDATE SET place = excluded.place, version = check_in.version + 1",
        args![who.id, sealed],
    )
    .await
}

/// The first promise counts; giving it again changes nothing.
pub async fn put_promise(tx: &mut Tx, who: &ParticipantRow, now: UnixMillis) -> Result<(), KeepError> {
    tx.run_one(
        "INSERT INTO check_in (participant, promised_at, version) VALUES ($1, $2, 1)
         ON CONFLICT (participant)
         DO UPDATE SET promised_at = COALESCE(check_in.promised_at, excluded.promised_at),
             version = check_in.version + 1",
        args![who.id, now],
    )
    .await
}

pub async fn put_readiness(
    tx: &mut Tx,
    who: &ParticipantRow,
    of: PatientId,
    it: &Readiness,
) -> Result<(), KeepError> {
    let sealed = seal(tx, who.id, of, Answer::Readiness, it)?;
    tx.run_one(
        "INSERT INTO check_in (participant, readiness, checks_ran, version) VALUES ($1, $2, $3, 1)
         ON CONFLICT (participant)
         DO UPDATE SET readiness = excluded.readiness, checks_ran = excluded.checks_ran,
             version = check_in.version + 1",
        args![who.id, sealed, !it.is_unmeasured()],
    )
    .await
}

/// The host goes on without a consent, in an emergency. The newest reason counts; the trail has them all.
pub async fn put_emergency(
    tx: &mut Tx,
    who: &ParticipantRow,
    of: PatientId,
    (by, reason): (PersonId, &str),
) -> Result<(), KeepError> {
    let sealed = seal(tx, who.id, of, Answer::Emergency, &reason)?;
    tx.run_one(
        "INSERT INTO check_in (participant, emergency, overridden_at, overridden_by, version)
         VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (participant)
         DO UPDATE SET emergency = excluded.emergency, overridden_at = excluded.overridden_at,
             overridden_by = excluded.overridden_by, version = check_in.version + 1",
        args![who.id, sealed, tx.now(), by],
    )
    .await
}

/// The first waiver counts.
pub async fn put_waiver(
    tx: &mut Tx,
    who: &ParticipantRow,
    of: PatientId,
    (by, reason): (PersonId, &str),
) -> Result<(), KeepError> {
    let sealed = seal(tx, who.id, of, Answer::Waiver, &reason)?;
    tx.run_one(
        "INSERT INTO check_in (participant, waiver, waived_at, waived_by, version) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (participant)
         DO UPDATE SET waiver = excluded.waiver, waived_at = excluded.waived_at,
             waived_by = excluded.waived_by, version = check_in.version + 1
         WHERE check_in.waived_at IS NULL",
        args![who.id, sealed, tx.now(), by],
    )
    .await
}

pub async fn put_location(
    tx: &mut Tx,
    who: &ParticipantRow,
    of: PatientId,
    it: &Location,
) -> Result<(), KeepError> {
    let sealed = seal(tx, who.id, of, Answer::Location, it)?;
    tx.run_one(
        "INSERT INTO check_in (participant, location, state, version) VALUES ($1, $2, $3, 1)
         ON CONFLICT (participant) DO UPDATE
         SET location = excluded.location, state = excluded.state, version = check_in.version + 1",
        args![who.id, sealed, it.state.as_str()],
    )
    .await
}

/// Every step is answered.
pub async fn mark_done(tx: &mut Tx, participant: ParticipantId, now: UnixMillis) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE check_in SET done_at = $1, version = version + 1 WHERE participant = $2",
        args![now, participant],
    )
    .await
}

/// What was answered, opened against the proof. `None` when it was not answered.
pub fn open<T: DeserializeOwned>(
    view: &Viewing,
    access: &Access,
    (participant, of): (ParticipantId, PatientId),
    (answer, sealed): (Answer, Option<&Vec<u8>>),
) -> Result<Option<T>, KeepError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let json = view.unseal(access, &place(&participant.text(), of, answer), sealed)?;
    serde_json::from_slice(&json).map(Some).map_err(|_| KeepError::Shape("an answer of a check-in"))
}

fn seal<T: Serialize>(
    tx: &mut Tx,
    participant: ParticipantId,
    of: PatientId,
    answer: Answer,
    value: &T,
) -> Result<Vec<u8>, KeepError> {
    let json = serde_json::to_vec(value).map_err(|_| KeepError::Shape("an answer that JSON cannot hold"))?;
    tx.seal(&place(&participant.text(), of, answer), &json)
}

fn place(row: &str, of: PatientId, answer: Answer) -> keep::Place<'_> {
    let column = match answer {
        Answer::Place => "place",
        Answer::Readiness => "readiness",
        Answer::Location => "location",
        Answer::Waiver => "waiver",
        Answer::Emergency => "emergency",
    };
    // Each answer may be given again on its own, so the row's counter is not the answer's.
    keep::Place { table: "check_in", column, row, version: 1, owner: Owner::Patient(of) }
}
