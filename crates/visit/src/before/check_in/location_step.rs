//! Where are you now, and which number calls you back if we get cut off (R87, R91). Both are required.

use super::answers::{ADDRESS_MAX, CALL_BACK_MAX, Location, LocationFault, STATES};
use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::store::{self, Answer};
use crate::before::consent;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object, Viewing};
use policy::Act;
use practice::findings::{self, Kind, Source};
use serde::Deserialize;
use vocabulary::Health;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// As typed. Holds an address, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    address: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    call_back: String,
}

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Location) {
        return Ok(elsewhere);
    }
    let mut view = ctx.keep.view(&guest.access, Object::of("check_in", guest.me.id.text())).await?;
    let before = answered(&mut view, &guest).await?;
    Ok(show(&ctx, &guest, before, Faults::default()))
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RecordLocation).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Location) {
        return Ok(elsewhere);
    }
    let Typed { address, state, call_back } = typed;
    let location = Location { address, state, call_back }.trimmed();
    let mut faults = Faults::default();
    for fault in location.faults() {
        match fault {
            LocationFault::Address => faults.add("address", ctx.words.t("location-address-missing")),
            LocationFault::State => faults.add("state", ctx.words.t("location-state-missing")),
            LocationFault::CallBack => faults.add("call_back", ctx.words.t("location-call-back-missing")),
        }
    }
    if faults.any() {
        return Ok(show(&ctx, &guest, location, faults));
    }
    let mut view = ctx.keep.view(&guest.access, Object::of("check_in", guest.me.id.text())).await?;
    let before = answered(&mut view, &guest).await?;
    drop(view);
    let mut tx = ctx.keep.begin().await?;
    // The same answer again on the same visit is not found again.
    let again = guest.row.location.is_some() && before.state == location.state;
    if !guest.house.serves(&location.state) && !again {
        findings::raise(&mut tx, Kind::OutsideStates, Source::Visit(guest.visit.id)).await?;
    }
    store::put_location(&mut tx, &guest.me, guest.visit.patient, &location).await?;
    if let Some(here) = consent::here(&mut tx, guest.visit.id).await? {
        consent::bind_state(&mut tx, &guest.visit, &here).await?;
    }
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, Entry::new(Object::of("check_in", guest.me.id.text()))).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Location)))
}

/// What was said before on this visit; else the number the practice has.
async fn answered(view: &mut Viewing, guest: &Guest) -> Result<Location, Failure> {
    let of = (guest.me.id, guest.visit.patient);
    let sealed = guest.row.location.as_ref();
    if let Some(before) = store::open(view, &guest.access, of, (Answer::Location, sealed))? {
        return Ok(before);
    }
    let contact = people::patients::contact(view, &guest.access, guest.visit.patient).await?;
    let call_back = contact.phone.map(|phone: Health| phone.reveal().to_owned()).unwrap_or_default();
    Ok(Location { address: String::new(), state: String::new(), call_back })
}

fn show(ctx: &Ctx, guest: &Guest, typed: Location, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let progress = guest.progress(Step::Location);
    let page = LocationPage {
        door: guest.door.clone(),
        back: guest.back_address(Step::Location),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        states: STATES,
        address_max: ADDRESS_MAX,
        call_back_max: CALL_BACK_MAX,
        typed,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("location-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "before/check_in/location.html")]
struct LocationPage {
    door: String,
    back: String,
    now: usize,
    of: usize,
    left: String,
    states: &'static [(&'static str, &'static str)],
    address_max: usize,
    call_back_max: usize,
    typed: Location,
    faults: Faults,
}
