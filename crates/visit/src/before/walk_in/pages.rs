//! Find the patient, choose who sees them, hand the link over.

use crate::before::booking::{
    Booking, Dress, Errand, Handed, Search, Slot, Warned, book, choose, clashes, codes, found, link_page,
    post_invitation, still_to_confirm,
};
use crate::before::rules::Kind;
use crate::before::schedule::{Choice, clinicians, staff_name};
use crate::before::store::load_visit;
use crate::before::visit_types::{offers, reasons};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use keep::Object;
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{Health, PatientId, PersonId, Principal, Role};
use web::{Ctx, Failure, Faults, Form, Page, filters};

const REASON_MAX: usize = 2_000;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    patient: String,
}

/// As typed. Holds the reason, so it has no `Debug`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    patient: String,
    clinician: String,
    reason: String,
    /// The warnings that were read, and are meant.
    anyway: String,
}

/// `GET /day/walk-in`: who it is, then who sees them.
pub(super) async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let Some(patient) = PatientId::parse(&asked.patient) else {
        let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
        return found(&ctx, &access, ("", String::new()), Errand::WalkIn).await;
    };
    let (chosen, access) = choose(&ctx, patient).await?;
    let clinician = match ctx.who {
        Principal::Staff { person, roles, .. } if roles.has(Role::Clinician) => person.text(),
        _ => String::new(),
    };
    let typed = Typed { patient: patient.text(), clinician, ..Typed::default() };
    show(&ctx, &access, chosen.name, (typed, Faults::default(), None)).await
}

/// `POST /day/walk-in/find`
pub(super) async fn find(ctx: Ctx, Form(search): Form<Search>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
    found(&ctx, &access, (&search.typed(), String::new()), Errand::WalkIn).await
}

/// `POST /day/walk-in`: the visit starts now; the answer is its link, shown once.
pub(super) async fn start(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let patient = PatientId::parse(&typed.patient).ok_or(Failure::BadInput)?;
    let (chosen, access) = choose(&ctx, patient).await?;
    let mut faults = Faults::default();
    let mut tx = ctx.keep.begin().await?;
    let known = clinicians(&mut tx).await?;
    let clinician = PersonId::parse(&typed.clinician).filter(|id| known.contains(id));
    if clinician.is_none() {
        faults.add("clinician", ctx.words.t("book-clinician-missing"));
    }
    let reason = typed.reason.trim();
    if reason.chars().count() > REASON_MAX {
        faults.add("reason", ctx.words.t("book-reason-long"));
    }
    let Some(clinician) = clinician.filter(|_| !faults.any()) else {
        drop(tx);
        return show(&ctx, &access, chosen.name, (typed, faults, None)).await;
    };
    let urgent = offers(&mut tx).await?.into_iter().find(|one| one.kind == Kind::Urgent);
    let length_min = urgent.map_or(SHORT_MIN, |one| one.length_min);
    let slot = Slot { clinician, patient, starts_at: ctx.now, length_min, site: None, except: None };
    let found = clashes(&mut tx, &slot, ctx.zone()).await?;
    if let Some(warned) = still_to_confirm(&found, (slot.at_once(), &typed.anyway), &ctx.words) {
        drop(tx);
        return show(&ctx, &access, chosen.name, (typed, faults, Some(warned))).await;
    }
    let reason = (!reason.is_empty()).then(|| Health::new(reason.to_owned()));
    let booking = Booking { patient, clinician, starts_at: ctx.now, length_min, kind: Kind::Urgent, reason };
    let booked = book(&mut tx, &access, &booking, &ctx.settings.house_rules).await?;
    let visit = load_visit(&mut tx, booked.visit).await?;
    let mailed = post_invitation(&mut tx, &access, &visit, &booked.secret, Dress::of(&ctx)).await?;
    let handed = Handed::of(&mut tx, &ctx, &access, (&visit, &booked.secret)).await?;
    let mut entry = booked.entry.clone().detail("walk_in", "yes").detail("mailed", mailed.to_string());
    if !found.is_empty() {
        entry = entry.detail("in_spite_of", codes(&found));
    }
    tx.commit(&access, entry).await?;
    Ok(link_page(&ctx, &access, &visit, handed, 0))
}

async fn show(
    ctx: &Ctx,
    access: &Access,
    name: Health,
    (typed, faults, warned): (Typed, Faults, Option<Warned>),
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, Object::of("patient", typed.patient.clone())).await?;
    let status = match (faults.any(), &warned) {
        (true, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(_)) => StatusCode::CONFLICT,
        (false, None) => StatusCode::OK,
    };
    let option = |id: PersonId| Choice {
        chosen: id.text() == typed.clinician,
        value: id.text(),
        label: staff_name(ctx, id),
    };
    // An id, or nobody would have come this far.
    let here = format!("/day/walk-in?patient={}", typed.patient);
    let page = WalkInPage {
        name,
        clinicians: clinicians(&mut view).await?.into_iter().map(option).collect(),
        reasons: reasons(&mut view).await?,
        typed,
        faults,
        warned,
    };
    let frame = Page::new(ctx.words.t("walk-in-title")).rail("rail-day").here(here);
    Ok(ctx.page(frame.status(status), &page))
}

/// Minutes, where the practice has not said how long an urgent visit takes.
const SHORT_MIN: i64 = 15;

#[derive(Template)]
#[template(path = "before/walk_in/form.html")]
struct WalkInPage {
    name: Health,
    clinicians: Vec<Choice>,
    /// Offered while typing.
    reasons: Vec<String>,
    typed: Typed,
    faults: Faults,
    warned: Option<Warned>,
}
