//! `/practice/findings`: what visits showed, for the officials who keep risks small.

use super::rules::{Kind, SMALLEST_COUNTED, shown};
use super::store;
use crate::risk::bank::bank;
use crate::risk::pages::show_unsaved;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, filters, see_other};

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    draw(&ctx, None).await
}

/// With a reason that could not be saved, beside the field it was typed in.
async fn draw(ctx: &Ctx, unsaved: Option<(Kind, &Closing)>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeFindings, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("findings", "")).await?;
    let sent = |group: Kind| unsaved.filter(|(kind, _)| *kind == group).map(|(_, closing)| closing);
    let groups = store::groups(&mut view).await?.into_iter().map(|group| Shown {
        kind: group.kind.code(),
        title: ctx.words.t(&format!("finding-{}", group.kind.code())),
        advice: ctx.words.t(&format!("finding-{}-advice", group.kind.code())),
        count: match shown(group.count) {
            Some(count) => ctx.words.with("findings-count", &[("n", count.into())]),
            None => ctx.words.with("findings-few", &[("n", SMALLEST_COUNTED.into())]),
        },
        newest: shown(group.count).map(|_| group.newest),
        weak_spot: bank().vulnerability(group.kind.weak_spot()).map_or("", |spot| spot.text(ctx.lang)),
        rule: group.kind.house_rule(),
        seen: sent(group.kind).map_or(ctx.now.0, |closing| closing.seen),
        unsaved: sent(group.kind).map(|closing| closing.reason.trim().to_owned()),
    });
    let may_close = ctx.allowed(Act::CloseFinding, &Facts::default());
    let page = List { groups: groups.collect(), may_close };
    let status = if unsaved.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("findings-title")).rail("rail-practice").status(status), &page))
}

#[derive(Deserialize)]
pub(super) struct Closing {
    #[serde(default)]
    reason: String,
    /// When the page was read, in Unix milliseconds. It names no finding: a small group shows no day.
    #[serde(default)]
    seen: i64,
}

/// The reason stands in the trail, sealed with the entry.
pub(super) async fn close(
    ctx: Ctx,
    Path(kind): Path<String>,
    Form(closing): Form<Closing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseFinding, &Facts::default()).await?;
    let kind = Kind::parse(&kind).ok_or(Failure::NotFound)?;
    let reason = closing.reason.trim().to_owned();
    if !(1..=REASON_MAX).contains(&reason.chars().count()) {
        return draw(&ctx, Some((kind, &closing))).await;
    }
    let mut tx = ctx.keep.begin().await?;
    let closed = store::close(&mut tx, kind, UnixMillis(closing.seen)).await?;
    if closed == 0 {
        // A colleague closed them, or made them a risk, while the reason was written.
        drop(tx);
        let words = [("findings-close-reason", reason.as_str())];
        return show_unsaved(&ctx, "unsaved-finding", "/practice/findings", &words);
    }
    let entry = Entry::new(Object::of("findings", kind.code()))
        .detail("closed", closed.to_string())
        .detail("reason", reason);
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/findings"))
}

const REASON_MAX: usize = 1_000;

struct Shown {
    kind: &'static str,
    title: String,
    advice: String,
    count: String,
    /// Left out for a small group: a day can name a patient as well as a count can.
    newest: Option<UnixMillis>,
    /// Of the bank, in the reader's language.
    weak_spot: &'static str,
    /// The house rule that could answer it.
    rule: Option<&'static str>,
    seen: i64,
    /// A reason that is missing or too long, as it was typed.
    unsaved: Option<String>,
}

#[derive(Template)]
#[template(path = "findings/list.html")]
struct List {
    groups: Vec<Shown>,
    may_close: bool,
}
