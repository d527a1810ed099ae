//! Saying that somebody's roles are still needed.

use super::store::{self, Given, Kind};
use crate::staff::{self, Empty, State, acting, person_of};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::Facts;
use web::{Ctx, Failure, Form, see_other};

pub(super) async fn confirm(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (id, by) = (person_of(&id)?, acting(&ctx)?);
    let person = staff::load(&mut *ctx.keep.read().await?, id).await?.ok_or(Failure::NotFound)?;
    let access = ctx.decide(staff::act_to_invite(person.roles), &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let person = staff::load(&mut tx, id).await?.ok_or(Failure::NotFound)?;
    if person.state != State::Active {
        return Err(Failure::Changed);
    }
    if !staff::may_confirm(&staff::list(&mut tx).await?, &person, by) {
        return Err(Failure::told(StatusCode::CONFLICT, "team-oneself"));
    }
    let given = Given { kind: Kind::Confirmed, roles: person.roles, approver: Some(by), why: "" };
    store::put(&mut tx, id, &given).await?;
    let entry = Entry::new(Object::of("person", id.text())).detail("what", "roles still needed");
    tx.commit(&access, entry.detail("roles", person.roles.text())).await?;
    Ok(see_other(&format!("/staff/{}", id.text())))
}
