//! The addresses this crate answers itself: assets, the room document, the language switch, a sign of life
//! and, in the demo, the style guide.

use crate::armour::Verbatim;
use crate::{Ctx, Routes, Rule, assets, language, room_page, see_other, styleguide};
use axum::Extension;
use axum::response::Response;
use policy::Facts;
use vocabulary::Principal;

pub fn routes() -> Routes {
    let same = Rule::Public("the same bytes for everybody");
    Routes::new()
        .get("/", Rule::Public("leads everybody to their own first page"), start)
        .get("/a/{hash}/{*name}", same, assets::serve)
        .get("/favicon.svg", same, assets::mark)
        .get("/room/", same, room_page::document)
        .get("/room/{name}", same, room_page::file)
        .get("/healthz", Rule::Public("says that the program answers, nothing else"), healthz)
        .post("/lang", Rule::Public("sets a cookie of this browser, nothing else"), language::switch)
        .get("/styleguide", Rule::Public("examples only, and only in the demo"), styleguide::page)
        .get("/styleguide/{view}", Rule::Public("examples only, and only in the demo"), styleguide::view)
}

/// Staff to the first page of their rail, others to the door.
async fn start(ctx: Ctx) -> Response {
    if ctx.settings.opening && matches!(ctx.who, Principal::Staff { .. }) {
        return see_other("/set-up");
    }
    let rail = ctx.site.rail.iter().find(|item| ctx.allowed(item.act, &Facts::default()));
    match rail {
        Some(item) => see_other(item.href),
        None if ctx.site.demo => see_other("/demo"),
        None => see_other("/sign-in"),
    }
}

async fn healthz() -> (Extension<Verbatim>, &'static str) {
    (Extension(Verbatim), "ok\n")
}
