//! The page where staff check themselves, and the card on the day page.

use super::OwnCheck;
use super::store;
use crate::before::booking::when;
use crate::before::check_in::answers::{Device, Readiness, Verdict};
use crate::before::check_in::{DeviceBox, TypedPlace, TypedReadiness, device_boxes, kept, read_place};
use crate::before::rooms::{self, RoomId};
use crate::before::rules::VisitState;
use crate::before::store::{Span, VisitRow, visits_in};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Tx};
use policy::{Act, Facts};
use practice::findings::{self, Kind, Source};
use vocabulary::{PersonId, Principal, UnixMillis, VisitId};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Today, from midnight to midnight in the practice's zone.
fn today(ctx: &Ctx) -> Result<(UnixMillis, UnixMillis), Failure> {
    let zone = ctx.zone();
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    when::span_of(when::day_of(ctx.now, zone).map_err(broken)?, zone).map_err(broken)
}

fn me(ctx: &Ctx) -> Result<PersonId, Failure> {
    match ctx.who {
        Principal::Staff { person, .. } => Ok(person),
        _ => Err(Failure::NotFound),
    }
}

/// What the day page says about one's own check of this day.
pub(crate) struct Card {
    pub checked_at: Option<UnixMillis>,
    pub may_be_heard: bool,
}

/// None on another day, and for whoever meets nobody today.
pub(crate) async fn card(ctx: &Ctx, conn: &mut Conn, is_today: bool) -> Result<Option<Card>, Failure> {
    if !is_today || !ctx.allowed(Act::CheckOwnReadiness, &Facts::default()) {
        return Ok(None);
    }
    let person = me(ctx)?;
    let span = today(ctx)?;
    if first_visit(conn, person, span).await?.is_none() {
        return Ok(None);
    }
    let own = store::newest(conn, person, span).await?;
    Ok(Some(Card {
        checked_at: own.map(|it| it.at),
        may_be_heard: own.is_some_and(|it| !it.place.is_private()),
    }))
}

/// The visit of this day that this person hosts first, for a finding.
async fn first_visit(
    conn: &mut Conn,
    person: PersonId,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<Option<VisitId>, KeepError> {
    let visits = visits_in(conn, Span { clinician: Some((person, from)), ..Span::of((from, until)) }).await?;
    let met = |visit: &&VisitRow| !matches!(visit.state, VisitState::Cancelled | VisitState::NoShow);
    Ok(visits.iter().find(met).map(|visit| visit.id))
}

pub(super) async fn page(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::CheckOwnReadiness, &Facts::default()).await?;
    let span = today(&ctx)?;
    let mut read = ctx.keep.read().await?;
    let own = store::newest(&mut read, me(&ctx)?, span).await?;
    drop(read);
    let typed = own.map_or_else(TypedPlace::default, |own| TypedPlace {
        near: own.place.near.code().into(),
        door_is: own.place.door.code().into(),
        headphones: own.place.headphones.code().into(),
        listening: own.place.listening.map(|it| it.code().to_owned()).unwrap_or_default(),
    });
    let measured = own.map(|own| own.readiness.fields()).unwrap_or_default();
    show(&ctx, (own, typed), (measured, Faults::default())).await
}

async fn show(
    ctx: &Ctx,
    (own, typed): (Option<OwnCheck>, TypedPlace),
    (measured, faults): (TypedReadiness, Faults),
) -> Result<Response, Failure> {
    let mut read = ctx.keep.read().await?;
    let rooms = rooms::store::all(&mut read).await?;
    drop(read);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed_room = measured.get("room").and_then(|id| RoomId::parse(id));
    let chosen = typed_room.or_else(|| own.and_then(|own| own.room));
    let rooms = rooms.into_iter().filter(|room| room.is_here);
    let page = OwnPage {
        checked_at: own.map(|own| own.at),
        rooms: rooms.map(|room| (room.id.text(), room.name, Some(room.id) == chosen)).collect(),
        boxes: device_boxes(&measured),
        kept: kept(&measured),
        typed,
        faults,
    };
    let shell = Page::new(ctx.words.t("own-title")).rail("rail-day").status(status).camera().script();
    Ok(ctx.page(shell, &page))
}

#[derive(Template)]
#[template(path = "before/staff_readiness/page.html")]
struct OwnPage {
    checked_at: Option<UnixMillis>,
    /// Id, name, and whether it is chosen.
    rooms: Vec<(String, String, bool)>,
    boxes: Vec<DeviceBox>,
    /// What was measured before, today or until a fault was found: nothing is lost by it.
    kept: Vec<(&'static str, String)>,
    typed: TypedPlace,
    faults: Faults,
}

/// `POST /day/ready`
pub(super) async fn save(ctx: Ctx, Form(typed): Form<TypedReadiness>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CheckOwnReadiness, &Facts::default()).await?;
    let person = me(&ctx)?;
    let field = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let readiness = Readiness::read(field, ctx.now).ok_or(Failure::BadInput)?;
    let said = TypedPlace {
        near: field("near"),
        door_is: field("door_is"),
        headphones: field("headphones"),
        listening: field("listening"),
    };
    let place = match read_place(&ctx, &said) {
        Ok(place) => place,
        Err(faults) => return show(&ctx, (None, said), (typed, faults)).await,
    };
    let span = today(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let room = match RoomId::parse(&field("room")) {
        Some(id) => Some(rooms::store::load(&mut tx, id).await?.id),
        None => None,
    };
    // Looked at again on the same day is not found again.
    if store::newest(&mut tx, person, span).await?.is_none()
        && let Some(visit) = first_visit(&mut tx, person, span).await?
    {
        raise(&mut tx, (!place.is_private(), &readiness), visit).await?;
    }
    let id = store::add(&mut tx, person, (room, &place, &readiness)).await?;
    tx.commit(&access, Entry::new(Object::of("own_readiness", id))).await?;
    Ok(see_other("/day"))
}

/// The practice's own side is found apart from the patients'.
async fn raise(tx: &mut Tx, (heard, it): (bool, &Readiness), visit: VisitId) -> Result<(), KeepError> {
    let unsafe_device = it.device.is_some_and(|device| !device.is_safe());
    let room = heard || it.noise == Verdict::Poor || it.light == Verdict::Poor;
    let dead = it.camera != Device::Ok || it.microphone != Device::Ok;
    let poor = [it.voice, it.speaker, it.connection()].contains(&Verdict::Poor);
    let technique = !it.is_unmeasured() && (dead || poor);
    let found =
        [(room, Kind::StaffOwnRoom), (technique, Kind::HostTechnique), (unsafe_device, Kind::UnsafeDevice)];
    for (_, kind) in found.into_iter().filter(|(is, _)| *is) {
        findings::raise(tx, kind, Source::Visit(visit)).await?;
    }
    Ok(())
}
