//! `/g/{door}/lobby`: the end of check-in. Says whether the lobby is open, and has the button into it.
//!
//! Owns the gate: `enter_lobby` is the one way a participant comes to wait, whoever calls it (this page's
//! button or the room's socket). Refuses the patient without consent (R58) or location (R87), whoever comes
//! along without their promise, an interpreter who is not qualified any more (R94), everybody before the door
//! opens and after the visit is over.

use super::guest::load_guest;
use super::rules::{self, Door, Step};
use super::store;
use super::welcome::who_comes;
use crate::before::booking::when::day_of;
use crate::before::interpreting;
use crate::before::lateness::late_min;
use crate::before::rules::{Part, ParticipantEvent, ParticipantState, VisitEvent};
use crate::before::store::{
    ParticipantRow, VisitRow, load_visit, participant, set_participant, set_visit_state,
};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Hint, KeepError, Object, Tx};
use policy::{Act, HouseRules};
use vocabulary::{ParticipantId, UnixMillis};
use web::{Ctx, Failure, Page, filters, see_other};

/// Why somebody may not wait yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    #[error("consent missing")]
    ConsentMissing,
    #[error("location missing")]
    LocationMissing,
    /// No licence of the clinician covers the state, and the host has not decided (R88).
    #[error("licence missing")]
    LicenceMissing,
    #[error("a step of check-in is missing")]
    StepMissing,
    #[error("the lobby is not open yet")]
    TooEarly { opens_at: UnixMillis },
    #[error("the visit is over")]
    Over,
    /// Removed by the host, or not qualified any more: only the practice can help.
    #[error("not from this state")]
    Closed,
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// The store failed while somebody entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store failed")]
pub struct StoreFault;

impl NotReady {
    /// Stable, for the trail and the wire: `consent_missing` and so on.
    pub fn code(&self) -> &'static str {
        match self {
            NotReady::ConsentMissing => "consent_missing",
            NotReady::LocationMissing => "location_missing",
            NotReady::LicenceMissing => "licence_missing",
            NotReady::StepMissing => "step_missing",
            NotReady::TooEarly { .. } => "too_early",
            NotReady::Over => "over",
            NotReady::Closed => "closed",
            NotReady::Store(_) => "store",
        }
    }
}

impl From<NotReady> for Failure {
    fn from(why: NotReady) -> Failure {
        let told = |code| Failure::told(StatusCode::CONFLICT, code);
        match why {
            NotReady::ConsentMissing => told("lobby-consent-missing"),
            NotReady::LocationMissing => told("lobby-location-missing"),
            NotReady::LicenceMissing => told("lobby-licence-missing"),
            NotReady::StepMissing => told("lobby-step-missing"),
            NotReady::TooEarly { .. } => told("lobby-too-early"),
            NotReady::Over => told("lobby-over"),
            NotReady::Closed => told("lobby-closed"),
            NotReady::Store(_) => Failure::Busy,
        }
    }
}

/// Moves the participant to `waiting` and the visit with them, inside the caller's transaction. Whoever waits
/// already, or holds a place in the room, stays as they are. The caller commits with `Act::EnterLobby`.
pub async fn enter_lobby(
    tx: &mut Tx,
    id: ParticipantId,
    house: &HouseRules,
) -> Result<(VisitRow, ParticipantRow), NotReady> {
    let now = tx.now();
    let me = participant(tx, id).await?;
    let visit = load_visit(tx, me.visit).await?;
    may_enter(tx, (&visit, &me), house, now).await?;
    if me.state.holds_a_place() || me.state == ParticipantState::Waiting {
        return Ok((visit, me));
    }
    // Nothing is missing: whoever was sent back, or had to leave, and whose consent is given again, is ready.
    let begun = me.state.step(ParticipantEvent::Begin);
    let ready = begun.and_then(|state| state.step(ParticipantEvent::Complete)).unwrap_or(me.state);
    let state = ready.step(ParticipantEvent::EnterLobby).map_err(|_| NotReady::Closed)?;
    let me = set_participant(tx, &me, state, now).await?;
    if me.part == Part::Interpreter {
        interpreting::arrived(tx, me.id, (visit.id, visit.patient)).await?;
    }
    let arrived = visit.state.step(VisitEvent::Arrive).map_err(|_| NotReady::Over)?;
    let visit =
        if arrived == visit.state { visit } else { set_visit_state(tx, &visit, arrived, now).await? };
    tx.hint(Hint::Visit(visit.id));
    Ok((visit, me))
}

/// The gate alone, without entering.
pub async fn may_enter(
    conn: &mut keep::Conn,
    (visit, me): (&VisitRow, &ParticipantRow),
    house: &HouseRules,
    now: UnixMillis,
) -> Result<(), NotReady> {
    match rules::lobby_door(visit.state, visit.starts_at, house, now) {
        Door::Shut => return Err(NotReady::Over),
        Door::NotYet { opens_at } => return Err(NotReady::TooEarly { opens_at }),
        Door::Open => {}
    }
    if me.part == Part::Interpreter && !interpreting::may_come(conn, me.id, visit.starts_at.max(now)).await? {
        return Err(NotReady::Closed);
    }
    let row = store::load(conn, me.id).await?;
    let done = store::done(conn, visit, &row, (house, now)).await?;
    let steps = rules::steps(house, me.part, done.papers);
    if !done.consent && steps.contains(&Step::Consent) {
        return Err(NotReady::ConsentMissing);
    }
    if !done.location && steps.contains(&Step::Location) {
        return Err(NotReady::LocationMissing);
    }
    if !done.licence && steps.contains(&Step::Location) {
        return Err(NotReady::LicenceMissing);
    }
    match rules::first_missing(&steps, &done) {
        Some(_) => Err(NotReady::StepMissing),
        None => Ok(()),
    }
}

impl From<KeepError> for NotReady {
    fn from(_: KeepError) -> NotReady {
        NotReady::Store(StoreFault)
    }
}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::EnterLobby).await?;
    if rules::first_missing(&guest.steps, &guest.done).is_some() || guest.visit.state.is_over() {
        return Ok(see_other(&guest.next_address()));
    }
    let house = &ctx.settings.house_rules;
    let opens_at = match rules::lobby_door(guest.visit.state, guest.visit.starts_at, house, ctx.now) {
        Door::NotYet { opens_at } => Some(opens_at),
        Door::Open | Door::Shut => None,
    };
    let late = match day_of(ctx.now, ctx.zone()) {
        Ok(day) => late_min(&mut *ctx.keep.read().await?, guest.visit.clinician, day).await?,
        Err(_) => None,
    };
    let mut view = ctx.keep.view(&guest.access, Object::of("visit", guest.visit.id.text())).await?;
    let of = (&guest.visit, guest.me.part.accompanies());
    let comes = who_comes(&mut view, &guest.access, of, (&ctx.words, ctx.now)).await?;
    let at = guest.visit.starts_at.max(ctx.now);
    let closed =
        guest.me.part == Part::Interpreter && !interpreting::may_come(&mut view, guest.me.id, at).await?;
    drop(view);
    let page = LobbyPage {
        host: comes.host,
        others: comes.others,
        late,
        door,
        opens_at,
        starts_at: guest.visit.starts_at,
        today: ctx.words.day(guest.visit.starts_at, ctx.zone()) == ctx.words.day(ctx.now, ctx.zone()),
        removed: closed || guest.me.state == ParticipantState::Removed,
        inside: guest.me.state.holds_a_place(),
        accompanies: guest.me.part.accompanies(),
        phone: ctx.settings.face.phone.clone(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("lobby-title")), &page))
}

#[derive(Template)]
#[template(path = "before/check_in/lobby.html")]
struct LobbyPage {
    /// Who they will see, with credentials and where licensed.
    host: String,
    /// Name and part of everybody else who is expected at this moment; nobody for whoever comes along.
    others: Vec<(String, &'static str)>,
    door: String,
    opens_at: Option<UnixMillis>,
    starts_at: UnixMillis,
    today: bool,
    /// Taken off this visit, or not qualified to interpret any more.
    removed: bool,
    inside: bool,
    /// A supporter or an interpreter: nothing about consent or where they are.
    accompanies: bool,
    /// Minutes that this clinician runs late today.
    late: Option<i64>,
    phone: String,
}
