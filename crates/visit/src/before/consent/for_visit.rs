//! What the lobby, the room and every page ask about the consent of one visit.

use super::kept::{ConsentRow, newest};
use super::rules::{Asked, Lapse, Outcome, lapse};
use super::scopes::Scope;
use crate::before::store::VisitRow;
use keep::{Conn, KeepError, args};
use policy::HouseRules;
use vocabulary::{UnixMillis, VisitId};

/// What the lobby asks about the consent of one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForVisit {
    /// Why there is none in force, if so.
    pub lapse: Option<Lapse>,
    /// The host went on without one, in an emergency, and the patient has not said no since.
    pub overridden: bool,
}

impl ForVisit {
    pub fn lets_in(self) -> bool {
        self.lapse.is_none() || self.overridden
    }

    /// The visit goes on without a consent.
    pub fn is_emergency(self) -> bool {
        self.lapse.is_some() && self.overridden
    }
}

/// The telehealth consent of this visit's patient to its clinician, for where the patient is now.
pub async fn for_visit(
    conn: &mut Conn,
    visit: &VisitRow,
    (house, now): (&HouseRules, UnixMillis),
) -> Result<ForVisit, KeepError> {
    let newest = newest(conn, visit.patient, Scope::Telehealth, Some(visit.clinician)).await?;
    let here = here(conn, visit.id).await?;
    let asked = Asked { clinician: Some(visit.clinician), state: here.as_deref(), house, now };
    let lapse = lapse(newest.as_ref().map(ConsentRow::standing).as_ref(), &asked);
    // A "no" after the host went on ends that, too.
    let overridden = match overridden_at(conn, visit.id).await? {
        Some(at) => last_no(conn, visit).await?.is_none_or(|no| no < at),
        None => false,
    };
    Ok(ForVisit { lapse, overridden })
}

/// The patient would rather not sign on a screen, and nobody has taken the consent another way yet.
pub async fn wants_paper(
    conn: &mut Conn,
    visit: &VisitRow,
    who: (&HouseRules, UnixMillis),
) -> Result<bool, KeepError> {
    let newest = newest(conn, visit.patient, Scope::ESign, None).await?;
    let said_no = newest.is_some_and(|row| matches!(row.outcome, Outcome::Refused | Outcome::Withdrawn));
    Ok(said_no && !for_visit(conn, visit, who).await?.lets_in())
}

/// Postal code of the state the patient is in, as far as anybody has said on the way to this visit: their own
/// word before that of whoever acts for them, who is often the only one with a device.
pub async fn here(conn: &mut Conn, visit: VisitId) -> Result<Option<String>, KeepError> {
    let row = conn
        .row(
            "SELECT c.state FROM check_in c JOIN participant p ON p.id = c.participant
             WHERE p.visit = $1 AND p.role IN ('patient', 'representative') AND p.state <> 'removed'
                 AND c.state IS NOT NULL
             ORDER BY CASE p.role WHEN 'patient' THEN 0 ELSE 1 END, p.id LIMIT 1",
            args![visit],
        )
        .await?;
    row.map(|row| Ok(row.text("state")?.to_owned())).transpose()
}

/// When the host went on without a consent, if they did.
async fn overridden_at(conn: &mut Conn, visit: VisitId) -> Result<Option<UnixMillis>, KeepError> {
    let row = conn
        .row(
            "SELECT c.overridden_at FROM check_in c JOIN participant p ON p.id = c.participant
             WHERE p.visit = $1 AND p.role = 'patient' ORDER BY p.id LIMIT 1",
            args![visit],
        )
        .await?;
    row.map_or(Ok(None), |row| row.opt_time("overridden_at"))
}

/// When this visit's patient last said no to meeting its clinician by video, or took their yes back.
async fn last_no(conn: &mut Conn, visit: &VisitRow) -> Result<Option<UnixMillis>, KeepError> {
    let row = conn
        .row(
            "SELECT at FROM consent WHERE patient = $1 AND clinician = $2 AND scope = 'telehealth'
                 AND outcome IN ('refused', 'withdrawn')
             ORDER BY number DESC LIMIT 1",
            args![visit.patient, visit.clinician],
        )
        .await?;
    row.map(|row| row.time("at")).transpose()
}
