//! The four buttons of a recovery.

use super::rules::{self, Refused};
use super::store;
use crate::enrolments::{self, Purpose};
use crate::sign_in::tell;
use crate::staff::{self, Empty, acting, person_of};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act, Facts};
use vocabulary::PersonId;
use web::mail::Mail;
use web::{Ctx, Failure, Form};

pub(super) async fn ask(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let person = person_of(&id)?;
    let access = ctx.decide(Act::AskRecovery, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let active = staff::load(&mut tx, person).await?.ok_or(Failure::NotFound)?;
    let under_way = store::of(&mut tx, person, ctx.now).await?.is_some();
    let standing = under_way || active.state != staff::State::Active;
    rules::may_ask(person, acting(&ctx)?, standing).map_err(refused)?;
    let recovery = store::ask(&mut tx, person, acting(&ctx)?).await?;
    let entry = Entry::new(Object::of("recovery", recovery.text())).detail("person", person.text());
    tx.commit(&access, entry).await?;
    Ok(back(person))
}

pub(super) async fn approve(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let person = person_of(&id)?;
    let access = ctx.decide(Act::ApproveRecovery, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let recovery = store::of(&mut tx, person, ctx.now).await?.ok_or(Failure::NotFound)?;
    let span = rules::may_approve(&recovery.standing, acting(&ctx)?, ctx.now).map_err(refused)?;
    store::approve(&mut tx, recovery.id, acting(&ctx)?, span.0).await?;
    let secret = enrolments::issue(&mut tx, person, Purpose::Recover, span).await?;
    let link = enrolments::link(&ctx.settings.face, &secret);
    tell(&ctx, &mut tx, &access, person, Mail::Recover { when: span.0, link: &link }).await?;
    let entry = Entry::new(Object::of("recovery", recovery.id.text())).detail("person", person.text());
    tx.commit(&access, entry).await?;
    Ok(back(person))
}

pub(super) async fn stop(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let person = person_of(&id)?;
    let access = ctx.decide(Act::WithdrawRecovery, &Facts::default()).await?;
    end(&ctx, &access, person).await?;
    Ok(back(person))
}

pub(super) async fn stop_own(ctx: Ctx, Form(Empty {}): Form<Empty>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::StopOwnRecovery, &Facts::default()).await?;
    end(&ctx, &access, acting(&ctx)?).await?;
    Ok(web::see_other("/me"))
}

async fn end(ctx: &Ctx, access: &Access, person: PersonId) -> Result<(), Failure> {
    let mut tx = ctx.keep.begin().await?;
    let recovery = store::of(&mut tx, person, ctx.now).await?.ok_or(Failure::NotFound)?;
    store::close(&mut tx, person).await?;
    enrolments::withdraw(&mut tx, person).await?;
    let entry = Entry::new(Object::of("recovery", recovery.id.text())).detail("person", person.text());
    tx.commit(access, entry).await?;
    Ok(())
}

fn refused(why: Refused) -> Failure {
    let code = match why {
        Refused::Oneself => "recovery-oneself",
        Refused::SamePerson => "recovery-same-person",
        Refused::NotNow => "recovery-not-now",
    };
    Failure::told(StatusCode::CONFLICT, code)
}

fn back(person: PersonId) -> Response {
    web::see_other(&format!("/staff/{}", person.text()))
}
