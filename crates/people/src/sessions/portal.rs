//! Sessions of the portal: of patients, and of whoever acts for one (R15). Both have one cookie: a browser is
//! one of them at a time.

use super::cookies::Jar;
use super::rules::{How, Kind};
use super::store::{NewSession, Started, end, end_beyond, insert};
use crate::portal_keys::Whose;
use keep::{KeepError, Row, Tx, args};
use policy::HouseRules;
use vocabulary::{PatientId, SessionId, UnixMillis};

/// Of somebody who has just proved who they are.
pub async fn start_patient(
    tx: &mut Tx,
    house: &HouseRules,
    patient: PatientId,
    how: How,
) -> Result<Started, KeepError> {
    let now = tx.now();
    start_portal(tx, house, (Whose::own(patient), how), Some(now)).await
}

/// In the portal, of a patient or of somebody who acts for them; their proof is from `proved`: another
/// session in between makes it no fresher.
pub async fn start_portal(
    tx: &mut Tx,
    house: &HouseRules,
    (whose, how): (Whose, How),
    proved: Option<UnixMillis>,
) -> Result<Started, KeepError> {
    let now = tx.now();
    let Whose { patient, representative } = whose;
    let kind = if representative.is_some() { Kind::Representative } else { Kind::Patient };
    let ends = kind.ends_at(house, now);
    let row = NewSession {
        patient: Some(patient),
        representative,
        known: true,
        how,
        proved,
        ..NewSession::of(kind, ends)
    };
    let started = insert(tx, &row, Jar::Patient, ends).await?;
    let alive = of_portal(tx, whose).await?;
    end_beyond(tx, &alive).await?;
    Ok(started)
}

/// The sessions of the portal that have not ended, newest first: of this person alone.
pub(crate) async fn of_portal(tx: &mut Tx, whose: Whose) -> Result<Vec<Row>, KeepError> {
    let now = tx.now();
    tx.rows(
        "SELECT id FROM session
         WHERE patient = $1 AND kind IN ('patient', 'representative')
             AND COALESCE(representative, '') = $2 AND ended_at IS NULL AND ends_at > $3
         ORDER BY created_at DESC, id DESC",
        args![whose.patient, whose.spelled(), now],
    )
    .await
}

/// Ends what was opened of the portal from a visit since this guest's session began: the same device, or a
/// second look from it.
pub(crate) async fn end_portals_from(
    tx: &mut Tx,
    (guest, patient): (SessionId, PatientId),
) -> Result<(), KeepError> {
    let sql = "SELECT id FROM session
         WHERE patient = $1 AND kind IN ('patient', 'representative') AND how = 'invitation'
             AND ended_at IS NULL AND created_at >= (SELECT created_at FROM session WHERE id = $2)
         ORDER BY id";
    for row in &tx.rows(sql, args![patient, guest]).await? {
        end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    Ok(())
}
