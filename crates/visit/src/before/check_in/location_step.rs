//! Where are you now, and which number calls you back if we get cut off (R87, R91). Both are required.
//!
//! Asked at every visit, and again by whoever says that they are somewhere else. Where no licence of the
//! clinician covers the state, the step stays open until the practice has decided (R88).

use super::answers::{ADDRESS_MAX, CALL_BACK_MAX, Location, STATES, state_name};
use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::store::{self, Answer};
use crate::before::store::{ParticipantRow, VisitRow};
use crate::before::translations;
use crate::before::{consent, emergency, licence};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx, Viewing};
use people::patients::Names;
use policy::{Act, HouseRules};
use practice::findings::{self, Kind, Source};
use vocabulary::Health;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Location) {
        return Ok(elsewhere);
    }
    let mut view = ctx.keep.view(&guest.access, Object::of("check_in", guest.me.id.text())).await?;
    let before = answered(&mut view, &guest).await?;
    drop(view);
    show(&ctx, &guest, before, Faults::default()).await
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Location>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RecordLocation).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Location) {
        return Ok(elsewhere);
    }
    // What was agreed is the house's to say, not the form's.
    let location = Location { within_min: guest.house.drop_out_within_min, ..typed }.trimmed();
    let mut faults = Faults::default();
    for fault in location.faults() {
        faults.add(fault.field(), ctx.words.t(fault.word()));
    }
    if faults.any() {
        return show(&ctx, &guest, location, faults).await;
    }
    let mut tx = ctx.keep.begin().await?;
    located(&mut tx, (&guest.visit, &guest.me), &guest.house, &location).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, Entry::new(Object::of("check_in", guest.me.id.text()))).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Location)))
}

/// Keeps where the patient is, whoever wrote it down, and raises what somebody must look at. The same state
/// again on the same visit is not found again.
pub(crate) async fn located(
    tx: &mut Tx,
    (visit, who): (&VisitRow, &ParticipantRow),
    house: &HouseRules,
    location: &Location,
) -> Result<(), KeepError> {
    let before = store::load(tx, who.id).await?.state;
    store::put_location(tx, who, visit.patient, location).await?;
    if let Some(here) = consent::here(tx, visit.id).await? {
        consent::bind_state(tx, visit, &here).await?;
    }
    if before.as_deref() == Some(location.state.as_str()) {
        return Ok(());
    }
    let now = tx.now();
    let found = [
        (!house.serves(&location.state), Kind::OutsideStates),
        (licence::for_visit(tx, visit, now).await?.is_uncovered(), Kind::NoLicence),
        (emergency::for_place(tx, &location.state, &location.zip).await?.is_none(), Kind::NoEmergencyNumber),
    ];
    for (_, kind) in found.into_iter().filter(|(is, _)| *is) {
        findings::raise(tx, kind, Source::Visit(visit.id)).await?;
    }
    Ok(())
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
    Ok(Location { call_back, ..Location::default() })
}

async fn show(ctx: &Ctx, guest: &Guest, typed: Location, faults: Faults) -> Result<Response, Failure> {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let progress = guest.progress(Step::Location);
    let held = held(ctx, guest).await?;
    let siren = translations::emergency(ctx).await?;
    let phone = ctx.settings.face.phone.as_str();
    let given = [("n", guest.house.drop_out_within_min.into()), ("phone", phone.into())];
    let page = LocationPage {
        drop_out: siren.say("drop-out-patient", &given),
        siren: siren.say("location-emergency", &[]),
        door: guest.door.clone(),
        back: guest.back_address(Step::Location),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        states: STATES,
        address_max: ADDRESS_MAX,
        call_back_max: CALL_BACK_MAX,
        held,
        typed,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("location-title")).status(status), &page))
}

/// Why the way on is shut, where no licence covers the state: it opens when the practice decides, or when the
/// slip in the state is mended here.
async fn held(ctx: &Ctx, guest: &Guest) -> Result<String, Failure> {
    let mut read = ctx.keep.read().await?;
    let standing = licence::for_visit(&mut read, &guest.visit, ctx.now).await?;
    let Some(code) = standing.state.as_deref().filter(|_| !standing.lets_in()) else {
        return Ok(String::new());
    };
    let name = ctx.plugged::<Names>().staff(guest.visit.clinician);
    let who = name.map(|name| name.reveal().to_owned()).unwrap_or_default();
    let state = state_name(code).unwrap_or(code);
    let phone = ctx.settings.face.phone.as_str();
    let given = [("who", who.into()), ("state", state.into()), ("phone", phone.into())];
    Ok(ctx.words.with("location-held", &given))
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
    /// In words, while the visit cannot go on from that state.
    held: String,
    /// Who calls whom when the picture breaks off.
    drop_out: translations::Sentence,
    siren: translations::Sentence,
    typed: Location,
    faults: Faults,
}
