//! `/styleguide`: every component on one page, for eyes and screenshots. In the demo only.

use crate::{Ctx, Failure, Page, Site, filters};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

pub(crate) async fn page(ctx: Ctx, State(site): State<Site>) -> Result<Response, Failure> {
    if !site.demo {
        return Err(Failure::NotFound);
    }
    Ok(ctx.page(Page::new("Style guide"), &Parts {}))
}

pub(crate) async fn view(
    ctx: Ctx,
    State(site): State<Site>,
    Path(_name): Path<String>,
) -> Result<Response, Failure> {
    if !site.demo {
        return Err(Failure::NotFound);
    }
    Ok(ctx.page(Page::new("Style guide"), &Parts {}))
}

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Parts {}
