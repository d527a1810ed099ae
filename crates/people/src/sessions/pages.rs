//! The ways in and out that are the same for everybody.

use super::cookies::Jar;
use super::{How, store};
use crate::{invitations, provider};
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object};
use policy::{Act, Facts};
use std::collections::HashMap;
use vocabulary::{Principal, Relation, Relations, SECOND_MS};
use web::{Ctx, Failure, Form, Page, filters};

/// A form that carries nothing but its token.
#[derive(serde::Deserialize)]
pub(super) struct Empty {}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The session began at the provider.
    provider: bool,
}

pub(super) async fn signed_out(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let elsewhere = if asked.provider { provider::way_out(&ctx).await? } else { None };
    Ok(ctx.page(Page::new(ctx.words.t("signed-out-title")), &SignedOut { elsewhere }))
}

/// How long this session goes on, in seconds. Asked in the background it keeps nothing alive.
pub(super) async fn still_here(ctx: Ctx) -> Response {
    Json(serde_json::json!({ "left": ctx.left_ms / SECOND_MS })).into_response()
}

/// One handler for the three cookies: the path has already said which session this is.
pub(super) async fn sign_out(
    ctx: Ctx,
    Path(path): Path<HashMap<String, String>>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    // Signing out is about oneself: whoever acts for somebody does it for themselves here.
    let relation = match ctx.who {
        Principal::Representative { .. } => Relation::Representative,
        _ => Relation::Patient,
    };
    let oneself = Facts { relations: Relations::NONE.with(relation), ..Facts::default() };
    let access = ctx.decide(Act::SignOut, &oneself).await?;
    let door = path.get("door").cloned();
    let (session, jar) = match ctx.who {
        Principal::Staff { session, .. } => (session, Jar::Staff),
        Principal::Patient { session, .. } | Principal::Representative { session, .. } => {
            (session, Jar::Patient)
        }
        Principal::Guest { session, .. } => (session, Jar::Guest(door.clone().ok_or(Failure::NotFound)?)),
        Principal::Anonymous | Principal::System => return Err(Failure::SignIn),
    };
    let mut tx = ctx.keep.begin().await?;
    let by_provider = store::how(&mut tx, session).await? == Some(How::Provider);
    store::end(&mut tx, session).await?;
    if let Some(door) = &door {
        invitations::release(&mut tx, door).await?;
    }
    tx.commit(&access, Entry::new(Object::of("session", session.text()))).await?;
    let to = if by_provider { "/signed-out?provider=true" } else { "/signed-out" };
    let mut response = web::see_other(to);
    response.headers_mut().insert(header::SET_COOKIE, jar.clear());
    Ok(response)
}

#[derive(Template)]
#[template(path = "sessions/signed_out.html")]
struct SignedOut {
    /// What the provider is called and the address that ends the session there.
    elsewhere: Option<(String, String)>,
}
