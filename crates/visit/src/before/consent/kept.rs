//! What was answered, as it is read back: each answer, the newest one, and its signed page.

use super::Of;
use super::rules::{Method, Outcome, Standing, TeachBack};
use super::scopes::Scope;
use super::store::sealed_place;
use super::texts::Named;
use keep::{Conn, KeepError, Owner, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{ConsentId, FileId, Lang, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

const LISTED_MAX: i64 = 200;

macro_rules! answers {
    ($which:literal) => {
        concat!(
            "SELECT id, patient, clinician, visit, participant, scope, template_version, lang, outcome,
                 method, state, for_minor, witness, teach_back, artefact, at, signed_at, kept,
                 named, ends
             FROM consent ",
            $which
        )
    };
}

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
    /// Sealed: whom it names.
    named: Option<Vec<u8>>,
    /// Which yes it renews or takes back, where several stand side by side: the first of that agreement.
    ends: Option<ConsentId>,
}

impl ConsentRow {
    /// From when it counts: a paper from the day that stands on it.
    pub fn since(&self) -> UnixMillis {
        self.signed_at.unwrap_or(self.at)
    }

    /// What it is an answer about: somebody named is an agreement of their own, and stands until that one is
    /// taken back (45 CFR 164.508(b)(5)).
    fn about(&self) -> (Scope, Option<PersonId>, Option<ConsentId>) {
        let one = self.scope.names_somebody().then(|| self.yes());
        (self.scope, self.of.clinician, one)
    }

    /// The first yes of its agreement: itself, or the one that it renews or takes back.
    pub fn yes(&self) -> ConsentId {
        self.ends.unwrap_or(self.id)
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

/// Of each agreement the newest answer. `rows`: the newest first.
pub fn current(rows: &[ConsentRow]) -> impl Iterator<Item = &ConsentRow> {
    let is_newest = move |at: usize| !rows[..at].iter().any(|newer| newer.about() == rows[at].about());
    rows.iter().enumerate().filter(move |(at, _)| is_newest(*at)).map(|(_, row)| row)
}

/// The agreement that a newer yes to the same person, for the same thing, renews: together they are one, and
/// are taken back as one. For the transaction that records the newer yes.
pub async fn renewed(
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
    (scope, to): (Scope, &Named),
) -> Result<Option<ConsentId>, KeepError> {
    let rows = of_patient(tx, patient).await?;
    for row in current(&rows).filter(|row| row.scope == scope && row.outcome == Outcome::Given) {
        if named(tx, access, row)?.is_some_and(|it| it.is_same(to)) {
            return Ok(Some(row.yes()));
        }
    }
    Ok(None)
}

/// What stands beside this yes and says the same for the same person: of two charts that were put together
/// each can hold one. They are taken back as one.
pub fn twins<'a>(
    view: &Viewing,
    access: &Access,
    (rows, yes): (&'a [ConsentRow], &ConsentRow),
) -> Result<Vec<&'a ConsentRow>, KeepError> {
    let Some(of) = named(view, access, yes)? else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for row in current(rows).filter(|row| row.scope == yes.scope && row.outcome == Outcome::Given) {
        if row.yes() != yes.yes() && named(view, access, row)?.is_some_and(|it| it.is_same(&of)) {
            all.push(row);
        }
    }
    Ok(all)
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
            answers!(
                "WHERE patient = $1 AND scope = $2 AND COALESCE(clinician, '') = $3
                 ORDER BY number DESC LIMIT 1"
            ),
            args![patient, scope.code(), clinician],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The newest first.
pub async fn of_patient(conn: &mut Conn, patient: PatientId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(answers!("WHERE patient = $1 ORDER BY number DESC LIMIT $2"), args![patient, LISTED_MAX])
        .await?;
    rows.iter().map(read).collect()
}

/// The newest first.
pub async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<ConsentRow>, KeepError> {
    let rows = conn
        .rows(answers!("WHERE visit = $1 ORDER BY number DESC LIMIT $2"), args![visit, LISTED_MAX])
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

/// Whom a yes names, with what and why; `None` where it names nobody.
pub fn named(view: &Viewing, access: &Access, row: &ConsentRow) -> Result<Option<Named>, KeepError> {
    let Some(sealed) = &row.named else { return Ok(None) };
    let id = row.id.text();
    let place = sealed_place(&id, "named", Owner::Patient(row.of.patient));
    let text = view.unseal_text(access, &place, sealed)?;
    Ok(Some(Named::of_lines(text.reveal())))
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
        named: row.opt_blob("named")?.map(<[u8]>::to_vec),
        ends: row.opt_parsed("ends", ConsentId::parse)?,
    })
}
