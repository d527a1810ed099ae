//! The day both phone and key are gone: a saved code opens the page that sets up a new way in.
//!
//! A saved code never signs in by itself. Whoever has a password must know it as well; the old proofs end,
//! all sessions end, and the account's address is told.

use super::enter::{self, Outside};
use super::pages::sentence;
use super::slow::{Count, Slow};
use crate::enrolments::{self, Purpose};
use crate::invitations::{From, Limits, source};
use crate::proofs::{self, Hasher, rules};
use crate::staff;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act, Facts};
use vocabulary::{MINUTE_MS, PersonId};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

/// Setting up a new way in must not take longer than this.
const SET_UP_MS: i64 = 30 * MINUTE_MS;

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    email: String,
    /// Empty for those who have none.
    password: String,
    saved_code: String,
}

pub(super) async fn page(ctx: Ctx) -> Response {
    draw(&ctx, &Typed::default(), None)
}

pub(super) async fn spend(ctx: Ctx, from: From, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    let name = proofs::name_index(&ctx.keep, &typed.email);
    let person = proofs::person_named(&mut *ctx.keep.read().await?, &name).await?;
    let counts = [Count::Here { name: name.clone(), from: source(&from) }, Count::Strangers { name }];
    let slow = ctx.plugged::<Slow>();
    if let Some(seconds) = slow.wait_s(&counts, ctx.now) {
        return Ok(draw(&ctx, &typed, Some(Outside::Wait { seconds })));
    }
    let person = knows_password(&ctx, &access, person, &typed.password).await?;
    let Some(secret) = exchange(&ctx, &access, person, &typed.saved_code).await? else {
        slow.wrong(&counts, ctx.now);
        let object = Object::of("person", person.map_or_else(String::new, |person| person.text()));
        ctx.keep.refused(&ctx.who, Act::SignIn, object, "saved_code").await?;
        return Ok(draw(&ctx, &typed, Some(Outside::Wrong)));
    };
    slow.right(&counts);
    enrolments::set_up(&ctx, &secret, Faults::default()).await
}

/// The person, if they are active and the password is theirs, or they have none.
async fn knows_password(
    ctx: &Ctx,
    access: &Access,
    person: Option<PersonId>,
    typed: &str,
) -> Result<Option<PersonId>, Failure> {
    let mut view = ctx.keep.view(access, Object::of("login", "")).await?;
    let mut login = None;
    if let Some(person) = person {
        let active = staff::load(&mut view, person).await?;
        if active.is_some_and(|person| person.state == staff::State::Active) {
            login = proofs::login(&mut view, access, person).await?;
        }
    }
    drop(view);
    let kept = login.as_ref().and_then(|login| login.password.clone());
    let (there, has_password) = (login.is_some(), kept.is_some());
    let right = ctx.plugged::<Hasher>().matches(typed, kept).await?;
    Ok(person.filter(|_| there && (right || !has_password)))
}

/// One saved code for one link of half an hour, in one commit.
async fn exchange(
    ctx: &Ctx,
    access: &Access,
    person: Option<PersonId>,
    typed: &str,
) -> Result<Option<vocabulary::Secret>, Failure> {
    // A name nobody has, or a code that is none, is looked up all the same.
    let person = person.unwrap_or(PersonId::from_bytes([0; 16]));
    let spelled = rules::spell_saved_code(typed).unwrap_or_default();
    let mut tx = ctx.keep.begin().await?;
    if !proofs::spend_code(&mut tx, person, &spelled).await? {
        return Ok(None);
    }
    let span = (ctx.now, ctx.now.plus_ms(SET_UP_MS));
    let secret = enrolments::issue(&mut tx, person, Purpose::SavedCode, span).await?;
    enter::tell(ctx, &mut tx, access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    let entry = Entry::new(Object::of("person", person.text())).detail("method", "saved code");
    tx.commit(access, entry).await?;
    Ok(Some(secret))
}

fn draw(ctx: &Ctx, typed: &Typed, outside: Option<Outside>) -> Response {
    let mut faults = Faults::default();
    let mut status = StatusCode::OK;
    if let Some(outside) = &outside {
        let (said, with) = sentence(ctx, outside, "saved-wrong");
        faults.add("email", said);
        status = with;
    }
    let page = Saved { email: typed.email.chars().take(254).collect(), faults };
    ctx.page(Page::new(ctx.words.t("saved-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "sign_in/saved.html")]
struct Saved {
    email: String,
    faults: Faults,
}
