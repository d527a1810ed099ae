//! The first device: the picture and the short code, and the sentence when another device went on.

use super::{rules, store};
use crate::invitations::{self, From, Invitation, Limits};
use crate::needs;
use crate::proofs::qr;
use crate::sessions::{self, Jar};
use crate::staff::Empty;
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{MINUTE_MS, Principal, SECOND_MS, SessionId};
use web::{Ctx, Failure, Form, Page, filters};

pub(super) async fn page(
    ctx: Ctx,
    headers: HeaderMap,
    Path(door): Path<String>,
) -> Result<Response, Failure> {
    let mut read = ctx.keep.read().await?;
    let Some((session, _)) = own(&ctx, &mut read, &door).await? else {
        return moved(&ctx, &mut read, (&headers, door)).await;
    };
    let shown = store::shown(&mut read, session, ctx.now).await?;
    drop(read);
    let picture = shown.map(|picture| {
        let address =
            format!("{}/i/continue#{}", ctx.settings.face.origin, store::secret(&ctx.keep, picture.id));
        let left = picture.standing.expires_at.since(ctx.now);
        Shown {
            svg: qr::picture(&address, &ctx.words.t("other-device-picture")),
            code: rules::spoken(&store::code(&ctx.keep, picture.id)),
            minutes: left / MINUTE_MS + 1,
        }
    });
    let page = Picture { door, picture };
    Ok(ctx.page(Page::new(ctx.words.t("other-device-title")).script(), &page))
}

pub(super) async fn show(
    ctx: Ctx,
    from: From,
    Path(door): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let found = own(&ctx, &mut *ctx.keep.read().await?, &door).await?;
    let facts = found.as_ref().map(|(_, invitation)| invitations::facts(invitation)).unwrap_or_default();
    let access = ctx.decide(Act::ContinueElsewhere, &facts).await?;
    let (session, invitation) = found.ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    // Whose birth date is asked is the patient; of others nothing is known that would give them longer.
    let longer = invitation.entry_code.is_none()
        && needs::wants_more_time(&mut tx, &access, invitation.patient).await?;
    let life_ms = if longer { rules::LONGER_MS } else { rules::LIFE_MS };
    let id = store::issue(&mut tx, &ctx.keep, (invitation.id, session), life_ms).await?;
    let object = Object::of("second_device", id.text()).patient(invitation.patient).visit(invitation.visit);
    tx.commit(&access, Entry::new(object)).await?;
    Ok(web::see_other(&format!("/g/{door}/other-device")))
}

/// How long this device is still the one, in seconds. Asked in the background it keeps nothing alive.
pub(super) async fn still(ctx: Ctx) -> Response {
    Json(serde_json::json!({ "left": ctx.left_ms / SECOND_MS })).into_response()
}

/// The session of this device, if it has proved the second fact and the invitation is open.
async fn own(
    ctx: &Ctx,
    read: &mut keep::Conn,
    door: &str,
) -> Result<Option<(SessionId, Invitation)>, Failure> {
    let Principal::Guest { participant, session, known: true, .. } = ctx.who else { return Ok(None) };
    let found = invitations::by_door(read, door).await?;
    let open = |one: &Invitation| one.participant == participant && one.standing.is_open(ctx.now);
    Ok(found.filter(open).map(|invitation| (session, invitation)))
}

async fn moved(
    ctx: &Ctx,
    read: &mut keep::Conn,
    (headers, door): (&HeaderMap, String),
) -> Result<Response, Failure> {
    let jar = Jar::Guest(door);
    let token = jar.token(headers).ok_or(Failure::SignIn)?;
    let index = ctx.keep.blind(sessions::TOKEN_INDEX.0, sessions::TOKEN_INDEX.1, &token.reveal());
    let session = sessions::by_token(read, index).await?.ok_or(Failure::SignIn)?;
    if !store::went_on(read, session.id).await? {
        return Err(Failure::SignIn);
    }
    Ok(ctx.page(
        Page::new(ctx.words.t("other-device-moved")),
        &Moved { phone: ctx.settings.face.phone.clone() },
    ))
}

struct Shown {
    svg: String,
    code: String,
    /// Until it is over, rounded up.
    minutes: i64,
}

#[derive(Template)]
#[template(path = "second_device/picture.html")]
struct Picture {
    door: String,
    picture: Option<Shown>,
}

#[derive(Template)]
#[template(path = "second_device/moved.html")]
struct Moved {
    phone: String,
}
