//! The inventory as a table to take along, and a table that becomes the inventory.
//!
//! Refuses a table with one wrong row as a whole, and says which rows are wrong and why.

use super::rules::{ASSETS_MAX, HEAD, from_table};
use super::store;
use crate::csv::{self, Fault};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use web::{Ctx, Failure, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// RFC 4180.
pub(super) async fn export(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ExportInventory, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("inventory", "csv")).await?;
    let mut text = csv::line(&HEAD);
    for asset in store::assets(&mut view, &access).await? {
        let words = &asset.words;
        let day =
            Timestamp::from_millisecond(asset.reviewed_at.0).map(|at| at.to_string()).unwrap_or_default();
        let day = day.get(..10).unwrap_or_default();
        let cells =
            [asset.kind, &words.name, &words.place, &words.holder, &words.data, &words.protection, day];
        text.push_str(&csv::line(&cells));
    }
    let named = HeaderValue::from_static("attachment; filename=\"inventory.csv\"");
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], text).into_response())
}

pub(super) async fn form(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    Ok(draw(&ctx, String::new(), Vec::new()))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pasted {
    table: String,
}

/// What is there by the same name is written over, column by column; the rest stays as it is.
pub(super) async fn import(ctx: Ctx, Form(pasted): Form<Pasted>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    // The head, and a last line that is empty, are no entries.
    let read = match csv::rows(&pasted.table, ASSETS_MAX + 2) {
        Ok(rows) => from_table(&rows),
        Err(Fault::Quote(row)) => Err(vec![(row, "inventory-fault-quote")]),
        Err(Fault::TooMany) => Err(vec![(ASSETS_MAX, "inventory-fault-many")]),
    };
    let entries = match read {
        Ok(entries) => entries,
        Err(wrong) => {
            let said = wrong.into_iter().take(WRONG_SHOWN).map(|(row, key)| {
                ctx.words.with("inventory-row", &[("n", row.into()), ("why", ctx.words.t(key).into())])
            });
            return Ok(draw(&ctx, pasted.table, said.collect()));
        }
    };
    let mut tx = ctx.keep.begin().await?;
    let there = store::assets(&mut tx, &access).await?;
    let (mut added, mut changed) = (0, 0);
    for line in entries {
        let (kind, before) = (line.kind, there.iter().find(|asset| asset.words.name == line.name));
        let words = line.over(before.map(|asset| &asset.words));
        match before {
            Some(asset) => {
                store::write(&mut tx, (asset.id, asset.version), kind, &words).await?;
                changed += 1;
            }
            None => {
                store::add(&mut tx, kind, &words).await?;
                added += 1;
            }
        }
    }
    if there.len() + added > ASSETS_MAX {
        drop(tx);
        let many = ctx.words.t("inventory-fault-many");
        return Ok(draw(&ctx, pasted.table, vec![many]));
    }
    let entry = Entry::new(Object::of("inventory", "csv"))
        .detail("added", added.to_string())
        .detail("changed", changed.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/inventory"))
}

/// Whoever mends these tries again and sees the next.
const WRONG_SHOWN: usize = 20;

fn draw(ctx: &Ctx, table: String, wrong: Vec<String>) -> Response {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ImportPage { head: HEAD[..6].join(","), table, wrong };
    ctx.page(Page::new(ctx.words.t("inventory-import")).rail("rail-practice").status(status), &page)
}

#[derive(Template)]
#[template(path = "inventory/import.html")]
struct ImportPage {
    head: String,
    table: String,
    wrong: Vec<String>,
}
