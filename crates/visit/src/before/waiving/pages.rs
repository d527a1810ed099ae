//! For whom the checks are still missing, and the press that waives them.

use crate::before::asked;
use crate::before::check_in::rules::{Papers, Step, checks_done, steps};
use crate::before::check_in::{settle, store};
use crate::before::rules::ParticipantState;
use crate::before::store::{ParticipantRow, participants};
use axum::extract::Path;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object};
use policy::{Act, HouseRules};
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::{ParticipantId, Principal};
use web::{Ctx, Failure, Form, see_other};

const REASON_MAX: usize = 1_000;

/// The house asks this person for the checks, and they neither ran nor were waived.
pub(crate) async fn is_missing(
    conn: &mut Conn,
    house: &HouseRules,
    who: &ParticipantRow,
) -> Result<bool, KeepError> {
    let is_guest = who.patient.is_some() || who.part.comes_by_code();
    let before_the_lobby = matches!(
        who.state,
        ParticipantState::Invited | ParticipantState::CheckingIn | ParticipantState::Ready
    );
    if !house.checks_must_run || !is_guest || !before_the_lobby {
        return Ok(false);
    }
    let checks = store::load(conn, who.id).await?.checks();
    Ok(steps(house, who.part, Papers::default()).contains(&Step::Readiness) && !checks_done(house, &checks))
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    reason: String,
}

/// `POST /visits/{id}/participants/{participant}/waive`
pub(super) async fn waive(
    ctx: Ctx,
    Path((id, participant)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::WaiveReadiness).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let asked = ParticipantId::parse(&participant).ok_or(Failure::NotFound)?;
    let reason = typed.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(Failure::BadInput);
    }
    let mut tx = ctx.keep.begin().await?;
    let people = participants(&mut tx, visit.id).await?;
    let who = people.into_iter().find(|row| row.id == asked).ok_or(Failure::NotFound)?;
    let back = see_other(&format!("/visits/{}?done=waived", visit.id.text()));
    // Pressed twice, or run in the meantime: nothing is left to waive.
    if visit.state.is_over() || !is_missing(&mut tx, &ctx.settings.house_rules, &who).await? {
        return Ok(back);
    }
    store::put_waiver(&mut tx, &who, visit.patient, (person, reason)).await?;
    settle(&mut tx, (&visit, &who), &ctx.settings.house_rules).await?;
    findings::raise(&mut tx, Kind::ChecksWaived, Source::Visit(visit.id)).await?;
    let object = Object::of("check_in", who.id.text()).patient(visit.patient).visit(visit.id);
    tx.commit(&access, Entry::new(object).detail("waived", "checks").detail("reason", reason)).await?;
    Ok(back)
}
