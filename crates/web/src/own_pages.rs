//! The addresses this crate answers itself: assets, the room document, the language switch, a sign of life
//! and, in the demo, the style guide.

use crate::armour::Verbatim;
use crate::{Routes, Rule, assets, language, styleguide};
use axum::Extension;
use policy::Act;

pub fn routes() -> Routes {
    let same = Rule::Public("the same bytes for everybody");
    Routes::new()
        .get("/a/{hash}/{*name}", same, assets::serve)
        .get("/favicon.svg", same, assets::mark)
        .get("/room/", same, assets::room)
        .get("/room/{name}", same, assets::room_file)
        .get("/healthz", Rule::Public("says that the program answers, nothing else"), healthz)
        .post("/lang", Rule::Act(Act::ChooseLanguage), language::switch)
        .get("/styleguide", Rule::Public("examples only, and only in the demo"), styleguide::page)
        .get("/styleguide/{view}", Rule::Public("examples only, and only in the demo"), styleguide::view)
}

async fn healthz() -> (Extension<Verbatim>, &'static str) {
    (Extension(Verbatim), "ok\n")
}
