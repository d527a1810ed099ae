//! The page with the two questions, by invitation and by portal; both are the same page.

use super::store::{Answers, is_answered, record};
use super::{BEST, WORDS_MAX, is_time};
use crate::after::portal;
use crate::before::check_in::load_guest;
use crate::before::store::{VisitRow, still_of};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::KeepError;
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// As typed. Holds somebody's own words, so it has no `Debug`.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    comfort: String,
    #[serde(default)]
    privacy: String,
    #[serde(default)]
    words: String,
}

pub(super) async fn by_invitation(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let (visit, _, way) = guest(&ctx, &door).await?;
    show(&ctx, &visit, &way, (Typed::default(), Faults::default())).await
}

pub(super) async fn answer_by_invitation(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access, way) = guest(&ctx, &door).await?;
    answer(&ctx, (&visit, &access), &way, typed).await
}

pub(super) async fn by_portal(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, _, way) = patient(&ctx, &id).await?;
    show(&ctx, &visit, &way, (Typed::default(), Faults::default())).await
}

pub(super) async fn answer_by_portal(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (visit, access, way) = patient(&ctx, &id).await?;
    answer(&ctx, (&visit, &access), &way, typed).await
}

/// Where the form goes and where the page leads back to.
struct Way {
    action: String,
    back: String,
}

async fn guest(ctx: &Ctx, door: &str) -> Result<(VisitRow, Access, Way), Failure> {
    let guest = load_guest(ctx, door, Act::AnswerSurvey).await?;
    let way = Way { action: format!("/g/{door}/survey"), back: format!("/g/{door}/after") };
    to_ask((guest.visit, guest.access, way), ctx.now)
}

async fn patient(ctx: &Ctx, id: &str) -> Result<(VisitRow, Access, Way), Failure> {
    let (visit, access) = portal::load_own(ctx, id, Act::AnswerSurvey).await?;
    let way = Way { action: format!("/portal/visits/{id}/survey"), back: format!("/portal/visits/{id}") };
    to_ask((visit, access, way), ctx.now)
}

fn to_ask(
    (visit, access, way): (VisitRow, Access, Way),
    now: UnixMillis,
) -> Result<(VisitRow, Access, Way), Failure> {
    if is_time(&visit, now) { Ok((visit, access, way)) } else { Err(Failure::NotFound) }
}

async fn answer(
    ctx: &Ctx,
    (visit, access): (&VisitRow, &Access),
    way: &Way,
    typed: Typed,
) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    let (comfort, privacy) = (score(&typed.comfort), score(&typed.privacy));
    if comfort.is_none() {
        faults.add("comfort", ctx.words.t("survey-missing"));
    }
    if privacy.is_none() {
        faults.add("privacy", ctx.words.t("survey-missing"));
    }
    if typed.words.chars().count() > WORDS_MAX {
        faults.add("words", ctx.words.t("survey-words-long"));
    }
    let (Some(comfort), Some(privacy), false) = (comfort, privacy, faults.any()) else {
        return show(ctx, visit, way, (typed, faults)).await;
    };
    let words = typed.words.trim();
    let words = (!words.is_empty()).then(|| Health::new(words.to_owned()));
    let mut tx = ctx.keep.begin().await?;
    still_of(&mut tx, (visit.id, visit.patient)).await?;
    match record(&mut tx, visit, &Answers { comfort, privacy, words }).await {
        Ok(entry) => {
            tx.commit(access, entry).await?;
        }
        // Sent twice: the first one counts, and the thanks are the same.
        Err(KeepError::Conflict) => drop(tx),
        Err(error) => return Err(error.into()),
    }
    Ok(thanks(ctx, way))
}

async fn show(
    ctx: &Ctx,
    visit: &VisitRow,
    way: &Way,
    (typed, faults): (Typed, Faults),
) -> Result<Response, Failure> {
    if is_answered(&mut *ctx.keep.read().await?, visit.id).await? {
        return Ok(thanks(ctx, way));
    }
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SurveyPage { action: way.action.clone(), back: way.back.clone(), typed, faults };
    Ok(ctx.page(Page::new(ctx.words.t("survey-title")).status(status), &page))
}

fn thanks(ctx: &Ctx, way: &Way) -> Response {
    ctx.page(Page::new(ctx.words.t("survey-thanks")), &Thanks { back: way.back.clone() })
}

fn score(typed: &str) -> Option<i64> {
    typed.parse().ok().filter(|score| (1..=BEST).contains(score))
}

#[derive(Template)]
#[template(path = "after/survey/survey.html")]
struct SurveyPage {
    action: String,
    back: String,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "after/survey/thanks.html")]
struct Thanks {
    back: String,
}
