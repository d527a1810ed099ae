//! Words that have no place any more: somebody signed, closed or took back what they belong to while they
//! were written. They are shown whole, to copy.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use web::{Ctx, Failure, Page, filters};

/// `why` is the key of a sentence, `words` are labels' keys with what was typed below each. Typed nothing:
/// [`Failure::NotFound`], as for a page that never was.
pub fn show_unsaved(ctx: &Ctx, why: &str, back: &str, words: &[(&str, &str)]) -> Result<Response, Failure> {
    let rows = words.iter().map(|(label, said)| (ctx.words.t(label), (*said).to_owned()));
    show_rows(ctx, why, back, rows.collect())
}

/// The same below labels that are read as they stand.
pub fn show_rows(
    ctx: &Ctx,
    why: &str,
    back: &str,
    mut rows: Vec<(String, String)>,
) -> Result<Response, Failure> {
    rows.retain(|(_, said)| !said.trim().is_empty());
    if rows.is_empty() {
        return Err(Failure::NotFound);
    }
    let page = Page::new(ctx.words.t("unsaved-title")).rail("rail-practice").status(StatusCode::CONFLICT);
    Ok(ctx.page(page, &UnsavedPage { why: ctx.words.t(why), back: back.to_owned(), rows }))
}

#[derive(Template)]
#[template(path = "risk/unsaved.html")]
struct UnsavedPage {
    why: String,
    back: String,
    rows: Vec<(String, String)>,
}
