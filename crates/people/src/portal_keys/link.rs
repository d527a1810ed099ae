//! The way in without a passkey: a mailed link, or a browser that waits for the desk; then the birth date.

use super::enter::{refused, start, with_cookie};
use super::own;
use super::rules::{self, Closed, Whose};
use super::store::{self, Link};
use crate::invitations::{From, Limits};
use crate::patients::{self, BirthDate, day_in};
use crate::representatives;
use crate::sessions::How;
use crate::staff::Empty;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object, Tx};
use policy::{Act, Facts};
use serde::Deserialize;
use web::{Ctx, Failure, Faults, Form, Page, filters};

const PROVE: &str = "/portal/link/prove";

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Pressed {
    /// Moved here from the fragment by the page's script, or held by the page that waits.
    secret: String,
    /// What the waiting page shows, so that it shows it again.
    code: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    secret: String,
    month: String,
    day: String,
    year: String,
}

pub(super) async fn door(ctx: Ctx) -> Response {
    ctx.page(Page::new(ctx.words.t("portal-link-title")).script(), &Door {})
}

pub(super) async fn open(ctx: Ctx, from: From, Form(pressed): Form<Pressed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    match find(&ctx, &pressed.secret).await? {
        Ok((_, whose)) => {
            let typed = Typed { secret: pressed.secret, ..Typed::default() };
            Ok(question(&ctx, (PROVE, whose), typed, Faults::default()))
        }
        Err(Closed::Waiting) => {
            let code = rules::spell_code(&pressed.code).map(|_| pressed.code).unwrap_or_default();
            Ok(waiting(&ctx, Waiting { secret: pressed.secret, code, not_yet: true }))
        }
        Err(Closed::Over) => over(&ctx).await,
    }
}

/// The birth date is asked on the browser itself: whoever helped from the desk is not there.
pub(super) async fn prove(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let Ok((_, whose)) = find(&ctx, &typed.secret).await? else { return over(&ctx).await };
    let patient = whose.patient;
    let born = match typed.born(&ctx) {
        Ok(born) => born,
        Err(faults) => return Ok(question(&ctx, (PROVE, whose), typed, faults)),
    };
    let facts = Facts { patient: Some(patient), ..Facts::default() };
    let access = ctx.decide(Act::OpenNotice, &facts).await?;
    let mut tx = ctx.keep.begin().await?;
    // Read again by the only writer: guesses that are sent all at once count one after the other.
    let Some(link) = still(&mut tx, &ctx, (&typed.secret, whose)).await? else {
        drop(tx);
        return over(&ctx).await;
    };
    let object = Object::of("portal_link", link.id.text()).patient(patient);
    if patients::birth_date(&mut tx, &access, patient).await? != born {
        store::count_wrong(&mut tx, &link).await?;
        tx.commit(&access, refused(object, "wrong")).await?;
        let left = rules::TRIES_MAX - link.standing.tries - 1;
        if left < 1 {
            return Err(Failure::told(StatusCode::GONE, "portal-link-over"));
        }
        return Ok(question(&ctx, (PROVE, whose), typed, wrong(&ctx, left)));
    }
    store::use_up(&mut tx, &link).await?;
    let cookie = start(&ctx, &mut tx, &access, (whose, How::Invitation)).await?;
    tx.commit(&access, own::for_whom(Entry::new(object), whose)).await?;
    Ok(with_cookie(web::see_other(own::HERE), cookie))
}

/// A browser of a patient who stands at the desk or is on the phone with it.
pub(super) async fn ask_help(ctx: Ctx, from: From, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::AskPortalHelp, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let Some((secret, code)) = store::ask_help(&mut tx).await? else { return Err(Failure::Busy) };
    tx.commit(&access, Entry::new(Object::of("portal_link", ""))).await?;
    Ok(waiting(&ctx, Waiting { secret: secret.reveal(), code, not_yet: false }))
}

async fn find(ctx: &Ctx, secret: &str) -> Result<Result<(Link, Whose), Closed>, Failure> {
    let mut read = ctx.keep.read().await?;
    let Some(link) = store::by_secret(&mut read, &ctx.keep, secret).await? else {
        return Ok(Err(Closed::Over));
    };
    Ok(match rules::opens(&link.standing, ctx.now) {
        Ok(whose) if !representatives::may_come_in(&mut read, whose, ctx.now).await? => Err(Closed::Over),
        opens => opens.map(|whose| (link, whose)),
    })
}

/// The link as it stands now, if it still leads there.
async fn still(tx: &mut Tx, ctx: &Ctx, (secret, whose): (&str, Whose)) -> Result<Option<Link>, KeepError> {
    if !representatives::may_come_in(tx, whose, ctx.now).await? {
        return Ok(None);
    }
    let found = store::by_secret(tx, &ctx.keep, secret).await?;
    Ok(found.filter(|link| rules::opens(&link.standing, ctx.now) == Ok(whose)))
}

async fn over(ctx: &Ctx) -> Result<Response, Failure> {
    ctx.keep.refused(&ctx.who, Act::OpenNotice, Object::of("portal_link", ""), "closed").await?;
    Err(Failure::told(StatusCode::GONE, "portal-link-over"))
}

impl Typed {
    pub(super) fn is_blank(&self) -> bool {
        [&self.month, &self.day, &self.year].iter().all(|part| part.trim().is_empty())
    }

    /// Not a date is a slip, not a guess: it costs no try.
    pub(super) fn born(&self, ctx: &Ctx) -> Result<BirthDate, Faults> {
        let today = day_in(ctx.now, ctx.zone());
        BirthDate::read(&self.month, &self.day, &self.year, today).map_err(|slip| {
            let mut faults = Faults::default();
            faults.add("month", ctx.words.t(&format!("birth-{}", slip.code())));
            faults
        })
    }
}

pub(super) fn wrong(ctx: &Ctx, left: i64) -> Faults {
    let mut faults = Faults::default();
    faults.add("month", ctx.words.with("who-wrong", &[("left", left.into())]));
    faults
}

/// Asks for the birth date and sends it to `action`.
pub(super) fn question(ctx: &Ctx, (action, whose): (&str, Whose), typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let for_another = whose.representative.is_some();
    let title = ctx.words.t(if for_another { "portal-born-title" } else { "who-title" });
    ctx.page(Page::new(title).status(status), &Question { action, for_another, typed, faults })
}

fn waiting(ctx: &Ctx, page: Waiting) -> Response {
    ctx.page(Page::new(ctx.words.t("portal-help-title")).here("/portal/sign-in"), &page)
}

#[derive(Template)]
#[template(path = "portal_keys/door.html")]
struct Door {}

#[derive(Template)]
#[template(path = "portal_keys/born.html")]
struct Question<'a> {
    action: &'a str,
    /// Asked of somebody who acts for the patient: it is the patient's.
    for_another: bool,
    typed: Typed,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "portal_keys/waiting.html")]
struct Waiting {
    secret: String,
    code: String,
    /// Pressed before the desk had typed the code.
    not_yet: bool,
}
