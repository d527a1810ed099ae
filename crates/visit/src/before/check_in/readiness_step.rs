//! Camera, microphone, speaker, light, noise, network, browser and the five questions about the device (R29):
//! measured in the browser, and only verdict words and the numbers of the network arrive here.
//!
//! Refuses unknown words. Nothing blocks: a poor verdict informs desk and host and counts as a finding.

use super::answers::{Device, Readiness, Verdict};
use super::device::SafeDevice;
use super::guest::{Guest, load_guest};
use super::onward;
use super::rules::Step;
use super::store;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx};
use policy::Act;
use practice::findings::{self, Kind, Source};
use std::collections::HashMap;
use vocabulary::VisitId;
use web::{Ctx, Failure, Form, Page, filters, see_other};

/// What the page's element wrote, by the names of its fields. Without script nearly all of it is empty.
pub(crate) type Typed = HashMap<String, String>;

pub(super) async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Readiness) {
        return Ok(elsewhere);
    }
    // Whoever comes back finds what they said: going on again must not take it away.
    let view = ctx.keep.view(&guest.access, Object::of("check_in", guest.me.id.text())).await?;
    let of = (guest.me.id, guest.visit.patient);
    let said: Option<Readiness> =
        store::open(&view, &guest.access, of, (store::Answer::Readiness, guest.row.readiness.as_ref()))?;
    drop(view);
    let typed = said.map(|said| said.fields()).unwrap_or_default();
    Ok(show(&ctx, &guest, &typed))
}

pub(super) async fn save(
    ctx: Ctx,
    Path(door): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::RecordReadiness).await?;
    if let Some(elsewhere) = guest.elsewhere(Step::Readiness) {
        return Ok(elsewhere);
    }
    let field = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let readiness = Readiness::read(field, ctx.now).ok_or(Failure::BadInput)?;
    let mut tx = ctx.keep.begin().await?;
    raise(&mut tx, (&readiness, guest.row.readiness.is_none()), guest.visit.id).await?;
    store::put_readiness(&mut tx, &guest.me, guest.visit.patient, &readiness).await?;
    guest.stepped(&mut tx).await?;
    tx.commit(&guest.access, Entry::new(Object::of("check_in", guest.me.id.text()))).await?;
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&onward(&guest, Step::Readiness)))
}

/// What is measured again on the same visit is not found again.
async fn raise(
    tx: &mut Tx,
    (readiness, is_first): (&Readiness, bool),
    visit: VisitId,
) -> Result<(), KeepError> {
    let in_any_case = [
        (readiness.device.is_some_and(|device| !device.is_safe()), Kind::UnsafeDevice),
        (readiness.browser == Verdict::Poor, Kind::OldBrowser),
    ];
    let measured = [
        (readiness.connection() == Verdict::Poor, Kind::PoorConnection),
        (readiness.speaker == Verdict::Poor, Kind::NoSpeaker),
        (readiness.camera != Device::Ok, Kind::NoCamera),
        (readiness.microphone != Device::Ok, Kind::NoMicrophone),
        (readiness.light == Verdict::Poor, Kind::PoorLight),
        (readiness.noise == Verdict::Poor, Kind::PoorNoise),
        (readiness.voice == Verdict::Poor, Kind::PoorVoice),
    ];
    let unmeasured = [(true, Kind::ChecksSkipped)];
    let found = if readiness.is_unmeasured() { &unmeasured[..] } else { &measured[..] };
    for (_, kind) in in_any_case.iter().chain(found).filter(|(is, _)| *is) {
        if is_first || !findings::has_shown(tx, visit, *kind).await? {
            findings::raise(tx, *kind, Source::Visit(visit)).await?;
        }
    }
    Ok(())
}

fn show(ctx: &Ctx, guest: &Guest, typed: &Typed) -> Response {
    let progress = guest.progress(Step::Readiness);
    let page = ReadinessPage {
        boxes: device_boxes(typed),
        kept: kept(typed),
        door: guest.door.clone(),
        back: guest.back_address(Step::Readiness),
        now: progress.number,
        of: progress.of,
        left: ctx.words.with("step-left", &[("n", progress.minutes_left.into())]),
        must_run: guest.row.readiness.is_some() && !guest.done.readiness,
        phone: ctx.settings.face.phone.clone(),
        sound_only: guest.house.audio_only,
        by_phone: guest.house.phone_fallback,
    };
    ctx.page(Page::new(ctx.words.t("readiness-title")).camera().script(), &page)
}

/// One of the five questions, with the keys of its words.
pub(crate) struct DeviceBox {
    pub name: &'static str,
    pub label: String,
    pub hint: String,
    pub ticked: bool,
}

/// The five questions, as they were answered on the page before.
pub(crate) fn device_boxes(typed: &Typed) -> Vec<DeviceBox> {
    let key = |name: &str| name.replace('_', "-");
    let of = |name: &&'static str| DeviceBox {
        name,
        label: key(name),
        hint: format!("{}-hint", key(name)),
        ticked: typed.get(*name).is_some_and(|value| value == "yes"),
    };
    SafeDevice::BOXES.iter().map(of).collect()
}

/// The words and numbers that the page's element wrote, for hidden fields.
pub(crate) fn kept(typed: &Typed) -> Vec<(&'static str, String)> {
    let value = |name: &&'static str| typed.get(*name).map(|value| (*name, value.clone()));
    Readiness::FIELDS.iter().filter_map(value).collect()
}

#[derive(Template)]
#[template(path = "before/check_in/readiness.html")]
struct ReadinessPage {
    door: String,
    /// The five questions.
    boxes: Vec<DeviceBox>,
    /// What was measured already.
    kept: Vec<(&'static str, String)>,
    back: String,
    now: usize,
    of: usize,
    left: String,
    /// The person went on without, and the house does not let them.
    must_run: bool,
    phone: String,
    /// The house holds visits without a picture.
    sound_only: bool,
    /// The house calls where the video fails.
    by_phone: bool,
}
