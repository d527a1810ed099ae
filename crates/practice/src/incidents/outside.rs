//! `/report-message`: anybody says that a message looks like a fake (R105). It becomes an incident for the
//! officials, told by nobody of the house.

use super::rules::WORDS_MAX;
use super::store;
use crate::review_requests;
use crate::risk::rules::Trigger;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::invitations::{From, Limits};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::DAY_MS;
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// Reports from outside in one day; whoever comes later is asked to call.
const A_DAY: i64 = 40;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    what: String,
}

pub(super) async fn form(ctx: Ctx) -> Response {
    draw(&ctx, String::new(), Faults::default(), false)
}

pub(super) async fn report(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::ReportMessage, &Facts::default()).await?;
    let what: String = typed.what.trim().chars().take(WORDS_MAX).collect();
    if what.is_empty() {
        let mut faults = Faults::default();
        faults.add("what", ctx.words.t("report-message-fault"));
        return Ok(draw(&ctx, typed.what, faults, false));
    }
    let mut tx = ctx.keep.begin().await?;
    if store::from_outside_since(&mut tx, ctx.now.plus_ms(-DAY_MS)).await? >= A_DAY {
        return Err(Failure::told(StatusCode::TOO_MANY_REQUESTS, "report-message-full"));
    }
    let (id, _) = store::report(&mut tx, "message", store::outsider(), &what).await?;
    review_requests::fire(&mut tx, Trigger::Incident, "").await?;
    tx.commit(&access, Entry::new(Object::of("incident", id.text())).detail("kind", "message")).await?;
    Ok(draw(&ctx, String::new(), Faults::default(), true))
}

fn draw(ctx: &Ctx, what: String, faults: Faults, filed: bool) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Report { what, faults, filed, phone: ctx.settings.face.phone.clone() };
    ctx.page(Page::new(ctx.words.t("report-message-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "incidents/outside.html")]
struct Report {
    what: String,
    faults: Faults,
    filed: bool,
    phone: String,
}
