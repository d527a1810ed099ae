//! `/g/{door}/contact`: how the patient wants to be reached, asked from check-in (R69); and
//! `/g/{door}/needs`: their language, an interpreter and aids (R92). The forms and what they mean are
//! `people::contact`'s and `people::needs`'. Whoever checks in for a patient sees the second alone.

use super::check_in::load_guest;
use axum::extract::{Path, Query};
use axum::response::Response;
use people::contact::{Own, Typed, own_page, save_own};
use people::needs;
use policy::Act;
use serde::Deserialize;
use std::collections::BTreeMap;
use web::{Ctx, Failure, Form, Routes, Rule};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

pub fn routes() -> Routes {
    Routes::new()
        .get("/g/{door}/contact", Rule::Act(Act::SeePreferences), page)
        .post("/g/{door}/contact", Rule::Act(Act::ChangePreferences), save)
        .get("/g/{door}/needs", Rule::Act(Act::SeeNeeds), needs_page)
        .post("/g/{door}/needs", Rule::Act(Act::ChangeNeeds), save_needs)
}

async fn needs_page(
    ctx: Ctx,
    Path(door): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeNeeds).await?;
    let (action, back) = (format!("/g/{door}/needs"), format!("/g/{door}/check-in/welcome"));
    let at = needs::Own {
        action: &action,
        back: &back,
        back_word: "contact-back-check-in",
        saved: asked.done == "saved",
    };
    needs::own_page(&ctx, &guest.access, guest.visit.patient, at).await
}

async fn save_needs(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::ChangeNeeds).await?;
    let (action, back) = (format!("/g/{door}/needs"), format!("/g/{door}/check-in/welcome"));
    let at = needs::Own { action: &action, back: &back, back_word: "contact-back-check-in", saved: false };
    needs::save_own(&ctx, &guest.access, guest.visit.patient, typed, at).await
}

async fn page(ctx: Ctx, Path(door): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeePreferences).await?;
    let (action, back) = paths(&door);
    own_page(&ctx, &guest.access, guest.visit.patient, at((&action, &back), asked.done == "saved")).await
}

async fn save(ctx: Ctx, Path(door): Path<String>, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::ChangePreferences).await?;
    let (action, back) = paths(&door);
    save_own(&ctx, &guest.access, guest.visit.patient, typed, at((&action, &back), true)).await
}

fn paths(door: &str) -> (String, String) {
    (format!("/g/{door}/contact"), format!("/g/{door}/check-in"))
}

fn at<'a>((action, back): (&'a str, &'a str), saved: bool) -> Own<'a> {
    Own { action, back, back_word: "contact-back-check-in", saved }
}
