//! Naming a deputy: somebody of the staff who may lead while the host is gone. They get no letter and no
//! link; the visit stands on their day page from now on.

use super::pages::{entry, refuse_when_over_or_full};
use crate::before::booking::{add_participant, load_for};
use crate::before::rules::Part;
use crate::before::store::participants;
use axum::extract::Path;
use axum::response::Response;
use keep::Hint;
use people::staff::{self, State};
use policy::Act;
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
    let mut tx = ctx.keep.begin().await?;
    let account = staff::load(&mut tx, person).await?.filter(may_lead).ok_or(Failure::BadInput)?;
    let people = participants(&mut tx, visit.id).await?;
    let is_there = visit.clinician == person || people.iter().any(|row| row.is_deputy(person));
    let back = format!("/visits/{}?done=deputy", visit.id.text());
    if is_there {
        return Ok(see_other(&back));
    }
    refuse_when_over_or_full(&mut tx, &visit).await?;
    let participant = add_participant(&mut tx, visit.id, Part::Deputy, Some(account.id)).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(&access, entry(&visit, participant).detail("person", account.id.text())).await?;
    Ok(see_other(&back))
}

/// Whose roles can carry a deputy's part; the policy asks for the same.
pub(super) fn may_lead(person: &staff::Person) -> bool {
    person.state == State::Active && person.roles.has_any(&[Role::Clinician, Role::Assistant, Role::Desk])
}

pub(super) fn is_self(ctx: &Ctx, other: PersonId) -> bool {
    matches!(ctx.who, Principal::Staff { person, .. } if person == other)
}
