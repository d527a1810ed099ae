//! `/practice/analysis`: where the analysis stands: nine elements, ten areas, its written parts, what
//! changed, and the signature.

use super::{
    Clash, ClashRow, check_length, day_of, draft, form_day, name_of, person, show_clash, show_unsaved,
    standing,
};
use crate::review_requests;
use crate::risk::bank::{Area, bank};
use crate::risk::rules::{self, AnalysisState, Element, Slip, Trigger};
use crate::risk::store::analyses::{self, About, Analysis};
use crate::risk::store::answers::{self, Saved};
use crate::risk::store::risks;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::PersonId;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub async fn overview(ctx: Ctx) -> Result<Response, Failure> {
    draw_overview(&ctx, &Change::default(), Faults::default()).await
}

/// With a change that could not be entered, as it was typed.
async fn draw_overview(ctx: &Ctx, typed: &Change, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let all = analyses::list(&mut view).await?;
    let mut past = Vec::new();
    for analysis in all.iter().filter(|analysis| analysis.state == AnalysisState::Signed) {
        past.push(Past {
            number: analysis.number,
            at: analysis.signed_at.map(|at| ctx.words.date(at, ctx.zone())).unwrap_or_default(),
            by: name_of(&mut view, &access, analysis.signed_by).await.unwrap_or_default(),
            href: format!("/practice/analysis/past/{}", analysis.number),
            sha256: analysis.report_sha256.clone().unwrap_or_default(),
        });
    }
    let mut page = Overview {
        number: None,
        answered: 0,
        questions: bank().questions.len(),
        elements: Vec::new(),
        areas: Vec::new(),
        ready: false,
        may_run: ctx.allowed(Act::RunAnalysis, &Facts::default()),
        triggers: super::picks(ctx, "trigger", Trigger::ALL.iter().map(|one| one.code()), &typed.trigger),
        past,
        reason: typed.reason.clone(),
        fault: faults.of("reason").to_owned(),
    };
    if let Some(analysis) = draft(&mut view).await? {
        let about = analyses::about(&mut view, &access, analysis.id).await?;
        let given = answers::of(&mut view, analysis.id).await?;
        let register = risks::all(&mut view, &access).await?;
        let standing = standing(&analysis, &about, &given, &register);
        page.number = Some(analysis.number);
        page.answered = standing.answered;
        page.ready = rules::gaps(&standing, ctx.now).is_empty();
        page.elements = Element::ALL
            .iter()
            .map(|element| ElementRow {
                name: super::word(ctx, "element", element.code()),
                filled: rules::is_filled(&standing, *element, ctx.now),
                href: href_of(*element),
            })
            .collect();
        page.areas = Area::ALL
            .iter()
            .map(|area| AreaRow {
                name: super::word(ctx, "area", area.code()),
                href: format!("/practice/analysis/areas/{}", area.code()),
                of: bank().of_area(*area).count(),
                answered: given
                    .iter()
                    .filter(|one| one.stands() && one.question.starts_with(area.letter()))
                    .count(),
                flagged: given
                    .iter()
                    .filter(|one| one.flagged && one.question.starts_with(area.letter()))
                    .count(),
            })
            .collect();
    }
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Page::new(ctx.words.t("risk-analysis-title")).rail("rail-practice");
    Ok(ctx.page(frame.status(status), &page))
}

#[derive(Deserialize)]
pub struct Nothing {}

/// Begins the next analysis and carries the last one forward.
pub async fn start(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RunAnalysis, &Facts::default()).await?;
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    if draft(&mut tx).await?.is_some() {
        return Ok(see_other("/practice/analysis"));
    }
    let (id, number) = carry_forward(&mut tx, &access, by).await?;
    let entry = Entry::new(Object::of("analysis", id)).detail("number", number.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/analysis"))
}

/// Who answered and when stays: nobody answered anything today.
async fn carry_forward(tx: &mut Tx, access: &Access, by: PersonId) -> Result<(String, i64), KeepError> {
    let last = analyses::list(tx).await?.into_iter().next();
    let number = last.as_ref().map_or(1, |last| last.number + 1);
    let about = match &last {
        Some(last) => analyses::about(tx, access, last.id).await?,
        None => About::default(),
    };
    let id = analyses::start(tx, number, &about).await?;
    if let Some(last) = &last {
        for (old, remarks) in answers::with_words(tx, access, last.id).await? {
            let saved = Saved {
                choice: old.choice,
                flagged: old.flagged,
                asked_of: None,
                due_at: None,
                remarks,
                by: old.answered_by.unwrap_or(by),
                answered_at: old.answered_at.unwrap_or(tx.now()),
            };
            answers::save(tx, id, &old.question, 0, &saved).await?;
        }
    }
    review_requests::apply_waiting(tx, id).await?;
    Ok((id.text(), number))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Change {
    trigger: String,
    reason: String,
}

/// Something changed: the answers it touches are asked again, with the reason (45 CFR 164.316(b)(2)(iii)).
pub async fn changed(ctx: Ctx, Form(change): Form<Change>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RunAnalysis, &Facts::default()).await?;
    let trigger = Trigger::parse(&change.trigger).ok_or(Failure::BadInput)?;
    if let Err(long) = check_length(&[&change.reason]) {
        let mut faults = Faults::default();
        faults.add("reason", ctx.words.t(&format!("risk-fault-{}", long.code())));
        return draw_overview(&ctx, &change, faults).await;
    }
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    if draft(&mut tx).await?.is_none() {
        carry_forward(&mut tx, &access, by).await?;
    }
    let open = draft(&mut tx).await?.ok_or(Failure::NotFound)?;
    let reopened = review_requests::fire(&mut tx, trigger, change.reason.trim()).await?;
    let entry = Entry::new(Object::of("analysis", open.id.text()))
        .detail("trigger", trigger.code())
        .detail("reopened", reopened.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/analysis"))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct TypedAbout {
    scope: String,
    flows: String,
    documentation: String,
    review: String,
    version: i64,
}

pub async fn about(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RunAnalysis, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let open = draft(&mut view).await?.ok_or(Failure::NotFound)?;
    let about = analyses::about(&mut view, &access, open.id).await?;
    Ok(about_form(&ctx, typed_of(&ctx, &open, about), Faults::default()))
}

pub async fn write_about(ctx: Ctx, Form(typed): Form<TypedAbout>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RunAnalysis, &Facts::default()).await?;
    let mut faults = Faults::default();
    let slip = |slip: Slip| ctx.words.t(&format!("risk-fault-{}", slip.code()));
    if let Err(long) = check_length(&[&typed.scope, &typed.flows, &typed.documentation]) {
        faults.add("scope", slip(long));
    }
    let review = match day_of(&typed.review, ctx.zone()) {
        Ok(Some(at)) if at.since(ctx.now) <= 0 => Err(Slip::PastDate),
        Ok(Some(at)) if at.since(ctx.now) > rules::REVIEW_WITHIN_MS => Err(Slip::BadDate),
        other => other,
    };
    if let Err(wrong) = review {
        faults.add("review", slip(wrong));
    }
    if faults.any() {
        return Ok(about_form(&ctx, typed, faults));
    }
    let mut tx = ctx.keep.begin().await?;
    let Some(open) = draft(&mut tx).await? else {
        let words = [
            ("risk-scope", typed.scope.as_str()),
            ("risk-flows", &typed.flows),
            ("risk-documentation", &typed.documentation),
        ];
        return show_unsaved(&ctx, "unsaved-signed", "/practice/analysis", &words);
    };
    let written = About {
        scope: typed.scope.clone(),
        flows: typed.flows.clone(),
        documentation: typed.documentation.clone(),
    };
    let wrote = analyses::write(&mut tx, (open.id, typed.version), &written, review.unwrap_or(None)).await;
    match wrote {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            let theirs = analyses::about(&mut tx, &access, open.id).await?;
            drop(tx);
            return Ok(about_clash(&ctx, &open, &theirs, &typed));
        }
        Err(other) => return Err(other.into()),
    }
    tx.commit(&access, Entry::new(Object::of("analysis", open.id.text()).version(typed.version + 1))).await?;
    Ok(see_other("/practice/analysis"))
}

fn about_clash(ctx: &Ctx, open: &Analysis, theirs: &About, typed: &TypedAbout) -> Response {
    let review = form_day(open.review_due, ctx.zone());
    let rows = [
        ("risk-scope", &theirs.scope, &typed.scope),
        ("risk-flows", &theirs.flows, &typed.flows),
        ("risk-documentation", &theirs.documentation, &typed.documentation),
        ("risk-review", &review, &typed.review),
    ];
    show_clash(
        ctx,
        Clash {
            action: "/practice/analysis/about".into(),
            back: "/practice/analysis/about".into(),
            fields: vec![
                ("scope", typed.scope.clone()),
                ("flows", typed.flows.clone()),
                ("documentation", typed.documentation.clone()),
                ("review", typed.review.clone()),
                ("version", open.version.to_string()),
            ],
            rows: rows.map(|(key, theirs, yours)| ClashRow::new(ctx, key, theirs, yours)).into(),
        },
    )
}

fn typed_of(ctx: &Ctx, open: &Analysis, about: About) -> TypedAbout {
    TypedAbout {
        scope: about.scope,
        flows: about.flows,
        documentation: about.documentation,
        review: form_day(open.review_due, ctx.zone()),
        version: open.version,
    }
}

fn about_form(ctx: &Ctx, typed: TypedAbout, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page::new(ctx.words.t("risk-about-title")).rail("rail-practice").status(status);
    ctx.page(page, &AboutForm { typed, faults })
}

fn href_of(element: Element) -> &'static str {
    match element {
        Element::Scope | Element::Flows | Element::Documentation | Element::Review => {
            "/practice/analysis/about"
        }
        Element::Safeguards => "/practice/analysis/next",
        _ => "/practice/risks",
    }
}

struct ElementRow {
    name: String,
    filled: bool,
    href: &'static str,
}

struct AreaRow {
    name: String,
    href: String,
    of: usize,
    answered: usize,
    flagged: usize,
}

struct Past {
    number: i64,
    at: String,
    by: String,
    href: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "risk/overview.html")]
struct Overview {
    number: Option<i64>,
    answered: usize,
    questions: usize,
    elements: Vec<ElementRow>,
    areas: Vec<AreaRow>,
    ready: bool,
    may_run: bool,
    triggers: Vec<super::Pick>,
    /// Why something changed, as it was typed.
    reason: String,
    fault: String,
    past: Vec<Past>,
}

#[derive(Template)]
#[template(path = "risk/about.html")]
struct AboutForm {
    typed: TypedAbout,
    faults: Faults,
}
