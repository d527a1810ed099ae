//! Coming in by passkey, and from one's own visit.

use super::link::{Typed, question, wrong};
use super::rules::Whose;
use super::{own, store};
use crate::invitations::{self, From, Invitation, Limits, Missed};
use crate::proofs::Ceremonies;
use crate::representatives;
use crate::sessions::{self, How, pace};
use crate::sign_in::{Answered, scene};
use crate::staff::Empty;
use crate::standing;
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object, Outcome, Tx};
use policy::{Access, Act, Facts};
use vocabulary::{Principal, Relation, Relations, RepresentativeId, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters};

pub(super) async fn page(ctx: Ctx) -> Response {
    door(&ctx, Faults::default())
}

pub(super) async fn ask(ctx: Ctx, from: From, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    Ok(Json(ctx.plugged::<Ceremonies>().ask_who(scene(&ctx))?).into_response())
}

/// The passkey signs with its user verified, so it is two factors at once (R15). One that is nobody's, was
/// removed, belongs to staff, or to somebody who no longer acts for the patient gets the same answer.
pub(super) async fn by_passkey(
    ctx: Ctx,
    from: From,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    let answer = ctx.plugged::<Ceremonies>().answered(ctx.now, &answered.ceremony, &answered.answer)?;
    let mut view = ctx.keep.view(&access, Object::of("portal_key", "")).await?;
    let found = store::find(&mut view, &access, answer.credential(), &ctx.keep).await?;
    let may = match &found {
        Some(found) => representatives::may_come_in(&mut view, found.whose, ctx.now).await?,
        None => false,
    };
    drop(view);
    let patient = found.as_ref().map(|found| found.whose.patient);
    if let Some(mut found) = found.filter(|_| may)
        && answer.comes_from(scene(&ctx), &mut found.passkey)?
    {
        let mut tx = ctx.keep.begin().await?;
        store::used(&mut tx, &found).await?;
        let access = policy::decide(&ctx.who, &Facts { patient, ..Facts::default() }, Act::SignIn)?;
        let cookie = start(&ctx, &mut tx, &access, (found.whose, How::Passkey)).await?;
        let object = Object::of("portal_key", found.id.text()).patient(found.whose.patient);
        let entry = Entry::new(object).detail("method", How::Passkey.code());
        tx.commit(&access, own::for_whom(entry, found.whose)).await?;
        let back = if answered.back.starts_with("/portal/keys") { "/portal/keys" } else { "/portal" };
        return Ok(with_cookie(web::see_other(back), cookie));
    }
    let object = Object::of("portal_key", "");
    let object = patient.map_or(object.clone(), |patient| object.patient(patient));
    ctx.keep.refused(&ctx.who, Act::SignIn, object, "passkey").await?;
    let mut faults = Faults::default();
    faults.add("passkey", ctx.words.t("portal-passkey-wrong"));
    Ok(door(&ctx, faults))
}

/// From one's own visit into the portal: the link and the second fact were proven at the invitation. A while
/// later the birth date is asked again: a passkey made by whoever holds the phone by then would last.
pub(super) async fn from_visit(
    ctx: Ctx,
    from: From,
    Path(number): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    come_from_visit((ctx, from), &format!("/g/{number}/portal"), (&number, typed), None).await
}

/// The same for somebody who acts for the patient and came with a link and a code of their own: their seat in
/// the visit says who they are, and is known to the visit alone. `action` is asked again with the birth date.
pub async fn come_from_visit(
    (ctx, from): (Ctx, From),
    action: &str,
    (number, typed): (&str, Typed),
    acting: Option<RepresentativeId>,
) -> Result<Response, Failure> {
    let Principal::Guest { participant, session, known: true, .. } = ctx.who else {
        return Err(Failure::NotFound);
    };
    // Whoever got an entry code instead of being asked for the birth date is not the patient.
    let own = |found: &Invitation| {
        found.participant == participant && found.entry_code.is_some() == acting.is_some()
    };
    let mut read = ctx.keep.read().await?;
    let found = invitations::by_door(&mut read, number).await?;
    let invitation = found.filter(own).ok_or(Failure::NotFound)?;
    let patient = invitation.patient;
    let of_patient = Facts {
        relations: Relations::NONE.with(Relation::Patient),
        patient: Some(patient),
        ..Facts::default()
    };
    let facts = match acting {
        Some(one) => standing::of_representative(&mut read, (patient, one), ctx.now).await?,
        None => of_patient,
    };
    drop(read);
    let access = ctx.decide(Act::OpenPortal, &Facts { visit: Some(invitation.visit), ..facts }).await?;
    let whose = Whose { patient, representative: acting };
    if ctx.fresh {
        let mut tx = ctx.keep.begin().await?;
        let proved = sessions::load(&mut tx, session).await?.and_then(|guest| guest.proved);
        return go_in(&ctx, tx, (&access, &invitation), (whose, proved)).await;
    }
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    if typed.is_blank() {
        return Ok(question(&ctx, (action, whose), typed, Faults::default()));
    }
    let born = match typed.born(&ctx) {
        Ok(born) => born,
        Err(faults) => return Ok(question(&ctx, (action, whose), typed, faults)),
    };
    let mut tx = ctx.keep.begin().await?;
    let now = invitations::by_door(&mut tx, number).await?.filter(own);
    let now = now.filter(|now| now.patient == invitation.patient).ok_or(Failure::NotFound)?;
    match invitations::prove_again(&ctx, tx, (&access, &now), born).await? {
        Ok(tx) => go_in(&ctx, tx, (&access, &now), (whose, Some(ctx.now))).await,
        Err(Missed::Wrong { left }) => Ok(question(&ctx, (action, whose), typed, wrong(&ctx, left))),
        Err(Missed::Shut(why)) => Ok(invitations::closed(&ctx, why)),
    }
}

/// The session is as fresh as the proof it stands on, and no fresher.
async fn go_in(
    ctx: &Ctx,
    mut tx: Tx,
    (access, invitation): (&Access, &Invitation),
    (whose, proved): (Whose, Option<UnixMillis>),
) -> Result<Response, Failure> {
    let house = &ctx.settings.house_rules;
    let started = sessions::start_portal(&mut tx, house, (whose, How::Invitation), proved).await?;
    pace::put(&mut tx, access, (started.session, whose.patient)).await?;
    let cookie = started.cookie();
    let object = Object::of("invitation", invitation.id.text()).patient(invitation.patient);
    tx.commit(access, own::for_whom(Entry::new(object.visit(invitation.visit)), whose)).await?;
    Ok(with_cookie(web::see_other(own::HERE), cookie))
}

/// A session of the portal; the one before it in this browser ends.
pub(super) async fn start(
    ctx: &Ctx,
    tx: &mut Tx,
    access: &Access,
    of: (Whose, How),
) -> Result<axum::http::HeaderValue, Failure> {
    if let Principal::Patient { session, .. } | Principal::Representative { session, .. } = ctx.who {
        sessions::end(tx, session).await?;
    }
    let now = tx.now();
    let started = sessions::start_portal(tx, &ctx.settings.house_rules, of, Some(now)).await?;
    pace::put(tx, access, (started.session, of.0.patient)).await?;
    Ok(started.cookie())
}

pub(super) fn with_cookie(mut response: Response, cookie: axum::http::HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// What is kept of a link that was refused.
pub(super) fn refused(object: Object, why: &'static str) -> Entry {
    Entry::new(object).outcome(Outcome::Refused).detail("why", why)
}

fn door(ctx: &Ctx, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SignIn { phone: ctx.settings.face.phone.clone(), faults };
    ctx.page(Page::new(ctx.words.t("portal-sign-in-title")).script().status(status), &page)
}

#[derive(Template)]
#[template(path = "portal_keys/sign_in.html")]
struct SignIn {
    phone: String,
    faults: Faults,
}
