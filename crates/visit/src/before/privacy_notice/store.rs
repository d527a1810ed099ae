//! SQL of the table `privacy_notice`.

use super::texts::{self, Text};
use crate::before::store::still_of;
use keep::{Conn, Entry, KeepError, Object, Owner, Place, Tx, args};
use vocabulary::{ConsentId, PatientId, PersonId, UnixMillis, VisitId};

const ONLY_VERSION: i64 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Acknowledged,
    /// The patient read it and would rather not confirm.
    Declined,
    /// In an emergency, or where a call broke off: the reason says more.
    NotPossible,
}

impl Outcome {
    pub const ALL: [Outcome; 3] = [Outcome::Acknowledged, Outcome::Declined, Outcome::NotPossible];

    pub fn code(self) -> &'static str {
        match self {
            Outcome::Acknowledged => "acknowledged",
            Outcome::Declined => "declined",
            Outcome::NotPossible => "not_possible",
        }
    }

    pub fn parse(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What came of showing the newest version to a patient.
#[derive(Clone, Copy, Debug)]
pub struct NoticeRow {
    pub outcome: Outcome,
    pub visit: Option<VisitId>,
    pub at: UnixMillis,
}

/// Of the newest version alone: after a change of the words everybody is asked again.
pub async fn newest(conn: &mut Conn, patient: PatientId) -> Result<Option<NoticeRow>, KeepError> {
    let row = conn
        .row(
            "SELECT outcome, visit, at FROM privacy_notice WHERE patient = $1 AND notice_version = $2
             ORDER BY at DESC, id DESC LIMIT 1",
            args![patient, texts::VERSION],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(NoticeRow {
        outcome: row.parsed("outcome", Outcome::parse)?,
        visit: row.opt_parsed("visit", VisitId::parse)?,
        at: row.time("at")?,
    }))
}

/// When the newest version was first handed to anybody.
pub async fn first_shown(conn: &mut Conn) -> Result<Option<UnixMillis>, KeepError> {
    let row = conn
        .row(
            "SELECT at FROM privacy_notice WHERE notice_version = $1 ORDER BY at, id LIMIT 1",
            args![texts::VERSION],
        )
        .await?;
    row.map(|row| row.time("at")).transpose()
}

/// Who wrote it down (none: the patient answered), and why there is no acknowledgement. The entry is for the
/// commit that follows.
pub async fn record(
    tx: &mut Tx,
    (patient, visit): (PatientId, VisitId),
    (text, outcome): (&Text, Outcome),
    (by, reason): (Option<PersonId>, &str),
) -> Result<Entry, KeepError> {
    still_of(tx, (visit, patient)).await?;
    let id = ConsentId::new(tx.now(), tx.entropy()).text();
    let place = Place {
        table: "privacy_notice",
        column: "reason",
        row: &id,
        version: ONLY_VERSION,
        owner: Owner::Patient(patient),
    };
    let reason = if reason.is_empty() { None } else { Some(tx.seal_text(&place, reason)?) };
    tx.run_one(
        "INSERT INTO privacy_notice (id, patient, notice_version, lang, text_hash, outcome, reason, visit,
             by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &id,
            patient,
            text.version,
            text.lang.code(),
            text.hash(),
            outcome.code(),
            reason,
            visit,
            by,
            tx.now()
        ],
    )
    .await?;
    Ok(Entry::new(Object::of("privacy_notice", id).patient(patient).visit(visit))
        .detail("version", text.version)
        .detail("outcome", outcome.code()))
}
