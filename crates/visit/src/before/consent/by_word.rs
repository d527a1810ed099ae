//! A consent that is taken back by word or by letter: staff write it down for the patient, and it counts at
//! once, as if they had pressed it themselves (R63; 45 CFR 164.508(b)(5)).
//!
//! Staff choose what they were told, and hear whether it was in force. Shows nothing else of what a patient
//! has agreed to; where several of one kind are in force, the people whom they name and since when, so that
//! the one that was meant is taken back, and no other.

use super::rules::Method;
use super::{
    ConsentRow, Outcome, Scope, current, follow_no, named, of_patient, take_back_for, twins, why_not,
};
use crate::before::asked;
use crate::before::store::VisitRow;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::Object;
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Principal, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(crate) struct Told {
    scope: String,
    /// `voice` or `paper`.
    how: String,
    /// Which one, where several people are named.
    #[serde(default)]
    one: String,
}

/// `POST /visits/{id}/consent/taken-back`
pub(crate) async fn record(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(told): Form<Told>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::WitnessConsent).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let scope = Scope::parse(&told.scope).ok_or(Failure::BadInput)?;
    let method = Method::parse(&told.how).filter(|method| *method != Method::Electronic);
    let method = method.ok_or(Failure::BadInput)?;
    let back = |done: &str| see_other(&format!("/visits/{}?done={done}", visit.id.text()));
    let clinician = scope.is_to_a_clinician().then_some(visit.clinician);
    let mut tx = ctx.keep.begin().await?;
    let rows = of_patient(&mut tx, visit.patient).await?;
    let is_meant = |row: &&ConsentRow| {
        let same = row.scope == scope && row.of.clinician == clinician && row.outcome == Outcome::Given;
        same && (told.one.is_empty() || told.one == row.id.text())
    };
    let mut given: Vec<_> = current(&rows).filter(is_meant).collect();
    // What is over by itself is nothing to ask about, beside one that is in force.
    if given.iter().any(|row| why_not(&ctx, row).is_none()) {
        given.retain(|row| why_not(&ctx, row).is_none());
    }
    let mut apart: Vec<&ConsentRow> = Vec::new();
    for row in given {
        let twins = twins(&tx, &access, (&rows[..], row))?;
        if !twins.iter().any(|twin| apart.iter().any(|one| one.id == twin.id)) {
            apart.push(row);
        }
    }
    let row = match apart[..] {
        [] => return Ok(back("not-standing")),
        [row] => row,
        _ => {
            drop(tx);
            return which(&ctx, (&visit, &access), (scope, method), &apart).await;
        }
    };
    for twin in twins(&tx, &access, (&rows[..], row))? {
        let noted = take_back_for(&mut tx, twin, (method, person)).await?;
        tx.note(&access, noted);
    }
    let entry = take_back_for(&mut tx, row, (method, person)).await?;
    follow_no(&mut tx, row).await?;
    tx.commit(&access, entry).await?;
    Ok(back("taken-back"))
}

/// Several stand side by side: asks which one was meant.
async fn which(
    ctx: &Ctx,
    (visit, access): (&VisitRow, &Access),
    (scope, method): (Scope, Method),
    given: &[&ConsentRow],
) -> Result<Response, Failure> {
    let view = ctx.keep.view(access, Object::of("visit", visit.id.text())).await?;
    let mut all = Vec::new();
    for row in given {
        let who = named(&view, access, row)?.map(|named| named.who);
        all.push((row.id.text(), who.unwrap_or_default(), row.since()));
    }
    drop(view);
    let page =
        Which { visit: visit.id.text(), title: scope.title(), scope: scope.code(), how: method.code(), all };
    Ok(ctx.page(Page::new(ctx.words.t("by-word-which")), &page))
}

#[derive(Template)]
#[template(path = "before/consent/which.html")]
struct Which {
    visit: String,
    title: &'static str,
    scope: &'static str,
    how: &'static str,
    /// Id, whom it names, and since when.
    all: Vec<(String, String, UnixMillis)>,
}
