//! SQL of the table `identity_check`. The facts are sealed under the key of the patient whose visit it is.

use super::rules::{Facts, Level, Outcome, Route, Said};
use crate::before::store::VisitRow;
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{IdentityCheckId, ParticipantId, PatientId, PersonId, UnixMillis};

/// More checks than this of one person in one visit are not shown.
const CHECKS_MAX: i64 = 20;

#[derive(Clone)]
pub struct Checked {
    id: String,
    pub outcome: Outcome,
    pub level: Level,
    pub flagged: bool,
    pub by: PersonId,
    pub at: UnixMillis,
    sealed: Vec<u8>,
}

/// The one that counts.
pub async fn newest(conn: &mut Conn, participant: ParticipantId) -> Result<Option<Checked>, KeepError> {
    Ok(of_participant(conn, participant).await?.into_iter().next())
}

/// The newest first.
pub(super) async fn of_participant(
    conn: &mut Conn,
    participant: ParticipantId,
) -> Result<Vec<Checked>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, outcome, level, flagged, facts, by_person, at FROM identity_check
             WHERE participant = $1 ORDER BY at DESC, id DESC LIMIT $2",
            args![participant, CHECKS_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

pub(super) fn facts(
    view: &Viewing,
    access: &Access,
    (row, patient): (&Checked, PatientId),
) -> Result<Facts, KeepError> {
    let text = view.unseal_text(access, &place(&row.id, patient), &row.sealed)?;
    serde_json::from_str(text.reveal()).map_err(|_| KeepError::Shape("the facts of a check of identity"))
}

/// Whether a document was looked at for it, and not voices heard alone.
pub(crate) fn is_of_document(
    view: &Viewing,
    access: &Access,
    (row, patient): (&Checked, PatientId),
) -> Result<bool, KeepError> {
    Ok(Route::parse(&facts(view, access, (row, patient))?.route) == Some(Route::Document))
}

pub(super) async fn insert(
    tx: &mut Tx,
    (visit, who): (&VisitRow, ParticipantId),
    said: &Said,
    by: PersonId,
) -> Result<(), KeepError> {
    let id = IdentityCheckId::new(tx.now(), tx.entropy()).text();
    let text = serde_json::to_string(&said.facts).map_err(|_| KeepError::Shape("facts as JSON"))?;
    let sealed = tx.seal_text(&place(&id, visit.patient), &text)?;
    tx.run_one(
        "INSERT INTO identity_check (id, patient, visit, participant, outcome, level, flagged, facts,
             by_person, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            &id,
            visit.patient,
            visit.id,
            who,
            said.outcome.code(),
            said.level.code(),
            i64::from(said.flagged),
            sealed,
            by,
            tx.now()
        ],
    )
    .await
}

fn read(row: &Row) -> Result<Checked, KeepError> {
    Ok(Checked {
        id: row.text("id")?.to_owned(),
        outcome: row.parsed("outcome", Outcome::parse)?,
        level: row.parsed("level", Level::parse)?,
        flagged: row.flag("flagged")?,
        by: row.parsed("by_person", PersonId::parse)?,
        at: row.time("at")?,
        sealed: row.blob("facts")?.to_vec(),
    })
}

/// Written once.
fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "identity_check", column: "facts", row, version: 1, owner: Owner::Patient(patient) }
}
