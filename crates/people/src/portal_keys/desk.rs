//! The desk's page beside a patient: help with the way into the portal, without seeing anything that opens
//! it.

use super::own::{self, Line};
use super::{rules, store};
use crate::break_glass::tell_officials;
use crate::merges;
use crate::patients::{Names, contact};
use crate::proofs::qr;
use crate::staff::acting;
use crate::standing;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::PatientId;
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// Where officials find who let a browser in, for whom and how they knew them.
const LOOK_AT: &str = "/practice/trail";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sending {
    /// The phone is lost: whatever let in until now no longer does.
    lost: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    code: String,
    identity: String,
    /// As for a link.
    lost_phone: String,
}

pub(super) async fn page(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&ctx, &id, (Typed::default(), Faults::default()), done(&asked.done)).await
}

/// A link to the address on file. It is shown to nobody here.
pub(super) async fn send(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(sending): Form<Sending>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id).await?;
    let lost = !sending.lost.is_empty();
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    let ended = if lost { store::end_lost(&mut tx, patient).await? } else { 0 };
    let secret = store::issue(&mut tx, patient).await?;
    let link = format!("{}/portal/link#{}", ctx.settings.face.origin, secret.reveal());
    // A chart of somebody else may have become part of this one by mistake, or on purpose.
    let lately = merges::is_lately_from_elsewhere(&mut tx, patient, ctx.now).await?;
    let mail = (patient, Mail::Enrol { link: &link });
    let mailed = !lately && own::post(&ctx, &mut tx, &access, mail).await?;
    // Whoever found the phone is signed out, whether or not a letter reaches the patient.
    let (what, done) = match (mailed, lost) {
        (true, false) => ("link mailed", "sent"),
        (true, true) => ("link mailed", "lost"),
        (false, true) => ("ways in ended", "ended"),
        (false, false) => {
            let why = match (lately, tx.settings().house_rules.send_mail) {
                (true, _) => "portal-merged-lately",
                (false, false) => "portal-mail-is-off",
                (false, true) => "portal-no-address",
            };
            return Err(Failure::told(StatusCode::CONFLICT, why));
        }
    };
    if lost {
        own::tell(&ctx, &mut tx, &access, patient).await?;
    }
    let entry = Entry::new(own::object(patient, "")).detail("what", what);
    tx.commit(&access, entry.detail("ended", ended.to_string())).await?;
    Ok(back(patient, done))
}

/// The patient's own browser shows a code; the desk says whose it is. Nothing comes back that would sign
/// anybody in here: the waiting browser goes on by itself, and asks for the birth date.
pub(super) async fn approve(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, &id).await?;
    let mut faults = Faults::default();
    let spelled = rules::spell_code(&typed.code);
    if spelled.is_none() {
        faults.add("code", ctx.words.t("portal-code-slip"));
    }
    if !rules::is_identity(&typed.identity) {
        faults.add("identity", ctx.words.t("rep-fault-identity"));
    }
    let Some(spelled) = spelled.filter(|_| !faults.any()) else {
        return draw(&ctx, &id, (typed, faults), "").await;
    };
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    let ended = if typed.lost_phone.is_empty() { 0 } else { store::end_lost(&mut tx, patient).await? };
    let link = match store::approve(&mut tx, patient, &spelled).await {
        Err(KeepError::NotFound) => {
            drop(tx);
            faults.add("code", ctx.words.t("portal-code-unknown"));
            return draw(&ctx, &id, (typed, faults), "").await;
        }
        found => found?,
    };
    own::tell(&ctx, &mut tx, &access, patient).await?;
    // Whoever types the code could hold the waiting browser too, and may see the birth date: somebody else
    // looks at each of these.
    let told = tell_officials(&ctx, &mut tx, (&access, acting(&ctx)?), LOOK_AT).await?;
    let entry = Entry::new(own::object(patient, &link.text())).detail("what", "browser let in");
    let entry = entry.detail("identity", typed.identity).detail("ended", ended.to_string());
    tx.commit(&access, entry.detail("told", told.to_string())).await?;
    Ok(back(patient, "approved"))
}

async fn may(ctx: &Ctx, id: &str) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(Act::HelpPortalKeys, &facts).await?, patient))
}

fn back(patient: PatientId, done: &str) -> Response {
    web::see_other(&format!("/patients/{}/portal?done={done}", patient.text()))
}

fn done(word: &str) -> &'static str {
    match word {
        "sent" => "portal-help-sent",
        "lost" => "portal-help-lost",
        "ended" => "portal-help-ended",
        "approved" => "portal-help-approved",
        _ => "",
    }
}

async fn draw(
    ctx: &Ctx,
    id: &str,
    (typed, faults): (Typed, Faults),
    done: &'static str,
) -> Result<Response, Failure> {
    let (access, patient) = may(ctx, id).await?;
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, own::object(patient, "")).await?;
    let reached = contact(&mut view, &access, patient).await?.email.is_some();
    let mail_is_off = !ctx.settings.house_rules.send_mail;
    let keys = store::list(&mut view, patient).await?;
    let address = format!("{}/portal/sign-in", ctx.settings.face.origin);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Help {
        name: name.reveal().to_owned(),
        path: format!("/patients/{}/portal", patient.text()),
        picture: qr::picture(&address, &ctx.words.t("portal-help-picture")),
        keys: keys.iter().map(|one| Line::of(ctx, one)).collect(),
        address,
        reached: reached && !mail_is_off,
        mail_is_off,
        typed,
        faults,
        done,
    };
    Ok(ctx.page(Page::new(ctx.words.t("portal-desk-title")).rail("rail-patients").status(status), &page))
}

#[derive(Template)]
#[template(path = "portal_keys/desk.html")]
struct Help {
    name: String,
    path: String,
    /// Where patients sign in: no secret in it.
    address: String,
    picture: String,
    keys: Vec<Line>,
    /// There is a mail address on file, and the house sends mail.
    reached: bool,
    mail_is_off: bool,
    typed: Typed,
    faults: Faults,
    done: &'static str,
}
