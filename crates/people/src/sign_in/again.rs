//! The fresh proof: whoever finds an open browser must not change who comes in (D9: five minutes).
//!
//! Any slice asks for it by the act alone: `ctx.decide` answers `Failure::ProveAgain`, the page leads here
//! and back.

use super::enter::{self, Answered, Outside, Proof, Typed};
use super::pages::{Asked, leading, own, sentence};
use crate::invitations::{From, Limits};
use crate::proofs::{self, Having};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use keep::Object;
use policy::{Access, Act, Facts};
use vocabulary::{PersonId, Principal, SessionId};
use web::{Ctx, Failure, Faults, Form, Page, filters};

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    ctx.decide(Act::ProveAgain, &Facts::default()).await?;
    draw(&ctx, &asked.back, None).await
}

pub(super) async fn by_password(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::ProveAgain, &Facts::default()).await?;
    let (person, _) = oneself(&ctx)?;
    // The name is not asked again: it is the one this session stands for.
    let mut view = ctx.keep.view(&access, Object::of("login", "")).await?;
    let login = proofs::login(&mut view, &access, person).await?;
    drop(view);
    let email = login.map(|login| login.email.reveal().to_owned()).unwrap_or_default();
    let typed = Typed { email, ..typed };
    let proof = enter::by_password(&ctx, (&from, &headers), &access, &typed).await?;
    finish(&ctx, &access, proof, &typed.back).await
}

pub(super) async fn by_passkey(
    ctx: Ctx,
    from: From,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::ProveAgain, &Facts::default()).await?;
    let proof = enter::by_passkey(&ctx, &access, &answered).await?;
    finish(&ctx, &access, proof, &answered.back).await
}

async fn finish(
    ctx: &Ctx,
    access: &Access,
    proof: Result<Proof, Outside>,
    back: &str,
) -> Result<Response, Failure> {
    let (person, session) = oneself(ctx)?;
    match proof {
        Ok(proof) if proof.person() == person => {
            let cookie = enter::again(ctx, access, session, &proof).await?;
            let mut response = web::see_other(&own(back));
            response.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(response)
        }
        // A colleague's key proves the colleague.
        Ok(_) => draw(ctx, back, Some(Outside::Wrong)).await,
        Err(outside) => draw(ctx, back, Some(outside)).await,
    }
}

async fn draw(ctx: &Ctx, back: &str, outside: Option<Outside>) -> Result<Response, Failure> {
    let (person, _) = oneself(ctx)?;
    let having = proofs::having(&mut *ctx.keep.read().await?, person).await?;
    let mut faults = Faults::default();
    let mut status = StatusCode::OK;
    if let Some(outside) = &outside {
        let (said, with) = sentence(ctx, outside, "again-wrong");
        faults.add("password", said);
        status = with;
    }
    let page = Again { having, back: own(back), faults };
    let here = leading("/sign-in/again", &page.back);
    Ok(ctx.page(Page::new(ctx.words.t("again-title")).script().here(here).status(status), &page))
}

fn oneself(ctx: &Ctx) -> Result<(PersonId, SessionId), Failure> {
    match ctx.who {
        Principal::Staff { person, session, .. } => Ok((person, session)),
        _ => Err(Failure::SignIn),
    }
}

#[derive(Template)]
#[template(path = "sign_in/again.html")]
struct Again {
    having: Having,
    back: String,
    faults: Faults,
}
