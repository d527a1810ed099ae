//! `/is-it-us`: did this message come from here? Yes or no, and nothing else (R105).

use super::{codes, store};
use crate::invitations::{From, Limits};
use askama::Template;
use axum::response::Response;
use policy::{Act, Facts};
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    code: String,
}

pub(super) async fn form(ctx: Ctx) -> Response {
    draw(&ctx, (String::new(), Faults::default()), None)
}

pub(super) async fn answer(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    ctx.decide(Act::AskIsItUs, &Facts::default()).await?;
    // What cannot be a code is not from us either, and costs as much to say.
    let code = codes::read(&typed.code).unwrap_or_default();
    let index = ctx.keep.blind(store::CODE_INDEX.0, store::CODE_INDEX.1, &code);
    let known = store::knows_code(&mut *ctx.keep.read().await?, index).await?;
    if typed.code.trim().is_empty() {
        let mut faults = Faults::default();
        faults.add("code", ctx.words.t("is-it-us-fault"));
        return Ok(draw(&ctx, (typed.code, faults), None));
    }
    Ok(draw(&ctx, (typed.code, Faults::default()), Some(known)))
}

fn draw(ctx: &Ctx, (code, faults): (String, Faults), known: Option<bool>) -> Response {
    let code: String = code.chars().take(40).collect();
    let page = IsItUs { code, faults, known, phone: ctx.settings.face.phone.clone() };
    ctx.page(Page::new(ctx.words.t("is-it-us-title")), &page)
}

#[derive(Template)]
#[template(path = "contact/is_it_us.html")]
struct IsItUs {
    code: String,
    faults: Faults,
    known: Option<bool>,
    phone: String,
}
