//! What was answered, as it is read back: each answer, the newest one, and its signed page.

use super::Of;
use super::rules::{Method, Outcome, Standing, TeachBack};
use super::scopes::Scope;
use super::store::sealed_place;
use keep::{Conn, KeepError, Owner, Row, Viewing, args};
use policy::Access;
use vocabulary::{ConsentId, FileId, Lang, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

const LISTED_MAX: i64 = 200;

#[derive(Clone, Debug)]
pub struct ConsentRow {
    pub id: ConsentId,
    pub scope: Scope,
    pub of: Of,
    pub template_version: String,
    pub lang: Lang,
    pub outcome: Outcome,
    pub method: Method,
    pub state: Option<String>,
    pub for_minor: bool,
    pub witness: Option<PersonId>,
    pub teach_back: Option<TeachBack>,
    pub artefact: Option<FileId>,
    pub at: UnixMillis,
    /// Midnight of the day that stands on a paper which came in later; none where it is `at`.
    pub signed_at: Option<UnixMillis>,
    /// Sealed: where the practice keeps that paper.
    kept: Option<Vec<u8>>,
}

impl ConsentRow {
    /// From when it counts: a paper from the day that stands on it.
    pub fn since(&self) -> UnixMillis {
        self.signed_at.unwrap_or(self.at)
    }

    pub fn standing(&self) -> Standing<'_> {
        Standing {
            outcome: self.outcome,
            scope: self.scope,
            clinician: self.of.clinician,
            template_version: &self.template_version,
            method: self.method,
            state: self.state.as_deref(),
            at: self.since(),
        }
    }
}

/// The newest answer of this patient in this scope, to this clinician where it is given to one.
pub async fn newest(
    conn: &mut Conn,
    patient: PatientId,
    scope: Scope,
    clinician: Option<PersonId>,
) -> Result<Option<ConsentRow>, KeepError> {
    let clinician = clinician.map(|id| id.text()).unwrap_or_default();
    let row = conn
        .row(
            "SELECT id, patient, clinician, visit, participant, scope, template_version, lang, outcome,
                 method, state, for_minor, witness, teach_back, artefact, at, signed_at, kept
             FROM consent WHERE patient = $1 AND scope = $2 AND COALESCE(clinician, '') = $3
             ORDER BY number DESC LIMIT 1",
            args![patient, scope.code(), clinician],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest first.
pub async fn of_patient(conn: &mut Conn, patient: PatientId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, visit, participant, scope, template_version, lang, outcome,
                 method, state, for_minor, witness, teach_back, artefact, at, signed_at, kept
             FROM consent WHERE patient = $1 ORDER BY number DESC LIMIT $2",
            args![patient, LISTED_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The newest first.
pub async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, visit, participant, scope, template_version, lang, outcome,
                 method, state, for_minor, witness, teach_back, artefact, at, signed_at, kept
             FROM consent WHERE visit = $1 ORDER BY number DESC LIMIT $2",
            args![visit, LISTED_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Where the practice keeps the paper; empty where nobody wrote it down.
pub async fn kept_at(view: &mut Viewing, access: &Access, row: &ConsentRow) -> Result<String, KeepError> {
    let Some(kept) = &row.kept else { return Ok(String::new()) };
    let id = row.id.text();
    let place = sealed_place(&id, "kept", Owner::Patient(row.of.patient));
    Ok(view.unseal_text(access, &place, kept)?.reveal().to_owned())
}

/// The signed page, byte for byte. `KeepError::NotFound` for an answer that has none.
pub async fn copy(view: &mut Viewing, access: &Access, row: &ConsentRow) -> Result<Vec<u8>, KeepError> {
    let file = row.artefact.ok_or(KeepError::NotFound)?;
    Ok(view.file(access, file).await?.to_vec())
}

fn read(row: &Row) -> Result<ConsentRow, KeepError> {
    Ok(ConsentRow {
        id: row.parsed("id", ConsentId::parse)?,
        scope: row.parsed("scope", Scope::parse)?,
        of: Of {
            patient: row.parsed("patient", PatientId::parse)?,
            clinician: row.opt_parsed("clinician", PersonId::parse)?,
            visit: row.opt_parsed("visit", VisitId::parse)?,
            participant: row.opt_parsed("participant", ParticipantId::parse)?,
        },
        template_version: row.text("template_version")?.to_owned(),
        lang: row.parsed("lang", Lang::parse)?,
        outcome: row.parsed("outcome", Outcome::parse)?,
        method: row.parsed("method", Method::parse)?,
        state: row.opt_text("state")?.map(str::to_owned),
        for_minor: row.flag("for_minor")?,
        witness: row.opt_parsed("witness", PersonId::parse)?,
        teach_back: row.opt_parsed("teach_back", TeachBack::parse)?,
        artefact: row.opt_parsed("artefact", FileId::parse)?,
        at: row.time("at")?,
        signed_at: row.opt_time("signed_at")?,
        kept: row.opt_blob("kept")?.map(<[u8]>::to_vec),
    })
}
