//! `/how-private`: what a patient may know before trusting a visit, in plain words, for anybody.
//!
//! Owns the page and its reading level. Says only what the program does: each claim is a row of
//! `docs/threat-model.md`, which names the tests. Refuses to know who asks.

use askama::Template;
use axum::response::Response;
use web::{Ctx, Page, Routes, Rule, filters};

pub fn routes() -> Routes {
    let same = Rule::Public("says how private a visit is, the same words for everybody");
    Routes::new().get("/how-private", same, page)
}

async fn page(ctx: Ctx) -> Response {
    let title = ctx.words.t("private-title");
    ctx.page(Page::new(title), &HowPrivate)
}

#[derive(Template)]
#[template(path = "privacy/page.html")]
struct HowPrivate;

#[cfg(test)]
mod tests;
