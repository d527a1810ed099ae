//! Who is near, the door, headphones, machines that listen (R90, the patient's side). Nothing here blocks;
//! an open place is said to the host and gets advice.

use super::answers::{DoorIs, Headphones, Listening, Near, Place};
use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::store::{self, Answer};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::Act;
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Typed {
    pub near: String,
    pub door_is: String,
    pub headphones: String,
    /// May stay empty: nobody must know what stands in every room.
    pub listening: String,
}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Place) {
        return Ok(elsewhere);
    }
    let view = ctx.keep.view(&guest.access, Object::of("check_in", guest.me.id.text())).await?;
    let of = (guest.me.id, guest.visit.patient);
    let before: Option<Place> =
        store::open(&view, &guest.access, of, (Answer::Place, guest.row.place.as_ref()))?;
    let typed = before.map_or_else(Typed::default, |place| Typed {
        near: place.near.code().into(),
        door_is: place.door.code().into(),
        headphones: place.headphones.code().into(),
        listening: place.listening.map(|it| it.code().to_owned()).unwrap_or_default(),
    });
    Ok(show(&ctx, &guest, typed, Faults::default()))
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RecordPlace).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Place) {
        return Ok(elsewhere);
    }
    let place = match read(&ctx, &typed) {
        Ok(place) => place,
        Err(faults) => return Ok(show(&ctx, &guest, typed, faults)),
    };
    let mut tx = ctx.keep.begin().await?;
    // Answered again on the same visit is not found again.
    let (visit, kind) = (guest.visit.id, Kind::PlaceNotPrivate);
    let is_new = guest.row.place.is_none() || !findings::has_shown(&mut tx, visit, kind).await?;
    if !place.is_private() && is_new {
        findings::raise(&mut tx, kind, Source::Visit(visit)).await?;
    }
    store::put_place(&mut tx, &guest.me, guest.visit.patient, &place).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, Entry::new(Object::of("check_in", guest.me.id.text()))).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Place)))
}

/// The place, or what is missing, field by field.
pub(crate) fn read(ctx: &Ctx, typed: &Typed) -> Result<Place, Faults> {
    let mut faults = Faults::default();
    let (near, door) = (Near::parse(&typed.near), DoorIs::parse(&typed.door_is));
    let headphones = Headphones::parse(&typed.headphones);
    let missing = [
        ("near", near.is_none(), "place-near-missing"),
        ("door_is", door.is_none(), "place-door-missing"),
        ("headphones", headphones.is_none(), "place-headphones-missing"),
    ];
    missing.iter().filter(|row| row.1).for_each(|row| faults.add(row.0, ctx.words.t(row.2)));
    let (Some(near), Some(door), Some(headphones)) = (near, door, headphones) else { return Err(faults) };
    Ok(Place { near, door, headphones, listening: Listening::parse(&typed.listening) })
}

fn show(ctx: &Ctx, guest: &Guest, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let progress = guest.progress(Step::Place);
    let page = PlacePage {
        door: guest.door.clone(),
        back: guest.back_address(Step::Place),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        accompanies: guest.me.part.accompanies(),
        typed,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("place-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "before/check_in/place.html")]
struct PlacePage {
    door: String,
    back: String,
    now: usize,
    of: usize,
    left: String,
    /// Nobody else may listen with a supporter or an interpreter, trusted or not.
    accompanies: bool,
    typed: Typed,
    faults: Faults,
}
