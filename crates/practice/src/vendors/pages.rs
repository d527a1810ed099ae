//! The list of vendors, and the one form that adds and changes them.

use super::papers::{self, Line};
use super::rules::{self, LINE_MAX, SERVICES, STATES, WORDS_MAX, agreement, known, state_today};
use super::store::{self, Vendor, Words};
use crate::ids::VendorId;
use crate::review_requests;
use crate::risk::pages::{Clash, ClashRow, Pick, day_of, form_day, show_clash};
use crate::risk::rules::Trigger;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("vendors", "")).await?;
    let rows = store::list(&mut view, &access).await?.into_iter().map(|vendor| {
        let stands = agreement(&vendor.standing(), ctx.now);
        Row {
            href: format!("/practice/vendors/{}", vendor.id.text()),
            service: word(&ctx, "service", vendor.service),
            state: word(&ctx, "state", state_today(vendor.state, &vendor.standing(), ctx.now)),
            tone: if stands.covers() { "ok" } else { "bad" },
            agreement: word(&ctx, "agreement", stands.code()),
            ends: vendor.ends,
            name: vendor.words.name,
            gets: vendor.words.gets,
        }
    });
    let page = List { rows: rows.collect(), may_change: ctx.allowed(Act::ChangeVendors, &Facts::default()) };
    Ok(ctx.page(Page::new(ctx.words.t("vendors-title")).rail("rail-practice"), &page))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    purpose: String,
    service: String,
    plan: String,
    gets: String,
    state: String,
    signed: String,
    effective: String,
    ends: String,
    reason: String,
    version: i64,
}

pub(super) async fn blank(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ChangeVendors, &Facts::default()).await?;
    let typed = Typed { state: "wanted".into(), ..Typed::default() };
    Ok(draw(&ctx, "/practice/vendors/new", typed, Faults::default(), StatusCode::OK))
}

pub(super) async fn add(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeVendors, &Facts::default()).await?;
    let id = VendorId::new(ctx.now, ctx.keep.entropy());
    let vendor = match read(&ctx, &typed, (id, None)) {
        Ok(vendor) => vendor,
        Err(faults) => {
            return Ok(draw(&ctx, "/practice/vendors/new", typed, faults, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let mut tx = ctx.keep.begin().await?;
    store::add(&mut tx, &vendor).await?;
    review_requests::fire(&mut tx, Trigger::Vendor, &vendor.words.name).await?;
    tx.commit(&access, entry(&vendor, 1)).await?;
    Ok(see_other("/practice/vendors"))
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let id = VendorId::parse(&id).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, Object::of("vendor", id.text())).await?;
    let vendor = store::one(&mut view, &access, id).await?;
    drop(view);
    draw_with(&ctx, &access, (id, typed_of(&ctx, &vendor)), Faults::default(), StatusCode::OK).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeVendors, &Facts::default()).await?;
    let id = VendorId::parse(&id).ok_or(Failure::NotFound)?;
    let action = format!("/practice/vendors/{}", id.text());
    let mut tx = ctx.keep.begin().await?;
    let before = store::one(&mut tx, &access, id).await?;
    let vendor = match read(&ctx, &typed, (id, before.paper)) {
        Ok(vendor) => vendor,
        Err(faults) => {
            drop(tx);
            return draw_with(&ctx, &access, (id, typed), faults, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match store::write(&mut tx, &vendor).await {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            drop(tx);
            return Ok(clash(&ctx, action, &typed_of(&ctx, &before), typed));
        }
        Err(other) => return Err(other.into()),
    }
    // Another service, other data or a switch to active is as good as a new vendor.
    let moved = before.service != vendor.service || before.words.gets != vendor.words.gets;
    if moved || (vendor.state == "active" && before.state != "active") {
        review_requests::fire(&mut tx, Trigger::Vendor, &vendor.words.name).await?;
    }
    tx.commit(&access, entry(&vendor, vendor.version + 1)).await?;
    Ok(see_other("/practice/vendors"))
}

/// A colleague saved first: what they wrote beside what this person typed, and a way to keep either.
fn clash(ctx: &Ctx, action: String, theirs: &Typed, yours: Typed) -> Response {
    let said = |kind: &str, code: &str| word(ctx, kind, known_word(kind, code));
    let rows = [
        ("vendor-name", theirs.name.clone(), yours.name.clone()),
        ("vendor-service", said("service", &theirs.service), said("service", &yours.service)),
        ("vendor-plan", theirs.plan.clone(), yours.plan.clone()),
        ("vendor-gets", theirs.gets.clone(), yours.gets.clone()),
        ("vendor-signed", theirs.signed.clone(), yours.signed.clone()),
        ("vendor-purpose", theirs.purpose.clone(), yours.purpose.clone()),
        ("vendor-effective", theirs.effective.clone(), yours.effective.clone()),
        ("vendor-ends", theirs.ends.clone(), yours.ends.clone()),
        ("vendor-reason", theirs.reason.clone(), yours.reason.clone()),
        ("vendor-state", said("state", &theirs.state), said("state", &yours.state)),
    ];
    let rows = rows.iter().filter(|(_, theirs, yours)| theirs != yours);
    let clash = Clash {
        back: action.clone(),
        action,
        rows: rows.map(|(key, theirs, yours)| ClashRow::new(ctx, key, theirs, yours)).collect(),
        fields: vec![
            ("name", yours.name),
            ("service", yours.service),
            ("plan", yours.plan),
            ("gets", yours.gets),
            ("signed", yours.signed),
            ("purpose", yours.purpose),
            ("effective", yours.effective),
            ("ends", yours.ends),
            ("reason", yours.reason),
            ("state", yours.state),
            ("version", theirs.version.to_string()),
        ],
    };
    show_clash(ctx, clash)
}

/// What was typed is known by now: the form was read.
fn known_word(kind: &str, code: &str) -> &'static str {
    let set: &[&'static str] = if kind == "service" { &SERVICES } else { &STATES };
    known(set, code).unwrap_or(set[0])
}

fn entry(vendor: &Vendor, version: i64) -> Entry {
    Entry::new(Object::of("vendor", vendor.id.text()).version(version))
        .detail("service", vendor.service)
        .detail("state", vendor.state)
}

/// `paper`: when the newest signed paper of it was filed; the day that was typed says whether it is of this
/// agreement.
fn read(ctx: &Ctx, typed: &Typed, (id, paper): (VendorId, Option<UnixMillis>)) -> Result<Vendor, Faults> {
    let mut faults = Faults::default();
    let mut add = |field, key: &str| faults.add(field, ctx.words.t(key));
    let length = |text: &str| text.trim().chars().count();
    if !(1..=LINE_MAX).contains(&length(&typed.name)) {
        add("name", "vendor-fault-name");
    }
    if !(1..=WORDS_MAX).contains(&length(&typed.gets)) {
        add("gets", "vendor-fault-gets");
    }
    let lines = [&typed.plan, &typed.purpose];
    if lines.iter().any(|line| length(line) > LINE_MAX) || length(&typed.reason) > WORDS_MAX {
        add("plan", "vendor-fault-long");
    }
    let (service, state) = (known(&SERVICES, &typed.service), known(&STATES, &typed.state));
    if service.is_none() || state.is_none() {
        add("service", "vendor-fault-service");
    }
    let (signed, ends) = (day_of(&typed.signed, ctx.zone()), day_of(&typed.ends, ctx.zone()));
    if signed.is_err() {
        add("signed", "risk-fault-bad-date");
    }
    let effective = day_of(&typed.effective, ctx.zone());
    if effective.is_err() {
        add("effective", "risk-fault-bad-date");
    }
    if ends.is_err() {
        add("ends", "risk-fault-bad-date");
    }
    let text = |text: &str| text.trim().to_owned();
    let vendor = Vendor {
        id,
        service: service.unwrap_or("other"),
        state: state.unwrap_or("wanted"),
        signed: signed.unwrap_or(None),
        effective: effective.unwrap_or(None),
        ends: ends.unwrap_or(None),
        paper,
        words: Words {
            name: text(&typed.name),
            plan: text(&typed.plan),
            purpose: text(&typed.purpose),
            gets: text(&typed.gets),
            reason: text(&typed.reason),
        },
        version: typed.version,
    };
    if let Err((field, key)) = rules::check(&vendor.standing(), ctx.now) {
        add(field, key);
    }
    if faults.any() { Err(faults) } else { Ok(vendor) }
}

pub(super) fn typed_of(ctx: &Ctx, vendor: &Vendor) -> Typed {
    let Words { name, plan, purpose, gets, reason } = vendor.words.clone();
    Typed {
        name,
        plan,
        purpose,
        gets,
        reason,
        service: vendor.service.into(),
        state: vendor.state.into(),
        signed: form_day(vendor.signed, ctx.zone()),
        effective: form_day(vendor.effective, ctx.zone()),
        ends: form_day(vendor.ends, ctx.zone()),
        version: vendor.version,
    }
}

/// The form of a vendor that is kept, with its papers.
pub(super) async fn draw_with(
    ctx: &Ctx,
    access: &Access,
    (id, typed): (VendorId, Typed),
    faults: Faults,
    status: StatusCode,
) -> Result<Response, Failure> {
    let action = format!("/practice/vendors/{}", id.text());
    let mut view = ctx.keep.view(access, Object::of("vendor", id.text())).await?;
    let papers = papers::lines(ctx, &mut view, id).await?;
    let page = FormPage { papers: Some(papers), ..form(ctx, &action, typed, faults) };
    Ok(ctx.page(Page::new(ctx.words.t("vendor-title")).rail("rail-practice").status(status), &page))
}

fn draw(ctx: &Ctx, action: &str, typed: Typed, faults: Faults, status: StatusCode) -> Response {
    let page = form(ctx, action, typed, faults);
    ctx.page(Page::new(ctx.words.t("vendor-title")).rail("rail-practice").status(status), &page)
}

fn form(ctx: &Ctx, action: &str, typed: Typed, faults: Faults) -> FormPage {
    let picks = |kind: &str, set: &[&'static str], chosen: &str| {
        let pick = |code: &&'static str| Pick {
            value: (*code).to_owned(),
            text: word(ctx, kind, code),
            chosen: *code == chosen,
        };
        set.iter().map(pick).collect()
    };
    FormPage {
        papers: None,
        action: action.to_owned(),
        services: picks("service", &SERVICES, &typed.service),
        states: picks("state", &STATES, &typed.state),
        may_change: ctx.allowed(Act::ChangeVendors, &Facts::default()),
        typed,
        faults,
    }
}

fn word(ctx: &Ctx, kind: &str, code: &str) -> String {
    ctx.words.t(&format!("vendor-{kind}-{code}"))
}

struct Row {
    href: String,
    name: String,
    service: String,
    state: String,
    tone: &'static str,
    agreement: String,
    ends: Option<UnixMillis>,
    gets: String,
}

#[derive(Template)]
#[template(path = "vendors/list.html")]
struct List {
    rows: Vec<Row>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "vendors/form.html")]
struct FormPage {
    /// None while it is not kept yet.
    papers: Option<Vec<Line>>,
    action: String,
    services: Vec<Pick>,
    states: Vec<Pick>,
    may_change: bool,
    typed: Typed,
    faults: Faults,
}
