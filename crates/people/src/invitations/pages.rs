//! The page behind a link, and the button on it.

use super::join;
use super::limits::{From, Limits};
use super::rules::{self, Device, FIRST_TIME_MIN, NEXT_TIME_MIN, Opening, Purpose, Refused, State};
use super::store::{self, Invitation, SECRET_INDEX};
use crate::sessions::{self, Guest, Jar, TOKEN_INDEX};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::Secret;
use web::{Ctx, Failure, Form, Page, filters};

#[derive(Deserialize)]
pub(crate) struct Pressed {
    /// Moved here from the fragment by the page's script.
    #[serde(default)]
    secret: String,
}

pub(super) async fn visit_door(ctx: Ctx) -> Response {
    door(&ctx, Purpose::Visit)
}

pub(crate) async fn portal_door(ctx: Ctx) -> Response {
    door(&ctx, Purpose::Portal)
}

pub(super) async fn open_visit(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    by_link(&ctx, &from, &headers, (Purpose::Visit, &pressed.secret)).await
}

pub(crate) async fn open_portal(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Failure> {
    by_link(&ctx, &from, &headers, (Purpose::Portal, &pressed.secret)).await
}

/// A sentence of its own for every reason a link does not open.
pub(crate) fn closed(ctx: &Ctx, why: Refused) -> Response {
    let (key, status) = match why {
        Refused::Unknown => ("invite-unknown", StatusCode::NOT_FOUND),
        Refused::Withdrawn => ("invite-withdrawn", StatusCode::GONE),
        Refused::Cancelled => ("invite-cancelled", StatusCode::GONE),
        Refused::Locked => ("invite-locked", StatusCode::FORBIDDEN),
        Refused::Expired => ("invite-expired", StatusCode::GONE),
        Refused::OtherDevice => ("invite-other-device", StatusCode::CONFLICT),
    };
    let title = ctx.words.t(key);
    let detail = ctx.words.t(&format!("{key}-detail"));
    let face = &ctx.settings.face;
    let page = Closed { title: title.clone(), detail, phone: face.phone.clone(), dial: dial(&face.phone) };
    ctx.page(Page::new(title).status(status), &page)
}

/// Where the second fact leads.
pub(super) fn way_in(invitation: &Invitation) -> String {
    match invitation.purpose {
        Purpose::Visit => format!("/g/{}/check-in/welcome", invitation.door),
        Purpose::Portal => "/portal".into(),
    }
}

pub(super) fn object(invitation: &Invitation) -> Object {
    Object::of("invitation", invitation.id.text())
        .version(invitation.version)
        .patient(invitation.patient)
        .visit(invitation.visit)
}

pub(crate) fn facts(invitation: &Invitation) -> Facts {
    Facts { patient: Some(invitation.patient), visit: Some(invitation.visit), ..Facts::default() }
}

pub(super) fn with_cookies<const N: usize>(
    mut response: Response,
    cookies: [axum::http::HeaderValue; N],
) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn door(ctx: &Ctx, purpose: Purpose) -> Response {
    let (title, action, visit) = match purpose {
        Purpose::Visit => ("invite-title", "/i", true),
        Purpose::Portal => ("notice-title", "/n", false),
    };
    let phone = ctx.settings.face.phone.clone();
    let page = Door { action, visit, phone, first_min: FIRST_TIME_MIN, next_min: NEXT_TIME_MIN };
    ctx.page(Page::new(ctx.words.t(title)).script(), &page)
}

async fn by_link(
    ctx: &Ctx,
    from: &From,
    headers: &HeaderMap,
    (purpose, typed): (Purpose, &str),
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(from, ctx.now)?;
    // A secret that cannot be one is looked up all the same: forged, mistyped and absent look and cost alike.
    let spelled = Secret::parse(typed).map_or_else(String::new, |secret| secret.reveal());
    let opened = open(ctx, headers, (purpose, Key::Secret(&spelled))).await?;
    Ok(opened.unwrap_or_else(|| closed(ctx, Refused::Unknown)))
}

/// What names an invitation.
pub(super) enum Key<'a> {
    /// Of its link.
    Secret(&'a str),
    /// Typed at `/join`.
    Code(&'a str),
}

/// `None`: there is no such invitation.
pub(super) async fn open(
    ctx: &Ctx,
    headers: &HeaderMap,
    (purpose, key): (Purpose, Key<'_>),
) -> Result<Option<Response>, Failure> {
    let act = match purpose {
        Purpose::Visit => Act::OpenInvitation,
        Purpose::Portal => Act::OpenNotice,
    };
    let blind = |(table, column): (&str, &str), text: &str| ctx.keep.blind(table, column, text);
    let mut tx = ctx.keep.begin().await?;
    let found = match key {
        Key::Secret(text) => store::by_secret(&mut tx, blind(SECRET_INDEX, text)).await?,
        Key::Code(text) => join::by_code(&mut tx, blind(join::CODE, text)).await?,
    };
    let Some(invitation) = found.filter(|found| found.purpose == purpose) else {
        drop(tx);
        let object = Object::of("invitation", "");
        ctx.keep.refused(&ctx.who, act, object, Refused::Unknown.code()).await?;
        return Ok(None);
    };
    bind(ctx, tx, headers, (act, &invitation)).await.map(Some)
}

/// Opens it on this device, or says why not.
async fn bind(
    ctx: &Ctx,
    mut tx: keep::Tx,
    headers: &HeaderMap,
    (act, invitation): (Act, &Invitation),
) -> Result<Response, Failure> {
    let device = device(ctx, &mut tx, headers, invitation).await?;
    match rules::open(&invitation.standing, device, ctx.now) {
        Err(why) => {
            drop(tx);
            refuse(ctx, act, object(invitation), why).await
        }
        Ok(Opening::GoOn { known: true }) => Ok(web::see_other(&way_in(invitation))),
        Ok(Opening::GoOn { known: false }) => Ok(web::see_other(&format!("/g/{}/who", invitation.door))),
        Ok(Opening::Start) => {
            let access = policy::decide(&ctx.who, &facts(invitation), act)?;
            if let Some(before) = invitation.opened_session {
                sessions::end(&mut tx, before).await?;
            }
            let house = &ctx.settings.house_rules;
            let started = sessions::start_guest(&mut tx, house, &seat(invitation, false)).await?;
            store::bind(&mut tx, invitation, State::Opened, started.session).await?;
            tx.commit(&access, Entry::new(object(invitation))).await?;
            let response = web::see_other(&format!("/g/{}/who", invitation.door));
            Ok(with_cookies(response, [started.cookie()]))
        }
    }
}

pub(super) fn seat(invitation: &Invitation, known: bool) -> Guest<'_> {
    Guest {
        door: &invitation.door,
        visit: invitation.visit,
        participant: invitation.participant,
        patient: invitation.patient,
        known,
        until: invitation.standing.expires_at,
    }
}

/// Which device asks: the page `/i` belongs to nobody, so the invitation's own cookie is looked up here.
async fn device(
    ctx: &Ctx,
    tx: &mut keep::Tx,
    headers: &HeaderMap,
    invitation: &Invitation,
) -> Result<Device, Failure> {
    let jar = Jar::Guest(invitation.door.clone());
    let Some(token) = jar.token(headers) else { return Ok(Device::Unknown) };
    let index = ctx.keep.blind(TOKEN_INDEX.0, TOKEN_INDEX.1, &token.reveal());
    let session = store::bound_session(tx, invitation, index).await?;
    Ok(session.map_or(Device::Unknown, |session| Device::Bound {
        alive: session.is_alive(&ctx.keep, ctx.now),
        known: session.known,
    }))
}

async fn refuse(ctx: &Ctx, act: Act, object: Object, why: Refused) -> Result<Response, Failure> {
    ctx.keep.refused(&ctx.who, act, object, why.code()).await?;
    Ok(closed(ctx, why))
}

/// What `tel:` takes: digits and a leading plus.
fn dial(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

#[derive(Template)]
#[template(path = "invitations/door.html")]
struct Door {
    action: &'static str,
    visit: bool,
    phone: String,
    first_min: i64,
    next_min: i64,
}

#[derive(Template)]
#[template(path = "invitations/closed.html")]
struct Closed {
    title: String,
    detail: String,
    phone: String,
    dial: String,
}
