//! The question before a copy, and the copy itself, to print.

use super::rules::{ADDRESS_MAX, Purpose, RECIPIENT, Said, WORDS};
use super::store::{self, New};
use crate::patients::{self, Patient, rules::tidy};
use crate::staff::acting;
use crate::standing;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::PatientId;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    purpose: String,
    recipient: String,
    address: String,
    words: String,
    contact: String,
    aids: String,
}

pub(super) async fn ask(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (_, patient) = may_give(&ctx, &id).await?;
    Ok(draw(&ctx, patient, Typed::default(), Faults::default()))
}

pub(super) async fn give(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, patient) = may_give(&ctx, &id).await?;
    let mut faults = Faults::default();
    let purpose = Purpose::parse(&typed.purpose);
    if purpose.is_none() {
        faults.add("purpose", ctx.words.t("give-fault-purpose"));
    }
    let said = Said {
        recipient: tidy(&typed.recipient),
        words: tidy(&typed.words),
        address: tidy(&typed.address).chars().take(ADDRESS_MAX).collect(),
    };
    if !RECIPIENT.contains(&said.recipient.chars().count()) {
        faults.add("recipient", ctx.words.t("give-fault-recipient"));
    }
    let decided = WORDS.contains(&said.words.chars().count());
    if purpose.is_some_and(Purpose::asks_for_minimum) && !decided {
        faults.add("words", ctx.words.t("give-fault-words"));
    }
    let Some(purpose) = purpose.filter(|_| !faults.any()) else {
        return Ok(draw(&ctx, patient, typed, faults));
    };
    let picked = [("contact", !typed.contact.is_empty()), ("aids", !typed.aids.is_empty())];
    let parts: Vec<&str> = picked.into_iter().filter(|(_, picked)| *picked).map(|(part, _)| part).collect();
    let mut tx = ctx.keep.begin().await?;
    let shown = patients::load(&mut tx, &access, patient).await?;
    let new = New { patient, person: acting(&ctx)?, purpose, parts: &parts, said: &said };
    let copy = store::add(&mut tx, &new).await?;
    let asked = if purpose.asks_for_minimum() { said.words.as_str() } else { "not asked" };
    let entry = Entry::new(Object::of("disclosure", copy.text()).patient(patient))
        .detail("purpose", purpose.code())
        .detail(
            "parts",
            ["demographics"].into_iter().chain(parts.iter().copied()).collect::<Vec<_>>().join(" "),
        )
        .detail("minimum_necessary", asked);
    tx.commit(&access, entry).await?;
    let page = Copy {
        born: shown.birth_date.text(),
        contact: parts.contains(&"contact"),
        aids: parts.contains(&"aids"),
        purpose: ctx.words.t(&format!("give-for-{}", purpose.code())),
        at: ctx.words.day_and_time(ctx.now, ctx.zone()),
        patient: shown,
        recipient: said.recipient,
    };
    Ok(ctx.page(Page::new(ctx.words.t("give-title")).rail("rail-patients"), &page))
}

async fn may_give(ctx: &Ctx, id: &str) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(Act::ExportChart, &facts).await?, patient))
}

fn draw(ctx: &Ctx, patient: PatientId, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Ask { chart: format!("/patients/{}", patient.text()), typed, faults };
    ctx.page(Page::new(ctx.words.t("give-title")).rail("rail-patients").status(status), &page)
}

#[derive(Template)]
#[template(path = "disclosures/ask.html")]
struct Ask {
    chart: String,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "disclosures/copy.html")]
struct Copy {
    patient: Patient,
    born: String,
    contact: bool,
    aids: bool,
    recipient: String,
    purpose: String,
    at: String,
}
