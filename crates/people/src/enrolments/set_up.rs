//! The page that sets up a way in: a passkey, or a password with a code app; then the saved codes, once.
//!
//! One commit makes the account active, ends what was before and signs in. The page holds the link's secret
//! and a random number that gives the code app's key; the server keeps nothing of a page that was left.

use super::pages::{draw_closed, find};
use super::rules::Purpose;
use super::store::{self, Enrolment};
use crate::invitations::{From, Limits};
use crate::proofs::{self, Ceremonies, Hasher, passkeys, qr, rules};
use crate::recoveries;
use crate::sessions::{self, How};
use crate::sign_in::{let_in, scene, tell};
use crate::staff;
use askama::Template;
use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use vocabulary::{PersonId, Secret};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};
use webauthn_rs::prelude::Passkey;
use zeroize::Zeroizing;

#[derive(serde::Deserialize)]
pub(super) struct Typed {
    secret: String,
    password: String,
    code: String,
    /// The number behind the code app's key.
    key: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Started {
    secret: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Answered {
    secret: String,
    ceremony: String,
    answer: String,
}

/// What was proven on this page and is to be kept.
enum New {
    Passkey(Box<Passkey>),
    Password { hash: Zeroizing<String>, key: Zeroizing<Vec<u8>>, step: i64 },
}

pub(super) async fn by_password(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let (access, enrolment) = match find(&ctx, &typed.secret).await? {
        Ok(found) => found,
        Err(closed) => return Ok(draw_closed(&ctx, closed)),
    };
    let about = About::of(&ctx, &access, &enrolment).await?;
    let mut faults = Faults::default();
    let known = [about.email.as_str(), about.name.as_str(), ctx.settings.face.name.as_str()];
    if let Err(weak) = rules::check_password(&typed.password, &known) {
        faults.add("password", ctx.words.t(&format!("password-{}", weak.code())));
    }
    let key = code_key(&ctx, enrolment.person, &typed.key);
    let step = rules::right_code(&key, &typed.code, 0, ctx.now);
    if step.is_none() {
        faults.add("code", ctx.words.t("set-up-code-wrong"));
    }
    let (Some(step), false) = (step, faults.any()) else {
        return draw_with_key(&ctx, about, (&typed.secret, &typed.key), faults);
    };
    let hash = ctx.plugged::<Hasher>().hash(&typed.password, ctx.keep.entropy()).await?;
    finish(&ctx, &headers, (access, enrolment), New::Password { hash, key, step }).await
}

pub(super) async fn ask_passkey(
    ctx: Ctx,
    from: From,
    Form(started): Form<Started>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let Ok((access, enrolment)) = find(&ctx, &started.secret).await? else { return Err(Failure::NotFound) };
    let about = About::of(&ctx, &access, &enrolment).await?;
    let who = enrolment.person.bytes();
    let mut view = ctx.keep.view(&access, Object::of("login", enrolment.person.text())).await?;
    // Their own old ones end when the new one is made.
    let has = proofs::credentials_of_others(&mut view, &access, enrolment.person).await?;
    let owner = passkeys::Owner { who, email: &about.email, name: &about.name, has };
    Ok(Json(ctx.plugged::<Ceremonies>().ask_for_new(scene(&ctx), owner)?).into_response())
}

pub(super) async fn by_passkey(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let (access, enrolment) = match find(&ctx, &answered.secret).await? {
        Ok(found) => found,
        Err(closed) => return Ok(draw_closed(&ctx, closed)),
    };
    let answer = (answered.ceremony.as_str(), answered.answer.as_str());
    let passkey = ctx.plugged::<Ceremonies>().made(scene(&ctx), enrolment.person.bytes(), answer)?;
    finish(&ctx, &headers, (access, enrolment), New::Passkey(Box::new(passkey))).await
}

/// The page for a link that was just given out.
pub(crate) async fn draw_secret(ctx: &Ctx, secret: &Secret, faults: Faults) -> Result<Response, Failure> {
    let secret = secret.reveal();
    match find(ctx, &secret).await? {
        Ok((access, enrolment)) => draw(ctx, &access, &enrolment, (&secret, faults)).await,
        Err(closed) => Ok(draw_closed(ctx, closed)),
    }
}

pub(super) async fn draw(
    ctx: &Ctx,
    access: &Access,
    enrolment: &Enrolment,
    (secret, faults): (&str, Faults),
) -> Result<Response, Failure> {
    let about = About::of(ctx, access, enrolment).await?;
    let number = Secret::new(ctx.keep.entropy()).reveal();
    draw_with_key(ctx, about, (secret, &number), faults)
}

/// The page that shows saved codes: the one time they are seen.
pub(crate) fn saved_codes(ctx: &Ctx, codes: Vec<String>, on: &'static str) -> Response {
    ctx.page(Page::new(ctx.words.t("codes-title")).script(), &Codes { codes, on })
}

/// What is said to whoever brings a passkey that is in an account already.
pub(crate) fn of_another(error: KeepError) -> Failure {
    match error {
        KeepError::Conflict => Failure::told(StatusCode::CONFLICT, "passkey-of-another"),
        other => other.into(),
    }
}

/// The code app's key for a person and a number on the page: only this installation can tell it, and the same
/// number gives nobody else the same key (R10).
pub(crate) fn code_key(ctx: &Ctx, person: PersonId, number: &str) -> Zeroizing<Vec<u8>> {
    let mut key = ctx.keep.blind("login", "code_key", &format!("{} {number}", person.text()));
    key.truncate(rules::CODE_KEY_BYTES);
    Zeroizing::new(key)
}

async fn finish(
    ctx: &Ctx,
    headers: &HeaderMap,
    (access, enrolment): (Access, Enrolment),
    new: New,
) -> Result<Response, Failure> {
    let person = enrolment.person;
    let mut tx = ctx.keep.begin().await?;
    store::use_up(&mut tx, enrolment.id).await?;
    let login = proofs::login(&mut tx, &access, person).await?.ok_or(Failure::NotFound)?;
    proofs::take_all_away(&mut tx, &login).await?;
    let method = keep_new(&mut tx, &login, new).await?;
    staff::make_active(&mut tx, person).await?;
    sessions::end_of_staff(&mut tx, person, None).await?;
    recoveries::close(&mut tx, person).await?;
    let codes = proofs::save_codes(&mut tx, person).await?;
    if enrolment.purpose != Purpose::Join {
        tell(ctx, &mut tx, &access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    }
    let cookies = let_in(ctx, &mut tx, &access, headers, (person, How::Enrolment)).await?;
    let signed = policy::decide(&ctx.who, &Facts::default(), Act::SignIn)?;
    tx.note(&signed, Entry::new(Object::of("person", person.text())).detail("method", "enrolment"));
    let entry = Entry::new(Object::of("enrolment", enrolment.id.text()))
        .detail("purpose", enrolment.purpose.code())
        .detail("person", person.text())
        .detail("method", method);
    tx.commit(&access, entry).await?;
    let mut response = saved_codes(ctx, codes, "/");
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn keep_new(tx: &mut Tx, login: &proofs::Login, new: New) -> Result<&'static str, Failure> {
    match new {
        New::Passkey(passkey) => {
            proofs::set_password(tx, login, None, login.code_step).await?;
            proofs::add_passkey(tx, login.person, &passkey).await.map_err(of_another)?;
            Ok("passkey")
        }
        New::Password { hash, key, step } => {
            proofs::set_password(tx, login, Some((&hash, &key)), step).await?;
            Ok("password")
        }
    }
}

fn draw_with_key(
    ctx: &Ctx,
    about: About,
    (secret, number): (&str, &str),
    faults: Faults,
) -> Result<Response, Failure> {
    let key = code_key(ctx, about.person, number);
    let address = rules::code_address(&key, &ctx.settings.face.name, &about.email);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = SetUp {
        picture: qr::picture(&address, &ctx.words.t("set-up-picture")),
        spelled: rules::base32(&key),
        name: about.name,
        email: about.email,
        secret: secret.to_owned(),
        number: number.to_owned(),
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("set-up-title")).script().status(status), &page))
}

/// What the page says about whom it is for.
struct About {
    person: PersonId,
    name: String,
    email: String,
}

impl About {
    async fn of(ctx: &Ctx, access: &Access, enrolment: &Enrolment) -> Result<About, Failure> {
        let mut view = ctx.keep.view(access, Object::of("enrolment", enrolment.id.text())).await?;
        let name = staff::shown_name(&mut view, access, enrolment.person).await?;
        let login = proofs::login(&mut view, access, enrolment.person).await?.ok_or(Failure::NotFound)?;
        let (name, email) = (name.reveal().to_owned(), login.email.reveal().to_owned());
        Ok(About { person: enrolment.person, name, email })
    }
}

#[derive(Template)]
#[template(path = "enrolments/set_up.html")]
struct SetUp {
    name: String,
    email: String,
    secret: String,
    number: String,
    picture: String,
    spelled: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "enrolments/codes.html")]
struct Codes {
    codes: Vec<String>,
    on: &'static str,
}
