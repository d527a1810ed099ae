//! The page where anybody tries, and the two requests its script sends.

use super::probes::{Comer, Probes, Refused};
use askama::Template;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web::{Ctx, Failure, Form, Page, filters};

pub(super) async fn page(ctx: Ctx) -> Result<Response, Failure> {
    let page = TryPage { phone: ctx.settings.face.phone.clone() };
    Ok(ctx.page(Page::new(ctx.words.t("try-title")).camera().script(), &page))
}

#[derive(Template)]
#[template(path = "before/practice_room/try.html")]
struct TryPage {
    phone: String,
}

#[derive(Deserialize)]
pub(super) struct Offers {
    send: String,
    receive: String,
}

/// `POST /probe`
pub(super) async fn begin(ctx: Ctx, Form(offers): Form<Offers>) -> Result<Response, Failure> {
    let probes = ctx.plugged::<Probes>();
    match probes.begin(&ctx.keep, Comer::of(&ctx.who), (offers.send, offers.receive)).await {
        Ok(begun) => Ok(Json(begun).into_response()),
        Err(Refused::Full) => Err(Failure::TooMany { retry_after_s: TRY_AGAIN_S }),
        Err(Refused::Offer) => Err(Failure::BadInput),
    }
}

#[derive(Deserialize)]
pub(super) struct Ended {
    id: String,
}

/// `POST /probe/end`
pub(super) async fn end(ctx: Ctx, Form(ended): Form<Ended>) -> Result<Response, Failure> {
    ctx.plugged::<Probes>().end(&ended.id);
    Ok(StatusCode::NO_CONTENT.into_response())
}

const TRY_AGAIN_S: u64 = 20;
