//! The page behind the link, and the sentence for a link that does not open.

use super::rules::{self, Closed};
use super::store::{self, Enrolment};
use crate::invitations::{From, Limits};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keep::Object;
use policy::{Access, Act, Facts};
use web::{Ctx, Failure, Faults, Form, Page, filters};

#[derive(serde::Deserialize)]
pub(super) struct Pressed {
    /// Moved here from the fragment by the page's script.
    #[serde(default)]
    secret: String,
}

pub(super) async fn door(ctx: Ctx) -> Response {
    ctx.page(Page::new(ctx.words.t("welcome-title")).script(), &Door {})
}

pub(super) async fn open(ctx: Ctx, from: From, Form(pressed): Form<Pressed>) -> Result<Response, Failure> {
    ctx.plugged::<Limits>().take(&from, ctx.now)?;
    match find(&ctx, &pressed.secret).await? {
        Ok((access, enrolment)) => {
            super::set_up::draw(&ctx, &access, &enrolment, (&pressed.secret, Faults::default())).await
        }
        Err(closed) => Ok(draw_closed(&ctx, closed)),
    }
}

/// The enrolment behind a secret, if its link opens now. A refusal is in the trail.
pub(super) async fn find(ctx: &Ctx, secret: &str) -> Result<Result<(Access, Enrolment), Closed>, Failure> {
    let access = ctx.decide(Act::OpenEnrolment, &Facts::default()).await?;
    let index = store::index(&ctx.keep, secret);
    let found = store::by_secret(&mut *ctx.keep.read().await?, index).await?;
    let (id, closed) = match found {
        Some(enrolment) => match rules::opens(&enrolment.standing, ctx.now) {
            Ok(()) => return Ok(Ok((access, enrolment))),
            Err(closed) => (enrolment.id.text(), closed),
        },
        None => (String::new(), Closed::Over),
    };
    ctx.keep.refused(&ctx.who, Act::OpenEnrolment, Object::of("enrolment", id), "closed").await?;
    Ok(Err(closed))
}

pub(super) fn draw_closed(ctx: &Ctx, closed: Closed) -> Response {
    let (key, opens_at, status) = match closed {
        Closed::Over => ("welcome-over", None, StatusCode::GONE),
        Closed::NotYet { opens_at } => {
            ("welcome-not-yet", Some(ctx.words.day_and_time(opens_at, ctx.zone())), StatusCode::FORBIDDEN)
        }
    };
    let title = ctx.words.t(key);
    ctx.page(Page::new(title.clone()).status(status), &Shut { title, opens_at })
}

#[derive(Template)]
#[template(path = "enrolments/door.html")]
struct Door {}

#[derive(Template)]
#[template(path = "enrolments/closed.html")]
struct Shut {
    title: String,
    opens_at: Option<String>,
}
