//! `/portal`: what the practice has for a patient: visits with their facts, summaries, signed copies, and who
//! opened the record.
//!
//! Refuses everybody but the patient whose session it is; reading leaves a view entry like any other look.

mod opened;
mod pages;

use crate::before::store::{VisitRow, facts_of, load_visit};
use policy::{Access, Act};
use vocabulary::{Principal, VisitId};
use web::{Ctx, Failure, Routes, Rule};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/portal", Rule::Act(Act::OpenPortal), pages::list)
        .get("/portal/opened", Rule::Act(Act::SeeOwnTrail), opened::list)
        .get("/portal/visits/{id}", Rule::Act(Act::OpenPortal), pages::visit)
        .get("/portal/consents/{id}", Rule::Act(Act::SeeOwnConsent), pages::consent_copy)
}

/// The patient's own visit, with the proof for `act`. Anybody else's looks as if there were none.
pub(crate) async fn load_own(ctx: &Ctx, id: &str, act: Act) -> Result<(VisitRow, Access), Failure> {
    let Principal::Patient { .. } = ctx.who else { return Err(Failure::NotFound) };
    let id = VisitId::parse(id).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    let visit = load_visit(&mut read, id).await?;
    let facts = facts_of(&mut read, &ctx.who, &visit, ctx.now).await?;
    drop(read);
    let access = ctx.decide(act, &facts).await?;
    Ok((visit, access))
}
