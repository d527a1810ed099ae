//! `/practice/risks/{id}`: one risk: rate, plan, accept with a signature, verify and close.

use super::home::title_of;
use super::{
    Clash, ClashRow, Pick, check_length, colleagues, day_of, form_day, name_of, passing_on, person,
    show_clash, show_unsaved,
};
use crate::ids::RiskId;
use crate::risk::bank::bank;
use crate::risk::rules::{self, Level, RiskState, Slip, TOLERANCE, Treatment};
use crate::risk::store::risks::{self, Risk, Story};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx, Viewing};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::PersonId;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub(super) fn level_word(ctx: &Ctx, level: Option<Level>) -> String {
    level.map_or_else(|| ctx.words.t("risk-not-rated"), |level| super::word(ctx, "level", level.code()))
}

pub(super) fn tone(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::High | Level::VeryHigh) => "bad",
        Some(Level::Moderate) => "warn",
        Some(_) => "ok",
        None => "",
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    likelihood: String,
    impact: String,
    level_override: String,
    override_reason: String,
    treatment: String,
    plan: String,
    owner: String,
    due: String,
    residual: String,
    evidence: String,
    what: String,
    version: i64,
}

pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    draw(&ctx, &access, read_id(&id)?, None, Faults::default()).await
}

fn read_id(id: &str) -> Result<RiskId, Failure> {
    RiskId::parse(id).ok_or(Failure::NotFound)
}

pub async fn save(ctx: Ctx, Path(id): Path<String>, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::RateRisk, &Facts::default()).await?;
    let id = read_id(&id)?;
    let mut tx = ctx.keep.begin().await?;
    let (before, old) = risks::one(&mut tx, &access, id).await?;
    let (risk, story, mut faults) = applied(&ctx, &typed, &before, &old);
    let was = (before.owner, before.due_at);
    for slip in passing_on(&mut tx, (risk.owner, risk.due_at), was, ctx.now).await? {
        let field = if slip == Slip::NoColleague { "owner" } else { "due" };
        faults.add(field, ctx.words.t(&format!("risk-fault-{}", slip.code())));
    }
    if faults.any() {
        drop(tx);
        return draw(&ctx, &access, id, Some(typed), faults).await;
    }
    if before.version != typed.version {
        drop(tx);
        return clash(&ctx, &access, (&before, &old), &typed).await;
    }
    write(tx, &access, &risk, &story, "saved").await?;
    Ok(see_other(&format!("/practice/risks/{}", id.text())))
}

async fn write(mut tx: Tx, access: &Access, risk: &Risk, story: &Story, what: &str) -> Result<(), KeepError> {
    risks::write(&mut tx, risk, story).await?;
    let entry = Entry::new(Object::of("risk", risk.id.text()).version(risk.version + 1))
        .detail("what", what)
        .detail("state", risk.state.code())
        .detail("level", risk.rating.level().map_or("none", Level::code));
    tx.commit(access, entry).await.map(|_| ())
}

/// The entry as the form would leave it, and what is wrong with the form.
fn applied(ctx: &Ctx, typed: &Typed, before: &Risk, old: &Story) -> (Risk, Story, Faults) {
    let mut faults = Faults::default();
    let slip = |slip: Slip| ctx.words.t(&format!("risk-fault-{}", slip.code()));
    let (mut risk, mut story) = (before.clone(), old.clone());
    risk.version = typed.version;
    let rating = rules::Rating {
        likelihood: Level::parse(&typed.likelihood),
        impact: Level::parse(&typed.impact),
        level_override: Level::parse(&typed.level_override),
    };
    match rating.check(&typed.override_reason) {
        Ok(rating) => risk.rating = rating,
        Err(wrong) => faults.add("override_reason", slip(wrong)),
    }
    risk.treatment = Treatment::parse(&typed.treatment);
    risk.owner = PersonId::parse(&typed.owner);
    risk.residual = Level::parse(&typed.residual);
    match day_of(&typed.due, ctx.zone()) {
        Ok(due) => risk.due_at = due,
        Err(wrong) => faults.add("due", slip(wrong)),
    }
    story.what.clone_from(&typed.what);
    story.override_reason.clone_from(&typed.override_reason);
    story.plan.clone_from(&typed.plan);
    story.evidence.clone_from(&typed.evidence);
    if let Err(long) = check_length(&[&typed.what, &typed.override_reason, &typed.plan, &typed.evidence]) {
        faults.add("plan", slip(long));
    }
    if before.state == RiskState::Closed {
        faults.add("plan", slip(Slip::AlreadyClosed));
    }
    // A signature counts for the level it was given for.
    if risk.rating.level() != before.rating.level() {
        (risk.accepted_by, risk.accepted_at) = (None, None);
        (story.acceptance, story.signed_name) = (String::new(), String::new());
    }
    let done = rules::may_close(&risk.register(&story, None)).is_ok();
    risk.state = match (risk.accepted_at.is_some(), done && !story.evidence.trim().is_empty()) {
        (true, _) => RiskState::Accepted,
        (false, true) => RiskState::Treated,
        (false, false) => RiskState::Open,
    };
    (risk, story, faults)
}

async fn clash(
    ctx: &Ctx,
    access: &Access,
    (before, old): (&Risk, &Story),
    yours: &Typed,
) -> Result<Response, Failure> {
    let theirs = typed_of(ctx, before, old);
    let mut view = ctx.keep.view(access, Object::of("risks", "")).await?;
    let mut owner = Vec::new();
    for typed in [&theirs, yours] {
        owner.push(name_of(&mut view, access, PersonId::parse(&typed.owner)).await.unwrap_or_default());
    }
    let level = |text: &str| Level::parse(text).map_or(String::new(), |one| level_word(ctx, Some(one)));
    let treatment = |text: &str| {
        Treatment::parse(text).map_or(String::new(), |one| super::word(ctx, "treatment", one.code()))
    };
    let row = |key: &str, theirs: &str, yours: &str| ClashRow::new(ctx, key, theirs, yours);
    let rows = vec![
        row("risk-what", &theirs.what, &yours.what),
        row("risk-likelihood", &level(&theirs.likelihood), &level(&yours.likelihood)),
        row("risk-impact", &level(&theirs.impact), &level(&yours.impact)),
        row("risk-override", &level(&theirs.level_override), &level(&yours.level_override)),
        row("risk-override-reason", &theirs.override_reason, &yours.override_reason),
        row("risk-treatment", &treatment(&theirs.treatment), &treatment(&yours.treatment)),
        row("risk-plan", &theirs.plan, &yours.plan),
        row("risk-owner", &owner[0], &owner[1]),
        row("risk-due", &theirs.due, &yours.due),
        row("risk-evidence", &theirs.evidence, &yours.evidence),
        row("risk-residual", &level(&theirs.residual), &level(&yours.residual)),
    ];
    let yours = yours.clone();
    let fields = vec![
        ("likelihood", yours.likelihood),
        ("impact", yours.impact),
        ("level_override", yours.level_override),
        ("override_reason", yours.override_reason),
        ("treatment", yours.treatment),
        ("plan", yours.plan),
        ("owner", yours.owner),
        ("due", yours.due),
        ("residual", yours.residual),
        ("evidence", yours.evidence),
        ("what", yours.what),
        ("version", before.version.to_string()),
    ];
    let path = format!("/practice/risks/{}", before.id.text());
    Ok(show_clash(ctx, Clash { action: path.clone(), back: path, fields, rows }))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Signed {
    name: String,
    reason: String,
    version: i64,
}

/// The official signs that the practice lives with a risk as it is.
pub async fn accept(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(signed): Form<Signed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::AcceptRisk, &Facts::default()).await?;
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let (mut risk, mut story) = risks::one(&mut tx, &access, read_id(&id)?).await?;
    if risk.state == RiskState::Closed {
        let words = [("risk-accept-reason", signed.reason.as_str()), ("risk-sign-name", &signed.name)];
        return show_unsaved(&ctx, "risk-fault-already-closed", &format!("/practice/risks/{id}"), &words);
    }
    let missing = if risk.rating.level().is_none() {
        Some(Slip::RateFirst)
    } else if signed.name.trim().is_empty() || signed.reason.trim().is_empty() {
        Some(Slip::NoAcceptance)
    } else if risk.version != signed.version {
        Some(Slip::Changed)
    } else {
        check_length(&[&signed.name, &signed.reason]).err()
    };
    if let Some(slip) = missing {
        drop(tx);
        return refused(&ctx, &access, (risk.id, signed), &[slip], "reason").await;
    }
    risk.version = signed.version;
    risk.state = RiskState::Accepted;
    risk.treatment = Some(Treatment::Accept);
    (risk.accepted_by, risk.accepted_at) = (Some(by), Some(ctx.now));
    story.acceptance = signed.reason;
    story.signed_name = signed.name;
    write(tx, &access, &risk, &story, "accepted").await?;
    Ok(see_other(&format!("/practice/risks/{id}")))
}

/// Somebody other than the owner verifies and closes.
pub async fn close(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(signed): Form<Signed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseRisk, &Facts::default()).await?;
    let by = person(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let (mut risk, story) = risks::one(&mut tx, &access, read_id(&id)?).await?;
    let mut slips = rules::may_close(&risk.register(&story, Some(by))).err().unwrap_or_default();
    if risk.state == RiskState::Closed {
        slips = vec![Slip::AlreadyClosed];
    } else if risk.version != signed.version {
        slips = vec![Slip::Changed];
    }
    if !slips.is_empty() {
        drop(tx);
        return refused(&ctx, &access, (risk.id, signed), &slips, "close").await;
    }
    risk.version = signed.version;
    risk.state = RiskState::Closed;
    (risk.closed_by, risk.closed_at) = (Some(by), Some(ctx.now));
    write(tx, &access, &risk, &story, "closed").await?;
    Ok(see_other(&format!("/practice/risks/{id}")))
}

pub async fn reopen(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(signed): Form<Signed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseRisk, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let (mut risk, story) = risks::one(&mut tx, &access, read_id(&id)?).await?;
    risk.version = signed.version;
    risk.state = RiskState::Open;
    (risk.accepted_by, risk.accepted_at, risk.closed_by, risk.closed_at) = (None, None, None, None);
    write(tx, &access, &risk, &story, "reopened").await?;
    Ok(see_other(&format!("/practice/risks/{id}")))
}

async fn refused(
    ctx: &Ctx,
    access: &Access,
    (id, signed): (RiskId, Signed),
    slips: &[Slip],
    field: &'static str,
) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    for slip in slips {
        faults.add(field, ctx.words.t(&format!("risk-fault-{}", slip.code())));
    }
    let status = match slips.contains(&Slip::Changed) {
        true => StatusCode::CONFLICT,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut view = ctx.keep.view(access, Object::of("risks", "")).await?;
    let page = RiskPage { signed, ..page_of(ctx, (&mut view, access), id, None, faults).await? };
    let frame = Page::new(page.title.clone()).rail("rail-practice").status(status);
    Ok(ctx.page(frame, &page))
}

async fn draw(
    ctx: &Ctx,
    access: &Access,
    id: RiskId,
    typed: Option<Typed>,
    faults: Faults,
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, Object::of("risks", "")).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = page_of(ctx, (&mut view, access), id, typed, faults).await?;
    let frame = Page::new(page.title.clone()).rail("rail-practice").status(status);
    Ok(ctx.page(frame, &page))
}

async fn page_of(
    ctx: &Ctx,
    (view, access): (&mut Viewing, &Access),
    id: RiskId,
    typed: Option<Typed>,
    faults: Faults,
) -> Result<RiskPage, Failure> {
    let (risk, story) = risks::one(view, access, id).await?;
    let typed = typed.unwrap_or_else(|| typed_of(ctx, &risk, &story));
    let codes = || Level::ALL.iter().map(|level| level.code());
    let threat = bank().threat(&risk.threat);
    Ok(RiskPage {
        title: title_of(ctx, &risk),
        about: threat.map_or("", |threat| threat.what(ctx.lang)),
        spot: bank().vulnerability(&risk.vulnerability).map_or("", |spot| spot.text(ctx.lang)),
        level: level_word(ctx, risk.rating.level()),
        tone: tone(risk.rating.level()),
        above: risk.rating.level().is_some_and(|level| level > TOLERANCE),
        state: super::word(ctx, "state", risk.state.code()),
        is_closed: risk.state == RiskState::Closed,
        accepted: risk.accepted_at.map(|at| {
            let at = ctx.words.date(at, ctx.zone());
            ctx.words
                .with("risk-accepted-by", &[("name", story.signed_name.clone().into()), ("at", at.into())])
        }),
        acceptance: story.acceptance.clone(),
        likelihoods: super::picks(ctx, "level", codes(), &typed.likelihood),
        impacts: super::picks(ctx, "level", codes(), &typed.impact),
        overrides: super::picks(ctx, "level", codes(), &typed.level_override),
        residuals: super::picks(ctx, "level", codes(), &typed.residual),
        treatments: super::picks(
            ctx,
            "treatment",
            Treatment::ALL.iter().map(|one| one.code()),
            &typed.treatment,
        ),
        owners: colleagues(ctx, view, access, PersonId::parse(&typed.owner)).await?,
        may_close: ctx.allowed(Act::CloseRisk, &Facts::default()),
        path: format!("/practice/risks/{}", id.text()),
        version: risk.version,
        signed: Signed::default(),
        typed,
        faults,
    })
}

fn typed_of(ctx: &Ctx, risk: &Risk, story: &Story) -> Typed {
    let code = |level: Option<Level>| level.map_or("", Level::code).to_owned();
    Typed {
        likelihood: code(risk.rating.likelihood),
        impact: code(risk.rating.impact),
        level_override: code(risk.rating.level_override),
        override_reason: story.override_reason.clone(),
        treatment: risk.treatment.map_or("", Treatment::code).to_owned(),
        plan: story.plan.clone(),
        owner: risk.owner.map(|id| id.text()).unwrap_or_default(),
        due: form_day(risk.due_at, ctx.zone()),
        residual: code(risk.residual),
        evidence: story.evidence.clone(),
        what: story.what.clone(),
        version: risk.version,
    }
}

#[derive(Template)]
#[template(path = "risk/risk.html")]
struct RiskPage {
    title: String,
    about: &'static str,
    spot: &'static str,
    level: String,
    tone: &'static str,
    above: bool,
    state: String,
    is_closed: bool,
    accepted: Option<String>,
    acceptance: String,
    likelihoods: Vec<Pick>,
    impacts: Vec<Pick>,
    overrides: Vec<Pick>,
    residuals: Vec<Pick>,
    treatments: Vec<Pick>,
    owners: Vec<Pick>,
    may_close: bool,
    path: String,
    version: i64,
    /// An acceptance that could not be signed, as it was typed.
    signed: Signed,
    typed: Typed,
    faults: Faults,
}
