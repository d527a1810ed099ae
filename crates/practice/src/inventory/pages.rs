//! The inventory as a table and a map, and the forms of one asset and one way.

use super::map::{Map, Spot};
use super::rules::{self, ASSETS_MAX, FLOWS_MAX, KINDS, WORDS_MAX, Words};
use super::store::{self, Asset, Flow, FlowWords};
use crate::ids::{AssetId, FlowId};
use crate::risk::pages::{Clash, ClashRow, Pick, show_clash};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

const HOME: &str = "/practice/inventory";

pub(super) async fn overview(ctx: Ctx) -> Result<Response, Failure> {
    draw(&ctx, Way::default(), Faults::default()).await
}

async fn draw(ctx: &Ctx, way: Way, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("inventory", "")).await?;
    let assets = store::assets(&mut view, &access).await?;
    let flows = store::flows(&mut view, &access).await?;
    let oldest = store::oldest_look(&mut view).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Overview {
        map: map_of(&assets, &flows),
        columns: (0..4)
            .map(|at| (at * Map::COLUMN_WIDTH, ctx.words.t(&format!("inventory-column-{at}"))))
            .collect(),
        ways: ways_of(&assets, flows),
        from: picks(&assets, &way.from),
        to: picks(&assets, &way.to),
        assets: assets.into_iter().map(|asset| row(ctx, asset)).collect(),
        due: oldest.map(rules::due_at),
        late: oldest.is_some_and(|at| rules::due_at(at) <= ctx.now),
        may_change: ctx.allowed(Act::ChangeInventory, &Facts::default()),
        may_export: ctx.allowed(Act::ExportInventory, &Facts::default()),
        way,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("inventory-title")).rail("rail-practice").status(status), &page))
}

fn map_of(assets: &[Asset], flows: &[Flow]) -> Map {
    let ids: Vec<String> = assets.iter().map(|asset| asset.id.text()).collect();
    let spots: Vec<Spot<'_>> = assets
        .iter()
        .zip(&ids)
        .map(|(asset, id)| Spot { id, kind: asset.kind, name: &asset.words.name })
        .collect();
    let ends: Vec<(String, String)> = flows.iter().map(|flow| (flow.from.text(), flow.to.text())).collect();
    let ways: Vec<(&str, &str)> = ends.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    Map::of(&spots, &ways)
}

fn ways_of(assets: &[Asset], flows: Vec<Flow>) -> Vec<WayRow> {
    let name = |id: AssetId| {
        let found = assets.iter().find(|asset| asset.id == id);
        found.map(|asset| asset.words.name.clone()).unwrap_or_default()
    };
    let row = |flow: Flow| WayRow {
        id: flow.id.text(),
        from: name(flow.from),
        to: name(flow.to),
        what: flow.words.what,
        protection: flow.words.protection,
        at: flow.reviewed_at,
    };
    flows.into_iter().map(row).collect()
}

fn row(ctx: &Ctx, asset: Asset) -> AssetRow {
    AssetRow {
        href: format!("{HOME}/assets/{}", asset.id.text()),
        kind: ctx.words.t(&format!("asset-kind-{}", asset.kind)),
        late: rules::due_at(asset.reviewed_at) <= ctx.now,
        at: asset.reviewed_at,
        words: asset.words,
    }
}

fn picks(assets: &[Asset], chosen: &str) -> Vec<Pick> {
    let pick = |asset: &Asset| {
        let value = asset.id.text();
        Pick { text: asset.words.name.clone(), chosen: value == chosen, value }
    };
    assets.iter().map(pick).collect()
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// Somebody went through the whole of it and says that it is right.
pub(super) async fn looked(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let mut tx = ctx.keep.begin().await?;
    let entries = store::look_at_all(&mut tx).await?;
    let entry = Entry::new(Object::of("inventory", "")).detail("looked_at", entries.to_string());
    tx.commit(&access, entry).await?;
    Ok(see_other(HOME))
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    kind: String,
    name: String,
    place: String,
    holder: String,
    data: String,
    protection: String,
    version: i64,
}

impl Typed {
    fn words(&self) -> Words {
        let text = |text: &str| text.trim().to_owned();
        Words {
            name: text(&self.name),
            place: text(&self.place),
            holder: text(&self.holder),
            data: text(&self.data),
            protection: text(&self.protection),
        }
    }

    fn read(&self, ctx: &Ctx) -> Result<(&'static str, Words), Faults> {
        let mut faults = Faults::default();
        let words = self.words();
        if let Err((field, key)) = words.check() {
            faults.add(field, ctx.words.t(key));
        }
        match rules::kind(&self.kind) {
            Some(kind) if !faults.any() => return Ok((kind, words)),
            Some(_) => {}
            None => faults.add("kind", ctx.words.t("inventory-fault-kind")),
        }
        Err(faults)
    }
}

pub(super) async fn blank(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    Ok(form(&ctx, None, Typed::default(), Faults::default(), StatusCode::OK))
}

pub(super) async fn add(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let (kind, words) = match typed.read(&ctx) {
        Ok(read) => read,
        Err(faults) => return Ok(form(&ctx, None, typed, faults, StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let mut tx = ctx.keep.begin().await?;
    if store::counts(&mut tx).await?.0 >= ASSETS_MAX {
        drop(tx);
        let mut faults = Faults::default();
        faults.add("name", ctx.words.t("inventory-fault-many"));
        return Ok(form(&ctx, None, typed, faults, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let id = store::add(&mut tx, kind, &words).await?;
    tx.commit(&access, Entry::new(Object::of("asset", id.text())).detail("kind", kind)).await?;
    Ok(see_other(HOME))
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let id = AssetId::parse(&id).ok_or(Failure::NotFound)?;
    let mut view = ctx.keep.view(&access, Object::of("asset", id.text())).await?;
    let asset = store::one(&mut view, &access, id).await?;
    let Words { name, place, holder, data, protection } = asset.words;
    let typed =
        Typed { kind: asset.kind.into(), name, place, holder, data, protection, version: asset.version };
    Ok(form(&ctx, Some(id), typed, Faults::default(), StatusCode::OK))
}

pub(super) async fn save(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let id = AssetId::parse(&id).ok_or(Failure::NotFound)?;
    let (kind, words) = match typed.read(&ctx) {
        Ok(read) => read,
        Err(faults) => return Ok(form(&ctx, Some(id), typed, faults, StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let mut tx = ctx.keep.begin().await?;
    let before = match store::one(&mut tx, &access, id).await {
        Ok(before) => before,
        // A colleague took it off the list: what was typed can be added again.
        Err(KeepError::NotFound) => {
            let mut faults = Faults::default();
            faults.add("name", ctx.words.t("asset-fault-gone"));
            return Ok(form(&ctx, None, typed, faults, StatusCode::CONFLICT));
        }
        Err(other) => return Err(other.into()),
    };
    match store::write(&mut tx, (id, typed.version), kind, &words).await {
        Ok(()) => {}
        Err(KeepError::Conflict) => {
            drop(tx);
            return Ok(clash(&ctx, &before, typed));
        }
        Err(other) => return Err(other.into()),
    }
    tx.commit(&access, Entry::new(Object::of("asset", id.text()).version(typed.version + 1))).await?;
    Ok(see_other(HOME))
}

/// A colleague saved first: what they wrote beside what this person typed, and a way to keep either.
fn clash(ctx: &Ctx, theirs: &Asset, yours: Typed) -> Response {
    let kind = |code: &str| rules::kind(code).map(|code| ctx.words.t(&format!("asset-kind-{code}")));
    let rows = [
        ("asset-kind", kind(theirs.kind).unwrap_or_default(), kind(&yours.kind).unwrap_or_default()),
        ("asset-name", theirs.words.name.clone(), yours.name.clone()),
        ("asset-data", theirs.words.data.clone(), yours.data.clone()),
        ("asset-protection", theirs.words.protection.clone(), yours.protection.clone()),
        ("asset-place", theirs.words.place.clone(), yours.place.clone()),
        ("asset-holder", theirs.words.holder.clone(), yours.holder.clone()),
    ];
    let action = format!("{HOME}/assets/{}", theirs.id.text());
    let clash = Clash {
        back: action.clone(),
        action,
        rows: rows.iter().map(|(key, theirs, yours)| ClashRow::new(ctx, key, theirs, yours)).collect(),
        fields: vec![
            ("kind", yours.kind),
            ("name", yours.name),
            ("data", yours.data),
            ("protection", yours.protection),
            ("place", yours.place),
            ("holder", yours.holder),
            ("version", theirs.version.to_string()),
        ],
    };
    show_clash(ctx, clash)
}

pub(super) async fn gone(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(_): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let id = AssetId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    match store::end(&mut tx, id).await {
        Ok(()) => {}
        // Pressed twice.
        Err(KeepError::Conflict | KeepError::NotFound) => return Ok(see_other(HOME)),
        Err(other) => return Err(other.into()),
    }
    tx.commit(&access, Entry::new(Object::of("asset", id.text())).detail("state", "gone")).await?;
    Ok(see_other(HOME))
}

fn form(ctx: &Ctx, id: Option<AssetId>, typed: Typed, faults: Faults, status: StatusCode) -> Response {
    let kind = |code: &'static str| Pick {
        value: code.to_owned(),
        text: ctx.words.t(&format!("asset-kind-{code}")),
        chosen: code == typed.kind,
    };
    let page = FormPage {
        action: id.map_or(format!("{HOME}/assets/new"), |id| format!("{HOME}/assets/{}", id.text())),
        is_new: id.is_none(),
        kinds: KINDS.into_iter().map(kind).collect(),
        may_change: ctx.allowed(Act::ChangeInventory, &Facts::default()),
        typed,
        faults,
    };
    ctx.page(Page::new(ctx.words.t("asset-title")).rail("rail-practice").status(status), &page)
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Way {
    from: String,
    to: String,
    what: String,
    protection: String,
}

pub(super) async fn add_flow(ctx: Ctx, Form(way): Form<Way>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let words = FlowWords { what: way.what.trim().to_owned(), protection: way.protection.trim().to_owned() };
    let mut faults = Faults::default();
    let ends = (AssetId::parse(&way.from), AssetId::parse(&way.to));
    let (Some(from), Some(to)) = ends else {
        faults.add("from", ctx.words.t("flow-fault-ends"));
        return draw(&ctx, way, faults).await;
    };
    if from == to {
        faults.add("to", ctx.words.t("flow-fault-ends"));
    }
    let long = |text: &str| text.chars().count() > WORDS_MAX;
    if words.what.is_empty() || long(&words.what) || long(&words.protection) {
        faults.add("what", ctx.words.t("flow-fault-what"));
    }
    if faults.any() {
        return draw(&ctx, way, faults).await;
    }
    let mut tx = ctx.keep.begin().await?;
    if store::counts(&mut tx).await?.1 >= FLOWS_MAX {
        faults.add("what", ctx.words.t("inventory-fault-many"));
    }
    // Both ends must be here: one that is gone takes its ways along.
    for (field, end) in [("from", from), ("to", to)] {
        match store::one(&mut tx, &access, end).await {
            Ok(_) => {}
            Err(KeepError::NotFound) => faults.add(field, ctx.words.t("flow-fault-gone")),
            Err(other) => return Err(other.into()),
        }
    }
    if faults.any() {
        drop(tx);
        return draw(&ctx, way, faults).await;
    }
    let id = store::add_flow(&mut tx, (from, to), &words).await?;
    tx.commit(&access, Entry::new(Object::of("flow", id.text()))).await?;
    Ok(see_other(HOME))
}

pub(super) async fn flow_gone(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(_): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInventory, &Facts::default()).await?;
    let id = FlowId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    match store::end_flow(&mut tx, id).await {
        Ok(()) => {}
        Err(KeepError::Conflict | KeepError::NotFound) => return Ok(see_other(HOME)),
        Err(other) => return Err(other.into()),
    }
    tx.commit(&access, Entry::new(Object::of("flow", id.text())).detail("state", "gone")).await?;
    Ok(see_other(HOME))
}

struct AssetRow {
    href: String,
    kind: String,
    words: Words,
    at: UnixMillis,
    late: bool,
}

struct WayRow {
    id: String,
    from: String,
    to: String,
    what: String,
    protection: String,
    at: UnixMillis,
}

#[derive(Template)]
#[template(path = "inventory/overview.html")]
struct Overview {
    map: Map,
    columns: Vec<(usize, String)>,
    assets: Vec<AssetRow>,
    ways: Vec<WayRow>,
    from: Vec<Pick>,
    to: Vec<Pick>,
    due: Option<UnixMillis>,
    late: bool,
    may_change: bool,
    may_export: bool,
    way: Way,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "inventory/form.html")]
struct FormPage {
    action: String,
    is_new: bool,
    kinds: Vec<Pick>,
    may_change: bool,
    typed: Typed,
    faults: Faults,
}
