//! The list of evaluations, one of them, and the form that records the next.

use super::rules::{self, OCCASIONS, SCOPES, Said, known};
use super::store::{self, Evaluation, Words};
use crate::ids::EvaluationId;
use crate::risk::pages::{Pick, day_of, name_of, person};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

const HOME: &str = "/practice/evaluations";

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let all = store::list(&mut *ctx.keep.read().await?).await?;
    let next = all.first().map(|one| one.next_due);
    let rows = all.into_iter().map(|one| Row {
        href: format!("{HOME}/of/{}", one.id.text()),
        scope: word(&ctx, "scope", one.scope),
        occasion: word(&ctx, "occasion", one.occasion),
        one,
    });
    let page = List {
        rows: rows.collect(),
        next,
        late: next.is_some_and(|at| at <= ctx.now),
        may_write: ctx.allowed(Act::WriteEvaluation, &Facts::default()),
    };
    Ok(ctx.page(Page::new(ctx.words.t("evaluations-title")).rail("rail-practice"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let id = EvaluationId::parse(&id).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, Object::of("evaluation", id.text())).await?;
    let (one, words) = store::one(&mut view, &access, id).await?;
    let page = OnePage {
        scope: word(&ctx, "scope", one.scope),
        occasion: word(&ctx, "occasion", one.occasion),
        recorded_by: name_of(&mut view, &access, Some(one.recorded_by)).await.unwrap_or_default(),
        one,
        words,
    };
    Ok(ctx.page(Page::new(ctx.words.t("evaluations-title")).rail("rail-practice"), &page))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    what: String,
    by: String,
    scope: String,
    occasion: String,
    evaluated: String,
    findings: String,
    next_steps: String,
    next: String,
}

pub(super) async fn blank(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::WriteEvaluation, &Facts::default()).await?;
    Ok(draw(&ctx, Typed::default(), Faults::default()))
}

pub(super) async fn add(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::WriteEvaluation, &Facts::default()).await?;
    let (evaluated, next) = (day_of(&typed.evaluated, ctx.zone()), day_of(&typed.next, ctx.zone()));
    let said = Said {
        what: &typed.what,
        by: &typed.by,
        findings: &typed.findings,
        next_steps: &typed.next_steps,
        evaluated: evaluated.unwrap_or(None),
        next: next.unwrap_or(None),
    };
    let mut faults = Faults::default();
    for (field, key) in rules::check(&said, ctx.now) {
        faults.add(field, ctx.words.t(key));
    }
    let (scope, occasion) = (known(&SCOPES, &typed.scope), known(&OCCASIONS, &typed.occasion));
    let (Some(scope), Some(occasion)) = (scope, occasion) else { return Err(Failure::BadInput) };
    let (Some(evaluated), Some(next), false) = (said.evaluated, said.next, faults.any()) else {
        return Ok(draw(&ctx, typed, faults));
    };
    let text = |text: &str| text.trim().to_owned();
    let words = Words {
        what: text(&typed.what),
        by: text(&typed.by),
        findings: text(&typed.findings),
        next_steps: text(&typed.next_steps),
    };
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let (id, number) = store::add(&mut tx, (scope, occasion), (evaluated, next), &words, by).await?;
    let entry = Entry::new(Object::of("evaluation", id.text()))
        .detail("number", number.to_string())
        .detail("scope", scope)
        .detail("occasion", occasion);
    tx.commit(&access, entry).await?;
    Ok(see_other(HOME))
}

fn draw(ctx: &Ctx, typed: Typed, faults: Faults) -> Response {
    let picks = |kind: &str, set: &[&'static str], chosen: &str| {
        let pick = |code: &&'static str| Pick {
            value: (*code).to_owned(),
            text: word(ctx, kind, code),
            chosen: *code == chosen,
        };
        set.iter().map(pick).collect()
    };
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FormPage {
        scopes: picks("scope", &SCOPES, &typed.scope),
        occasions: picks("occasion", &OCCASIONS, &typed.occasion),
        typed,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("evaluation-new")).rail("rail-practice").status(status), &page)
}

fn word(ctx: &Ctx, kind: &str, code: &str) -> String {
    ctx.words.t(&format!("evaluation-{kind}-{code}"))
}

struct Row {
    href: String,
    scope: String,
    occasion: String,
    one: Evaluation,
}

#[derive(Template)]
#[template(path = "evaluations/list.html")]
struct List {
    rows: Vec<Row>,
    next: Option<UnixMillis>,
    late: bool,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "evaluations/one.html")]
struct OnePage {
    scope: String,
    occasion: String,
    recorded_by: String,
    one: Evaluation,
    words: Words,
}

#[derive(Template)]
#[template(path = "evaluations/form.html")]
struct FormPage {
    scopes: Vec<Pick>,
    occasions: Vec<Pick>,
    typed: Typed,
    faults: Faults,
}
