//! `/practice`: what visits showed, for the officials who keep risks small.

use super::rules::{SMALLEST_COUNTED, shown};
use super::store;
use askama::Template;
use axum::response::Response;
use keep::Object;
use policy::{Act, Facts};
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Page, filters};

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeFindings, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("findings", "")).await?;
    let groups = store::groups(&mut view).await?.into_iter().map(|group| Shown {
        title: ctx.words.t(&format!("finding-{}", group.kind.code())),
        advice: ctx.words.t(&format!("finding-{}-advice", group.kind.code())),
        count: match shown(group.count) {
            Some(count) => ctx.words.with("findings-count", &[("n", count.into())]),
            None => ctx.words.with("findings-few", &[("n", SMALLEST_COUNTED.into())]),
        },
        newest: shown(group.count).map(|_| group.newest),
    });
    let page = List { groups: groups.collect() };
    Ok(ctx.page(Page::new(ctx.words.t("findings-title")).rail("rail-practice"), &page))
}

struct Shown {
    title: String,
    advice: String,
    count: String,
    /// Left out for a small group: a day can name a patient as well as a count can.
    newest: Option<UnixMillis>,
}

#[derive(Template)]
#[template(path = "findings/list.html")]
struct List {
    groups: Vec<Shown>,
}
