//! The page of those who act for one patient: adding one, moving or ending an authority, refusing somebody.

use super::card::{Line, colleague, said};
use super::rules::{self, Typed};
use super::store::{self, Refused};
use crate::merges::must_stand;
use crate::patients::{Names, birth_date, day_in, rules::tidy};
use crate::portal_keys::end_over;
use crate::staff::{Empty, acting};
use crate::standing;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{PatientId, PersonId, RepresentativeId};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// More refusals for one patient than this are not all compared with a new name, so there are never more.
const REFUSALS_MAX: usize = 100;
const OF_AGE: &str = "rep-fault-until-of-age";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct End {
    until: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusing {
    who: String,
    who_contact: String,
    why: String,
}

pub(super) async fn list(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&ctx, &id, Shown { done: done(&asked.done), ..Shown::default() }).await
}

pub(super) async fn add(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id, Act::ChangeRepresentatives).await?;
    let new = match typed.check(day_in(ctx.now, ctx.zone()), ctx.zone()) {
        Ok(new) => new,
        Err(slips) => {
            let faults = slips.into_iter().map(|(field, key)| (field, ctx.words.t(key))).collect();
            return draw(&ctx, &id, Shown { typed, faults, ..Shown::default() }).await;
        }
    };
    let by = acting(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    must_stand(&mut tx, patient).await?;
    let born = birth_date(&mut tx, &access, patient).await?;
    if rules::outlasts_childhood(new.authority, new.ends_at, &born, ctx.zone()) {
        drop(tx);
        let faults = vec![("until", ctx.words.t(OF_AGE))];
        return draw(&ctx, &id, Shown { typed, faults, ..Shown::default() }).await;
    }
    let name = (new.name.as_str(), new.contact.as_deref());
    if let Some(refused_by) = store::refused_by(&mut tx, &access, patient, name).await? {
        drop(tx);
        let ask = said(&ctx, "rep-fault-refused", &[("name", colleague(&ctx, refused_by))]);
        return draw(&ctx, &id, Shown { typed, faults: vec![("name", ask)], ..Shown::default() }).await;
    }
    let one = store::add(&mut tx, patient, by, &new).await?;
    end_over(&mut tx, patient).await?;
    let entry = entry(patient, one, "added").detail("authority", new.authority.code());
    let entry = entry.detail("evidence", new.evidence.code()).detail("scope", new.scope.text());
    tx.commit(&access, entry.detail("until", new.ends_at.0.to_string())).await?;
    Ok(back(patient, "added"))
}

pub(super) async fn until(
    ctx: Ctx,
    Path((id, one)): Path<(String, String)>,
    Form(end): Form<End>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id, Act::ChangeRepresentatives).await?;
    let one = RepresentativeId::parse(&one).ok_or(Failure::NotFound)?;
    let ends = rules::end_of(&end.until, day_in(ctx.now, ctx.zone()), ctx.zone());
    let ends = ends.map_err(|key| Failure::told(StatusCode::UNPROCESSABLE_ENTITY, key))?;
    let mut tx = ctx.keep.begin().await?;
    let born = birth_date(&mut tx, &access, patient).await?;
    let known = store::list(&mut tx, &access, patient).await?.into_iter().find(|known| known.id == one);
    if known.is_some_and(|known| rules::outlasts_childhood(known.authority, ends, &born, ctx.zone())) {
        return Err(Failure::told(StatusCode::UNPROCESSABLE_ENTITY, OF_AGE));
    }
    store::put_end(&mut tx, (patient, one), ends).await?;
    end_over(&mut tx, patient).await?;
    tx.commit(&access, entry(patient, one, "end moved").detail("until", ends.0.to_string())).await?;
    Ok(back(patient, "moved"))
}

pub(super) async fn end(
    ctx: Ctx,
    Path((id, one)): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id, Act::ChangeRepresentatives).await?;
    let one = RepresentativeId::parse(&one).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    let now = tx.now();
    store::put_end(&mut tx, (patient, one), now).await?;
    end_over(&mut tx, patient).await?;
    tx.commit(&access, entry(patient, one, "ended")).await?;
    Ok(back(patient, "ended"))
}

/// Whoever acts for the patient under this name ceases to at the same moment.
pub(super) async fn refuse(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(refusing): Form<Refusing>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id, Act::ChangeRepresentatives).await?;
    let new = match read(&refusing) {
        Ok(new) => new,
        Err(slips) => {
            let faults = slips.into_iter().map(|(field, key)| (field, ctx.words.t(key))).collect();
            return draw(&ctx, &id, Shown { refusing, faults, ..Shown::default() }).await;
        }
    };
    let by = acting(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    must_stand(&mut tx, patient).await?;
    if store::refusals(&mut tx, &access, patient).await?.len() >= REFUSALS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "rep-too-many"));
    }
    let (name, now) = ((new.name.as_str(), new.contact.as_deref()), tx.now());
    let mut ended = 0_u32;
    for one in store::list(&mut tx, &access, patient).await?.iter().filter(|one| one.ends_at > now) {
        let theirs = (one.name.reveal(), one.contact.as_ref().map(|contact| contact.reveal()));
        if rules::may_be_same(name, theirs) {
            store::put_end(&mut tx, (patient, one.id), now).await?;
            ended += 1;
        }
    }
    end_over(&mut tx, patient).await?;
    let one = store::refuse(&mut tx, patient, by, &new).await?;
    tx.commit(&access, entry(patient, one, "refused").detail("ended", ended.to_string())).await?;
    Ok(back(patient, "refused"))
}

pub(super) async fn lift(
    ctx: Ctx,
    Path((id, one)): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id, Act::ChangeRepresentatives).await?;
    let one = RepresentativeId::parse(&one).ok_or(Failure::NotFound)?;
    let by = acting(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let all = store::refusals(&mut tx, &access, patient).await?;
    let refusal = all.iter().find(|refusal| refusal.id == one).ok_or(Failure::NotFound)?;
    if !rules::may_lift(refusal.refused_by, by, is_official(&access)) {
        return Err(Failure::told(StatusCode::CONFLICT, "rep-not-yours-to-lift"));
    }
    store::lift(&mut tx, (patient, one), by).await?;
    tx.commit(&access, entry(patient, one, "refusal lifted")).await?;
    Ok(back(patient, "lifted"))
}

async fn may(ctx: &Ctx, id: &str, act: Act) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(act, &facts).await?, patient))
}

fn read(refusing: &Refusing) -> Result<Refused, Vec<rules::Slip>> {
    let mut slips = Vec::new();
    let name = rules::named(&refusing.who).inspect_err(|key| slips.push(("who", *key))).ok();
    let contact =
        rules::contacted(&refusing.who_contact).inspect_err(|key| slips.push(("who_contact", *key))).ok();
    let reason = tidy(&refusing.why);
    if !rules::REASON.contains(&reason.chars().count()) {
        slips.push(("why", "rep-fault-why"));
    }
    match (name, contact) {
        (Some(name), Some(contact)) if slips.is_empty() => Ok(Refused { name, contact, reason }),
        _ => Err(slips),
    }
}

/// An official's proof is their role; a clinician's is the care team.
fn is_official(access: &Access) -> bool {
    access.grounds() == "privacy_official"
}

fn entry(patient: PatientId, one: RepresentativeId, what: &'static str) -> Entry {
    Entry::new(Object::of("representative", one.text()).patient(patient)).detail("what", what)
}

fn back(patient: PatientId, done: &str) -> Response {
    see_other(&format!("/patients/{}/representatives?done={done}", patient.text()))
}

/// What the page holds beside what is kept.
#[derive(Default)]
struct Shown {
    typed: Typed,
    refusing: Refusing,
    faults: Vec<(&'static str, String)>,
    done: &'static str,
}

fn done(word: &str) -> &'static str {
    match word {
        "added" => "rep-done-added",
        "moved" => "rep-done-moved",
        "ended" => "rep-done-ended",
        "refused" => "rep-done-refused",
        "lifted" => "rep-done-lifted",
        _ => "",
    }
}

async fn draw(ctx: &Ctx, id: &str, shown: Shown) -> Result<Response, Failure> {
    let (access, patient) = may(ctx, id, Act::SeeRepresentatives).await?;
    let object = Object::of("representatives", patient.text()).patient(patient);
    let mut view = ctx.keep.view(&access, object).await?;
    let rows = store::list(&mut view, &access, patient).await?;
    let refusals = store::refusals(&mut view, &access, patient).await?;
    let (by, official) = (acting(ctx)?, is_official(&access));
    let lifts = |refused_by: PersonId| rules::may_lift(refused_by, by, official);
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let mut faults = Faults::default();
    shown.faults.into_iter().for_each(|(field, sentence)| faults.add(field, sentence));
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = List {
        name: name.reveal().to_owned(),
        chart: format!("/patients/{}", patient.text()),
        to_chart: !official,
        rows: rows.iter().map(|one| Line::of(ctx, one)).collect(),
        refused: refusals.iter().map(|one| Line::refused(ctx, one, lifts(one.refused_by))).collect(),
        refusing: shown.refusing,
        typed: shown.typed,
        done: shown.done,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("rep-title")).rail("rail-patients").status(status), &page))
}

#[derive(Template)]
#[template(path = "representatives/list.html")]
struct List {
    name: String,
    chart: String,
    to_chart: bool,
    rows: Vec<Line>,
    refused: Vec<Line>,
    typed: Typed,
    refusing: Refusing,
    faults: Faults,
    done: &'static str,
}
