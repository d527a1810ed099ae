//! `/portal/visits/{id}/mail`: one's own summary by plain mail, for whoever chose that for their address
//! after the warning (R103). Without the choice nothing is sent, and the warning comes first.

use super::load_own;
use crate::after::summary;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::contact::{Dress, plain};
use policy::Act;
use serde::Deserialize;
use web::{Ctx, Failure, Form, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn send(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load_own(&ctx, &id, Act::ReadSummary).await?;
    let mut tx = ctx.keep.begin().await?;
    let Some(written) = summary::read(&mut tx, &access, visit.id).await? else {
        return Err(Failure::told(StatusCode::CONFLICT, "copy-by-mail-nothing"));
    };
    let Some(chosen) = plain::chosen(&mut tx, &access, visit.patient, &ctx.keep).await? else {
        drop(tx);
        return Ok(see_other(plain::ASK));
    };
    if !plain::send(&mut tx, &access, (&chosen, &written.body), Dress::of(&ctx)).await? {
        return Err(Failure::told(StatusCode::CONFLICT, "copy-by-mail-off"));
    }
    let object = Object::of("summary", visit.id.text()).patient(visit.patient);
    tx.commit(&access, Entry::new(object).detail("mailed", "plain")).await?;
    Ok(see_other(&format!("/portal/visits/{}?done=mailed", visit.id.text())))
}
