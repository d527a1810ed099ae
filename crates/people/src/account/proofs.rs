//! Adding and taking away one's own proofs. Each change is told to the account's address.

use super::pages::{Empty, oneself};
use crate::enrolments::{code_key, of_another, saved_codes};
use crate::proofs::{self, Ceremonies, Hasher, Having, passkeys, qr, rules};
use crate::sign_in::{scene, tell};
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{PasskeyId, PersonId, Secret};
use web::mail::Mail;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Deserialize)]
pub(super) struct Answered {
    ceremony: String,
    answer: String,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    password: String,
    code: String,
    /// The number behind the code app's key.
    key: String,
}

pub(super) async fn ask_passkey(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let mut view = ctx.keep.view(&access, Object::of("login", person.text())).await?;
    let mut has = proofs::credentials(&mut view, &access, person).await?;
    if has.len() >= proofs::PASSKEYS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "passkey-too-many"));
    }
    has.extend(proofs::credentials_of_others(&mut view, &access, person).await?);
    let login = proofs::login(&mut view, &access, person).await?;
    let name = ctx.shown_name.clone().unwrap_or_default();
    let email = login.map_or_else(|| name.clone(), |login| login.email.reveal().to_owned());
    let owner = passkeys::Owner { who: person.bytes(), email: &email, name: &name, has };
    Ok(Json(ctx.plugged::<Ceremonies>().ask_for_new(scene(&ctx), owner)?).into_response())
}

pub(super) async fn add_passkey(ctx: Ctx, Form(answered): Form<Answered>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let answer = (answered.ceremony.as_str(), answered.answer.as_str());
    let passkey = ctx.plugged::<Ceremonies>().made(scene(&ctx), person.bytes(), answer)?;
    let mut tx = ctx.keep.begin().await?;
    let had = proofs::having(&mut tx, person).await?;
    let id = proofs::add_passkey(&mut tx, person, &passkey).await.map_err(of_another)?;
    let entry = Entry::new(Object::of("passkey", id.text())).detail("change", "added");
    done(&ctx, tx, (&access, person), (had, entry, "/me?done=added")).await
}

pub(super) async fn remove_passkey(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let id = PasskeyId::parse(&id).ok_or(Failure::NotFound)?;
    let (access, person) = change(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let had = proofs::having(&mut tx, person).await?;
    if !(Having { passkeys: had.passkeys.saturating_sub(1), ..had }).any() {
        return Err(Failure::told(StatusCode::CONFLICT, "proof-last"));
    }
    proofs::remove_passkey(&mut tx, person, id).await?;
    let entry = Entry::new(Object::of("passkey", id.text())).detail("change", "removed");
    done(&ctx, tx, (&access, person), (had, entry, "/me?done=removed")).await
}

pub(super) async fn blank_password(ctx: Ctx) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let number = Secret::new(ctx.keep.entropy()).reveal();
    draw(&ctx, (&access, person), &number, Faults::default()).await
}

pub(super) async fn set_password(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let email = email_of(&ctx, &access, person).await?;
    let name = ctx.shown_name.clone().unwrap_or_default();
    let mut faults = Faults::default();
    let known = [email.as_str(), name.as_str(), ctx.settings.face.name.as_str()];
    if let Err(weak) = rules::check_password(&typed.password, &known) {
        faults.add("password", ctx.words.t(&format!("password-{}", weak.code())));
    }
    let key = code_key(&ctx, person, &typed.key);
    let step = rules::right_code(&key, &typed.code, 0, ctx.now);
    if step.is_none() {
        faults.add("code", ctx.words.t("set-up-code-wrong"));
    }
    let (Some(step), false) = (step, faults.any()) else {
        return draw(&ctx, (&access, person), &typed.key, faults).await;
    };
    let hash = ctx.plugged::<Hasher>().hash(&typed.password, ctx.keep.entropy()).await?;
    let mut tx = ctx.keep.begin().await?;
    let had = proofs::having(&mut tx, person).await?;
    let login = proofs::login(&mut tx, &access, person).await?.ok_or(Failure::NotFound)?;
    proofs::set_password(&mut tx, &login, Some((&hash, &key)), step).await?;
    let entry = Entry::new(Object::of("login", person.text())).detail("change", "password and code app set");
    done(&ctx, tx, (&access, person), (had, entry, "/me?done=password")).await
}

pub(super) async fn remove_password(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let had = proofs::having(&mut tx, person).await?;
    if !(Having { password: false, ..had }).any() {
        return Err(Failure::told(StatusCode::CONFLICT, "proof-last"));
    }
    let login = proofs::login(&mut tx, &access, person).await?.ok_or(Failure::NotFound)?;
    proofs::set_password(&mut tx, &login, None, login.code_step).await?;
    let entry =
        Entry::new(Object::of("login", person.text())).detail("change", "password and code app removed");
    done(&ctx, tx, (&access, person), (had, entry, "/me?done=removed")).await
}

pub(super) async fn new_codes(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let (access, person) = change(&ctx).await?;
    let mut tx = ctx.keep.begin().await?;
    let codes = proofs::save_codes(&mut tx, person).await?;
    tell(&ctx, &mut tx, &access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    let entry = Entry::new(Object::of("login", person.text())).detail("change", "new saved codes");
    tx.commit(&access, entry).await?;
    Ok(saved_codes(&ctx, codes, "/me"))
}

async fn change(ctx: &Ctx) -> Result<(Access, PersonId), Failure> {
    let access = ctx.decide(Act::ChangeOwnProofs, &Facts::default()).await?;
    Ok((access, oneself(ctx)?.0))
}

/// Tells the address, commits, and shows saved codes to whoever has none yet.
async fn done(
    ctx: &Ctx,
    mut tx: Tx,
    (access, person): (&Access, PersonId),
    (had, entry, on): (Having, Entry, &'static str),
) -> Result<Response, Failure> {
    let codes = match had.saved_codes {
        0 => Some(proofs::save_codes(&mut tx, person).await?),
        _ => None,
    };
    tell(ctx, &mut tx, access, person, Mail::ProofsChanged { when: ctx.now }).await?;
    tx.commit(access, entry).await?;
    Ok(codes.map_or_else(|| web::see_other(on), |codes| saved_codes(ctx, codes, "/me")))
}

async fn email_of(ctx: &Ctx, access: &Access, person: PersonId) -> Result<String, Failure> {
    let mut view = ctx.keep.view(access, Object::of("login", person.text())).await?;
    let login = proofs::login(&mut view, access, person).await?.ok_or(Failure::NotFound)?;
    Ok(login.email.reveal().to_owned())
}

async fn draw(
    ctx: &Ctx,
    (access, person): (&Access, PersonId),
    number: &str,
    faults: Faults,
) -> Result<Response, Failure> {
    let email = email_of(ctx, access, person).await?;
    let key = code_key(ctx, person, number);
    let address = rules::code_address(&key, &ctx.settings.face.name, &email);
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Password {
        picture: qr::picture(&address, &ctx.words.t("set-up-picture")),
        spelled: rules::base32(&key),
        number: number.to_owned(),
        email,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("account-password-title")).status(status), &page))
}

#[derive(Template)]
#[template(path = "account/password.html")]
struct Password {
    email: String,
    number: String,
    picture: String,
    spelled: String,
    faults: Faults,
}
