//! The page of one patient's needs: their own in the portal and at check-in, the desk's beside a patient.

use super::rules::{self, AIDS, Needs, TONGUES, aid_word, tongue_word};
use super::store;
use crate::contact::mine;
use crate::patients::Names;
use crate::sessions::pace;
use crate::staff::acting;
use crate::{merges, standing};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act};
use serde::Deserialize;
use std::collections::BTreeMap;
use vocabulary::{PatientId, PersonId, Principal};
use web::{Ctx, Failure, Faults, Form, Page, Words, filters, see_other};

const PORTAL: &str = "/portal/needs";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

/// A patient's own page: where its form goes, and where the way back leads.
pub struct Own<'a> {
    pub action: &'a str,
    pub back: &'a str,
    /// A word's key.
    pub back_word: &'static str,
    pub saved: bool,
}

pub(super) async fn portal(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::SeeNeeds).await?;
    own_page(&ctx, &access, patient, in_portal(asked.done == "saved")).await
}

pub(super) async fn save_in_portal(
    ctx: Ctx,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::ChangeNeeds).await?;
    save_own(&ctx, &access, patient, typed, in_portal(false)).await
}

/// Draws the form for the patient, or whoever acts for them, whose proof is `access`.
pub async fn own_page(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    at: Own<'_>,
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, object(patient)).await?;
    let needs = store::of_patient(&mut view, access, patient).await?.unwrap_or_default();
    Ok(draw_own(ctx, &at, Fields::of(&ctx.words, &needs), Faults::default()))
}

/// Writes what the patient needs, or shows the form again with what is wrong.
pub async fn save_own(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    typed: BTreeMap<String, String>,
    at: Own<'_>,
) -> Result<Response, Failure> {
    match rules::read(&typed) {
        Ok(needs) => {
            write(ctx, access, (patient, None), &needs).await?;
            Ok(see_other(&format!("{}?done=saved", at.action)))
        }
        Err(slip) => {
            let (fields, faults) = Fields::again(&ctx.words, &typed, slip);
            Ok(draw_own(ctx, &Own { saved: false, ..at }, fields, faults))
        }
    }
}

pub(super) async fn desk(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id, Act::SeeNeeds).await?;
    let mut view = ctx.keep.view(&access, object(patient)).await?;
    let needs = store::of_patient(&mut view, &access, patient).await?.unwrap_or_default();
    let fields = Fields::of(&ctx.words, &needs);
    draw_desk(&ctx, &access, patient, (fields, Faults::default(), asked.done == "saved"))
}

pub(super) async fn save_at_desk(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id, Act::ChangeNeeds).await?;
    match rules::read(&typed) {
        Ok(needs) => {
            write(&ctx, &access, (patient, Some(acting(&ctx)?)), &needs).await?;
            Ok(see_other(&format!("/patients/{}/needs?done=saved", patient.text())))
        }
        Err(slip) => {
            let (fields, faults) = Fields::again(&ctx.words, &typed, slip);
            draw_desk(&ctx, &access, patient, (fields, faults, false))
        }
    }
}

async fn write(
    ctx: &Ctx,
    access: &Access,
    (patient, by): (PatientId, Option<PersonId>),
    needs: &Needs,
) -> Result<(), Failure> {
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    store::add(&mut tx, (patient, by), needs).await?;
    if let Principal::Guest { session, .. } | Principal::Patient { session, .. } = ctx.who {
        pace::change(&mut tx, session, store::is_slower(needs)).await?;
    }
    tx.commit(access, Entry::new(object(patient))).await?;
    Ok(())
}

fn in_portal(saved: bool) -> Own<'static> {
    Own { action: PORTAL, back: "/portal", back_word: "contact-back-portal", saved }
}

fn object(patient: PatientId) -> Object {
    Object::of("needs", patient.text()).patient(patient)
}

async fn of(ctx: &Ctx, id: &str, act: Act) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let Principal::Staff { .. } = ctx.who else { return Err(Failure::NotFound) };
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(act, &facts).await?, patient))
}

fn draw_own(ctx: &Ctx, at: &Own<'_>, needs: Fields, faults: Faults) -> Response {
    let needs = Fields { own: true, ..needs };
    let page =
        OwnPage { action: at.action, back: at.back, back_word: at.back_word, saved: at.saved, needs, faults };
    ctx.page(Page::new(ctx.words.t("needs-own-title")).status(status(&page.faults)), &page)
}

fn draw_desk(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    (needs, faults, saved): (Fields, Faults, bool),
) -> Result<Response, Failure> {
    let name = ctx.plugged::<Names>().patient(access, patient).ok_or(Failure::NotFound)?;
    let page = DeskPage {
        id: patient.text(),
        name: name.reveal().to_owned(),
        may_book: ctx.allowed(Act::BookVisit, access.facts()),
        saved,
        needs,
        faults,
    };
    let frame = Page::new(ctx.words.t("needs-title")).rail("rail-patients").status(status(&page.faults));
    Ok(ctx.page(frame, &page))
}

fn status(faults: &Faults) -> StatusCode {
    if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// The questions themselves, the same on every form that asks them.
pub struct Fields {
    /// Code, word, chosen.
    pub tongues: Vec<(&'static str, String, bool)>,
    pub interpreter: bool,
    /// Asked of the patient, and not about one.
    own: bool,
    /// Field, key of its word, ticked.
    pub aids: Vec<(String, String, bool)>,
    /// What is wrong with the language; empty when nothing is.
    pub wrong: String,
}

impl Fields {
    pub fn of(words: &Words, needs: &Needs) -> Fields {
        let tongue = |code: &'static str| (code, words.t(&tongue_word(code)), needs.tongue == code);
        let aid =
            |code: &str| (format!("aid-{code}"), aid_word(code), needs.aids.iter().any(|it| it == code));
        Fields {
            tongues: TONGUES.map(tongue).into(),
            interpreter: needs.interpreter,
            own: false,
            aids: AIDS.map(aid).into(),
            wrong: String::new(),
        }
    }

    /// The key of a question, in the voice of whoever is asked.
    pub fn said<'a>(&self, of_patient: &'a str, own: &'a str) -> &'a str {
        if self.own { own } else { of_patient }
    }

    /// As they were typed, with the slip beside its field; nothing else is lost.
    pub fn again(words: &Words, typed: &BTreeMap<String, String>, slip: rules::Slip) -> (Fields, Faults) {
        let wrong = words.t(slip.1);
        let mut faults = Faults::default();
        faults.add(slip.0, wrong.clone());
        (Fields { wrong, ..Fields::of(words, &rules::kept(typed)) }, faults)
    }
}

#[derive(Template)]
#[template(path = "needs/own.html")]
struct OwnPage<'a> {
    action: &'a str,
    back: &'a str,
    back_word: &'static str,
    saved: bool,
    needs: Fields,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "needs/desk.html")]
struct DeskPage {
    id: String,
    name: String,
    may_book: bool,
    saved: bool,
    needs: Fields,
    faults: Faults,
}
