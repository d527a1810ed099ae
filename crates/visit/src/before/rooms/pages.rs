//! The list of rooms, the page of one, and their forms.

use super::rules::{Measured, Standing, due_at, name_fault};
use super::store::{self, Check, Room};
use super::{RoomId, rules::NAME_MAX};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::patients::Names;
use policy::{Act, Facts};
use serde::Deserialize;
use std::collections::HashMap;
use vocabulary::{Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

const HOME: &str = "/practice/rooms";
/// Of one room, on its page.
const CHECKS_SHOWN: i64 = 20;

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    draw(&ctx, String::new(), Faults::default()).await
}

async fn draw(ctx: &Ctx, typed: String, faults: Faults) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRooms, &Facts::default()).await?;
    let mut read = ctx.keep.read().await?;
    let rooms = store::all(&mut read).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (here, gone): (Vec<_>, Vec<_>) = rooms.into_iter().partition(|room| room.is_here);
    let page = List {
        here: here.iter().map(|room| Line::of(ctx, room)).collect(),
        gone: gone.iter().map(|room| Line::of(ctx, room)).collect(),
        may_change: ctx.allowed(Act::ChangeRooms, &Facts::default()),
        typed,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("rooms-title")).rail("rail-practice").status(status), &page))
}

#[derive(Template)]
#[template(path = "before/rooms/list.html")]
struct List {
    here: Vec<Line>,
    gone: Vec<Line>,
    may_change: bool,
    /// The name that was typed.
    typed: String,
    faults: Faults,
}

/// Never colour alone: a tone goes with an icon and a word.
struct Line {
    id: String,
    name: String,
    version: i64,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
    due: Option<UnixMillis>,
    newest: Option<Told>,
}

struct Told {
    at: UnixMillis,
    by: String,
    luma: i64,
    noise_db: i64,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
    /// Keys of what speaks against the room.
    against: Vec<&'static str>,
}

impl Line {
    fn of(ctx: &Ctx, room: &Room) -> Line {
        let (tone, icon, word) = shown(room.standing(ctx.now));
        Line {
            id: room.id.text(),
            name: room.name.clone(),
            version: room.version,
            tone,
            icon,
            word,
            due: room.newest.map(|check| due_at(check.at)),
            newest: room.newest.map(|check| Told::of(ctx, &check)),
        }
    }
}

impl Told {
    fn of(ctx: &Ctx, check: &Check) -> Told {
        use crate::before::check_in::answers::Verdict::Poor;
        let it = &check.measured;
        let fit = if it.is_fit() { Standing::Fit } else { Standing::Unfit };
        let (tone, icon, word) = shown(fit);
        let against = [
            (it.light == Poor, "rooms-against-light"),
            (it.noise == Poor, "rooms-against-noise"),
            (!it.closes, "rooms-against-door"),
            (!it.unheard, "rooms-against-walls"),
            (!it.no_machines, "rooms-against-machines"),
        ];
        Told {
            at: check.at,
            by: ctx
                .plugged::<Names>()
                .staff(check.person)
                .map(|it| it.reveal().to_owned())
                .unwrap_or_default(),
            luma: it.luma,
            noise_db: it.noise_db,
            tone,
            icon,
            word,
            against: against.into_iter().filter(|(is, _)| *is).map(|(_, key)| key).collect(),
        }
    }
}

fn shown(standing: Standing) -> (&'static str, &'static str, &'static str) {
    match standing {
        Standing::Unknown => ("warn", "circle-question-mark", "rooms-unknown"),
        Standing::Fit => ("ok", "check", "rooms-fit"),
        Standing::Unfit => ("bad", "circle-alert", "rooms-unfit"),
        Standing::Overdue => ("warn", "clock", "rooms-overdue"),
    }
}

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

/// `POST /practice/rooms`
pub(super) async fn add(ctx: Ctx, Form(named): Form<Named>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeRooms, &Facts::default()).await?;
    let name = named.name.trim();
    let mut tx = ctx.keep.begin().await?;
    let rooms = store::all(&mut tx).await?;
    let others: Vec<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    if let Some(fault) = name_fault(name, &others) {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("name", ctx.words.with(fault, &[("n", NAME_MAX.into())]));
        return draw(&ctx, named.name, faults).await;
    }
    let id = store::add(&mut tx, name).await?;
    tx.commit(&access, Entry::new(Object::of("room_register", id.text())).detail("state", "here")).await?;
    Ok(see_other(&format!("{HOME}/{}", id.text())))
}

/// `GET /practice/rooms/{id}`
pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&ctx, &id, Faults::default()).await
}

async fn show(ctx: &Ctx, id: &str, faults: Faults) -> Result<Response, Failure> {
    ctx.decide(Act::SeeRooms, &Facts::default()).await?;
    let id = RoomId::parse(id).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    let room = store::load(&mut read, id).await?;
    let checks = store::checks(&mut read, id, CHECKS_SHOWN).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = One {
        is_here: room.is_here,
        may_check: room.is_here && ctx.allowed(Act::CheckRoom, &Facts::default()),
        may_change: ctx.allowed(Act::ChangeRooms, &Facts::default()),
        room: Line::of(ctx, &room),
        checks: checks.iter().map(|check| Told::of(ctx, check)).collect(),
        faults,
    };
    let shell = Page::new(room.name).rail("rail-practice").status(status).camera().script();
    Ok(ctx.page(shell, &page))
}

#[derive(Template)]
#[template(path = "before/rooms/one.html")]
struct One {
    room: Line,
    is_here: bool,
    checks: Vec<Told>,
    may_check: bool,
    may_change: bool,
    faults: Faults,
}

/// `POST /practice/rooms/{id}/check`
pub(super) async fn check(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<HashMap<String, String>>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CheckRoom, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let Some(measured) = Measured::read(|name| typed.get(name).cloned().unwrap_or_default()) else {
        let mut faults = Faults::default();
        faults.add("measure", ctx.words.t("rooms-fault-measure"));
        return show(&ctx, &id, faults).await;
    };
    let id = RoomId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    let room = store::load(&mut tx, id).await?;
    if !room.is_here {
        return Err(Failure::NotFound);
    }
    store::add_check(&mut tx, id, person, &measured).await?;
    let fit = if measured.is_fit() { "fit" } else { "unfit" };
    tx.commit(&access, Entry::new(Object::of("room_register", id.text())).detail("found", fit)).await?;
    Ok(see_other(&format!("{HOME}/{}", id.text())))
}

#[derive(Deserialize)]
pub(super) struct Version {
    version: i64,
}

/// `POST /practice/rooms/{id}/gone`
pub(super) async fn gone(ctx: Ctx, Path(id): Path<String>, form: Form<Version>) -> Result<Response, Failure> {
    turn(&ctx, &id, form.0.version, false).await
}

/// `POST /practice/rooms/{id}/back`
pub(super) async fn back(ctx: Ctx, Path(id): Path<String>, form: Form<Version>) -> Result<Response, Failure> {
    turn(&ctx, &id, form.0.version, true).await
}

async fn turn(ctx: &Ctx, id: &str, version: i64, here: bool) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeRooms, &Facts::default()).await?;
    let id = RoomId::parse(id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    let room = store::load(&mut tx, id).await?;
    if room.is_here != here {
        store::set_here(&mut tx, &Room { version, ..room }, here).await?;
        let state = if here { "here" } else { "gone" };
        tx.commit(&access, Entry::new(Object::of("room_register", id.text())).detail("state", state)).await?;
    }
    Ok(see_other(HOME))
}
