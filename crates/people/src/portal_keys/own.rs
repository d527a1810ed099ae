//! One's own passkeys: the list, one more, one less. Each change is told to the patient's address.

use super::{rules, store};
use crate::contact::{Dress, Way, to_patient};
use crate::patients;
use crate::proofs::{Ceremonies, passkeys};
use crate::sign_in::{Answered, scene};
use crate::staff::Empty;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{PasskeyId, PatientId, Principal, Relation, Relations};
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
    let (access, patient) = may(&ctx, Act::SeePortalKeys).await?;
    let mut view = ctx.keep.view(&access, object(patient, "")).await?;
    let keys = store::list(&mut view, patient).await?;
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
    let (access, patient) = may(&ctx, Act::ChangePortalKeys).await?;
    let mut view = ctx.keep.view(&access, object(patient, "")).await?;
    let has = store::credentials(&mut view, &access, patient).await?;
    if has.len() >= rules::PASSKEYS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "passkey-too-many"));
    }
    // The device shows this name when it asks which passkey to use, and may copy it to its maker's cloud: the
    // first name tells a family's passkeys apart, and says no more.
    let name = patients::name(&mut view, &access, patient).await?;
    let first = name.reveal().split_whitespace().next().unwrap_or_default().to_owned();
    let owner = passkeys::Owner { who: patient.bytes(), email: &first, name: &first, has };
    Ok(Json(ctx.plugged::<Ceremonies>().ask_for_new(scene(&ctx), owner)?).into_response())
}

pub(super) async fn add(ctx: Ctx, Form(answered): Form<Answered>) -> Result<Response, Failure> {
    let (access, patient) = may(&ctx, Act::ChangePortalKeys).await?;
    let answer = (answered.ceremony.as_str(), answered.answer.as_str());
    let passkey = ctx.plugged::<Ceremonies>().made(scene(&ctx), patient.bytes(), answer)?;
    let mut tx = ctx.keep.begin().await?;
    if store::list(&mut tx, patient).await?.len() >= rules::PASSKEYS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "passkey-too-many"));
    }
    let id = store::add(&mut tx, patient, &passkey).await?;
    tell(&ctx, &mut tx, &access, patient).await?;
    tx.commit(&access, Entry::new(object(patient, &id.text())).detail("change", "added")).await?;
    Ok(web::see_other("/portal/keys?done=added"))
}

pub(super) async fn remove(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = PasskeyId::parse(&id).ok_or(Failure::NotFound)?;
    let (access, patient) = may(&ctx, Act::ChangePortalKeys).await?;
    let mut tx = ctx.keep.begin().await?;
    store::remove(&mut tx, patient, id).await.map_err(|error| match error {
        KeepError::Conflict => Failure::NotFound,
        other => other.into(),
    })?;
    tell(&ctx, &mut tx, &access, patient).await?;
    tx.commit(&access, Entry::new(object(patient, &id.text())).detail("change", "removed")).await?;
    Ok(web::see_other("/portal/keys?done=removed"))
}

/// A letter to the address on file, if there is one: how the portal is entered has changed.
pub(crate) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    patient: PatientId,
) -> Result<bool, KeepError> {
    post(ctx, tx, access, (patient, Mail::ProofsChanged { when: ctx.now })).await
}

/// Gives `false` when no mail goes out: the desk is told to call.
pub(super) async fn post(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    (patient, mail): (PatientId, Mail<'_>),
) -> Result<bool, KeepError> {
    Ok(to_patient(tx, access, patient, (mail, None), Dress::of(ctx)).await? == Way::Mail)
}

pub(super) fn object(patient: PatientId, id: &str) -> Object {
    Object::of("portal_key", id).patient(patient)
}

async fn may(ctx: &Ctx, act: Act) -> Result<(Access, PatientId), Failure> {
    let Principal::Patient { patient, .. } = ctx.who else { return Err(Failure::SignIn) };
    let relations = Relations::NONE.with(Relation::Patient);
    let facts = Facts { relations, patient: Some(patient), ..Facts::default() };
    Ok((ctx.decide(act, &facts).await?, patient))
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
