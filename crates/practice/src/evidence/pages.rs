//! What there is for each practice, and the bundle that leaves the house.

use super::bundle::{self, MANIFEST, day};
use super::gather::pieces;
use super::rules::{PERIOD_MS, Piece, practices};
use crate::facts::Observers;
use crate::risk::pages::{name_of, person};
use crate::risk::store::analyses;
use crate::signed_reports;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Form, Page, filters};

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    draw(&ctx, false).await
}

/// The same list with the button that exports it. Reaching it takes a fresh proof of who they are.
pub(super) async fn ask(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ExportProof, &Facts::default()).await?;
    draw(&ctx, true).await
}

async fn draw(ctx: &Ctx, asked: bool) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("evidence", "")).await?;
    let found = pieces(ctx, &mut view, &access).await?;
    let sight = ctx.plugged::<Observers>().all(ctx, &mut view).await?;
    let row = |practice: &'static super::rules::Practice| {
        let own: Vec<Piece> =
            found.iter().filter(|piece| piece.practice == practice.number).cloned().collect();
        Row {
            number: practice.number,
            name: practice.text(ctx.lang),
            first: own.first().map(|piece| piece.at),
            last: own.last().map(|piece| piece.at),
            seen: practice.facts.iter().filter_map(|fact| sight.value(fact)).collect(),
            pieces: own
                .into_iter()
                .rev()
                .map(|piece| {
                    (piece.at, ctx.words.t(&format!("evidence-source-{}", piece.source.code())), piece.what)
                })
                .collect(),
        }
    };
    let page = Evidence {
        rows: practices().iter().map(row).collect(),
        from: ctx.now.plus_ms(-PERIOD_MS),
        until: ctx.now,
        asked,
        may_export: ctx.allowed(Act::ExportProof, &Facts::default()),
    };
    Ok(ctx.page(Page::new(ctx.words.t("evidence-title")).rail("rail-practice"), &page))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// Who took it, when, and the hash of the list of hashes stand in the trail.
pub(super) async fn export(ctx: Ctx, Form(_): Form<Nothing>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ExportProof, &Facts::default()).await?;
    let by = person(&ctx)?;
    signed_reports::ensure_key(&ctx.keep).await?;
    // Everything slow happens before the one connection that writes is taken.
    let see = ctx.decide(Act::SeeRisks, &Facts::default()).await?;
    let mut view = ctx.keep.view(&see, Object::of("evidence", "")).await?;
    let found = pieces(&ctx, &mut view, &see).await?;
    let sight = ctx.plugged::<Observers>().all(&ctx, &mut view).await?;
    let mut files = bundle::tables(&ctx, &found, &sight);
    for one in analyses::list(&mut view).await? {
        if one.signed_at.is_some_and(|at| super::rules::counts(at, ctx.now)) {
            files.extend(signed_reports::files(&mut view, &see, one.number).await?);
        }
    }
    let name = name_of(&mut view, &see, Some(by)).await.unwrap_or_default();
    drop(view);
    let days = (day(ctx.now.plus_ms(-PERIOD_MS), ctx.zone()), day(ctx.now, ctx.zone()));
    let about = [
        ("practice", ctx.settings.face.name.clone().into()),
        ("from", days.0.clone().into()),
        ("until", days.1.clone().into()),
        ("name", name.into()),
        ("n", found.len().into()),
    ];
    files.push((
        "READ-ME.txt".into(),
        (ctx.words.plain().with("evidence-read-me", &about) + "\n").into_bytes(),
    ));
    let manifest = bundle::manifest(&files);
    let mut tx = ctx.keep.begin().await?;
    let (key, signature) = signed_reports::sign_bytes(&mut tx, &access, &manifest).await?;
    let hash = signed_reports::proof::sha256(&manifest);
    files.push((MANIFEST.into(), manifest));
    files.push((format!("{MANIFEST}.ed25519"), format!("key {key}\nsignature {signature}\n").into_bytes()));
    let zip = bundle::zip(&files).ok_or_else(|| Failure::broken("a bundle could not be packed"))?;
    let entry = Entry::new(Object::of("evidence", ""))
        .detail("from", days.0)
        .detail("until", days.1.clone())
        .detail("pieces", found.len().to_string())
        .detail("manifest_sha256", hash);
    tx.commit(&access, entry).await?;
    let name = format!("attachment; filename=\"security-practices-{}.zip\"", days.1);
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/zip");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], zip).into_response())
}

struct Row {
    number: u8,
    name: &'static str,
    first: Option<UnixMillis>,
    last: Option<UnixMillis>,
    seen: Vec<String>,
    /// The newest first.
    pieces: Vec<(UnixMillis, String, String)>,
}

#[derive(Template)]
#[template(path = "evidence/list.html")]
struct Evidence {
    rows: Vec<Row>,
    from: UnixMillis,
    until: UnixMillis,
    asked: bool,
    may_export: bool,
}
