//! The report: a draft at any time, as page and PDF, and on signing the bytes that are frozen.

use super::heard::{Heard, heard};
use super::home::title_of;
use super::{draft, name_of, person, standing};
use crate::facts::{Observed, Observers};
use crate::print::Printing;
use crate::risk::bank::{Area, bank};
use crate::risk::rules::{self, Choice, Element, Level, Treatment};
use crate::risk::store::analyses::{self, Analysis};
use crate::risk::store::risks::{Risk, Story};
use crate::risk::store::{answers, risks};
use crate::signed_reports::{self, Frozen};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object, Viewing};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, filters, see_other};

const NAME_MAX: usize = 120;
/// A whole bank with the longest notes stays far below.
const REPORT_MAX_BYTES: usize = 8 * 1024 * 1024;

/// The style of a report. Frozen pages name it by this one address, so that it is there for years.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../report.css")).into_response()
}

pub async fn draft_report(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let open = draft(&mut view).await?.ok_or(Failure::NotFound)?;
    let report = gather(&ctx, &mut view, &access, &open, None).await?;
    Ok(ctx.page(Page::new(report.title.clone()), &report))
}

/// The draft on paper, to talk about before it is signed.
pub async fn draft_pdf(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let open = draft(&mut view).await?.ok_or(Failure::NotFound)?;
    let report = gather(&ctx, &mut view, &access, &open, None).await?;
    let bytes = printed(&ctx, &report).await?.ok_or(Failure::NotFound)?;
    let kind = HeaderValue::from_static("application/pdf");
    let name = HeaderValue::from_static("inline; filename=\"risk-analysis-draft.pdf\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Signature {
    name: String,
}

/// What is about to be signed, and by whom. Reaching it takes a fresh proof of who they are.
pub async fn sign_form(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SignAnalysis, &Facts::default()).await?;
    draw_form(&ctx, String::new(), Vec::new()).await
}

async fn draw_form(ctx: &Ctx, name: String, refused: Vec<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let open = draft(&mut view).await?.ok_or(Failure::NotFound)?;
    let about = analyses::about(&mut view, &access, open.id).await?;
    let given = answers::of(&mut view, open.id).await?;
    let register = risks::all(&mut view, &access).await?;
    let standing = standing(&open, &about, &given, &register);
    let gaps = rules::gaps(&standing, ctx.now).into_iter();
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = SignPage {
        number: open.number,
        answered: standing.answered,
        questions: standing.questions,
        risks: standing.risks,
        review: open.review_due,
        gaps: gaps.map(|gap| super::word(ctx, "gap", gap.code())).collect(),
        key: signed_reports::key(&mut view).await?.unwrap_or_default(),
        typed: name,
        refused,
    };
    Ok(ctx.page(Page::new(ctx.words.t("risk-sign-title")).rail("rail-practice").status(status), &page))
}

/// Refuses while an element is empty; otherwise keeps page and PDF, their hashes and signatures, and who
/// signed under which name, in one commit (R46).
pub async fn sign(ctx: Ctx, Form(signature): Form<Signature>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SignAnalysis, &Facts::default()).await?;
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let open = draft(&mut tx).await?.ok_or(Failure::NotFound)?;
    let about = analyses::about(&mut tx, &access, open.id).await?;
    let given = answers::of(&mut tx, open.id).await?;
    let register = risks::all(&mut tx, &access).await?;
    let mut refused = Vec::new();
    if let Err(gaps) = rules::may_sign(open.state, &standing(&open, &about, &given, &register), ctx.now) {
        refused.extend(gaps.iter().map(|gap| super::word(&ctx, "gap", gap.code())));
    }
    let name = signature.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        refused.push(ctx.words.t("risk-sign-missing"));
    }
    if !refused.is_empty() {
        drop(tx);
        return draw_form(&ctx, signature.name, refused).await;
    }
    signed_reports::make_key_once(&mut tx).await?;
    let report = gather(&ctx, &mut tx, &access, &open, Some(name.clone())).await?;
    let drawn = ctx.page(Page::new(report.title.clone()), &report);
    let html = axum::body::to_bytes(drawn.into_body(), REPORT_MAX_BYTES).await;
    let html = html.map_err(|_| Failure::TooLarge)?.to_vec();
    let frozen = Frozen {
        html,
        pdf: printed(&ctx, &report).await?,
        by,
        signed_as: &name,
        practice: &ctx.settings.face.name,
    };
    let (sha256, pdf_sha256) = signed_reports::freeze(&mut tx, &access, (&open, &about), frozen).await?;
    let risks: Vec<Risk> = register.into_iter().map(|(risk, _)| risk).collect();
    signed_reports::keep_register(&mut tx, open.id, &risks).await?;
    let mut entry = Entry::new(Object::of("analysis", open.id.text()).version(open.version + 1))
        .detail("signed_as", name.as_str())
        .detail("sha256", sha256)
        .detail("report_key", report.key);
    if let Some(sha256) = pdf_sha256 {
        entry = entry.detail("pdf_sha256", sha256);
    }
    tx.commit(&access, entry).await?;
    Ok(see_other(&format!("/practice/analysis/past/{}", open.number)))
}

/// The PDF, away from the tasks that answer others; none where no printer is plugged in.
async fn printed(ctx: &Ctx, report: &Report) -> Result<Option<Vec<u8>>, Failure> {
    let Some(printer) = ctx.plugged::<Printing>().0.clone() else { return Ok(None) };
    let paper = report.paper(ctx);
    let bytes = tokio::task::spawn_blocking(move || printer.print(&paper)).await;
    match bytes {
        Ok(Ok(bytes)) => Ok(Some(bytes)),
        Ok(Err(why)) => {
            tracing::error!(%why, "a report could not be printed");
            Err(Failure::broken("a report could not be printed"))
        }
        Err(_) => Err(Failure::broken("printing a report panicked")),
    }
}

async fn gather(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    open: &Analysis,
    signed: Option<String>,
) -> Result<Report, Failure> {
    let about = analyses::about(view, access, open.id).await?;
    let given = answers::of(view, open.id).await?;
    let register = risks::all(view, access).await?;
    let standing = standing(open, &about, &given, &register);
    let day = |at| ctx.words.date(at, ctx.zone());
    let areas = parts(ctx, view, access, open).await?;
    let risks = rated(ctx, view, access, &register).await;
    let heard = heard(ctx, view, access, open).await?;
    Ok(Report {
        title: ctx.words.with("risk-report-title", &[("n", open.number.into())]),
        at: ctx.now,
        key: signed_reports::key(view).await?.unwrap_or_default(),
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

async fn parts(
    ctx: &Ctx,
    view: &mut Viewing,
    access: &Access,
    open: &Analysis,
) -> Result<Vec<Part>, Failure> {
    let sight = ctx.plugged::<Observers>().all(ctx, view).await?;
    let mut areas = Vec::new();
    for area in Area::ALL {
        let mut rows = Vec::new();
        for question in bank().of_area(*area) {
            let found = answers::one(view, access, open.id, &question.id).await?;
            let choice = found.as_ref().and_then(|(answer, _)| answer.choice.filter(|_| answer.stands()));
            let remarks = found.map(|(_, remarks)| remarks).unwrap_or_default();
            rows.push(Said {
                question: question.text(ctx.lang),
                cites: question.cites.join(" · "),
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
    /// Public part of the key that signs reports, hexadecimal.
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

#[derive(Template)]
#[template(path = "risk/sign.html")]
struct SignPage {
    number: i64,
    answered: usize,
    questions: usize,
    risks: usize,
    review: Option<UnixMillis>,
    gaps: Vec<String>,
    key: String,
    typed: String,
    refused: Vec<String>,
}
