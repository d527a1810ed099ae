//! The page "My account" and the end of a session elsewhere.

use crate::proofs::{self, Having, Listed};
use crate::provider;
use crate::recoveries;
use crate::sessions::{self, How};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{PersonId, Principal, SessionId, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters};

/// A form that carries nothing but its token.
#[derive(Deserialize)]
pub(super) struct Empty {}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What the form before this page did.
    done: String,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeOwnSessions, &Facts::default()).await?;
    let (person, session) = oneself(&ctx)?;
    let mut conn = ctx.keep.view(&access, Object::of("sessions", person.text())).await?;
    let having = proofs::having(&mut conn, person).await?;
    let passkeys = proofs::list_passkeys(&mut conn, person).await?;
    let rules = &ctx.settings.house_rules;
    let sessions = sessions::of_staff(&mut conn, rules, person, ctx.now).await?;
    let connected = provider::connected(&mut conn, person).await?;
    let origins = sessions::origins(&mut conn, &access, person).await?;
    let recovery = recoveries::of(&mut conn, person, ctx.now).await?;
    drop(conn);
    let began = sessions.iter().find(|signed| signed.id == session).map(|signed| signed.since);
    let origin = |id| origins.iter().find(|(of, _)| *of == id).map(|(_, from)| from.clone());
    let sessions = sessions.into_iter().map(|signed| Line {
        at_once: signed.id != session && began.is_some_and(|began| signed.last_seen > began),
        from: origin(signed.id).unwrap_or_default(),
        here: signed.id == session,
        id: signed.id.text(),
        how: ctx.words.t(how_key(signed.how)),
        since: moment(&ctx, signed.since),
        last_seen: moment(&ctx, signed.last_seen),
    });
    let provider = provider::at_the_door(&ctx).await?;
    let sessions: Vec<Line> = sessions.collect();
    let passkeys = passkeys.into_iter().map(|listed| PasskeyLine::of(&ctx, &listed));
    let page = Account {
        done: done_key(&asked.done).map(|key| ctx.words.t(key)),
        recovery: recovery.is_some(),
        fresh: ctx.fresh,
        last: having.passkeys + usize::from(having.password) <= 1,
        room: having.passkeys < proofs::PASSKEYS_MAX,
        at_once: sessions.iter().any(|one| one.at_once),
        sessions,
        passkeys: passkeys.collect(),
        connected: connected
            .zip(provider.clone())
            .map(|((made, used), name)| (name, moment(&ctx, made), used.map(|at| moment(&ctx, at)))),
        provider,
        having,
    };
    Ok(ctx.page(Page::new(ctx.words.t("account-title")).script(), &page))
}

pub(super) async fn end(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = SessionId::parse(&id).ok_or(Failure::NotFound)?;
    let access = ctx.decide(Act::EndOwnSession, &Facts::default()).await?;
    let (person, _) = oneself(&ctx)?;
    let mut tx = ctx.keep.begin().await?;
    let theirs = sessions::load(&mut tx, id).await?.and_then(|session| session.person);
    if theirs != Some(person) {
        return Err(Failure::NotFound);
    }
    sessions::end(&mut tx, id).await?;
    tx.commit(&access, Entry::new(Object::of("session", id.text()))).await?;
    Ok(web::see_other("/me?done=ended"))
}

pub(crate) fn oneself(ctx: &Ctx) -> Result<(PersonId, SessionId), Failure> {
    match ctx.who {
        Principal::Staff { person, session, .. } => Ok((person, session)),
        _ => Err(Failure::SignIn),
    }
}

fn moment(ctx: &Ctx, at: UnixMillis) -> String {
    ctx.words.day_and_time(at, ctx.zone())
}

fn how_key(how: How) -> &'static str {
    match how {
        How::Passkey => "how-passkey",
        How::Password => "how-password",
        How::Provider => "how-provider",
        How::Enrolment => "how-enrolment",
        How::Link | How::Invitation => "how-link",
    }
}

/// An address says what was done by a word of ours, nothing else.
fn done_key(done: &str) -> Option<&'static str> {
    match done {
        "ended" => Some("account-ended"),
        "added" => Some("account-added"),
        "removed" => Some("account-removed"),
        "password" => Some("account-password-set"),
        "connected" => Some("provider-connected"),
        _ => None,
    }
}

struct Line {
    id: String,
    here: bool,
    /// Used while this browser was signed in too.
    at_once: bool,
    /// Browser and address; empty when unknown.
    from: String,
    how: String,
    since: String,
    last_seen: String,
}

struct PasskeyLine {
    id: String,
    made_at: String,
    used_at: Option<String>,
}

impl PasskeyLine {
    fn of(ctx: &Ctx, listed: &Listed) -> PasskeyLine {
        PasskeyLine {
            id: listed.id.text(),
            made_at: moment(ctx, listed.made_at),
            used_at: listed.used_at.map(|at| moment(ctx, at)),
        }
    }
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account {
    done: Option<String>,
    /// Two others are letting this person in anew.
    recovery: bool,
    fresh: bool,
    /// One way in is left: it stays.
    last: bool,
    room: bool,
    having: Having,
    /// What the account elsewhere is called, while one may be connected.
    provider: Option<String>,
    /// What it is called, since when it is connected, and when it was last used.
    connected: Option<(String, String, Option<String>)>,
    passkeys: Vec<PasskeyLine>,
    sessions: Vec<Line>,
    /// One of them was used while this browser was signed in too.
    at_once: bool,
}
