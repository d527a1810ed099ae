//! What was done with one patient's record, and what the entries say. Opens for a reason alone, which is an
//! entry of that record too. Neither name nor id of the patient stands in an address.

use super::list::Row;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use keep::trail::{Event, Filter, Search, entries, search};
use keep::{Entry, Object};
use people::patients::{BirthDate, Names, day_in, find_named, rules::tidy};
use policy::{Access, Act, Facts, RecordClass};
use serde::Deserialize;
use vocabulary::PatientId;
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// Lines on one page.
const SHOWN: u32 = 50;
/// Fewer letters are no reason.
const WORDS: std::ops::RangeInclusive<usize> = 10..=1_000;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    /// An entry about this patient; without it, name and birth date say who is meant.
    entry: Option<u64>,
    name: String,
    month: String,
    day: String,
    year: String,
    words: String,
    before: Option<u64>,
}

pub(super) async fn ask(ctx: Ctx, Query(typed): Query<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ReadTrail, &Facts::default()).await?;
    let typed = Typed { entry: typed.entry, ..Typed::default() };
    Ok(draw(&ctx, &access, typed, Faults::default()))
}

pub(super) async fn show(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ReadTrail, &Facts::default()).await?;
    let mut faults = Faults::default();
    let words = tidy(&typed.words);
    if !WORDS.contains(&words.chars().count()) {
        faults.add("words", ctx.words.t("trail-fault-words"));
    }
    let patient = meant(&ctx, &access, &typed, &mut faults).await?;
    let Some(patient) = patient.filter(|_| !faults.any()) else {
        return Ok(draw(&ctx, &access, typed, faults));
    };
    let access = ctx.decide(Act::ReadTrail, &Facts { patient: Some(patient), ..Facts::default() }).await?;
    let object = Object::of("trail", patient.text()).patient(patient);
    let entry = Entry::new(object.clone()).detail("reason", &words);
    ctx.keep.begin().await?.commit(&access, entry).await?;
    let mut view = ctx.keep.view(&access, object).await?;
    let asked = Search { patient: Some(patient), before: typed.before, limit: SHOWN };
    let found = search(&mut view, &access, asked, &Filter::default()).await?;
    let name = match access.shows(RecordClass::Demographics) {
        true => ctx.plugged::<Names>().patient(&access, patient),
        false => None,
    };
    let page = Shown {
        name: name.map_or_else(|| ctx.words.t("trail-a-patient"), |name| name.reveal().to_owned()),
        entry: found.events.first().map(|event| event.index),
        rows: found.events.iter().map(|event| (Row::of(&ctx, event), said(event))).collect(),
        next: found.next,
        words,
    };
    Ok(ctx.page(Page::new(ctx.words.t("trail-patient-title")).rail("rail-practice"), &page))
}

async fn meant(
    ctx: &Ctx,
    access: &Access,
    typed: &Typed,
    faults: &mut Faults,
) -> Result<Option<PatientId>, Failure> {
    if let Some(index) = typed.entry {
        let mut view = ctx.keep.view(access, Object::of("trail", "")).await?;
        let one = Search { before: Some(index.saturating_add(1)), limit: 1, ..Search::default() };
        let event = entries(&mut view, access, one).await?.pop().filter(|event| event.index == index);
        let patient = event.and_then(|event| event.body).and_then(|body| body.patient);
        return patient.map(Some).ok_or(Failure::NotFound);
    }
    if !access.shows(RecordClass::Demographics) {
        return Err(Failure::NotFound);
    }
    let today = day_in(ctx.now, ctx.zone());
    let found = match BirthDate::read(&typed.month, &typed.day, &typed.year, today) {
        Ok(born) => find_named(ctx, access, &typed.name, born).await?,
        Err(_) => Vec::new(),
    };
    match *found {
        [one] => return Ok(Some(one)),
        [] => faults.add("name", ctx.words.t("trail-nobody")),
        _ => faults.add("name", ctx.words.t("trail-several")),
    }
    Ok(None)
}

fn said(event: &Event) -> String {
    let Some(body) = &event.body else { return String::new() };
    let details: Vec<String> = body.details.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    details.join(" · ")
}

fn draw(ctx: &Ctx, access: &Access, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let by_name = typed.entry.is_none() && access.shows(RecordClass::Demographics);
    let page = Ask { may: by_name || typed.entry.is_some(), by_name, typed, faults };
    ctx.page(Page::new(ctx.words.t("trail-patient-title")).rail("rail-practice").status(status), &page)
}

#[derive(Template)]
#[template(path = "trail/ask.html")]
struct Ask {
    may: bool,
    by_name: bool,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "trail/one_patient.html")]
struct Shown {
    name: String,
    words: String,
    entry: Option<u64>,
    rows: Vec<(Row, String)>,
    next: Option<u64>,
}
