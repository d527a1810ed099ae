//! The press that takes a visit to the phone.

use crate::after::sheet;
use crate::before::asked;
use crate::before::check_in::rules::{Door, lobby_door};
use crate::before::rules::VisitEvent;
use crate::before::store::{VisitRow, set_visit_state};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, Object};
use policy::{Act, HouseRules};
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, see_other};

/// Why, in the form and the trail. A patient who would rather talk by phone is no fault of the practice.
const WISH: &str = "wish";
const VIDEO: &str = "video";

/// The house holds visits by phone, and this one can still go there: nobody is called days before.
pub(crate) fn is_offered(house: &HouseRules, visit: &VisitRow, now: UnixMillis) -> bool {
    let is_open = lobby_door(visit.state, visit.starts_at, house, now) == Door::Open;
    house.phone_fallback && is_open && visit.state.step(VisitEvent::MoveToPhone).is_ok()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    why: String,
}

/// `POST /visits/{id}/by-phone`
pub(super) async fn go(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::MoveToPhone).await?;
    let why = [VIDEO, WISH].into_iter().find(|code| *code == typed.why).ok_or(Failure::BadInput)?;
    let moved = visit.state.step(VisitEvent::MoveToPhone).ok();
    let Some(moved) = moved.filter(|_| is_offered(&ctx.settings.house_rules, &visit, ctx.now)) else {
        return Err(Failure::told(StatusCode::CONFLICT, "by-phone-refused"));
    };
    let mut tx = ctx.keep.begin().await?;
    set_visit_state(&mut tx, &visit, moved, ctx.now).await?;
    if why == VIDEO {
        findings::raise(&mut tx, Kind::MovedToPhone, Source::Visit(visit.id)).await?;
    }
    sheet::raise(&mut tx, visit.id, &ctx.settings).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("visit", visit.id.text()).patient(visit.patient).version(visit.version);
    tx.commit(&access, Entry::new(object).detail("why", why)).await?;
    Ok(see_other(&format!("/visits/{}?done=by-phone", visit.id.text())))
}
