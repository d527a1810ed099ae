//! Naming a deputy: somebody of the staff who may lead while the host is gone. They get no letter and no
//! link; the visit stands on their day page from now on.

use super::pages::{entry, refuse_when_over_or_full};
use crate::before::booking::{add_participant, load_for};
use crate::before::rules::Part;
use crate::before::store::{VisitRow, participants};
use crate::before::{delegates, identity};
use axum::extract::Path;
use axum::response::Response;
use keep::{Hint, Tx};
use people::staff::{self, State};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Role};
use web::{Ctx, Failure, Form, see_other};

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    person: String,
}

/// `POST /visits/{id}/deputies`
pub(super) async fn name(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(named): Form<Named>,
) -> Result<Response, Failure> {
    let (visit, access) = load_for(&ctx, &id, Act::NameDeputy).await?;
    let person = PersonId::parse(&named.person).ok_or(Failure::BadInput)?;
    let tx = ctx.keep.begin().await?;
    name_deputy(tx, (&visit, &access), person).await?;
    Ok(see_other(&format!("/visits/{}?done=deputy", visit.id.text())))
}

/// One more who may lead this visit. Whoever may already stays as they are, and nothing is written.
async fn name_deputy(
    mut tx: Tx,
    (visit, access): (&VisitRow, &Access),
    person: PersonId,
) -> Result<(), Failure> {
    let account = staff::load(&mut tx, person).await?.filter(may_lead).ok_or(Failure::BadInput)?;
    let people = participants(&mut tx, visit.id).await?;
    if visit.clinician == person {
        return Ok(());
    }
    if let Some(row) = people.iter().find(|row| row.is_deputy(person)) {
        // A seat that was taken as a delegate, or for a check, becomes one of their own; for a check it took
        // nobody's place.
        if identity::seats::of_visit(&mut tx, visit.id).await?.is_for_check(row.id) {
            refuse_when_over_or_full(&mut tx, visit).await?;
        }
        let checked = identity::seats::stays(&mut tx, row.id).await?;
        if delegates::stays(&mut tx, row.id).await? || checked {
            tx.commit(access, entry(visit, row.id).detail("person", account.id.text())).await?;
        }
        return Ok(());
    }
    refuse_when_over_or_full(&mut tx, visit).await?;
    let participant = add_participant(&mut tx, visit.id, Part::Deputy, Some(account.id)).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(access, entry(visit, participant).detail("person", account.id.text())).await?;
    Ok(())
}

/// Whose roles can carry a deputy's part; the policy asks for the same.
pub(crate) fn may_lead(person: &staff::Person) -> bool {
    person.state == State::Active && person.roles.has_any(&[Role::Clinician, Role::Assistant, Role::Desk])
}

pub(super) fn is_self(ctx: &Ctx, other: PersonId) -> bool {
    matches!(ctx.who, Principal::Staff { person, .. } if person == other)
}
