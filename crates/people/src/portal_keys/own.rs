//! One's own passkeys: the list, one more, one less. Each change is told to the address of whose they are.

use super::rules::{self, Whose};
use super::store;
use crate::contact::{Dress, Way, to_companion, to_patient};
use crate::patients::{self, lang_of, rules::is_email};
use crate::proofs::{Ceremonies, passkeys};
use crate::representatives;
use crate::sign_in::{Answered, scene};
use crate::staff::Empty;
use crate::standing;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keep::{Entry, KeepError, Object, Tx, Viewing};
use policy::{Access, Act};
use serde::Deserialize;
use vocabulary::{Health, PasskeyId, PatientId, Principal};
use web::mail::Mail;
use web::{Ctx, Failure, Form, Page, filters};

pub(super) const HERE: &str = "/portal/keys";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (access, whose) = may(&ctx, Act::SeePortalKeys).await?;
    let mut view = ctx.keep.view(&access, object(whose.patient, "")).await?;
    let keys = store::list(&mut view, whose).await?;
    let page = Keys {
        done: done(&asked.done),
        fresh: ctx.fresh,
        room: keys.len() < rules::PASSKEYS_MAX,
        keys: keys.iter().map(|one| Line::of(&ctx, one)).collect(),
        phone: ctx.settings.face.phone.clone(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("portal-keys-title")).script(), &page))
}

pub(super) async fn ask(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let (access, whose) = may(&ctx, Act::ChangePortalKeys).await?;
    let mut view = ctx.keep.view(&access, object(whose.patient, "")).await?;
    let has = store::credentials(&mut view, &access, whose).await?;
    if has.len() >= rules::PASSKEYS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "passkey-too-many"));
    }
    // The device shows this name when it asks which passkey to use, and may copy it to its maker's cloud: the
    // first name tells a family's passkeys apart, and says no more.
    let name = name(&mut view, &access, whose).await?;
    let first = name.reveal().split_whitespace().next().unwrap_or_default().to_owned();
    let owner = passkeys::Owner { who: whose.bytes(), email: &first, name: &first, has };
    Ok(Json(ctx.plugged::<Ceremonies>().ask_for_new(scene(&ctx), owner)?).into_response())
}

pub(super) async fn add(ctx: Ctx, Form(answered): Form<Answered>) -> Result<Response, Failure> {
    let (access, whose) = may(&ctx, Act::ChangePortalKeys).await?;
    let answer = (answered.ceremony.as_str(), answered.answer.as_str());
    let passkey = ctx.plugged::<Ceremonies>().made(scene(&ctx), whose.bytes(), answer)?;
    let mut tx = ctx.keep.begin().await?;
    if store::list(&mut tx, whose).await?.len() >= rules::PASSKEYS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "passkey-too-many"));
    }
    let id = store::add(&mut tx, whose, &passkey).await?;
    tell_both(&ctx, &mut tx, &access, whose).await?;
    tx.commit(&access, Entry::new(object(whose.patient, &id.text())).detail("change", "added")).await?;
    Ok(web::see_other("/portal/keys?done=added"))
}

pub(super) async fn remove(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = PasskeyId::parse(&id).ok_or(Failure::NotFound)?;
    let (access, whose) = may(&ctx, Act::ChangePortalKeys).await?;
    let mut tx = ctx.keep.begin().await?;
    store::remove(&mut tx, whose, id).await.map_err(|error| match error {
        KeepError::Conflict => Failure::NotFound,
        other => other.into(),
    })?;
    tell_whose(&ctx, &mut tx, &access, whose).await?;
    tx.commit(&access, Entry::new(object(whose.patient, &id.text())).detail("change", "removed")).await?;
    Ok(web::see_other("/portal/keys?done=removed"))
}

/// A letter to the patient's address on file, if there is one: how the portal is entered has changed.
pub(crate) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
) -> Result<bool, KeepError> {
    tell_whose(ctx, tx, access, Whose::own(patient)).await
}

/// The same to the one whose way in it is.
pub(super) async fn tell_whose(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    whose: Whose,
) -> Result<bool, KeepError> {
    post(ctx, tx, access, (whose, Mail::ProofsChanged { when: ctx.now })).await
}

/// Somebody gets a key. When it is not the patient, the patient hears of it too: nobody else would tell them
/// of one that should not be, and "how you sign in has changed" is not what happened.
async fn tell_both(ctx: &Ctx, tx: &mut Tx, access: &Access, whose: Whose) -> Result<bool, KeepError> {
    if whose.representative.is_some() {
        let mail = Mail::ProxyKey { when: ctx.now };
        post(ctx, tx, access, (Whose::own(whose.patient), mail)).await?;
    }
    tell_whose(ctx, tx, access, whose).await
}

/// Gives `false` when no mail goes out: the desk is told to call.
pub(super) async fn post(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    (whose, mail): (Whose, Mail<'_>),
) -> Result<bool, KeepError> {
    let Some(one) = whose.representative else {
        return Ok(to_patient(tx, access, whose.patient, (mail, None), Dress::of(ctx)).await? == Way::Mail);
    };
    let one = representatives::one(tx, access, (whose.patient, one)).await?;
    // Nothing is kept of their language: the page they press on tells, else the patient's is the best guess.
    let lang = match ctx.who {
        Principal::Representative { .. } => ctx.lang,
        _ => lang_of(tx, whose.patient).await?,
    };
    let dress = Dress { words: &ctx.words.in_lang(lang), ..Dress::of(ctx) };
    match email_of(&one).filter(|_| tx.settings().house_rules.send_mail) {
        Some(email) => to_companion(tx, whose.patient, email, mail, dress).await.map(|()| true),
        None => Ok(false),
    }
}

/// The contact of a representative is one line: an address or a number.
pub(super) fn email_of(one: &representatives::Representative) -> Option<&str> {
    one.contact.as_ref().map(Health::reveal).filter(|contact| is_email(contact))
}

pub(super) async fn name(view: &mut Viewing, access: &Access, whose: Whose) -> Result<Health, KeepError> {
    match whose.representative {
        Some(one) => Ok(representatives::one(view, access, (whose.patient, one)).await?.name),
        None => patients::name(view, access, whose.patient).await,
    }
}

/// The trail names the one who acts for the patient beside them.
pub(super) fn for_whom(entry: Entry, whose: Whose) -> Entry {
    match whose.representative {
        Some(one) => entry.detail("representative", one.text()),
        None => entry,
    }
}

pub(super) fn object(patient: PatientId, id: &str) -> Object {
    Object::of("portal_key", id).patient(patient)
}

async fn may(ctx: &Ctx, act: Act) -> Result<(Access, Whose), Failure> {
    let whose = Whose::of(&ctx.who).ok_or(Failure::SignIn)?;
    let (_, facts) = standing::in_portal(ctx).await?;
    Ok((ctx.decide(act, &facts).await?, whose))
}

fn done(word: &str) -> &'static str {
    match word {
        "added" => "portal-keys-added",
        "removed" => "portal-keys-removed",
        _ => "",
    }
}

pub(super) struct Line {
    pub id: String,
    pub made_at: String,
    pub used_at: Option<String>,
}

impl Line {
    pub fn of(ctx: &Ctx, one: &store::Listed) -> Line {
        let moment = |at| ctx.words.day_and_time(at, ctx.zone());
        Line { id: one.id.text(), made_at: moment(one.made_at), used_at: one.used_at.map(moment) }
    }
}

#[derive(Template)]
#[template(path = "portal_keys/keys.html")]
struct Keys {
    keys: Vec<Line>,
    /// A word's key; empty when nothing has just happened.
    done: &'static str,
    /// Signed in a moment ago: only then keys come and go.
    fresh: bool,
    room: bool,
    phone: String,
}
