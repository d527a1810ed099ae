//! `/day/book`: find the patient, then say when, with whom and why. What was typed survives every fault.
//!
//! The search is a POST: a name never stands in an address.

use super::change::{name, read_time};
use super::clashes::{Slot, Warned, clashes, codes, still_to_confirm};
use super::letters::{self, Dress};
use super::link_paper::{Handed, link_page};
use super::{Booking, book, when};
use crate::before::asked;
use crate::before::rules::Kind;
use crate::before::schedule::{Choice, clinicians, put_site, staff_name};
use crate::before::store::load_visit;
use crate::before::visit_types::{LENGTHS_MIN, Offer, offers, reasons};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Object};
use people::patients::{Known, Names};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{Health, PatientId, PersonId, Principal, Role, SiteId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// More hits are not shown: type more of the name.
const HITS_MAX: usize = 12;
const TYPED_MAX: usize = 100;
const REASON_MAX: usize = 2_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    patient: String,
    #[serde(default)]
    day: String,
}

/// What the patient is looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    Book,
    WalkIn,
}

impl Errand {
    fn path(self) -> &'static str {
        match self {
            Errand::Book => "/day/book",
            Errand::WalkIn => "/day/walk-in",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Errand::Book => "book-title",
            Errand::WalkIn => "walk-in-title",
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    #[serde(default)]
    day: String,
}

impl Search {
    /// What was typed, as far as it is looked at.
    pub fn typed(&self) -> String {
        self.q.chars().take(TYPED_MAX).collect()
    }
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
    site: String,
    /// One of the practice's common reasons.
    #[serde(default)]
    common: String,
    #[serde(default)]
    reason: String,
    /// The warnings that were read, and are meant.
    #[serde(default)]
    anyway: String,
}

pub(super) async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let Some(patient) = PatientId::parse(&asked.patient) else {
        let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
        return found(&ctx, &access, ("", asked.day), Errand::Book).await;
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
        kind: "follow_up".into(),
        ..Typed::default()
    };
    show(&ctx, &access, chosen, (typed, Faults::default(), None)).await
}

pub(super) async fn find(ctx: Ctx, Form(search): Form<Search>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeePatients, &Facts::default()).await?;
    found(&ctx, &access, (&search.typed(), search.day), Errand::Book).await
}

pub(super) async fn book_it(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let patient = PatientId::parse(&typed.patient).ok_or(Failure::BadInput)?;
    let (chosen, access) = choose(&ctx, patient).await?;
    let mut faults = Faults::default();
    let mut tx = ctx.keep.begin().await?;
    let read = read(&ctx, &mut tx, (&typed, patient), &mut faults).await?;
    let Some((booking, site)) = read.filter(|_| !faults.any()) else {
        drop(tx);
        return show(&ctx, &access, chosen, (typed, faults, None)).await;
    };
    let slot = Slot {
        clinician: booking.clinician,
        patient,
        starts_at: booking.starts_at,
        length_min: booking.length_min,
        site,
        except: None,
    };
    let found = clashes(&mut tx, &slot, ctx.zone()).await?;
    if let Some(warned) = still_to_confirm(&found, (slot.time(), &typed.anyway), &ctx.words) {
        drop(tx);
        return show(&ctx, &access, chosen, (typed, faults, Some(warned))).await;
    }
    let booked = book(&mut tx, &access, &booking, &ctx.settings.house_rules).await?;
    if let Some(site) = site {
        put_site(&mut tx, booked.visit, site).await?;
    }
    let visit = load_visit(&mut tx, booked.visit).await?;
    let mailed = letters::post_invitation(&mut tx, &access, &visit, &booked.secret, Dress::of(&ctx)).await?;
    let handed = Handed::of(&mut tx, &ctx, &access, (&visit, &booked.secret)).await?;
    let mut entry = booked.entry.clone().detail("mailed", mailed.to_string());
    if !found.is_empty() {
        entry = entry.detail("in_spite_of", codes(&found));
    }
    tx.commit(&access, entry).await?;
    if mailed {
        return Ok(see_other(&format!("/visits/{}/booked", booked.visit.text())));
    }
    Ok(link_page(&ctx, &access, &visit, handed, 0))
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

pub(crate) struct Chosen {
    id: PatientId,
    pub name: Health,
    language: String,
    /// What they need to understand and be understood, in words.
    needs: Vec<String>,
    /// Nobody has asked them yet.
    unasked: bool,
}

pub(crate) async fn choose(ctx: &Ctx, patient: PatientId) -> Result<(Chosen, Access), Failure> {
    let mut read = ctx.keep.read().await?;
    let lang = people::patients::lang_of(&mut read, patient).await?;
    let facts = people::standing::of(&mut read, &ctx.who, patient, ctx.now).await?;
    drop(read);
    let access = ctx.decide(Act::BookVisit, &facts).await?;
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let language = ctx.words.t(&format!("lang-{}", lang.code()));
    let sees = ctx.decide(Act::SeeNeeds, &facts).await?;
    let mut view = ctx.keep.view(&sees, Object::of("needs", patient.text()).patient(patient)).await?;
    let known = people::needs::of_patient(&mut view, &sees, patient).await?;
    drop(view);
    let unasked = known.is_none();
    let needs = known.unwrap_or_default().told(&ctx.words);
    Ok((Chosen { id: patient, name, language, needs, unasked }, access))
}

pub(crate) async fn found(
    ctx: &Ctx,
    access: &Access,
    (typed, day): (&str, String),
    errand: Errand,
) -> Result<Response, Failure> {
    ctx.keep.view(access, Object::of("patients", "")).await?;
    let names = ctx.plugged::<Names>();
    let hits = if typed.trim().is_empty() { Vec::new() } else { names.search(access, typed, HITS_MAX) };
    let day = when::read_day(&day).map(|day| day.to_string()).unwrap_or_default();
    let page = FindPage {
        title: errand.title(),
        path: errand.path(),
        searched: !typed.trim().is_empty(),
        typed: Health::new(typed.to_owned()),
        day,
        hits,
    };
    Ok(ctx.page(Page::new(ctx.words.t(errand.title())).rail("rail-day"), &page))
}

async fn show(
    ctx: &Ctx,
    access: &Access,
    chosen: Chosen,
    (typed, faults, warned): (Typed, Faults, Option<Warned>),
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, Object::of("patient", chosen.id.text())).await?;
    let status = match (faults.any(), &warned) {
        (true, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(_)) => StatusCode::CONFLICT,
        (false, None) => StatusCode::OK,
    };
    let option = |value: String, label: String, typed: &str| Choice { chosen: value == typed, value, label };
    let minutes = |n: i64| ctx.words.with("visit-minutes", &[("n", n.into())]);
    let offered = offers(&mut view).await?.into_iter().filter(|one| one.offered);
    let kind = |one: Offer| {
        let label = format!("{} ({})", ctx.words.t(one.kind.word()), minutes(one.length_min));
        option(one.kind.code().to_owned(), label, &typed.kind)
    };
    let common = reasons(&mut view).await?.into_iter();
    let sites = practice::set_up::site_names(&mut view).await?.into_iter();
    let known = clinicians(&mut view).await?.into_iter();
    let day = when::read_day(&typed.day).map(|day| day.to_string()).unwrap_or_default();
    let here = format!("/day/book?patient={}&day={day}", chosen.id.text());
    let page = BookPage {
        patient: chosen.id.text(),
        clinicians: known.map(|id| option(id.text(), staff_name(ctx, id), &typed.clinician)).collect(),
        lengths: LENGTHS_MIN.iter().map(|n| option(n.to_string(), minutes(*n), &typed.length)).collect(),
        kinds: offered.map(kind).collect(),
        sites: sites.map(|(id, name)| option(id.text(), name, &typed.site)).collect(),
        reasons: common.map(|words| option(words.clone(), words, &typed.common)).collect(),
        chosen,
        typed,
        faults,
        warned,
    };
    let frame = Page::new(ctx.words.t("book-title")).rail("rail-day").here(here);
    Ok(ctx.page(frame.status(status), &page))
}

async fn read(
    ctx: &Ctx,
    conn: &mut Conn,
    (typed, patient): (&Typed, PatientId),
    faults: &mut Faults,
) -> Result<Option<(Booking, Option<SiteId>)>, Failure> {
    let known = clinicians(conn).await?;
    let clinician = PersonId::parse(&typed.clinician).filter(|id| known.contains(id));
    if clinician.is_none() {
        faults.add("clinician", ctx.words.t("book-clinician-missing"));
    }
    let starts_at = read_time(ctx, (&typed.day, &typed.hour), faults);
    let kind = Kind::parse(&typed.kind);
    let all = offers(conn).await?;
    let offer = all.iter().find(|one| one.offered && Some(one.kind) == kind);
    if offer.is_none() {
        faults.add("kind", ctx.words.t("book-kind-missing"));
    }
    // Left as it is, a visit takes as long as its type usually does.
    let length_min = match typed.length.as_str() {
        "" => offer.map(|one| one.length_min),
        typed => typed.parse::<i64>().ok().filter(|length| LENGTHS_MIN.contains(length)),
    };
    if length_min.is_none() && !typed.length.is_empty() {
        faults.add("length", ctx.words.t("book-length-missing"));
    }
    let sites = practice::set_up::site_names(conn).await?;
    let site = SiteId::parse(&typed.site).filter(|id| sites.iter().any(|(known, _)| known == id));
    let reason = reason_of(&typed.common, &typed.reason);
    if reason.chars().count() > REASON_MAX {
        faults.add("reason", ctx.words.t("book-reason-long"));
    }
    let (Some(clinician), Some(starts_at), Some(length_min), Some(offer)) =
        (clinician, starts_at, length_min, offer)
    else {
        return Ok(None);
    };
    let reason = (!reason.is_empty()).then(|| Health::new(reason));
    let booking = Booking { patient, clinician, starts_at, length_min, kind: offer.kind, reason };
    Ok(Some((booking, site)))
}

/// From the practice's list, in own words, or both.
fn reason_of(common: &str, own: &str) -> String {
    match (common.trim(), own.trim()) {
        ("", own) => own.to_owned(),
        (common, "") => common.to_owned(),
        (common, own) => format!("{common}: {own}"),
    }
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
    title: &'static str,
    /// Where the search and the choice lead.
    path: &'static str,
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
    sites: Vec<Choice>,
    reasons: Vec<Choice>,
    typed: Typed,
    faults: Faults,
    warned: Option<Warned>,
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
