//! Taking back a slip: a visit that was cancelled, or noted as missed, takes place after all. The same links
//! open again, and whoever was told that it is off is told that it is on.

use super::change::{back, too_late};
use super::clashes::{Clash, Slot, clashes, codes};
use super::invitation_ends;
use super::letters::{self, Dress};
use crate::before::asked::load;
use crate::before::companions;
use crate::before::rules::{VisitEvent, VisitState};
use crate::before::schedule::site_of;
use crate::before::store::{VisitRow, load_visit, participants, set_visit_state, still_of};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, Object};
use people::invitations;
use policy::Act;
use serde::Deserialize;
use vocabulary::{HOUR_MS, UnixMillis};
use web::{Ctx, Failure, Form};

/// A missed visit can be given back so long after its start, a cancelled one until then.
const MISSED_MS: i64 = 12 * HOUR_MS;

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// Whether the button is worth showing.
pub(super) fn can_restore(visit: &VisitRow, now: UnixMillis) -> bool {
    match visit.state {
        VisitState::Cancelled => now < visit.starts_at.plus_ms(HOUR_MS),
        VisitState::NoShow => now < visit.starts_at.plus_ms(MISSED_MS),
        _ => false,
    }
}

/// `POST /visits/{id}/restore`
pub(super) async fn restore(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::RestoreVisit).await?;
    let mut tx = ctx.keep.begin().await?;
    still_of(&mut tx, (visit.id, visit.patient)).await?;
    let visit = load_visit(&mut tx, visit.id).await?;
    let open = visit.state.step(VisitEvent::Restore).map_err(|_| too_late())?;
    if !can_restore(&visit, ctx.now) {
        return Err(too_late());
    }
    let slot = Slot {
        clinician: visit.clinician,
        patient: visit.patient,
        starts_at: visit.starts_at,
        length_min: visit.length_min,
        site: site_of(&mut tx, visit.id).await?,
        except: Some(visit.id),
    };
    let found = clashes(&mut tx, &slot, ctx.zone()).await?;
    if found.iter().any(|clash| matches!(clash, Clash::Taken(_) | Clash::PatientBusy(_))) {
        return Err(Failure::told(StatusCode::CONFLICT, "restore-taken"));
    }
    let was_cancelled = visit.state == VisitState::Cancelled;
    let row = set_visit_state(&mut tx, &visit, open, ctx.now).await?;
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    for one in participants(&mut tx, visit.id).await?.iter().filter(|one| one.is_expected()) {
        invitations::restore(&mut tx, one.id).await?;
        invitations::extend(&mut tx, one.id, ends).await?;
    }
    let mut unreached = 0;
    if was_cancelled {
        letters::post_restored(&mut tx, &access, &row, Dress::of(&ctx)).await?;
        unreached = companions::tell_moved(&mut tx, &access, &row, Dress::of(&ctx)).await?;
    }
    tx.hint(Hint::Visit(row.id));
    let object = Object::of("visit", row.id.text()).version(row.version);
    let mut entry = Entry::new(object).detail("from", visit.state.code());
    if !found.is_empty() {
        entry = entry.detail("in_spite_of", codes(&found));
    }
    tx.commit(&access, entry).await?;
    let lost = |it: &Clash| matches!(it, Clash::InterpreterBusy(_) | Clash::InterpreterUnqualified(_));
    let done = if found.iter().any(lost) { "restored-interpreter" } else { "restored" };
    Ok(back(&row, done, unreached))
}
