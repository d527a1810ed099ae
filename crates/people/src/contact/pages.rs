//! The page of one patient's wishes: their own in the portal and at check-in, the desk's beside a patient.

use super::rules::{CAMERAS, Channel, Preferences, Typed};
use super::store;
use super::texting::Texting;
use crate::patients::{self, Contact, Names};
use crate::staff::acting;
use crate::{merges, standing};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::outbox::texts;
use keep::{Conn, Entry, Object, Owner};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{HOUR_MS, PatientId, PersonId, Principal, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

const PORTAL: &str = "/portal/contact";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

/// A patient's own page: where its form goes, and where the way back leads.
pub struct Own<'a> {
    pub action: &'a str,
    pub back: &'a str,
    /// A word's key.
    pub back_word: &'static str,
    pub saved: bool,
}

pub(super) async fn portal(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::SeePreferences).await?;
    own_page(&ctx, &access, patient, in_portal(asked.done == "saved")).await
}

pub(super) async fn save_in_portal(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let (access, patient) = mine(&ctx, Act::ChangePreferences).await?;
    save_own(&ctx, &access, patient, typed, in_portal(true)).await
}

/// Draws the form for the patient, whose proof is `access`.
pub async fn own_page(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    at: Own<'_>,
) -> Result<Response, Failure> {
    let typed = stands(ctx, access, patient).await?;
    Ok(draw_own(ctx, &at, Fields::new(ctx, typed, Faults::default())))
}

/// Writes what the patient asked for, or shows the form again with what is wrong.
pub async fn save_own(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    typed: Typed,
    at: Own<'_>,
) -> Result<Response, Failure> {
    match save(ctx, access, patient, (&typed, None)).await? {
        Ok(()) => Ok(web::see_other(&format!("{}?done=saved", at.action))),
        Err(faults) => {
            let at = Own { saved: false, ..at };
            Ok(draw_own(ctx, &at, Fields::new(ctx, typed, faults)))
        }
    }
}

pub(super) async fn desk(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id, Act::SeePreferences).await?;
    let typed = stands(&ctx, &access, patient).await?;
    let fields = Fields::new(&ctx, typed, Faults::default());
    draw_desk(&ctx, &access, patient, (fields, asked.done == "saved")).await
}

pub(super) async fn save_at_desk(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id, Act::ChangePreferences).await?;
    match save(&ctx, &access, patient, (&typed, Some(acting(&ctx)?))).await? {
        Ok(()) => Ok(web::see_other(&format!("/patients/{}/contact?done=saved", patient.text()))),
        Err(faults) => {
            let fields = Fields::new(&ctx, typed, faults);
            draw_desk(&ctx, &access, patient, (fields, false)).await
        }
    }
}

/// What a colleague sees of it beside a chart or a visit.
pub(crate) struct Card {
    /// Where it is changed.
    pub href: String,
    /// Where language and aids are changed.
    pub needs: String,
    pub confidential: bool,
    /// A word's key and what stands behind it.
    pub lines: Vec<(&'static str, String)>,
}

pub(crate) fn card(ctx: &Ctx, patient: PatientId, asked: &Preferences) -> Card {
    let yes = |set: bool| ctx.words.t(if set { "contact-yes" } else { "contact-no" });
    let mut lines = Vec::new();
    if !asked.call_me.is_empty() {
        lines.push(("contact-call-me", asked.call_me.clone()));
    }
    lines.push(("contact-channel", ctx.words.t(&format!("contact-by-{}", asked.channel.code()))));
    let hours = match (asked.from, asked.until) {
        (_, 0) | (0, 24) => ctx.words.t("contact-any-time"),
        (from, until) => format!("{} – {}", hour(ctx, from), hour(ctx, until)),
    };
    let days = if asked.weekdays { format!(", {}", ctx.words.t("contact-weekdays")) } else { String::new() };
    lines.push(("contact-hours", hours + &days));
    lines.push(("contact-voicemail", yes(asked.voicemail)));
    if !asked.present.is_empty() {
        lines.push(("contact-present", asked.present.clone()));
    }
    if !asked.camera.is_empty() {
        lines.push(("contact-camera", ctx.words.t(&format!("contact-camera-{}", asked.camera))));
    }
    if !asked.post.is_empty() {
        lines.push(("contact-post", asked.post.clone()));
    }
    let href = format!("/patients/{}/contact", patient.text());
    let needs = format!("/patients/{}/needs", patient.text());
    Card { href, needs, confidential: asked.is_confidential(), lines }
}

async fn stands(ctx: &Ctx, access: &Access, patient: PatientId) -> Result<Typed, Failure> {
    let mut view = ctx.keep.view(access, object(patient)).await?;
    let mut now = store::standing(&mut view, access, patient).await?;
    let contact = patients::contact(&mut view, access, patient).await?;
    // Whoever said STOP ticks the box again to want texts: what the form shows is what holds.
    let stopped = stopped(ctx, &mut view, &contact).await?;
    now.asked.texts &= stopped.is_none();
    Ok(Typed { stopped: as_seen(stopped), ..Typed::of(&now.asked, now.row) })
}

/// A STOP as the page carries it back.
fn as_seen(stopped: Option<UnixMillis>) -> String {
    stopped.map_or_else(String::new, |at| at.0.to_string())
}

/// Since when the number in use wants no texts.
async fn stopped(ctx: &Ctx, conn: &mut Conn, contact: &Contact) -> Result<Option<UnixMillis>, Failure> {
    let Some(number) = number(ctx, contact) else { return Ok(None) };
    Ok(texts::stopped(conn, &ctx.keep, &number).await?)
}

fn number(ctx: &Ctx, contact: &Contact) -> Option<String> {
    ctx.part::<Texting>().number(contact.phone.as_ref()?.reveal())
}

/// "Stop texting me", said to somebody at the desk: it holds at once, as a STOP from the phone does.
pub(super) async fn stop_texts(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(crate::staff::Empty {}): Form<crate::staff::Empty>,
) -> Result<Response, Failure> {
    let (access, patient) = of(&ctx, &id, Act::ChangePreferences).await?;
    let mut tx = ctx.keep.begin().await?;
    let contact = patients::contact(&mut tx, &access, patient).await?;
    let number = number(&ctx, &contact).ok_or(Failure::NotFound)?;
    tx.stop_texts(&number).await?;
    tx.commit(&access, Entry::new(object(patient)).detail("texts", "stop")).await?;
    Ok(web::see_other(&format!("/patients/{}/contact?done=saved", patient.text())))
}

async fn save(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    (typed, by): (&Typed, Option<PersonId>),
) -> Result<Result<(), Faults>, Failure> {
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    let on_file = patients::on_file(&mut tx, patient).await?;
    let before = store::standing(&mut tx, access, patient).await?;
    let reached = patients::contact(&mut tx, access, patient).await?;
    let stopped = as_seen(stopped(ctx, &mut tx, &reached).await?);
    let mut faults = Faults::default();
    if before.row != typed.base || stopped != typed.stopped {
        faults.add("channel", ctx.words.t("contact-fault-meanwhile"));
    }
    let asked = typed.check(on_file).unwrap_or_else(|wrong| {
        for (field, code) in wrong {
            faults.add(field, ctx.words.t(&format!("contact-fault-{code}")));
        }
        Preferences::default()
    });
    if faults.any() {
        return Ok(Err(faults));
    }
    let old = number(ctx, &reached);
    store::say(&mut tx, patient, &asked, by).await?;
    let new = number(ctx, &patients::contact(&mut tx, access, patient).await?);
    // What waits was written for the wishes of before.
    let ends = before.asked.texts && !asked.texts || before.asked.channel != asked.channel || old != new;
    if let (true, Some(old)) = (ends, old) {
        tx.give_up_texts(&old, Owner::Patient(patient)).await?;
    }
    // A STOP ends with a tick that was not there before, and with no form that happened to have one.
    let was_ticked = before.asked.texts && stopped.is_empty();
    if let (true, Some(new)) = (asked.texts && !was_ticked, new) {
        tx.start_texts(&new).await?;
    }
    let entry = Entry::new(object(patient)).detail("channel", asked.channel.code());
    let entry = entry.detail("texts", if asked.texts { "yes" } else { "no" });
    let elsewhere = if asked.is_confidential() { "yes" } else { "no" };
    tx.commit(access, entry.detail("confidential", elsewhere)).await?;
    Ok(Ok(()))
}

fn in_portal(saved: bool) -> Own<'static> {
    Own { action: PORTAL, back: "/portal", back_word: "contact-back-portal", saved }
}

pub(super) fn object(patient: PatientId) -> Object {
    Object::of("contact", patient.text()).patient(patient)
}

pub(crate) async fn mine(ctx: &Ctx, act: Act) -> Result<(Access, PatientId), Failure> {
    let (patient, facts) = standing::in_portal(ctx).await?;
    Ok((ctx.decide(act, &facts).await?, patient))
}

async fn of(ctx: &Ctx, id: &str, act: Act) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let Principal::Staff { .. } = ctx.who else { return Err(Failure::NotFound) };
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(act, &facts).await?, patient))
}

fn hour(ctx: &Ctx, hour: u8) -> String {
    ctx.words.time(UnixMillis(i64::from(hour % 24) * HOUR_MS), "UTC")
}

fn draw_own(ctx: &Ctx, at: &Own<'_>, fields: Fields) -> Response {
    let page = OwnPage { action: at.action, back: at.back, back_word: at.back_word, saved: at.saved, fields };
    ctx.page(Page::new(ctx.words.t("contact-title")).status(page.fields.status()), &page)
}

async fn draw_desk(
    ctx: &Ctx,
    access: &Access,
    patient: PatientId,
    (fields, saved): (Fields, bool),
) -> Result<Response, Failure> {
    let name = ctx.plugged::<Names>().patient(access, patient).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(access, object(patient)).await?;
    let contact = patients::contact(&mut view, access, patient).await?;
    let stopped = stopped(ctx, &mut view, &contact).await?;
    let mut changes = Vec::new();
    for change in store::changes(&mut view, patient).await? {
        let by = change.by.and_then(|by| ctx.plugged::<Names>().staff(by));
        let by = by.map_or_else(|| ctx.words.t("contact-by-patient"), |name| name.reveal().to_owned());
        changes.push((ctx.words.day_and_time(change.at, ctx.zone()), by));
    }
    let status = fields.status();
    let text =
        |it: &Option<vocabulary::Health>| it.as_ref().map_or_else(String::new, |it| it.reveal().into());
    let page = DeskPage {
        name: name.reveal().to_owned(),
        action: format!("/patients/{}/contact", patient.text()),
        stop: format!("/patients/{}/contact/stop", patient.text()),
        email: text(&contact.email),
        phone: text(&contact.phone),
        card: card(ctx, patient, &contact.asked),
        saved,
        changes,
        may_stop: contact.asked.texts && stopped.is_none() && number(ctx, &contact).is_some(),
        stopped: stopped.map(|at| ctx.words.day_and_time(at, ctx.zone())),
        fields,
    };
    Ok(ctx.page(Page::new(ctx.words.t("contact-title-staff")).rail("rail-patients").status(status), &page))
}

/// The form itself, the same for everybody who fills it in.
struct Fields {
    typed: Typed,
    faults: Faults,
    /// Value, label, chosen.
    from: Vec<(String, String, bool)>,
    until: Vec<(String, String, bool)>,
    channels: Vec<(String, String, bool)>,
    cameras: Vec<(String, String, bool)>,
}

impl Fields {
    fn new(ctx: &Ctx, typed: Typed, faults: Faults) -> Fields {
        let hours = |hours: std::ops::RangeInclusive<u8>, chosen: &str| {
            let any = (String::new(), ctx.words.t("contact-any-time"), chosen.is_empty());
            let each = hours.map(|at| (at.to_string(), hour(ctx, at), chosen == at.to_string()));
            std::iter::once(any).chain(each).collect()
        };
        Fields {
            from: hours(0..=22, &typed.from),
            until: hours(2..=24, &typed.until),
            channels: radios(Channel::ALL.map(Channel::code), "contact-by", &typed.channel),
            cameras: radios(CAMERAS, "contact-camera", &typed.camera),
            typed,
            faults,
        }
    }

    fn status(&self) -> StatusCode {
        if self.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }
}

/// Value, key of its word, chosen.
fn radios<const N: usize>(codes: [&str; N], word: &str, chosen: &str) -> Vec<(String, String, bool)> {
    codes.map(|code| (code.to_owned(), format!("{word}-{code}"), code == chosen)).to_vec()
}

#[derive(Template)]
#[template(path = "contact/own.html")]
struct OwnPage<'a> {
    action: &'a str,
    back: &'a str,
    back_word: &'static str,
    saved: bool,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "contact/desk.html")]
struct DeskPage {
    name: String,
    action: String,
    stop: String,
    /// Where messages go and what is called today.
    email: String,
    phone: String,
    card: Card,
    saved: bool,
    /// When, and who.
    changes: Vec<(String, String)>,
    /// Since when this number wants no texts.
    stopped: Option<String>,
    may_stop: bool,
    fields: Fields,
}
