//! `/join`: a short code from paper or phone in the place of a link (works without a script). It opens
//! exactly what the link opens, on one device, and the second fact follows.
//!
//! Forty bits behind a limit of tries per address; wrong, old and mistyped codes look alike.

use super::limits::{From, Limits};
use super::pages::{self, Key};
use super::rules::Purpose;
use super::store::{self, Invitation, SECRET_INDEX};
use crate::contact::codes;
use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use keep::{Conn, KeepError, Tx, args};
use serde::Deserialize;
use vocabulary::{JobId, Secret};
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    code: String,
}

pub(super) async fn form(ctx: Ctx) -> Response {
    draw(&ctx, Typed::default(), Faults::default())
}

pub(super) async fn enter(
    ctx: Ctx,
    from: From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    // A code that cannot be one is no try.
    let Some(code) = codes::read(&typed.code) else { return Ok(wrong(&ctx, typed, "join-slip")) };
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    match pages::open(&ctx, &headers, (Purpose::Visit, Key::Code(&code))).await? {
        Some(opened) => Ok(opened),
        None => Ok(wrong(&ctx, typed, "join-unknown")),
    }
}

/// A code for the invitation behind this secret, to print or read out. Shown once, like the link.
pub async fn join_code(tx: &mut Tx, secret: &Secret) -> Result<String, KeepError> {
    let index = tx.blind(SECRET_INDEX.0, SECRET_INDEX.1, &secret.reveal());
    let invitation = store::by_secret(tx, index).await?.ok_or(KeepError::NotFound)?;
    let code = codes::draw(tx.entropy());
    let (id, index) = (JobId::new(tx.now(), tx.entropy()), tx.blind(CODE.0, CODE.1, &code));
    let sql = "INSERT INTO join_code (id, code_index, invitation, made_at) VALUES ($1, $2, $3, $4)";
    tx.run(sql, args![id, index, invitation.id, tx.now()]).await?;
    Ok(codes::spelled(&code))
}

pub(super) async fn by_code(conn: &mut Conn, index: Vec<u8>) -> Result<Option<Invitation>, KeepError> {
    let row = conn
        .row(
            "SELECT i.id, i.purpose, i.door, i.visit, i.participant, i.patient, i.entry_code, i.state,
                 i.tries, i.expires_at, i.opened_session, i.version
             FROM invitation i JOIN join_code c ON c.invitation = i.id WHERE c.code_index = $1",
            args![index],
        )
        .await?;
    row.as_ref().map(store::read).transpose()
}

pub(super) const CODE: (&str, &str) = ("join_code", "code_index");

fn wrong(ctx: &Ctx, typed: Typed, key: &str) -> Response {
    let mut faults = Faults::default();
    faults.add("code", ctx.words.t(key));
    draw(ctx, typed, faults)
}

fn draw(ctx: &Ctx, typed: Typed, faults: Faults) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let code: String = typed.code.chars().take(40).collect();
    let page = Join { code, faults, phone: ctx.settings.face.phone.clone() };
    ctx.page(Page::new(ctx.words.t("join-title")).status(status), &page)
}

#[derive(Template)]
#[template(path = "invitations/join.html")]
struct Join {
    code: String,
    faults: Faults,
    phone: String,
}
