//! The inventory as a table to take along, and a table that becomes the inventory.
//!
//! Refuses a table with one wrong row as a whole, and says which rows are wrong and why.

use super::rules::{ASSETS_MAX, FLOWS_MAX, HEAD, Wrong, from_table};
use super::store::{self, Flow, FlowWords};
use super::ways;
use crate::csv::{self, Fault};
use crate::ids::AssetId;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use keep::{Entry, KeepError, Object, Tx};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, Value, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// RFC 4180.
pub(super) async fn export(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ExportInventory, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("inventory", "csv")).await?;
    let mut text = csv::line(&HEAD);
    for asset in store::assets(&mut view, &access).await? {
        let words = &asset.words;
        let day = day(asset.reviewed_at);
        let cells =
            [asset.kind, &words.name, &words.place, &words.holder, &words.data, &words.protection, &day];
        text.push_str(&csv::line(&cells));
    }
    Ok(file("attachment; filename=\"inventory.csv\"", text))
}

/// The ways, each between the names of its ends.
pub(super) async fn export_ways(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ExportInventory, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("inventory", "ways.csv")).await?;
    let assets = store::assets(&mut view, &access).await?;
    let name = |id: AssetId| assets.iter().find(|asset| asset.id == id).map_or("", |it| &it.words.name);
    let mut text = csv::line(&ways::HEAD);
    for flow in store::flows(&mut view, &access).await? {
        let (from, to) = (name(flow.from), name(flow.to));
        let cells = [from, to, &flow.words.what, &flow.words.protection, &day(flow.reviewed_at)];
        text.push_str(&csv::line(&cells));
    }
    Ok(file("attachment; filename=\"inventory-ways.csv\"", text))
}

/// ISO 8601, for programs.
fn day(at: UnixMillis) -> String {
    let text = Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default();
    text.get(..10).unwrap_or_default().to_owned()
}

fn file(named: &'static str, text: String) -> Response {
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let named = HeaderValue::from_static(named);
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], text).into_response()
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

/// Why a table was not taken.
enum Refused {
    Rows(Vec<Wrong>),
    /// More than the inventory holds: the key of the sentence.
    Many(&'static str),
    Failed(KeepError),
}

impl From<KeepError> for Refused {
    fn from(error: KeepError) -> Refused {
        Refused::Failed(error)
    }
}

/// How many entries or ways were added, and how many written over.
type Counts = (usize, usize);

/// What is there already is written over, column by column; the rest stays as it is.
pub(super) async fn import(ctx: Ctx, Form(pasted): Form<Pasted>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    // The head, and a last line that is empty, are no rows of their own.
    let taken = match csv::rows(&pasted.table, FLOWS_MAX + 2) {
        Ok(rows) if ways::are_in(&rows) => {
            take_ways(&mut tx, &access, &rows).await.map(|counts| ("ways.csv", counts))
        }
        Ok(rows) => take_assets(&mut tx, &access, &rows).await.map(|counts| ("csv", counts)),
        Err(Fault::Quote(row)) => Err(Refused::Rows(vec![(row, "inventory-fault-quote")])),
        Err(Fault::TooMany) => Err(Refused::Many("inventory-fault-many")),
    };
    let (what, (added, changed)) = match taken {
        Ok(taken) => taken,
        Err(refused) => {
            drop(tx);
            let said = match refused {
                Refused::Failed(error) => return Err(error.into()),
                Refused::Many(key) => vec![ctx.words.t(key)],
                Refused::Rows(wrong) => {
                    let why = |key: &str| Value::from(ctx.words.t(key));
                    let say = |(row, key): (usize, &str)| {
                        ctx.words.with("inventory-row", &[("n", row.into()), ("why", why(key))])
                    };
                    wrong.into_iter().take(WRONG_SHOWN).map(say).collect()
                }
            };
            return Ok(draw(&ctx, pasted.table, said));
        }
    };
    let entry = Entry::new(Object::of("inventory", what))
        .detail("added", added.to_string())
        .detail("changed", changed.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/inventory"))
}

/// By name: one that is there is the same.
async fn take_assets(tx: &mut Tx, access: &Access, rows: &[Vec<String>]) -> Result<Counts, Refused> {
    if rows.len() > ASSETS_MAX + 1 {
        return Err(Refused::Many("inventory-fault-many"));
    }
    let entries = from_table(rows).map_err(Refused::Rows)?;
    let there = store::assets(tx, access).await?;
    let (mut added, mut changed) = (0, 0);
    for line in entries {
        let (kind, before) = (line.kind, there.iter().find(|asset| asset.words.name == line.name));
        let words = line.over(before.map(|asset| &asset.words));
        match before {
            Some(asset) => {
                store::write(tx, (asset.id, asset.version), kind, &words).await?;
                changed += 1;
            }
            None => {
                store::add(tx, kind, &words).await?;
                added += 1;
            }
        }
    }
    if there.len() + added > ASSETS_MAX {
        Err(Refused::Many("inventory-fault-many"))
    } else {
        Ok((added, changed))
    }
}

/// By both ends and what moves between them: one that is there is the same.
async fn take_ways(tx: &mut Tx, access: &Access, rows: &[Vec<String>]) -> Result<Counts, Refused> {
    let assets = store::assets(tx, access).await?;
    let names: Vec<&str> = assets.iter().map(|asset| asset.words.name.as_str()).collect();
    let lines = ways::from_table(rows, &names).map_err(Refused::Rows)?;
    let there = store::flows(tx, access).await?;
    let (mut added, mut changed) = (0, 0);
    for line in lines {
        let (from, to) = (assets[line.ends.0].id, assets[line.ends.1].id);
        let same = |flow: &&Flow| (flow.from, flow.to, &flow.words.what) == (from, to, &line.what);
        let before = there.iter().find(same);
        let kept = || before.map(|flow| flow.words.protection.clone()).unwrap_or_default();
        let words =
            FlowWords { protection: line.protection.clone().unwrap_or_else(kept), what: line.what.clone() };
        match before {
            Some(flow) => {
                store::write_flow(tx, (flow.id, flow.version), &words).await?;
                changed += 1;
            }
            None => {
                store::add_flow(tx, (from, to), &words).await?;
                added += 1;
            }
        }
    }
    if there.len() + added > FLOWS_MAX { Err(Refused::Many("flow-fault-many")) } else { Ok((added, changed)) }
}

/// Whoever mends these tries again and sees the next.
const WRONG_SHOWN: usize = 20;

fn draw(ctx: &Ctx, table: String, wrong: Vec<String>) -> Response {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ImportPage { head: HEAD[..6].join(","), ways: ways::HEAD[..4].join(","), table, wrong };
    ctx.page(Page::new(ctx.words.t("inventory-import")).rail("rail-practice").status(status), &page)
}

#[derive(Template)]
#[template(path = "inventory/import.html")]
struct ImportPage {
    /// The first line of a table of entries, and of one of ways.
    head: String,
    ways: String,
    table: String,
    wrong: Vec<String>,
}
