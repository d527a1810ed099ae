//! What left the practice, for the privacy official: of everybody, and of one patient to be printed.

use super::rules::Said;
use super::store::{self, Given};
use crate::patients::{self, Names, spoken_date};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use keep::{Object, Viewing};
use policy::{Access, Act, Facts, RecordClass};
use serde::Deserialize;
use std::collections::BTreeSet;
use vocabulary::{PatientId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

/// Lines on one page.
const SHOWN: i64 = 50;

#[derive(Deserialize)]
pub(super) struct From {
    before: Option<i64>,
}

pub(super) async fn list(ctx: Ctx, Query(from): Query<From>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeDisclosures, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("disclosures", "")).await?;
    let end = from.before.map_or(ctx.now.plus_ms(1), UnixMillis);
    let mut given = store::before(&mut view, end, SHOWN + 1).await?;
    let more = given.len() > usize::try_from(SHOWN).unwrap_or_default();
    given.truncate(usize::try_from(SHOWN).unwrap_or_default());
    let next = given.last().filter(|_| more).map(|last| last.at.0);
    let lines = given.iter().map(|one| Line::of(&ctx, &view, &access, one)).collect::<Result<_, _>>()?;
    // Each line is a look at that patient's record, and their own list of looks says so (R35, R41).
    let about: BTreeSet<PatientId> = given.iter().map(|one| one.patient).collect();
    for patient in about {
        let facts = Facts { patient: Some(patient), ..Facts::default() };
        let access = ctx.decide(Act::SeeDisclosures, &facts).await?;
        ctx.keep.view(&access, Object::of("disclosures", patient.text()).patient(patient)).await?;
    }
    Ok(ctx.page(frame(&ctx), &List { lines, next }))
}

/// A view entry of this patient's own record, so that the patient sees who asked.
pub(super) async fn of_one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let patient = PatientId::parse(&id).ok_or(Failure::NotFound)?;
    let facts = Facts { patient: Some(patient), ..Facts::default() };
    let access = ctx.decide(Act::SeeDisclosures, &facts).await?;
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let object = Object::of("disclosures", patient.text()).patient(patient);
    let mut view = ctx.keep.view(&access, object).await?;
    let born = patients::birth_date(&mut view, &access, patient).await?;
    let given = store::of_patient(&mut view, patient, ctx.now).await?;
    let lines = given.iter().map(|one| Line::of(&ctx, &view, &access, one)).collect::<Result<_, _>>()?;
    let page = One { name: name.reveal().to_owned(), born: spoken_date(&ctx, born), lines };
    Ok(ctx.page(frame(&ctx), &page))
}

fn frame(ctx: &Ctx) -> Page {
    Page::new(ctx.words.t("accounting-title")).rail("rail-practice")
}

struct Line {
    at: UnixMillis,
    /// Empty where a name is not this role's to see.
    patient: String,
    path: String,
    said: Said,
    purpose: String,
    parts: Vec<String>,
    by: String,
    counts: bool,
}

impl Line {
    fn of(ctx: &Ctx, view: &Viewing, access: &Access, given: &Given) -> Result<Line, Failure> {
        let names = ctx.plugged::<Names>();
        let named = access.shows(RecordClass::Demographics).then(|| names.patient(access, given.patient));
        let reveal = |name: vocabulary::Health| name.reveal().to_owned();
        Ok(Line {
            at: given.at,
            patient: named.flatten().map(reveal).unwrap_or_default(),
            path: format!("/practice/disclosures/{}", given.patient.text()),
            said: given.said(view, access)?,
            purpose: ctx.words.t(&format!("give-for-{}", given.purpose.code())),
            parts: given.parts.split_whitespace().map(|part| ctx.words.t(&format!("given-{part}"))).collect(),
            by: names.staff(given.person).map(reveal).unwrap_or_default(),
            counts: given.purpose.must_be_accounted(),
        })
    }
}

#[derive(Template)]
#[template(path = "disclosures/list.html")]
struct List {
    lines: Vec<Line>,
    next: Option<i64>,
}

#[derive(Template)]
#[template(path = "disclosures/one.html")]
struct One {
    name: String,
    born: String,
    lines: Vec<Line>,
}
