//! The other device: the secret from the picture, the short code from the first screen, the second fact.

use super::rules;
use super::store::{self, Picture};
use crate::invitations::{self, Fact, From, Invitation, Limits, Missed};
use crate::sessions;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object, Outcome};
use policy::Act;
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    secret: String,
    /// From the first screen.
    short: String,
    /// The entry code of somebody whose birth date is on no file.
    code: String,
    month: String,
    day: String,
    year: String,
}

pub(super) async fn door(ctx: Ctx) -> Response {
    ctx.page(Page::new(ctx.words.t("other-device-go-on")).script(), &Door {})
}

pub(super) async fn ask(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let found = find(&ctx, &mut *ctx.keep.read().await?, &typed.secret).await?;
    match found {
        Some((_, invitation)) => Ok(question(&ctx, &invitation, typed, Faults::default())),
        None => over(&ctx).await,
    }
}

pub(super) async fn prove(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let mut tx = ctx.keep.begin().await?;
    let Some((picture, invitation)) = find(&ctx, &mut tx, &typed.secret).await? else {
        drop(tx);
        return over(&ctx).await;
    };
    let mut faults = Faults::default();
    let short = rules::read_code(&typed.short);
    if short.is_none() {
        faults.add("short", ctx.words.t("other-device-code-slip"));
    }
    let fact = Fact::read(&ctx, &invitation, [&typed.code, &typed.month, &typed.day, &typed.year]);
    let fact = fact.map_err(|slip| faults.add(Fact::field(&invitation), slip)).ok();
    // What cannot be right is a slip, not a guess: it costs no try.
    let (Some(short), Some(fact)) = (short, fact) else {
        return Ok(question(&ctx, &invitation, typed, faults));
    };
    let access = policy::decide(&ctx.who, &invitations::facts(&invitation), Act::TakeOver)?;
    if short != store::code(&ctx.keep, picture.id) {
        store::count_wrong(&mut tx, &picture).await?;
        let entry = Entry::new(object(&picture, &invitation)).outcome(Outcome::Refused);
        tx.commit(&access, entry.detail("why", "short code")).await?;
        if picture.standing.tries + 1 >= rules::TRIES_MAX {
            return over(&ctx).await;
        }
        faults.add("short", ctx.words.t("other-device-code-wrong"));
        return Ok(question(&ctx, &invitation, typed, faults));
    }
    let mut tx = match invitations::prove_fact(&ctx, tx, (&access, &invitation), &fact).await? {
        Ok(tx) => tx,
        Err(Missed::Wrong { left }) => {
            let sentence = ctx.words.with("who-wrong", &[("left", left.into())]);
            faults.add(Fact::field(&invitation), sentence);
            return Ok(question(&ctx, &invitation, typed, faults));
        }
        Err(Missed::Shut(why)) => return Ok(invitations::closed(&ctx, why)),
    };
    match store::take(&mut tx, &picture).await {
        Err(KeepError::Conflict) => {
            drop(tx);
            over(&ctx).await
        }
        taken => {
            taken?;
            // The first device is signed out, of the portal as well if it was opened from the visit, and this
            // one is the invitation's, in one commit.
            sessions::end_portals_from(&mut tx, (picture.standing.from, invitation.patient)).await?;
            let entry =
                Entry::new(object(&picture, &invitation)).detail("from", picture.standing.from.text());
            invitations::let_in(&ctx, tx, &access, (&invitation, entry)).await
        }
    }
}

/// The picture behind this secret and its invitation, while it leads on.
async fn find(ctx: &Ctx, conn: &mut Conn, secret: &str) -> Result<Option<(Picture, Invitation)>, Failure> {
    let Some(picture) = store::by_secret(conn, &ctx.keep, secret).await? else { return Ok(None) };
    let Some(invitation) = invitations::by_id(conn, picture.invitation).await? else { return Ok(None) };
    let leads = rules::leads_on(&picture.standing, invitation.opened_session, ctx.now)
        && invitation.standing.is_open(ctx.now);
    Ok(leads.then_some((picture, invitation)))
}

/// Forged, used, too late or tried too often: from outside all the same.
async fn over(ctx: &Ctx) -> Result<Response, Failure> {
    ctx.keep.refused(&ctx.who, Act::TakeOver, Object::of("second_device", ""), "over").await?;
    let page = Over { phone: ctx.settings.face.phone.clone() };
    Ok(ctx.page(Page::new(ctx.words.t("other-device-over")).status(StatusCode::GONE), &page))
}

fn object(picture: &Picture, invitation: &Invitation) -> Object {
    Object::of("second_device", picture.id.text()).patient(invitation.patient).visit(invitation.visit)
}

fn question(ctx: &Ctx, invitation: &Invitation, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Question { by_code: invitation.entry_code.is_some(), typed, faults };
    ctx.page(Page::new(ctx.words.t("other-device-go-on")).status(status), &page)
}

#[derive(Template)]
#[template(path = "second_device/door.html")]
struct Door {}

#[derive(Template)]
#[template(path = "second_device/question.html")]
struct Question {
    /// The entry code is asked, not the birth date.
    by_code: bool,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "second_device/over.html")]
struct Over {
    phone: String,
}
