//! The promise of a supporter or an interpreter: what is said and seen stays in the visit.
//!
//! Refuses to go on without it. Nothing is signed: the act stands in the trail with its time.

use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::store;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::Act;
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    promise: String,
}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Promise) {
        return Ok(elsewhere);
    }
    Ok(show(&ctx, &guest, Faults::default()))
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::PromisePrivacy).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Promise) {
        return Ok(elsewhere);
    }
    if typed.promise != "yes" {
        let mut faults = Faults::default();
        faults.add("promise", ctx.words.t("promise-missing"));
        return Ok(show(&ctx, &guest, faults));
    }
    let mut tx = ctx.keep.begin().await?;
    let now = tx.now();
    store::put_promise(&mut tx, &guest.me, now).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, Entry::new(Object::of("check_in", guest.me.id.text()))).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Promise)))
}

fn show(ctx: &Ctx, guest: &Guest, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let progress = guest.progress(Step::Promise);
    let page = PromisePage {
        door: guest.door.clone(),
        back: guest.back_address(Step::Promise),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        given: guest.done.promise,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("promise-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "before/check_in/promise.html")]
struct PromisePage {
    door: String,
    back: String,
    now: usize,
    of: usize,
    left: String,
    given: bool,
    faults: Faults,
}
