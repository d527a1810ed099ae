//! The report: a draft at any time, and on signing the frozen bytes that are shown again unchanged.

use super::heard::{Heard, heard};
use super::home::title_of;
use super::{analysis, draft, name_of, person, standing};
use crate::facts::{Observed, Observers};
use crate::risk::bank::{Area, bank};
use crate::risk::rules::{self, Choice, Element, Level, Treatment};
use crate::risk::store::analyses::{self, Analysis};
use crate::risk::store::risks::{Risk, Story};
use crate::risk::store::{answers, risks};
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object, Owner, Viewing};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use web::{Ctx, Failure, Form, Page, filters, see_other};

/// What the frozen report is kept as.
const KIND: &str = "risk_report";
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

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Signature {
    name: String,
}

/// Refuses while an element is empty; otherwise keeps the bytes, their hash and who signed in one commit.
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
    let name = signature.name.trim();
    if name.is_empty() || name.chars().count() > 120 {
        refused.push(ctx.words.t("risk-sign-missing"));
    }
    if !refused.is_empty() {
        drop(tx);
        return analysis::draw(&ctx, refused).await;
    }
    let report = gather(&ctx, &mut tx, &access, &open, Some(name.to_owned())).await?;
    let drawn = ctx.page(Page::new(report.title.clone()), &report);
    let bytes = axum::body::to_bytes(drawn.into_body(), REPORT_MAX_BYTES).await;
    let bytes = bytes.map_err(|_| Failure::TooLarge)?.to_vec();
    let sha256 = hex(&bytes);
    let file = tx.put_file(Owner::Practice, KIND, bytes).await?;
    analyses::sign(&mut tx, &open, &about, (file, &sha256), by).await?;
    let entry = Entry::new(Object::of("analysis", open.id.text()).version(open.version + 1))
        .detail("signed_as", name)
        .detail("sha256", sha256);
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/analysis"))
}

/// The same bytes as on the day of the signature; anything else is an error and no page.
pub async fn signed(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("analysis", number.to_string())).await?;
    let all = analyses::list(&mut view).await?;
    let one = all.into_iter().find(|analysis| analysis.number == number).ok_or(Failure::NotFound)?;
    let (Some(file), Some(sha256)) = (one.report, one.report_sha256) else { return Err(Failure::NotFound) };
    let bytes = view.file(&access, file).await?;
    if hex(&bytes) != sha256 {
        return Err(Failure::broken("a signed report is not the one that was signed"));
    }
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes.to_vec()).into_response())
}

fn hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
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

struct Part {
    name: String,
    rows: Vec<Said>,
}

struct Said {
    question: &'static str,
    cites: String,
    choice: String,
    /// What the program saw at this moment, with the sentence for an answer that does not fit it.
    seen: Vec<(Option<String>, Observed)>,
    low: bool,
    advice: &'static str,
    note: String,
    evidence: String,
}

struct Rated {
    title: String,
    spot: &'static str,
    likelihood: String,
    impact: String,
    level: String,
    residual: String,
    state: String,
    treatment: String,
    owner: String,
    due: String,
    texts: Vec<String>,
}

#[derive(Template)]
#[template(path = "risk/report.html")]
struct Report {
    title: String,
    standing: String,
    review: String,
    elements: Vec<(String, bool)>,
    scope: String,
    flows: String,
    documentation: String,
    areas: Vec<Part>,
    risks: Vec<Rated>,
    heard: Heard,
}
