//! The desk's page beside a patient, and the same for somebody who acts for them: help with the way into the
//! portal, without seeing anything that opens it.

use super::own::{self, Line};
use super::rules::{self, Whose};
use super::store;
use crate::break_glass::tell_officials;
use crate::merges;
use crate::patients::{Names, contact};
use crate::proofs::qr;
use crate::representatives::{self, Representative};
use crate::staff::acting;
use crate::standing;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError};
use policy::{Access, Act};
use serde::Deserialize;
use std::collections::HashMap;
use vocabulary::{PatientId, RepresentativeId};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// Where officials find who let a browser in, for whom and how they knew them.
const LOOK_AT: &str = "/practice/trail";

/// The patient's id and, for somebody who acts for them, theirs.
type Ids = Path<HashMap<String, String>>;

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

pub(super) async fn page(ctx: Ctx, Path(ids): Ids, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    draw(&ctx, &ids, (Typed::default(), Faults::default()), done(&asked.done)).await
}

/// A link to the address on file. It is shown to nobody here.
pub(super) async fn send(
    ctx: Ctx,
    Path(ids): Ids,
    Form(sending): Form<Sending>,
) -> Result<Response, Failure> {
    let (access, whose) = may(&ctx, &ids).await?;
    let patient = whose.patient;
    let lost = !sending.lost.is_empty();
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    let ended = if lost { store::end_lost(&mut tx, ctx.part(), whose).await? } else { 0 };
    let secret = store::issue(&mut tx, whose).await?;
    let link = format!("{}/portal/link#{}", ctx.settings.face.origin, secret.reveal());
    // A chart of somebody else may have become part of this one by mistake, or on purpose.
    let lately = merges::is_lately_from_elsewhere(&mut tx, patient, ctx.now).await?;
    let mail = (whose, Mail::Enrol { link: &link });
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
        own::tell_whose(&ctx, &mut tx, &access, whose).await?;
    }
    let entry = own::for_whom(Entry::new(own::object(patient, "")), whose).detail("what", what);
    tx.commit(&access, entry.detail("ended", ended.to_string())).await?;
    Ok(back(whose, done))
}

/// The patient's own browser shows a code; the desk says whose it is. Nothing comes back that would sign
/// anybody in here: the waiting browser goes on by itself, and asks for the birth date.
pub(super) async fn approve(ctx: Ctx, Path(ids): Ids, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let (access, whose) = may(&ctx, &ids).await?;
    let patient = whose.patient;
    let mut faults = Faults::default();
    let spelled = rules::spell_code(&typed.code);
    if spelled.is_none() {
        faults.add("code", ctx.words.t("portal-code-slip"));
    }
    if !rules::is_identity(&typed.identity) {
        faults.add("identity", ctx.words.t("rep-fault-identity"));
    }
    let Some(spelled) = spelled.filter(|_| !faults.any()) else {
        return draw(&ctx, &ids, (typed, faults), "").await;
    };
    let mut tx = ctx.keep.begin().await?;
    merges::must_stand(&mut tx, patient).await?;
    let lost = !typed.lost_phone.is_empty();
    let ended = if lost { store::end_lost(&mut tx, ctx.part(), whose).await? } else { 0 };
    let link = match store::approve(&mut tx, whose, &spelled).await {
        Err(KeepError::NotFound) => {
            drop(tx);
            faults.add("code", ctx.words.t("portal-code-unknown"));
            return draw(&ctx, &ids, (typed, faults), "").await;
        }
        found => found?,
    };
    // Nobody has a key yet: the birth date is still asked. The patient hears of it when there is one.
    own::tell_whose(&ctx, &mut tx, &access, whose).await?;
    // Whoever types the code could hold the waiting browser too, and may see the birth date: somebody else
    // looks at each of these.
    let told = tell_officials(&ctx, &mut tx, (&access, acting(&ctx)?), LOOK_AT).await?;
    let entry = own::for_whom(Entry::new(own::object(patient, &link.text())), whose);
    let entry = entry.detail("what", "browser let in");
    let entry = entry.detail("identity", typed.identity).detail("ended", ended.to_string());
    tx.commit(&access, entry.detail("told", told.to_string())).await?;
    Ok(back(whose, "approved"))
}

/// Somebody whose authority is over gets no help: nobody of them acts for the patient now (R74).
async fn may(ctx: &Ctx, ids: &HashMap<String, String>) -> Result<(Access, Whose), Failure> {
    let patient = ids.get("id").and_then(|id| PatientId::parse(id)).ok_or(Failure::NotFound)?;
    let mut read = ctx.keep.read().await?;
    let facts = standing::of(&mut read, &ctx.who, patient, ctx.now).await?;
    drop(read);
    let access = ctx.decide(Act::HelpPortalKeys, &facts).await?;
    let Some(one) = ids.get("one") else { return Ok((access, Whose::own(patient))) };
    let one = RepresentativeId::parse(one).ok_or(Failure::NotFound)?;
    let whose = Whose { patient, representative: Some(one) };
    let acts = representatives::may_come_in(&mut *ctx.keep.read().await?, whose, ctx.now).await?;
    if acts { Ok((access, whose)) } else { Err(Failure::NotFound) }
}

fn path(whose: Whose) -> String {
    let patient = whose.patient.text();
    match whose.representative {
        Some(one) => format!("/patients/{patient}/representatives/{}/portal", one.text()),
        None => format!("/patients/{patient}/portal"),
    }
}

fn back(whose: Whose, done: &str) -> Response {
    web::see_other(&format!("{}?done={done}", path(whose)))
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
    ids: &HashMap<String, String>,
    (typed, faults): (Typed, Faults),
    done: &'static str,
) -> Result<Response, Failure> {
    let (access, whose) = may(ctx, ids).await?;
    let patient = whose.patient;
    let name = ctx.plugged::<Names>().patient(&access, patient).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, own::object(patient, "")).await?;
    let all = representatives::list(&mut view, &access, patient).await?;
    let acts = |one: &&Representative| one.begins_at <= ctx.now && ctx.now < one.ends_at;
    let acting = all.iter().find(|one| Some(one.id) == whose.representative);
    let reached = match acting {
        Some(one) => own::email_of(one).is_some(),
        None => contact(&mut view, &access, patient).await?.email.is_some(),
    };
    let mail_is_off = !ctx.settings.house_rules.send_mail;
    let keys = store::list(&mut view, whose).await?;
    let address = format!("{}/portal/sign-in", ctx.settings.face.origin);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let for_whom = |one: &Representative| {
        let whose = Whose { representative: Some(one.id), ..whose };
        (path(whose), one.name.reveal().to_owned())
    };
    let page = Help {
        path: path(whose),
        own: path(Whose::own(patient)),
        picture: qr::picture(&address, &ctx.words.t("portal-help-picture")),
        keys: keys.iter().map(|one| Line::of(ctx, one)).collect(),
        others: all.iter().filter(acts).filter(|_| acting.is_none()).map(for_whom).collect(),
        lost_hint: if acting.is_some() { "portal-desk-lost-acting" } else { "portal-desk-lost-hint" },
        acting: acting.map(|one| one.name.reveal().to_owned()),
        name: name.reveal().to_owned(),
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
    /// Who is helped, when it is not the patient but somebody who acts for them.
    acting: Option<String>,
    /// What ends with a lost phone: the key of its sentence.
    lost_hint: &'static str,
    path: String,
    /// The patient's own page.
    own: String,
    /// Pages and names of those who act for the patient now.
    others: Vec<(String, String)>,
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
