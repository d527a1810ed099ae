//! The 22 specifications with their decisions, what is proposed, and the ten tips.

use super::rules::{self, DECISIONS, Standing, Words, followed, standing};
use super::{Specification, lists, store};
use crate::facts::Observers;
use crate::risk::bank::bank;
use crate::risk::pages::{Pick, name_of};
use crate::risk::store::{analyses, answers};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

const HOME: &str = "/practice/safeguards";

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let decided = store::newest(&mut *ctx.keep.read().await?).await?;
    let row = |one: &'static Specification| {
        let newest = decided.iter().find(|decided| decided.specification == one.id);
        let (tone, icon, key) = match (standing(newest.map(|it| it.at), ctx.now), newest) {
            (Standing::Gap, _) | (_, None) => ("bad", "circle-alert", "safeguard-gap".to_owned()),
            (Standing::Old, _) => ("warn", "clock-alert", "safeguard-old".to_owned()),
            (Standing::Decided, Some(it)) => ("ok", "check", format!("safeguard-decision-{}", it.decision)),
        };
        Row {
            href: format!("{HOME}/of/{}", one.id),
            text: one.text(ctx.lang),
            cite: &one.cite,
            tone,
            icon,
            label: ctx.words.t(&key),
            at: newest.map(|it| it.at),
        }
    };
    let rows: Vec<Row> = lists().specifications.iter().map(row).collect();
    let gaps = rows.iter().filter(|row| row.tone == "bad").count();
    let page = List { done: rows.len() - gaps, rows };
    Ok(ctx.page(Page::new(ctx.words.t("safeguards-title")).rail("rail-practice"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    draw(&ctx, found(&id)?, None, Faults::default(), StatusCode::OK).await
}

fn found(id: &str) -> Result<&'static Specification, Failure> {
    lists().specifications.iter().find(|one| one.id == id).ok_or(Failure::NotFound)
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    decision: String,
    how: String,
    reason: String,
    /// How many decisions the person has seen.
    seen: i64,
}

pub(super) async fn decide(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::DecideSafeguard, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let one = found(&id)?;
    let words = Words { how: typed.how.trim().to_owned(), reason: typed.reason.trim().to_owned() };
    let mut faults = Faults::default();
    let decision = rules::decision(&typed.decision);
    match decision.map(|code| rules::check(code, &words)) {
        None => faults.add("decision", ctx.words.t("safeguard-fault-decision")),
        Some(Err((field, key))) => faults.add(field, ctx.words.t(key)),
        Some(Ok(())) => {}
    }
    let (Some(decision), false) = (decision, faults.any()) else {
        return draw(&ctx, one, Some(typed), faults, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = ctx.keep.begin().await?;
    match store::add(&mut tx, (&one.id, typed.seen + 1), decision, &words, person).await {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            drop(tx);
            faults.add("how", ctx.words.t("safeguard-clash"));
            return draw(&ctx, one, Some(typed), faults, StatusCode::CONFLICT).await;
        }
        Err(other) => return Err(other.into()),
    }
    let entry = Entry::new(Object::of("safeguard", one.id.as_str())).detail("decision", decision);
    tx.commit(&access, entry).await?;
    Ok(see_other(HOME))
}

async fn draw(
    ctx: &Ctx,
    one: &'static Specification,
    typed: Option<Typed>,
    faults: Faults,
    status: StatusCode,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("safeguard", one.id.as_str())).await?;
    let history = store::history(&mut view, &access, &one.id).await?;
    let newest = history.first().map(|(decided, words)| Typed {
        decision: decided.decision.into(),
        how: words.how.clone(),
        reason: words.reason.clone(),
        seen: decided.number,
    });
    let seen = newest.as_ref().map_or(0, |it| it.seen);
    let typed = Typed { seen, ..typed.or(newest).unwrap_or_default() };
    let mut past = Vec::new();
    for (decided, words) in history {
        past.push(Past {
            decision: ctx.words.t(&format!("safeguard-decision-{}", decided.decision)),
            by: name_of(&mut view, &access, Some(decided.by)).await.unwrap_or_default(),
            at: decided.at,
            words,
        });
    }
    let sight = ctx.plugged::<Observers>().all(ctx, &mut view).await?;
    let pick = |code: &&'static str| Pick {
        value: (*code).to_owned(),
        text: ctx.words.t(&format!("safeguard-decision-{code}")),
        chosen: *code == typed.decision,
    };
    let page = OnePage {
        action: format!("{HOME}/of/{}", one.id),
        title: one.text(ctx.lang),
        cite: &one.cite,
        does: one.does(ctx.lang),
        observed: sight.value(&one.fact),
        decisions: DECISIONS.iter().map(pick).collect(),
        may_decide: ctx.allowed(Act::DecideSafeguard, &Facts::default()),
        past,
        typed,
        faults,
    };
    Ok(ctx.page(Page::new(page.title).rail("rail-practice").status(status), &page))
}

pub(super) async fn proposed(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut conn = ctx.keep.read().await?;
    let sight = ctx.plugged::<Observers>().all(&ctx, &mut conn).await?;
    let row = |one: &'static super::Proposal| (one.text(ctx.lang), sight.value(&one.fact));
    let page = ProposedPage { rows: lists().proposals.iter().map(row).collect() };
    Ok(ctx.page(Page::new(ctx.words.t("proposed-title")).rail("rail-practice"), &page))
}

pub(super) async fn tips(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut conn = ctx.keep.read().await?;
    let given = newest_answers(&mut conn).await?;
    let row = |tip: &'static super::Tip| {
        let about = bank().questions.iter().filter(|question| {
            question.vulnerabilities.first().is_some_and(|spot| tip.weak_spots.contains(spot))
        });
        let answers: Vec<_> = about
            .map(|question| {
                let found = given.iter().find(|answer| answer.question == question.id);
                found.filter(|answer| answer.stands()).and_then(|answer| answer.choice)
            })
            .collect();
        let stands = followed(&answers);
        let (tone, icon) = match stands {
            rules::Followed::Yes => ("ok", "check"),
            rules::Followed::Partly => ("warn", "triangle-alert"),
            rules::Followed::No => ("bad", "circle-alert"),
            rules::Followed::Unknown => ("", "circle-question-mark"),
        };
        let label = ctx.words.t(&format!("tip-{}", stands.code()));
        TipRow {
            text: tip.text(ctx.lang),
            tone,
            icon,
            label,
            answered: answers.iter().flatten().count(),
            of: answers.len(),
        }
    };
    let page = TipsPage { rows: lists().tips.iter().map(row).collect() };
    Ok(ctx.page(Page::new(ctx.words.t("tips-title")).rail("rail-practice"), &page))
}

/// Of the open analysis, or of the last signed one.
async fn newest_answers(conn: &mut Conn) -> Result<Vec<answers::Answer>, KeepError> {
    match analyses::list(conn).await?.first() {
        Some(newest) => answers::of(conn, newest.id).await,
        None => Ok(Vec::new()),
    }
}

struct Row {
    href: String,
    text: &'static str,
    cite: &'static str,
    tone: &'static str,
    icon: &'static str,
    label: String,
    at: Option<UnixMillis>,
}

struct Past {
    decision: String,
    by: String,
    at: UnixMillis,
    words: Words,
}

struct TipRow {
    text: &'static str,
    tone: &'static str,
    icon: &'static str,
    label: String,
    answered: usize,
    of: usize,
}

#[derive(Template)]
#[template(path = "safeguards/list.html")]
struct List {
    rows: Vec<Row>,
    done: usize,
}

#[derive(Template)]
#[template(path = "safeguards/one.html")]
struct OnePage {
    action: String,
    title: &'static str,
    cite: &'static str,
    does: &'static str,
    observed: Option<String>,
    decisions: Vec<Pick>,
    may_decide: bool,
    past: Vec<Past>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "safeguards/proposed.html")]
struct ProposedPage {
    rows: Vec<(&'static str, Option<String>)>,
}

#[derive(Template)]
#[template(path = "safeguards/tips.html")]
struct TipsPage {
    rows: Vec<TipRow>,
}
