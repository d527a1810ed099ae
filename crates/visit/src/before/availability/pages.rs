//! `/availability`: the hours and days off of one clinician. A clinician sees and changes their own; desk and
//! administrator choose whose.

use super::rules::{self, Hours, Off};
use super::store::{self, ROWS_MAX};
use crate::before::booking::when;
use crate::before::schedule::{Choice, clinicians, staff_name};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use keep::{Entry, Object};
use policy::{Access, Act, Facts};
use practice::set_up::site_names;
use serde::Deserialize;
use vocabulary::{PersonId, Principal, Role, SiteId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    with: String,
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    weekday: String,
    from: String,
    until: String,
    site: String,
    first: String,
    last: String,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeAvailability, &Facts::default()).await?;
    let whom = match PersonId::parse(&asked.with).filter(|_| may_choose(&ctx)) {
        Some(whom) => Some(whom),
        None => own(&ctx),
    };
    draw(&ctx, &access, whom, (Typed::default(), Faults::default(), asked.done)).await
}

pub(super) async fn add_hours(
    ctx: Ctx,
    Path(person): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, whom) = may_change(&ctx, &person).await?;
    let mut faults = Faults::default();
    let weekday = typed.weekday.parse().ok().filter(|day| (1..=7).contains(day));
    if weekday.is_none() {
        faults.add("weekday", ctx.words.t("hours-weekday-missing"));
    }
    let (from, until) = (rules::minutes(&typed.from), rules::end_minutes(&typed.until));
    if from.is_none() {
        faults.add("from", ctx.words.t("book-not-an-hour"));
    }
    match (from, until) {
        (_, None) => faults.add("until", ctx.words.t("book-not-an-hour")),
        (Some(from), Some(until)) if until <= from => faults.add("until", ctx.words.t("hours-turned")),
        _ => {}
    }
    let mut tx = ctx.keep.begin().await?;
    let site = SiteId::parse(&typed.site);
    let known = site_names(&mut tx).await?;
    let site = site.filter(|site| known.iter().any(|(id, _)| id == site));
    if let (Some(weekday), Some(from_min), Some(until_min), false) = (weekday, from, until, faults.any()) {
        let new = Hours { weekday, from_min, until_min, site };
        let all = store::hours_of(&mut tx, whom).await?;
        if all.iter().any(|one| rules::overlap(one, &new)) {
            faults.add("from", ctx.words.t("hours-overlap"));
        } else if is_full(all.len()) {
            faults.add("from", ctx.words.t("hours-full"));
        } else {
            store::add_hours(&mut tx, whom, &new).await?;
            tx.commit(&access, entry(whom, "hours_added").detail("weekday", weekday.to_string())).await?;
            return Ok(back(whom, "hours"));
        }
    }
    drop(tx);
    draw(&ctx, &access, Some(whom), (typed, faults, String::new())).await
}

pub(super) async fn remove_hours(
    ctx: Ctx,
    Path(person): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, whom) = may_change(&ctx, &person).await?;
    let weekday = typed.weekday.parse().map_err(|_| Failure::BadInput)?;
    let from = rules::minutes(&typed.from).ok_or(Failure::BadInput)?;
    let mut tx = ctx.keep.begin().await?;
    if store::remove_hours(&mut tx, whom, (weekday, from)).await? > 0 {
        tx.commit(&access, entry(whom, "hours_removed").detail("weekday", weekday.to_string())).await?;
    }
    Ok(back(whom, "gone"))
}

pub(super) async fn add_off(
    ctx: Ctx,
    Path(person): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, whom) = may_change(&ctx, &person).await?;
    let mut faults = Faults::default();
    let first = when::read_day(&typed.first);
    // One day is the usual case: the last day may stay empty.
    let last = if typed.last.trim().is_empty() { first } else { when::read_day(&typed.last) };
    if first.is_none() {
        faults.add("first", ctx.words.t("book-not-a-day"));
    }
    match (first, last) {
        (_, None) => faults.add("last", ctx.words.t("book-not-a-day")),
        (Some(first), Some(last)) if last < first => faults.add("last", ctx.words.t("off-turned")),
        _ => {}
    }
    if let (Some(first), Some(last), false) = (first, last, faults.any()) {
        let mut tx = ctx.keep.begin().await?;
        // An entry that is over already takes nobody's place.
        let all = store::off_of(&mut tx, whom, today(&ctx)?.min(first)).await?;
        if all.iter().any(|off| off.first == first && off.last > last) {
            faults.add("last", ctx.words.t("off-shorter"));
        } else if is_full(all.len()) {
            faults.add("first", ctx.words.t("off-full"));
        } else {
            store::put_off(&mut tx, whom, Off { first, last }).await?;
            let entry = entry(whom, "off_added").detail("first", first.to_string());
            tx.commit(&access, entry.detail("last", last.to_string())).await?;
            return Ok(back(whom, "off"));
        }
    }
    draw(&ctx, &access, Some(whom), (typed, faults, String::new())).await
}

pub(super) async fn remove_off(
    ctx: Ctx,
    Path(person): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, whom) = may_change(&ctx, &person).await?;
    let first = when::read_day(&typed.first).ok_or(Failure::BadInput)?;
    let mut tx = ctx.keep.begin().await?;
    if store::remove_off(&mut tx, whom, first).await? > 0 {
        tx.commit(&access, entry(whom, "off_removed").detail("first", first.to_string())).await?;
    }
    Ok(back(whom, "gone"))
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows).is_ok_and(|n| n >= ROWS_MAX)
}

fn today(ctx: &Ctx) -> Result<Date, Failure> {
    when::day_of(ctx.now, ctx.zone())
        .map_err(|_| Failure::broken("the practice's time zone is not known to this machine"))
}

fn may_choose(ctx: &Ctx) -> bool {
    matches!(ctx.who, Principal::Staff { roles, .. } if roles.has_any(&[Role::Desk, Role::Administrator]))
}

fn own(ctx: &Ctx) -> Option<PersonId> {
    match ctx.who {
        Principal::Staff { person, roles, .. } if roles.has(Role::Clinician) => Some(person),
        _ => None,
    }
}

/// Whose hours these are, once it is sure that this reader may change them. Nobody else's, and nobody's who
/// sees no patients: both look like a page that is not there.
async fn may_change(ctx: &Ctx, person: &str) -> Result<(Access, PersonId), Failure> {
    let access = ctx.decide(Act::ChangeAvailability, &Facts::default()).await?;
    let whom = PersonId::parse(person).ok_or(Failure::NotFound)?;
    if !may_choose(ctx) && own(ctx) != Some(whom) {
        let object = Object::of("availability", whom.text());
        ctx.keep.refused(&ctx.who, Act::ChangeAvailability, object, "not_yours").await?;
        return Err(Failure::NotFound);
    }
    let known = clinicians(&mut *ctx.keep.read().await?).await?;
    if known.contains(&whom) { Ok((access, whom)) } else { Err(Failure::NotFound) }
}

async fn draw(
    ctx: &Ctx,
    access: &Access,
    whom: Option<PersonId>,
    (typed, faults, done): (Typed, Faults, String),
) -> Result<Response, Failure> {
    let mut view = ctx.keep.view(access, Object::of("availability", "")).await?;
    let known = clinicians(&mut view).await?;
    let whom = whom.filter(|id| known.contains(id));
    let mut people: Vec<Choice> = match may_choose(ctx) {
        false => Vec::new(),
        true => known
            .iter()
            .map(|id| Choice { value: id.text(), label: staff_name(ctx, *id), chosen: whom == Some(*id) })
            .collect(),
    };
    people.sort_by(|a, b| a.label.cmp(&b.label));
    let sites = site_names(&mut view).await?;
    let site = |id: SiteId| sites.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let (hours, off) = match whom {
        Some(id) => (store::hours_of(&mut view, id).await?, store::off_of(&mut view, id, today(ctx)?).await?),
        None => (Vec::new(), Vec::new()),
    };
    let mut rows = Vec::new();
    for one in &off {
        let (from, until) = (when::span_of(one.first, ctx.zone()), when::span_of(one.last, ctx.zone()));
        let booked = match (whom, from, until) {
            (Some(id), Ok((from, _)), Ok((_, until))) => {
                store::booked_in(&mut view, id, (from.max(ctx.now), until)).await?
            }
            _ => 0,
        };
        rows.push(OffRow { first: one.first.to_string(), said: days_said(ctx, one), booked });
    }
    let misfits = match whom {
        Some(id) => store::misfits(&mut view, id, (&hours, &off), (ctx.now, ctx.zone())).await?,
        None => Vec::new(),
    };
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = whom.map_or_else(|| "/availability".into(), |id| format!("/availability?with={}", id.text()));
    let page = AvailabilityPage {
        misfits: misfits.len(),
        misfit_days: days_of(ctx, &misfits),
        whom: whom.map(|id| id.text()).unwrap_or_default(),
        name: whom.map(|id| staff_name(ctx, id)).unwrap_or_default(),
        people,
        hours: hours
            .iter()
            .map(|one| HoursRow {
                weekday: one.weekday,
                day: format!("weekday-{}", one.weekday),
                from: rules::hour(one.from_min),
                said: format!("{}–{}", said(ctx, one.from_min), said(ctx, one.until_min)),
                site: one.site.and_then(site).unwrap_or_default(),
            })
            .collect(),
        off: rows,
        may_look: ctx.allowed(Act::SeeDay, &Facts::default()),
        sites: sites
            .iter()
            .map(|(id, name)| Choice {
                value: id.text(),
                label: name.clone(),
                chosen: typed.site == id.text(),
            })
            .collect(),
        done: DONE.iter().find(|(word, _)| *word == done).map_or("", |(_, key)| *key),
        typed,
        faults,
    };
    let frame = Page::new(ctx.words.t("hours-title")).rail("rail-day").here(here);
    Ok(ctx.page(frame.status(status), &page))
}

/// The first few days among these, for addresses and in words, each once.
fn days_of(ctx: &Ctx, moments: &[UnixMillis]) -> Vec<(String, String)> {
    let day = |at: &UnixMillis| {
        when::day_of(*at, ctx.zone()).ok().map(|day| (day, ctx.words.date(*at, ctx.zone())))
    };
    let mut days: Vec<(Date, String)> = moments.iter().filter_map(day).collect();
    days.dedup_by_key(|(day, _)| *day);
    days.into_iter().take(DAYS_SHOWN).map(|(day, said)| (day.to_string(), said)).collect()
}

/// "9:30 AM", whatever the clocks do on any one day.
fn said(ctx: &Ctx, minutes: i64) -> String {
    ctx.words.time(UnixMillis(minutes * vocabulary::MINUTE_MS), "UTC")
}

fn days_said(ctx: &Ctx, off: &Off) -> String {
    let zone = ctx.zone();
    let said = |day| when::span_of(day, zone).map(|(from, _)| ctx.words.date(from, zone)).unwrap_or_default();
    match off.first == off.last {
        true => said(off.first),
        false => format!("{} – {}", said(off.first), said(off.last)),
    }
}

fn entry(whom: PersonId, what: &str) -> Entry {
    Entry::new(Object::of("availability", whom.text())).detail("what", what)
}

fn back(whom: PersonId, done: &str) -> Response {
    see_other(&format!("/availability?with={}&done={done}", whom.text()))
}

/// Days with visits outside the hours that are shown by name; the number tells of the rest.
const DAYS_SHOWN: usize = 7;

const DONE: [(&str, &str); 3] =
    [("hours", "hours-done-added"), ("off", "hours-done-off"), ("gone", "hours-done-gone")];

struct HoursRow {
    weekday: i64,
    /// The key of its name.
    day: String,
    from: String,
    said: String,
    site: String,
}

struct OffRow {
    first: String,
    said: String,
    /// Visits that were booked before, and stay until somebody moves them.
    booked: i64,
}

#[derive(Template)]
#[template(path = "before/availability/page.html")]
struct AvailabilityPage {
    whom: String,
    name: String,
    people: Vec<Choice>,
    hours: Vec<HoursRow>,
    off: Vec<OffRow>,
    /// Visits to come that are outside these hours, and the first days of them.
    misfits: usize,
    misfit_days: Vec<(String, String)>,
    may_look: bool,
    sites: Vec<Choice>,
    done: &'static str,
    typed: Typed,
    faults: Faults,
}
