//! A consent that is taken back by word or by letter: staff write it down for the patient, and it counts at
//! once, as if they had pressed it themselves (R63; 45 CFR 164.508(b)(5)).
//!
//! Shows to nobody what a patient has agreed to: staff choose what they were told, and hear whether it was in
//! force.

use super::rules::Method;
use super::{Outcome, Scope, follow_no, newest, take_back_for, texts};
use crate::before::asked;
use axum::extract::Path;
use axum::response::Response;
use policy::Act;
use serde::Deserialize;
use vocabulary::Principal;
use web::{Ctx, Failure, Form, see_other};

#[derive(Deserialize)]
pub(crate) struct Told {
    scope: String,
    /// `voice` or `paper`.
    how: String,
}

/// `POST /visits/{id}/consent/taken-back`
pub(crate) async fn record(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(told): Form<Told>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::WitnessConsent).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let scope = Scope::parse(&told.scope).ok_or(Failure::BadInput)?;
    let method = Method::parse(&told.how).filter(|method| *method != Method::Electronic);
    let method = method.ok_or(Failure::BadInput)?;
    let back = |done: &str| see_other(&format!("/visits/{}?done={done}", visit.id.text()));
    let clinician = scope.is_to_a_clinician().then_some(visit.clinician);
    let mut tx = ctx.keep.begin().await?;
    let given = newest(&mut tx, visit.patient, scope, clinician).await?;
    let Some(row) = given.filter(|row| row.outcome == Outcome::Given) else {
        return Ok(back("not-standing"));
    };
    let entry = take_back_for(&mut tx, row.of, &texts::of(scope)[0], (method, person)).await?;
    follow_no(&mut tx, &row).await?;
    tx.commit(&access, entry).await?;
    Ok(back("taken-back"))
}
