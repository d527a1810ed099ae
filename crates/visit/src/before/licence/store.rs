//! SQL of the table `licence_override`, and what the gates ask.

use crate::before::consent;
use crate::before::store::VisitRow;
use keep::{Conn, KeepError, Owner, Place, Tx, args};
use people::licences::rules::cover;
use people::licences::{Cover, of_person};
use vocabulary::{LicenceId, PersonId, UnixMillis};

/// Who went on without a licence for the state, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    pub by: PersonId,
    pub at: UnixMillis,
}

/// How the clinician's licences stand to the place where the patient is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForVisit {
    /// Postal code; none before anybody has said where the patient is.
    pub state: Option<String>,
    pub cover: Option<Cover>,
    pub decided: Option<Decided>,
}

impl ForVisit {
    pub fn is_uncovered(&self) -> bool {
        self.cover.is_some_and(|cover| !cover.is_yes())
    }

    /// A place that nobody knows yet is another step's to ask for.
    pub fn lets_in(&self) -> bool {
        !self.is_uncovered() || self.decided.is_some()
    }
}

pub async fn for_visit(conn: &mut Conn, visit: &VisitRow, now: UnixMillis) -> Result<ForVisit, KeepError> {
    let Some(state) = consent::here(conn, visit.id).await? else {
        return Ok(ForVisit { state: None, cover: None, decided: None });
    };
    let cover = cover(&of_person(conn, visit.clinician).await?, &state, now);
    let decided = if cover.is_yes() { None } else { decided(conn, visit, &state).await? };
    Ok(ForVisit { state: Some(state), cover: Some(cover), decided })
}

/// For this state and this clinician: a decision about another is none.
async fn decided(conn: &mut Conn, visit: &VisitRow, state: &str) -> Result<Option<Decided>, KeepError> {
    let row = conn
        .row(
            "SELECT by_person, at FROM licence_override WHERE visit = $1 AND state = $2 AND clinician = $3
             ORDER BY at DESC, id DESC LIMIT 1",
            args![visit.id, state, visit.clinician],
        )
        .await?;
    row.map(|row| Ok(Decided { by: row.parsed("by_person", PersonId::parse)?, at: row.time("at")? }))
        .transpose()
}

pub(super) async fn decide(
    tx: &mut Tx,
    (visit, state): (&VisitRow, &str),
    (by, reason): (PersonId, &str),
) -> Result<(), KeepError> {
    let id = LicenceId::new(tx.now(), tx.entropy()).text();
    let owner = Owner::Patient(visit.patient);
    let place = Place { table: "licence_override", column: "reason", row: &id, version: 1, owner };
    let reason = tx.seal_text(&place, reason)?;
    tx.run_one(
        "INSERT INTO licence_override (id, patient, visit, state, clinician, reason, by_person, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![&id, visit.patient, visit.id, state, visit.clinician, reason, by, tx.now()],
    )
    .await
}
