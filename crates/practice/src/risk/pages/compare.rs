//! What changed from one analysis to the next: answers, risks, and the words about it.

use super::home::title_of;
use super::word;
use crate::risk::bank::{Question, bank};
use crate::risk::rules::{AnalysisState, Choice, Level, RiskState, Treatment, Turn, turn};
use crate::risk::store::analyses::{self, Analysis};
use crate::risk::store::answers::{self, Answer};
use crate::risk::store::risks;
use crate::signed_reports::{self, Stood};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{Conn, Object};
use policy::{Act, Facts};
use web::{Ctx, Failure, Page, filters};

/// `number` is the later one; it is held against the one before it. An open analysis is shown as it stands.
pub async fn page(ctx: Ctx, Path(number): Path<i64>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("analysis", number.to_string())).await?;
    let all = analyses::list(&mut view).await?;
    let of = |number: i64| all.iter().find(|one| one.number == number).cloned().ok_or(Failure::NotFound);
    let (before, after) = (of(number.saturating_sub(1))?, of(number)?);
    let register = risks::all(&mut view, &access).await?;
    let now: Vec<_> = register.iter().map(|(risk, _)| Stood::of(risk, ctx.now)).collect();
    let stood = (stood(&mut view, &before, &now).await?, stood(&mut view, &after, &now).await?);
    let (old, new) = (answers::of(&mut view, before.id).await?, answers::of(&mut view, after.id).await?);
    let words = (
        analyses::about(&mut view, &access, before.id).await?,
        analyses::about(&mut view, &access, after.id).await?,
    );
    let kept = |question: &&Question| {
        let then = choice(&old, &question.id);
        then.is_some() && then == choice(&new, &question.id)
    };
    let same = bank().questions.iter().filter(kept).count();
    let mut answers = changed(&ctx, &old, &new);
    answers.sort_by_key(|one| one.turn);
    let mut risks = Vec::new();
    for (risk, _) in &register {
        let find = |all: &[Stood]| all.iter().find(|one| one.risk == risk.id).copied();
        let (then, later) = (find(&stood.0), find(&stood.1));
        if then.map(settled) != later.map(settled) {
            let text = |one: Option<Stood>| {
                one.map_or_else(|| ctx.words.t("compare-not-there"), |one| said(&ctx, one))
            };
            let href = format!("/practice/risks/{}", risk.id.text());
            risks.push(Moved { title: title_of(&ctx, risk), href, before: text(then), after: text(later) });
        }
    }
    let texts = [
        ("risk-scope", &words.0.scope, &words.1.scope),
        ("risk-flows", &words.0.flows, &words.1.flows),
        ("risk-documentation", &words.0.documentation, &words.1.documentation),
    ];
    let texts = texts.into_iter().filter(|(_, before, after)| before != after);
    let turned = |wanted: Turn| answers.iter().filter(|one| one.turn == wanted).count();
    let page = Compare {
        before: before.number,
        after: number,
        open: after.state == AnalysisState::Draft,
        better: turned(Turn::Better),
        worse: turned(Turn::Worse),
        other: turned(Turn::Other),
        same,
        texts: texts.map(|(key, before, after)| (key, before.clone(), after.clone())).collect(),
        answers,
        risks,
    };
    Ok(ctx.page(Page::new(ctx.words.t("compare-title")).rail("rail-practice"), &page))
}

/// The register as it stood at the signature, or as it stands while the analysis is open.
async fn stood(conn: &mut Conn, analysis: &Analysis, now: &[Stood]) -> Result<Vec<Stood>, Failure> {
    Ok(match analysis.state {
        AnalysisState::Draft => now.to_vec(),
        AnalysisState::Signed => signed_reports::register_of(conn, analysis.id).await?,
    })
}

/// What was chosen and still stands.
fn choice(all: &[Answer], id: &str) -> Option<Choice> {
    all.iter().find(|one| one.question == id).filter(|one| one.stands()).and_then(|one| one.choice)
}

fn changed(ctx: &Ctx, old: &[Answer], new: &[Answer]) -> Vec<Changed> {
    let name = |one: Option<Choice>| {
        one.map_or_else(|| ctx.words.t("risk-unanswered"), |one| word(ctx, "choice", one.code()))
    };
    let each = bank().questions.iter().filter_map(|question| {
        let (before, after) = (choice(old, &question.id), choice(new, &question.id));
        let turn = turn(before, after)?;
        let (tone, icon, key) = match turn {
            Turn::Better => ("ok", "check", "compare-better"),
            Turn::Worse => ("bad", "circle-alert", "compare-worse"),
            Turn::Other if after.is_none() => ("warn", "refresh-cw", "compare-unanswered"),
            Turn::Other => ("", "history", "compare-other"),
        };
        Some(Changed {
            turn,
            text: question.text(ctx.lang),
            tone,
            icon,
            label: ctx.words.t(key),
            before: name(before),
            after: name(after),
        })
    });
    each.collect()
}

/// What a comparison looks at; a day that passed changes nothing that was decided.
fn settled(one: Stood) -> (RiskState, Option<Level>, Option<Level>, Option<Treatment>) {
    (one.state, one.level, one.residual, one.treatment)
}

fn said(ctx: &Ctx, one: Stood) -> String {
    let level = one
        .level
        .map_or_else(|| ctx.words.t("risk-not-rated"), |level: Level| word(ctx, "level", level.code()));
    let left = one
        .residual
        .map(|left| ctx.words.with("compare-left", &[("level", word(ctx, "level", left.code()).into())]));
    let treatment = one.treatment.map(|treatment| word(ctx, "treatment", treatment.code()));
    let state = (one.state != RiskState::Open).then(|| word(ctx, "state", one.state.code()));
    let parts = [Some(level), left, treatment, state];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

struct Changed {
    turn: Turn,
    text: &'static str,
    tone: &'static str,
    icon: &'static str,
    label: String,
    before: String,
    after: String,
}

struct Moved {
    title: String,
    href: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "risk/compare.html")]
struct Compare {
    before: i64,
    after: i64,
    open: bool,
    better: usize,
    worse: usize,
    other: usize,
    same: usize,
    texts: Vec<(&'static str, String, String)>,
    answers: Vec<Changed>,
    risks: Vec<Moved>,
}
