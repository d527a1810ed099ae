//! The report: a draft at any time, as page and PDF, and what signing freezes.

use super::heard::{Heard, heard};
use super::home::title_of;
use super::name_of;
use super::seen::Draft;
use crate::facts::{Observed, Observers};
use crate::print::Printing;
use crate::risk::bank::{Area, bank};
use crate::risk::rules::{self, Choice, Element, Level, Treatment};
use crate::risk::store::risks::{Risk, Story};
use crate::signed_reports;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use keep::{Object, Viewing};
use policy::{Access, Act, Facts};
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Page, filters};

/// The style of a report. Frozen pages name it by this one address, so that it is there for years.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../report.css")).into_response()
}

pub async fn draft_report(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let draft = Draft::load(&mut view, &access).await?;
    let report = gather(&ctx, &mut view, &access, &draft, None).await?;
    Ok(ctx.page(Page::new(report.title.clone()), &report))
}

/// The draft on paper, to talk about before it is signed.
pub async fn draft_pdf(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let draft = Draft::load(&mut view, &access).await?;
    let report = gather(&ctx, &mut view, &access, &draft, None).await?;
    let bytes = printed(&ctx, &report).await.map_err(|Unprinted| Failure::TooLarge)?;
    let bytes = bytes.ok_or(Failure::NotFound)?;
    let kind = HeaderValue::from_static("application/pdf");
    let name = HeaderValue::from_static("inline; filename=\"risk-analysis-draft.pdf\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// The PDF, away from the tasks that answer others; none where no printer is plugged in. What went wrong
/// stands in the log.
pub(super) async fn printed(ctx: &Ctx, report: &Report) -> Result<Option<Vec<u8>>, Unprinted> {
    let Some(printer) = ctx.plugged::<Printing>().0.clone() else { return Ok(None) };
    let paper = report.paper(ctx);
    let bytes = tokio::task::spawn_blocking(move || printer.print(&paper)).await;
    let why = match bytes {
        Ok(Ok(bytes)) => return Ok(Some(bytes)),
        Ok(Err(why)) => why,
        Err(_) => "the printer panicked".to_owned(),
    };
    tracing::error!(%why, "a report could not be printed");
    Err(Unprinted)
}

/// There is no PDF of this: most often it has too many pages.
pub(super) struct Unprinted;

pub(super) async fn gather(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    draft: &Draft,
    signed: Option<String>,
) -> Result<Report, Failure> {
    let (open, about) = (&draft.analysis, draft.about.clone());
    let standing = draft.standing();
    let day = |at| ctx.words.date(at, ctx.zone());
    let areas = parts(ctx, view, draft).await?;
    let risks = rated(ctx, view, access, &draft.register).await;
    let heard = heard(ctx, view, access, open).await?;
    // A draft has no signature that a key could be held against.
    let key = if signed.is_some() { signed_reports::key(view).await? } else { None };
    Ok(Report {
        title: ctx.words.with("risk-report-title", &[("n", open.number.into())]),
        at: ctx.now,
        key: key.unwrap_or_default(),
        standing: match &signed {
            Some(name) => ctx
                .words
                .with("risk-report-signed", &[("name", name.clone().into()), ("at", day(ctx.now).into())]),
            None => ctx.words.with("risk-report-draft", &[("at", day(ctx.now).into())]),
        },
        review: open.review_due.map(day).unwrap_or_default(),
        elements: Element::ALL
            .iter()
            .map(|one| {
                let filled = rules::is_filled(&standing, *one, ctx.now);
                (super::word(ctx, "element", one.code()), filled)
            })
            .collect(),
        scope: about.scope,
        flows: about.flows,
        documentation: about.documentation,
        areas,
        risks,
        heard,
    })
}

async fn parts(ctx: &Ctx, view: &mut Viewing, draft: &Draft) -> Result<Vec<Part>, Failure> {
    let sight = ctx.plugged::<Observers>().all(ctx, view).await?;
    let mut areas = Vec::new();
    for area in Area::ALL {
        let mut rows = Vec::new();
        for question in bank().of_area(*area) {
            let found = draft.answer(&question.id);
            let choice = found.and_then(|(answer, _)| answer.choice.filter(|_| answer.stands()));
            let remarks = found.map(|(_, remarks)| remarks.clone()).unwrap_or_default();
            rows.push(Said {
                question: question.text(ctx.lang),
                cites: question.cited(ctx.lang),
                choice: choice.map_or_else(
                    || ctx.words.t("risk-unanswered"),
                    |one| super::word(ctx, "choice", one.code()),
                ),
                seen: sight.about(question).into_iter().map(|one| (one.clash(ctx, choice), one)).collect(),
                low: matches!(choice, Some(Choice::No | Choice::NotSure | Choice::Partly)),
                advice: question.advice(ctx.lang),
                note: remarks.note,
                evidence: format!("{} {}", remarks.evidence, remarks.evidence_date).trim().to_owned(),
            });
        }
        areas.push(Part { name: super::word(ctx, "area", area.code()), rows });
    }
    Ok(areas)
}

async fn rated(ctx: &Ctx, view: &mut Viewing, access: &Access, register: &[(Risk, Story)]) -> Vec<Rated> {
    let day = |at| ctx.words.date(at, ctx.zone());
    let mut risks = Vec::new();
    let level = |one: Option<Level>| {
        one.map_or_else(|| ctx.words.t("risk-not-rated"), |one| super::word(ctx, "level", one.code()))
    };
    for (risk, story) in register {
        risks.push(Rated {
            title: title_of(ctx, risk),
            spot: bank().vulnerability(&risk.vulnerability).map_or("", |spot| spot.text(ctx.lang)),
            likelihood: level(risk.rating.likelihood),
            impact: level(risk.rating.impact),
            level: level(risk.rating.level()),
            residual: level(risk.residual),
            state: super::word(ctx, "state", risk.state.code()),
            treatment: risk
                .treatment
                .map_or(String::new(), |one: Treatment| super::word(ctx, "treatment", one.code())),
            owner: name_of(view, access, risk.owner).await.unwrap_or_default(),
            due: risk.due_at.map(day).unwrap_or_default(),
            texts: [&story.what, &story.plan, &story.evidence, &story.override_reason, &story.acceptance]
                .into_iter()
                .filter(|text| !text.trim().is_empty())
                .cloned()
                .collect(),
        });
    }
    risks
}

pub(super) struct Part {
    pub(super) name: String,
    pub(super) rows: Vec<Said>,
}

pub(super) struct Said {
    pub(super) question: &'static str,
    pub(super) cites: String,
    pub(super) choice: String,
    /// What the program saw at this moment, with the sentence for an answer that does not fit it.
    pub(super) seen: Vec<(Option<String>, Observed)>,
    pub(super) low: bool,
    pub(super) advice: &'static str,
    pub(super) note: String,
    pub(super) evidence: String,
}

pub(super) struct Rated {
    pub(super) title: String,
    pub(super) spot: &'static str,
    pub(super) likelihood: String,
    pub(super) impact: String,
    pub(super) level: String,
    pub(super) residual: String,
    pub(super) state: String,
    pub(super) treatment: String,
    pub(super) owner: String,
    pub(super) due: String,
    pub(super) texts: Vec<String>,
}

#[derive(Template)]
#[template(path = "risk/report.html")]
pub(super) struct Report {
    pub(super) title: String,
    pub(super) at: UnixMillis,
    /// Public part of the key that signs reports, hexadecimal; empty in a draft.
    pub(super) key: String,
    pub(super) standing: String,
    pub(super) review: String,
    pub(super) elements: Vec<(String, bool)>,
    pub(super) scope: String,
    pub(super) flows: String,
    pub(super) documentation: String,
    pub(super) areas: Vec<Part>,
    pub(super) risks: Vec<Rated>,
    pub(super) heard: Heard,
}

impl Report {
    /// No look at what the program observes failed.
    pub(super) fn saw_all(&self) -> bool {
        let mut rows = self.areas.iter().flat_map(|area| &area.rows);
        rows.all(|row| row.seen.iter().all(|(_, one)| !one.is_unseen()))
    }
}
