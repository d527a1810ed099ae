//! `/styleguide`: every component, and the pages they were made for, with made-up people. In the demo only.
//!
//! Its sentences are samples and stand in the templates; the words of real pages come from the catalogue.

use crate::page::{self, Frame, RailLink};
use crate::{Ctx, Failure, Faults, Page, Site, assets, filters};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

pub(crate) async fn page(ctx: Ctx, State(site): State<Site>) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    faults.add("when", "The time is in the past. Choose a later one.".into());
    let icons = assets::icon_names();
    draw(&ctx, &site, "", &Parts { faults, icons })
}

pub(crate) async fn view(
    ctx: Ctx,
    State(site): State<Site>,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    match name.as_str() {
        "invitation" => draw(&ctx, &site, "", &Invitation {}),
        "consent" => draw(&ctx, &site, "", &Consent {}),
        "readiness" => draw(&ctx, &site, "", &Readiness {}),
        "lobby" => draw(&ctx, &site, "", &Lobby {}),
        "survey" => draw(&ctx, &site, "", &Survey {}),
        "day" => draw(&ctx, &site, "rail-day", &Day {}),
        "practice" => draw(&ctx, &site, "rail-practice", &Practice {}),
        _ => Err(Failure::NotFound),
    }
}

fn draw<T: Template>(ctx: &Ctx, site: &Site, current: &str, template: &T) -> Result<Response, Failure> {
    if !site.demo {
        return Err(Failure::NotFound);
    }
    let page = Page::new("Style guide");
    let rail =
        [("rail-day", "calendar-days"), ("rail-patients", "users"), ("rail-practice", "clipboard-check")];
    let rail = rail.map(|(key, icon)| RailLink {
        label: ctx.words.t(key),
        href: "/styleguide",
        icon,
        current: key == current,
    });
    let frame = Frame {
        practice: "Harbor Family Practice".into(),
        phone: "555-0142".into(),
        rail: rail.into(),
        person: "Dr. Amara Osei".into(),
        roles: ctx.words.t("role-clinician"),
        signed_in: true,
        ..Frame::of(ctx, &page)
    };
    Ok(page::draw(&frame, &page, template))
}

#[derive(Template)]
#[template(path = "styleguide/index.html")]
struct Parts {
    faults: Faults,
    icons: Vec<&'static str>,
}

macro_rules! samples {
    ($($name:ident = $file:literal)*) => {$(
        #[derive(Template)]
        #[template(path = $file)]
        struct $name {}
    )*};
}

samples! {
    Invitation = "styleguide/invitation.html"
    Consent = "styleguide/consent.html"
    Readiness = "styleguide/readiness.html"
    Lobby = "styleguide/lobby.html"
    Survey = "styleguide/survey.html"
    Day = "styleguide/day.html"
    Practice = "styleguide/practice.html"
}
