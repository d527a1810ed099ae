//! What somebody of the staff is to a patient at this moment: the facts that every decision about a chart
//! asks for, read in one place.

use crate::{break_glass, care_team, representatives};
use keep::{Conn, KeepError};
use policy::Facts;
use vocabulary::{PatientId, Principal, Relation, Relations, RepresentativeId, UnixMillis};

pub async fn of(
    conn: &mut Conn,
    who: &Principal,
    patient: PatientId,
    now: UnixMillis,
) -> Result<Facts, KeepError> {
    let mut facts = Facts { patient: Some(patient), ..Facts::default() };
    if let Principal::Staff { person, .. } = who {
        if care_team::is_member(conn, patient, *person, now).await? {
            facts.relations = Relations::NONE.with(Relation::CareTeam);
        }
        facts.emergency = break_glass::is_open(conn, patient, *person, now).await?;
    }
    Ok(facts)
}

/// What a representative is to a patient at this moment (R74): outside of their dates, nothing.
pub async fn of_representative(
    conn: &mut Conn,
    (patient, id): (PatientId, RepresentativeId),
    now: UnixMillis,
) -> Result<Facts, KeepError> {
    let facts = Facts { patient: Some(patient), ..Facts::default() };
    let scope = representatives::scope_at(conn, (patient, id), now).await?;
    Ok(match scope {
        Some(scope) => Facts { relations: Relations::NONE.with(Relation::Representative), scope, ..facts },
        None => facts,
    })
}
