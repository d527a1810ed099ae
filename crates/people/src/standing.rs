//! What somebody is to a patient at this moment: the facts that every decision about a chart asks for, read
//! in one place.

use crate::{break_glass, care_team, representatives};
use keep::{Conn, KeepError};
use policy::Facts;
use vocabulary::{PatientId, Principal, Relation, Relations, RepresentativeId, UnixMillis};
use web::{Ctx, Failure};

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
    match who {
        Principal::Representative { representative, patient: theirs, .. } if *theirs == patient => {
            of_representative(conn, (patient, *representative), now).await
        }
        _ => Ok(facts),
    }
}

/// Of whoever is signed in to the portal: whose portal it is, and what they are to that patient now.
pub async fn in_portal(ctx: &Ctx) -> Result<(PatientId, Facts), Failure> {
    match ctx.who {
        Principal::Patient { patient, .. } => {
            let relations = Relations::NONE.with(Relation::Patient);
            Ok((patient, Facts { relations, patient: Some(patient), ..Facts::default() }))
        }
        Principal::Representative { patient, .. } => {
            Ok((patient, of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?))
        }
        _ => Err(Failure::SignIn),
    }
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
