//! The sign-in page and its two ways in.

use super::enter::{self, Answered, Outside, Proof, Typed};
use crate::invitations::{From, Limits};
use crate::proofs::{Ceremonies, rules::percent};
use crate::provider;
use askama::Template;
use axum::Json;
use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, KeepError, Object};
use policy::{Access, Act, Facts};
use vocabulary::Role;
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub back: String,
}

/// A form that carries nothing but its token.
#[derive(serde::Deserialize)]
pub(crate) struct Empty {}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    door(&ctx, Typed { back: own(&asked.back), ..Typed::default() }, None).await
}

pub(super) async fn by_password(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    match enter::by_password(&ctx, (&from, &headers), &access, &typed).await? {
        Ok(proof) => enter_with(&ctx, &access, &headers, (proof, &typed.back)).await,
        Err(outside) => door(&ctx, typed, Some((outside, "sign-in-wrong"))).await,
    }
}

pub(super) async fn ask_passkey(
    ctx: Ctx,
    from: From,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    Ok(Json(ctx.plugged::<Ceremonies>().ask_who(enter::scene(&ctx))?).into_response())
}

pub(super) async fn by_passkey(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(answered): Form<Answered>,
) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    let access = ctx.decide(Act::SignIn, &Facts::default()).await?;
    let typed = Typed { back: answered.back.clone(), ..Typed::default() };
    match enter::by_passkey(&ctx, &access, &answered).await? {
        Ok(proof) => enter_with(&ctx, &access, &headers, (proof, &typed.back)).await,
        Err(outside) => door(&ctx, typed, Some((outside, "passkey-wrong"))).await,
    }
}

/// What somebody reads who stays outside: the sentence, and the status that goes with it.
pub(crate) fn sentence(ctx: &Ctx, outside: &Outside, wrong: &str) -> (String, StatusCode) {
    match outside {
        Outside::Wrong => (ctx.words.t(wrong), StatusCode::UNPROCESSABLE_ENTITY),
        Outside::Wait { seconds } => {
            (ctx.words.with("sign-in-wait", &[("seconds", (*seconds).into())]), StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

/// A path of this site, or the first page.
pub(crate) fn own(back: &str) -> String {
    if web::is_own_path(back) && !back.starts_with("/sign-in") { back.to_owned() } else { "/".to_owned() }
}

/// The session, the browser and the entry, in one commit with the proof that is spent.
pub(crate) async fn enter_with(
    ctx: &Ctx,
    access: &Access,
    headers: &HeaderMap,
    (proof, back): (Proof, &str),
) -> Result<Response, Failure> {
    let who = (proof.person(), proof.how());
    let mut tx = ctx.keep.begin().await?;
    match proof.spend(&mut tx).await {
        // The same code a moment ago, in another window or by somebody who looked on.
        Err(KeepError::Conflict) => {
            drop(tx);
            let typed = Typed { back: back.to_owned(), ..Typed::default() };
            return door(ctx, typed, Some((Outside::Wrong, "sign-in-wrong"))).await;
        }
        spent => spent?,
    }
    let cookies = enter::let_in(ctx, &mut tx, access, headers, who).await?;
    let entry = Entry::new(Object::of("person", who.0.text())).detail("method", who.1.code());
    tx.commit(access, entry).await?;
    let mut response = web::see_other(&own(back));
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn door(ctx: &Ctx, typed: Typed, outside: Option<(Outside, &str)>) -> Result<Response, Failure> {
    let mut faults = Faults::default();
    let mut status = StatusCode::OK;
    if let Some((outside, wrong)) = &outside {
        let (said, with) = sentence(ctx, outside, wrong);
        faults.add("email", said);
        status = with;
    }
    let roles = if ctx.site.demo { Role::ALL } else { &[] };
    let page = SignIn {
        email: typed.email.chars().take(254).collect(),
        back: own(&typed.back),
        faults,
        provider: provider::at_the_door(ctx)
            .await?
            .map(|name| (name, format!("/sign-in/provider?back={}", percent(&own(&typed.back))))),
        roles: roles
            .iter()
            .map(|role| Way {
                href: format!("/demo/as/{}", role.code()),
                label: ctx.words.t(&format!("role-{}", role.code().replace('_', "-"))),
            })
            .collect(),
    };
    let here = leading("/sign-in", &page.back);
    Ok(ctx.page(Page::new(ctx.words.t("sign-in-title")).script().here(here).status(status), &page))
}

/// The door with the page that was wanted, in every language.
pub(super) fn leading(door: &str, back: &str) -> String {
    if back == "/" { door.to_owned() } else { format!("{door}?back={}", percent(back)) }
}

struct Way {
    href: String,
    label: String,
}

#[derive(Template)]
#[template(path = "sign_in/sign_in.html")]
struct SignIn {
    email: String,
    back: String,
    faults: Faults,
    /// What the account elsewhere is called, and where its button leads.
    provider: Option<(String, String)>,
    roles: Vec<Way>,
}
