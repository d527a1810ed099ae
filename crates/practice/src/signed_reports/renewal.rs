//! Another report key in place of one that others may know. The private part of the old one is gone with it;
//! what it signed keeps its proof, and the page says until when it signed.

use super::store;
use askama::Template;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, filters, see_other};

pub(super) async fn page(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ReplaceReportKey, &Facts::default()).await?;
    let mut conn = ctx.keep.read().await?;
    let keys = store::keys(&mut conn).await?;
    Ok(ctx.page(Page::new(ctx.words.t("report-key-title")).rail("rail-practice"), &Keys { keys }))
}

/// The key that the reader saw: pressed twice, it is replaced once.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    seen: String,
}

pub(super) async fn replace(ctx: Ctx, Form(seen): Form<Seen>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ReplaceReportKey, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    if store::key(&mut tx).await?.is_some_and(|key| key == seen.seen) {
        let new = store::replace_key(&mut tx).await?;
        let entry = Entry::new(Object::of("report_key", "practice")).detail("ended", seen.seen);
        tx.commit(&access, entry.detail("public_key", new)).await?;
    }
    Ok(see_other("/practice/report-key"))
}

/// A report key as its page shows it.
pub(super) struct Key {
    pub public: String,
    pub made_at: UnixMillis,
    /// None for the one that signs.
    pub ended_at: Option<UnixMillis>,
}

#[derive(Template)]
#[template(path = "signed_reports/keys.html")]
struct Keys {
    keys: Vec<Key>,
}
