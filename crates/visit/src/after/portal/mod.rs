//! `/portal`: what the practice has for a patient: visits with their facts, summaries, signed copies, who
//! opened the record, and who got a copy of it.
//!
//! Refuses everybody but the patient whose session it is and, within their scope and until its end, whoever
//! acts for the patient (R15, R74); reading leaves a view entry like any other look.

#[cfg(test)]
mod acting_tests;
mod given;
mod in_mail;
mod opened;
mod pages;

pub(crate) use pages::own;

use crate::before::asked;
use crate::before::store::VisitRow;
use policy::{Access, Act};
use vocabulary::Principal;
use web::{Ctx, Failure, Routes, Rule};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/portal", Rule::Act(Act::OpenPortal), pages::list)
        .get("/portal/given", Rule::Act(Act::SeeOwnDisclosures), given::list)
        .get("/portal/opened", Rule::Act(Act::SeeOwnTrail), opened::list)
        .get("/portal/visits/{id}", Rule::Act(Act::OpenPortal), pages::visit)
        .post("/portal/visits/{id}/mail", Rule::Act(Act::ReadSummary), in_mail::send)
        .get("/portal/consents/{id}", Rule::Act(Act::SeeOwnConsent), pages::consent_copy)
}

/// The patient's own visit, with the proof for `act`. Anybody else's looks as if there were none.
pub(crate) async fn load_own(ctx: &Ctx, id: &str, act: Act) -> Result<(VisitRow, Access), Failure> {
    let Principal::Patient { .. } = ctx.who else { return Err(Failure::NotFound) };
    asked::load(ctx, id, act).await
}

/// The same for whoever acts for the patient, where `act` is theirs too.
pub(crate) async fn load_here(ctx: &Ctx, id: &str, act: Act) -> Result<(VisitRow, Access), Failure> {
    match ctx.who {
        Principal::Patient { .. } | Principal::Representative { .. } => asked::load(ctx, id, act).await,
        _ => Err(Failure::NotFound),
    }
}
