//! Another time, calling off, not coming, and sending the invitation again. Each asks once, each tells the
//! patient in a letter, and a visit that somebody waits in is not moved under their feet.

use super::clashes::{Slot, Warned, clashes, codes, still_to_confirm};
use super::letters::{self, Dress};
use super::link_paper::{Handed, link_page};
use super::{invitation_ends, patient_of, store, when};
use crate::before::asked::load;
use crate::before::companions;
use crate::before::rules::{VisitEvent, VisitState};
use crate::before::schedule::{Choice, set_site, site_of};
use crate::before::store::{VisitRow, set_visit_state, still_of};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, Hint, Object, Tx};
use people::patients::Names;
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, Secret, SiteId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct NewTime {
    #[serde(default)]
    day: String,
    #[serde(default)]
    hour: String,
    /// Empty: at no site. Not there: where it was.
    site: Option<String>,
    /// The warnings that were read, and are meant.
    #[serde(default)]
    anyway: String,
}

#[derive(Deserialize)]
pub(super) struct CalledOff {
    /// Whose wish it is: `patient` or `practice`.
    #[serde(default)]
    by: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn move_form(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::MoveVisit).await?;
    if !visit.state.can_move() {
        return Err(Failure::told(StatusCode::CONFLICT, "move-too-late"));
    }
    let (day, hour) = when::fields(visit.starts_at, ctx.zone()).unwrap_or_default();
    let site = site_of(&mut *ctx.keep.read().await?, visit.id).await?;
    let site = site.map(|site| site.text()).unwrap_or_default();
    let typed = NewTime { day, hour, site: Some(site), anyway: String::new() };
    move_page(&ctx, &access, &visit, (typed, Faults::default(), None)).await
}

pub(super) async fn move_it(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<NewTime>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::MoveVisit).await?;
    if !visit.state.can_move() {
        return Err(Failure::told(StatusCode::CONFLICT, "move-too-late"));
    }
    let mut faults = Faults::default();
    let starts_at = read_time(&ctx, (&typed.day, &typed.hour), &mut faults);
    let Some(starts_at) = starts_at.filter(|_| !faults.any()) else {
        return move_page(&ctx, &access, &visit, (typed, faults, None)).await;
    };
    let mut tx = ctx.keep.begin().await?;
    let before = site_of(&mut tx, visit.id).await?;
    let site = typed.site.as_ref().map_or(before, |typed| SiteId::parse(typed));
    if site != before && !known_site(&mut tx, site).await? {
        return Err(Failure::BadInput);
    }
    let slot = Slot {
        clinician: visit.clinician,
        patient: visit.patient,
        starts_at,
        length_min: visit.length_min,
        site,
        except: Some(visit.id),
    };
    let found = clashes(&mut tx, &slot, ctx.zone()).await?;
    if let Some(warned) = still_to_confirm(&found, (slot.time(), &typed.anyway), &ctx.words) {
        drop(tx);
        return move_page(&ctx, &access, &visit, (typed, faults, Some(warned))).await;
    }
    if site != before {
        set_site(&mut tx, visit.id, site).await?;
    }
    // The clinician sits elsewhere: nothing of it concerns the patient.
    if site != before && starts_at == visit.starts_at {
        tx.hint(Hint::Visit(visit.id));
        tx.commit(&access, entry(&visit).detail("site", site.map(|site| site.text()).unwrap_or_default()))
            .await?;
        return Ok(back(&visit, "site", 0));
    }
    store::set_time(&mut tx, &visit, starts_at).await?;
    let moved = VisitRow { starts_at, version: visit.version + 1, ..visit };
    let secret = keep_link(&mut tx, &moved).await?;
    let mailed = letters::post_moved(&mut tx, &access, &moved, secret.as_ref(), Dress::of(&ctx)).await?;
    let shown = match secret {
        Some(secret) if !mailed => Some(Handed::of(&mut tx, &ctx, &access, (&moved, &secret)).await?),
        _ => None,
    };
    let unreached = companions::tell_moved(&mut tx, &access, &moved, Dress::of(&ctx)).await?;
    tx.hint(Hint::Visit(moved.id));
    let mut entry = entry(&moved).detail("from", visit.starts_at.0.to_string());
    if !found.is_empty() {
        entry = entry.detail("in_spite_of", codes(&found));
    }
    tx.commit(&access, entry.detail("starts_at", starts_at.0.to_string())).await?;
    if let Some(handed) = shown {
        return Ok(link_page(&ctx, &access, &moved, handed, unreached));
    }
    let done = if mailed { "moved" } else { "moved-call" };
    Ok(back(&moved, done, unreached))
}

pub(super) async fn cancel_form(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::CancelVisit).await?;
    Ok(cancel_page(&ctx, &access, &visit, Faults::default()))
}

pub(super) async fn cancel_it(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<CalledOff>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::CancelVisit).await?;
    let mut faults = Faults::default();
    if !matches!(typed.by.as_str(), "patient" | "practice") {
        faults.add("by", ctx.words.t("cancel-by-missing"));
        return Ok(cancel_page(&ctx, &access, &visit, faults));
    }
    let cancelled = visit.state.step(VisitEvent::Cancel).map_err(|_| too_late())?;
    let mut tx = ctx.keep.begin().await?;
    set_visit_state(&mut tx, &visit, cancelled, ctx.now).await?;
    let participant = patient_of(&mut tx, &visit).await?;
    people::invitations::cancel(&mut tx, participant.id).await?;
    let mailed = letters::post_cancelled(&mut tx, &access, &visit, Dress::of(&ctx)).await?;
    let unreached = companions::tell_cancelled(&mut tx, &access, &visit, Dress::of(&ctx)).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(&access, entry(&visit).detail("by", typed.by)).await?;
    let done = if mailed { "cancelled" } else { "cancelled-call" };
    Ok(back(&visit, done, unreached))
}

/// The visit's page, which says what happened, and whether somebody who comes along is to be called.
pub(super) fn back(visit: &VisitRow, done: &str, unreached: usize) -> Response {
    let call = if unreached > 0 { "&call=companions" } else { "" };
    see_other(&format!("/visits/{}?done={done}{call}", visit.id.text()))
}

pub(super) async fn no_show(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::CancelVisit).await?;
    let gone = visit.state.step(VisitEvent::NoShow).map_err(|_| too_late())?;
    if visit.starts_at > ctx.now {
        return Err(too_late());
    }
    let mut tx = ctx.keep.begin().await?;
    set_visit_state(&mut tx, &visit, gone, ctx.now).await?;
    tx.hint(Hint::Visit(visit.id));
    tx.commit(&access, entry(&visit).detail("by", "no_show")).await?;
    Ok(see_other(&format!("/visits/{}?done=no-show", visit.id.text())))
}

/// Mails a new link; the old one opens nothing any more. Without an address the page shows the link instead.
pub(super) async fn invite(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::SendInvitation).await?;
    let mut tx = ctx.keep.begin().await?;
    let secret = invited_again(&mut tx, &visit).await?;
    let mailed = letters::post_invitation(&mut tx, &access, &visit, &secret, Dress::of(&ctx)).await?;
    let handed = Handed::of(&mut tx, &ctx, &access, (&visit, &secret)).await?;
    tx.commit(&access, entry(&visit).detail("mailed", mailed.to_string())).await?;
    if mailed {
        return Ok(see_other(&format!("/visits/{}?done=sent", visit.id.text())));
    }
    Ok(link_page(&ctx, &access, &visit, handed, 0))
}

/// Shows a new link once, to read out or hand over.
pub(super) async fn link(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let (visit, access) = load(&ctx, &id, Act::SendInvitation).await?;
    let mut tx = ctx.keep.begin().await?;
    let secret = invited_again(&mut tx, &visit).await?;
    let handed = Handed::of(&mut tx, &ctx, &access, (&visit, &secret)).await?;
    tx.commit(&access, entry(&visit).detail("shown", "yes")).await?;
    Ok(link_page(&ctx, &access, &visit, handed, 0))
}

/// Reads day and hour; says kindly what is wrong with them.
pub(super) fn read_time(ctx: &Ctx, (day, hour): (&str, &str), faults: &mut Faults) -> Option<UnixMillis> {
    let told = |faults: &mut Faults, field, key: &str| {
        faults.add(field, ctx.words.t(key));
        None
    };
    match when::read(day, hour, ctx.zone()) {
        Ok(at) if at < ctx.now.plus_ms(-PAST_MS) => told(faults, "day", "book-past"),
        Ok(at) if at > ctx.now.plus_ms(AHEAD_MS) => told(faults, "day", "book-far"),
        Ok(at) => Some(at),
        Err(when::WhenFault::NotADay) => told(faults, "day", "book-not-a-day"),
        Err(when::WhenFault::NotAnHour) => told(faults, "hour", "book-not-an-hour"),
        Err(when::WhenFault::SkippedHour) => told(faults, "hour", "book-skipped-hour"),
        Err(when::WhenFault::Zone) => told(faults, "hour", "book-no-zone"),
    }
}

/// A walk-in may be booked for a moment that has just passed.
const PAST_MS: i64 = 15 * vocabulary::MINUTE_MS;
/// Nobody plans further ahead; a slip of the year would.
const AHEAD_MS: i64 = 2 * 366 * vocabulary::DAY_MS;

pub(super) fn name(ctx: &Ctx, access: &Access, visit: &VisitRow) -> Health {
    let known = ctx.plugged::<Names>().patient(access, visit.patient);
    known.unwrap_or_else(|| Health::new(ctx.words.t("day-name-unknown")))
}

async fn invited_again(tx: &mut Tx, visit: &VisitRow) -> Result<Secret, Failure> {
    let open = visit.state.step(VisitEvent::Invite).map_err(|_| too_late())?;
    let row = if visit.state == VisitState::Booked {
        set_visit_state(tx, visit, open, tx.now()).await?
    } else {
        visit.clone()
    };
    reinvite(tx, &row).await
}

/// The link that the patient has goes on until the new time. A new one only where the old one opens nothing:
/// it was locked, has run out, or never was.
async fn keep_link(tx: &mut Tx, visit: &VisitRow) -> Result<Option<Secret>, Failure> {
    still_of(tx, (visit.id, visit.patient)).await?;
    let participant = patient_of(tx, visit).await?;
    let newest = people::invitations::newest(tx, participant.id).await?;
    let now = tx.now();
    if newest.is_none_or(|one| !one.standing.is_open(now)) {
        return reinvite(tx, visit).await.map(Some);
    }
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    people::invitations::extend(tx, participant.id, ends).await?;
    Ok(None)
}

async fn reinvite(tx: &mut Tx, visit: &VisitRow) -> Result<Secret, Failure> {
    still_of(tx, (visit.id, visit.patient)).await?;
    let participant = patient_of(tx, visit).await?;
    let ends = invitation_ends(visit.starts_at, visit.length_min);
    Ok(people::invitations::reissue(tx, visit.id, participant.id, visit.patient, ends).await?)
}

/// None is known too: a visit may be at no site.
async fn known_site(conn: &mut Conn, site: Option<SiteId>) -> Result<bool, Failure> {
    let Some(site) = site else { return Ok(true) };
    Ok(practice::set_up::site_names(conn).await?.iter().any(|(known, _)| *known == site))
}

async fn move_page(
    ctx: &Ctx,
    access: &Access,
    visit: &VisitRow,
    (typed, faults, warned): (NewTime, Faults, Option<Warned>),
) -> Result<Response, Failure> {
    let status = match (faults.any(), &warned) {
        (true, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, Some(_)) => StatusCode::CONFLICT,
        (false, None) => StatusCode::OK,
    };
    let sites = practice::set_up::site_names(&mut *ctx.keep.read().await?).await?.into_iter();
    let choice = |(id, label): (SiteId, String)| {
        let value = id.text();
        Choice { chosen: Some(&value) == typed.site.as_ref(), value, label }
    };
    let page = MovePage {
        id: visit.id.text(),
        sites: sites.map(choice).collect(),
        name: name(ctx, access, visit),
        starts_at: visit.starts_at,
        typed,
        faults,
        warned,
    };
    Ok(ctx.page(Page::new(ctx.words.t("move-title")).rail("rail-day").status(status), &page))
}

fn cancel_page(ctx: &Ctx, access: &Access, visit: &VisitRow, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CancelPage {
        id: visit.id.text(),
        name: name(ctx, access, visit),
        starts_at: visit.starts_at,
        is_waiting: visit.state == VisitState::Waiting,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("cancel-title")).rail("rail-day").status(status), &page)
}

fn entry(visit: &VisitRow) -> Entry {
    Entry::new(Object::of("visit", visit.id.text()).version(visit.version))
}

pub(super) fn too_late() -> Failure {
    Failure::told(StatusCode::CONFLICT, "visit-too-late")
}

#[derive(Template)]
#[template(path = "before/booking/move.html")]
struct MovePage {
    id: String,
    sites: Vec<Choice>,
    name: Health,
    starts_at: UnixMillis,
    typed: NewTime,
    faults: Faults,
    warned: Option<Warned>,
}

#[derive(Template)]
#[template(path = "before/booking/cancel.html")]
struct CancelPage {
    id: String,
    name: Health,
    starts_at: UnixMillis,
    is_waiting: bool,
    faults: Faults,
}
