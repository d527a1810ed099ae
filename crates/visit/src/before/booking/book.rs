//! `/day/book`: find the patient, then say when, with whom and why. What was typed survives every fault.
//!
//! The search is a POST: a name never stands in an address.

use super::change::{link_page, name, read_time};
use super::letters::{self, Dress};
use super::{Booking, book, store, when};
use crate::before::asked;
use crate::before::rules::Kind;
use crate::before::store::load_visit;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::Object;
use people::patients::{Known, Names};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{Health, PatientId, PersonId, Principal, Role, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// More hits are not shown: type more of the name.
const HITS_MAX: usize = 12;
const TYPED_MAX: usize = 100;
const REASON_MAX: usize = 2_000;
const LENGTHS_MIN: [i64; 5] = [15, 20, 30, 45, 60];

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    patient: String,
    #[serde(default)]
    day: String,
}

#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    day: String,
}

/// As typed. Holds the reason, so it has no `Debug`.
#[derive(Deserialize, Default)]
pub(super) struct Typed {
    #[serde(default)]
    patient: String,
    #[serde(default)]
    clinician: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    hour: String,
    #[serde(default)]
    length: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let Some(patient) = PatientId::parse(&asked.patient) else {
        let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
        return found(&ctx, &access, ("", asked.day)).await;
    };
    let (chosen, access) = choose(&ctx, patient).await?;
    let (day, hour) = next_slot(&ctx, &asked.day);
    let mine = match ctx.who {
        Principal::Staff { person, roles, .. } if roles.has(Role::Clinician) => person.text(),
        _ => String::new(),
    };
    let typed = Typed {
        patient: patient.text(),
        clinician: mine,
        day,
        hour,
        length: "20".into(),
        kind: "follow_up".into(),
        ..Typed::default()
    };
    show(&ctx, &access, chosen, (typed, Faults::default())).await
}

pub(super) async fn find(ctx: Ctx, Form(search): Form<Search>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
    let typed: String = search.q.chars().take(TYPED_MAX).collect();
    found(&ctx, &access, (&typed, search.day)).await
}

pub(super) async fn book_it(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let patient = PatientId::parse(&typed.patient).ok_or(Failure::BadInput)?;
    let (chosen, access) = choose(&ctx, patient).await?;
    let mut faults = Faults::default();
    let booking = read(&ctx, &typed, patient, &mut faults).await?;
    let mut tx = ctx.keep.begin().await?;
    if let Some(it) = &booking
        && store::overlaps(&mut tx, it.clinician, (it.starts_at, it.length_min), None).await?
    {
        faults.add("hour", ctx.words.t("book-overlap"));
    }
    let Some(booking) = booking.filter(|_| !faults.any()) else {
        drop(tx);
        return show(&ctx, &access, chosen, (typed, faults)).await;
    };
    let booked = book(&mut tx, &access, &booking, &ctx.settings.house_rules).await?;
    let to = (patient, booking.starts_at);
    let mailed = letters::post_invitation(&mut tx, &access, to, &booked.secret, Dress::of(&ctx)).await?;
    let entry = booked.entry.clone().detail("mailed", mailed.to_string());
    tx.commit(&access, entry).await?;
    if mailed {
        return Ok(see_other(&format!("/visits/{}/booked", booked.visit.text())));
    }
    let visit = load_visit(&mut *ctx.keep.read().await?, booked.visit).await?;
    Ok(link_page(&ctx, &access, &visit, &booked.secret))
}

pub(super) async fn booked(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::SeeVisit).await?;
    let id = visit.id;
    ctx.keep.view(&access, Object::of("visit", id.text())).await?;
    let host = ctx.plugged::<Names>().staff(visit.clinician);
    let page = BookedPage {
        id: id.text(),
        name: name(&ctx, &access, &visit),
        host: host.map(|name| name.reveal().to_owned()).unwrap_or_default(),
        starts_at: visit.starts_at,
        day: when::fields(visit.starts_at, ctx.zone()).unwrap_or_default().0,
    };
    Ok(ctx.page(Page::new(ctx.words.t("booked-title")).rail("rail-day"), &page))
}

struct Chosen {
    id: PatientId,
    name: Health,
    language: String,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

async fn choose(ctx: &Ctx, patient: PatientId) -> Result<(Chosen, Access), Failure> {
    let mut read = ctx.keep.read().await?;
    let lang = people::patients::lang_of(&mut read, patient).await?;
    let facts = people::standing::of(&mut read, &ctx.who, patient, ctx.now).await?;
    drop(read);
    let access = ctx.decide(Act::BookVisit, &facts).await?;
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let language = ctx.words.t(&format!("lang-{}", lang.code()));
    Ok((Chosen { id: patient, name, language }, access))
}

async fn found(ctx: &Ctx, access: &Access, (typed, day): (&str, String)) -> Result<Response, Failure> {
    ctx.keep.view(access, Object::of("patients", "")).await?;
    let names = ctx.plugged::<Names>();
    let hits = if typed.trim().is_empty() { Vec::new() } else { names.search(access, typed, HITS_MAX) };
    let day = when::read_day(&day).map(|day| day.to_string()).unwrap_or_default();
    let page =
        FindPage { searched: !typed.trim().is_empty(), typed: Health::new(typed.to_owned()), day, hits };
    Ok(ctx.page(Page::new(ctx.words.t("book-title")).rail("rail-day"), &page))
}

async fn show(
    ctx: &Ctx,
    access: &Access,
    chosen: Chosen,
    (typed, faults): (Typed, Faults),
) -> Result<Response, Failure> {
    ctx.keep.view(access, Object::of("patient", chosen.id.text())).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let option = |value: String, label: String, typed: &str| Choice { chosen: value == typed, value, label };
    let names = ctx.plugged::<Names>();
    let clinicians = clinicians(ctx).await?;
    let page = BookPage {
        patient: chosen.id.text(),
        clinicians: clinicians
            .into_iter()
            .map(|id| {
                let name = names.staff(id).map(|name| name.reveal().to_owned()).unwrap_or_default();
                option(id.text(), name, &typed.clinician)
            })
            .collect(),
        lengths: LENGTHS_MIN
            .iter()
            .map(|n| {
                option(n.to_string(), ctx.words.with("visit-minutes", &[("n", (*n).into())]), &typed.length)
            })
            .collect(),
        kinds: Kind::ALL
            .iter()
            .map(|kind| option(kind.code().to_owned(), ctx.words.t(kind.word()), &typed.kind))
            .collect(),
        chosen,
        typed,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("book-title")).rail("rail-day").status(status), &page))
}

async fn read(
    ctx: &Ctx,
    typed: &Typed,
    patient: PatientId,
    faults: &mut Faults,
) -> Result<Option<Booking>, Failure> {
    let clinician = PersonId::parse(&typed.clinician);
    let clinician = match clinician {
        Some(id) if clinicians(ctx).await?.contains(&id) => Some(id),
        _ => {
            faults.add("clinician", ctx.words.t("book-clinician-missing"));
            None
        }
    };
    let starts_at = read_time(ctx, (&typed.day, &typed.hour), faults);
    let length_min = typed.length.parse::<i64>().ok().filter(|length| LENGTHS_MIN.contains(length));
    if length_min.is_none() {
        faults.add("length", ctx.words.t("book-length-missing"));
    }
    let kind = Kind::parse(&typed.kind);
    if kind.is_none() {
        faults.add("kind", ctx.words.t("book-kind-missing"));
    }
    let reason = typed.reason.trim();
    if reason.chars().count() > REASON_MAX {
        faults.add("reason", ctx.words.t("book-reason-long"));
    }
    let (Some(clinician), Some(starts_at), Some(length_min), Some(kind)) =
        (clinician, starts_at, length_min, kind)
    else {
        return Ok(None);
    };
    let reason = (!reason.is_empty()).then(|| Health::new(reason.to_owned()));
    Ok(Some(Booking { patient, clinician, starts_at, length_min, kind, reason }))
}

async fn clinicians(ctx: &Ctx) -> Result<Vec<PersonId>, Failure> {
    let all = people::staff::list(&mut *ctx.keep.read().await?).await?;
    let active = |person: &people::staff::Person| {
        person.roles.has(Role::Clinician) && person.state == people::staff::State::Active
    };
    Ok(all.iter().filter(|person| active(person)).map(|person| person.id).collect())
}

/// The chosen day, or today, at the next full quarter of an hour.
fn next_slot(ctx: &Ctx, day: &str) -> (String, String) {
    const QUARTER_MS: i64 = 15 * vocabulary::MINUTE_MS;
    let next = UnixMillis((ctx.now.0 / QUARTER_MS + 1) * QUARTER_MS);
    let (today, hour) = when::fields(next, ctx.zone()).unwrap_or_default();
    match when::read_day(day) {
        Some(other) if other.to_string() != today => (other.to_string(), "09:00".into()),
        _ => (today, hour),
    }
}

#[derive(Template)]
#[template(path = "before/booking/find.html")]
struct FindPage {
    searched: bool,
    typed: Health,
    day: String,
    hits: Vec<Known>,
}

#[derive(Template)]
#[template(path = "before/booking/book.html")]
struct BookPage {
    patient: String,
    chosen: Chosen,
    clinicians: Vec<Choice>,
    lengths: Vec<Choice>,
    kinds: Vec<Choice>,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "before/booking/booked.html")]
struct BookedPage {
    id: String,
    name: Health,
    host: String,
    starts_at: UnixMillis,
    day: String,
}
