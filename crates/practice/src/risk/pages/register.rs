//! `/practice/risks`: the register as map and list, and the form that adds an entry to it.

use super::home::{HeatMap, title_of};
use super::risks::{level_word, tone};
use super::{Pick, check_length, name_of, show_unsaved};
use crate::findings;
use crate::risk::bank::bank;
use crate::risk::rules::{Level, RiskState};
use crate::risk::store::risks::{self, Risk, Story};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Square {
    likelihood: String,
    impact: String,
}

pub async fn list(ctx: Ctx, Query(square): Query<Square>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("risks", "")).await?;
    let all = risks::all(&mut view, &access).await?;
    let map = HeatMap::of(&ctx, &all);
    let (up, right) = (Level::parse(&square.likelihood), Level::parse(&square.impact));
    let picked = |risk: &Risk| {
        let open = up.is_none() || risk.state != RiskState::Closed;
        open && (up.is_none() || risk.rating.likelihood == up)
            && (right.is_none() || risk.rating.impact == right)
    };
    let mut rows = Vec::new();
    for (risk, _) in all.iter().filter(|(risk, _)| picked(risk)) {
        rows.push(Row {
            href: format!("/practice/risks/{}", risk.id.text()),
            title: title_of(&ctx, risk),
            spot: bank().vulnerability(&risk.vulnerability).map_or("", |spot| spot.text(ctx.lang)),
            level: level_word(&ctx, risk.rating.level()),
            tone: tone(risk.rating.level()),
            state: super::word(&ctx, "state", risk.state.code()),
            owner: name_of(&mut view, &access, risk.owner).await.unwrap_or_default(),
            due: risk.due_at.map(|at| ctx.words.date(at, ctx.zone())).unwrap_or_default(),
        });
    }
    let page = RegisterPage { rows, map, filtered: up.is_some() || right.is_some() };
    Ok(ctx.page(Page::new(ctx.words.t("risk-register")).rail("rail-practice"), &page))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct New {
    question: String,
    finding: String,
    threat: String,
    vulnerability: String,
    what: String,
    /// When the findings were read, in Unix milliseconds.
    seen: i64,
}

pub async fn blank(ctx: Ctx, Query(mut new): Query<New>) -> Result<Response, Failure> {
    ctx.decide(Act::RateRisk, &Facts::default()).await?;
    if new.seen == 0 {
        new.seen = ctx.now.0;
    }
    Ok(new_form(&ctx, new, Faults::default()))
}

fn new_form(ctx: &Ctx, new: New, faults: Faults) -> Response {
    let asked = bank().question(&new.question);
    let kind = findings::Kind::parse(&new.finding);
    let first_spot = asked.and_then(|question| question.vulnerabilities.first()).map(String::as_str);
    let spot = if new.vulnerability.is_empty() {
        first_spot.or(kind.map(findings::Kind::weak_spot)).unwrap_or_default()
    } else {
        &new.vulnerability
    };
    let likely = bank().vulnerability(spot).and_then(|spot| spot.threats.first());
    let threat = if new.threat.is_empty() { likely.map_or("", String::as_str) } else { &new.threat };
    let pick = |id: &str, text: &str, chosen: &str| Pick {
        value: id.to_owned(),
        text: text.to_owned(),
        chosen: id == chosen,
    };
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = NewPage {
        from: match (asked, kind) {
            (Some(question), _) => question.text(ctx.lang).to_owned(),
            (None, Some(kind)) => ctx.words.t(&format!("finding-{}", kind.code())),
            (None, None) => String::new(),
        },
        threats: bank().threats.iter().map(|one| pick(&one.id, one.text(ctx.lang), threat)).collect(),
        spots: bank().vulnerabilities.iter().map(|one| pick(&one.id, one.text(ctx.lang), spot)).collect(),
        new,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("risk-new-title")).rail("rail-practice").status(status), &page)
}

pub async fn add(ctx: Ctx, Form(new): Form<New>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RateRisk, &Facts::default()).await?;
    let kind = findings::Kind::parse(&new.finding);
    let closing = match kind {
        Some(_) => Some(ctx.decide(Act::CloseFinding, &Facts::default()).await?),
        None => None,
    };
    let pair = (bank().threat(&new.threat), bank().vulnerability(&new.vulnerability));
    let (Some(threat), Some(spot)) = pair else { return Err(Failure::BadInput) };
    if let Err(long) = check_length(&[&new.what]) {
        let mut faults = Faults::default();
        faults.add("what", ctx.words.t(&format!("risk-fault-{}", long.code())));
        return Ok(new_form(&ctx, new, faults));
    }
    let from = match (bank().question(&new.question), kind) {
        (Some(question), _) => format!("question {}", question.id),
        (None, Some(kind)) => format!("finding {}", kind.code()),
        (None, None) => "own".into(),
    };
    let mut tx = ctx.keep.begin().await?;
    let story = Story { what: new.what.clone(), ..Story::default() };
    let (id, number) = risks::add(&mut tx, (&new.threat, &new.vulnerability), &from, &story).await?;
    if let (Some(kind), Some(closing)) = (kind, &closing) {
        let closed = findings::close(&mut tx, kind, UnixMillis(new.seen)).await?;
        if closed == 0 {
            // A colleague closed them, or made them a risk: one group makes one entry.
            drop(tx);
            let words = [
                ("risk-vulnerability", spot.text(ctx.lang)),
                ("risk-threat", threat.text(ctx.lang)),
                ("risk-what", &new.what),
            ];
            return show_unsaved(&ctx, "unsaved-finding", "/practice/findings", &words);
        }
        let entry = Entry::new(Object::of("findings", kind.code()))
            .detail("closed", closed.to_string())
            .detail("became_risk", number.to_string());
        tx.note(closing, entry);
    }
    tx.commit(&access, Entry::new(Object::of("risk", id.text())).detail("from", from)).await?;
    Ok(see_other(&format!("/practice/risks/{}", id.text())))
}

struct Row {
    href: String,
    title: String,
    spot: &'static str,
    level: String,
    tone: &'static str,
    state: String,
    owner: String,
    due: String,
}

#[derive(Template)]
#[template(path = "risk/register.html")]
struct RegisterPage {
    rows: Vec<Row>,
    map: HeatMap,
    filtered: bool,
}

#[derive(Template)]
#[template(path = "risk/new.html")]
struct NewPage {
    from: String,
    threats: Vec<Pick>,
    spots: Vec<Pick>,
    new: New,
    faults: Faults,
}
