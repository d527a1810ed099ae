//! `/practice/visit-types`: one form for all of it.

use super::LENGTHS_MIN;
use super::store::{self, Offer, REASONS_MAX};
use crate::before::rules::Kind;
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// Letters in one reason.
const WORDS_MAX: usize = 80;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeVisitTypes, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("visit_types", "")).await?;
    let offers = store::offers(&mut view).await?;
    let reasons = store::reasons(&mut view).await?.join("\n");
    Ok(draw(&ctx, &offers, reasons, (Faults::default(), asked.done == "saved")))
}

/// `first-offered=yes`, `first-length=30` and so on for each type; `reasons`, one a line.
pub(super) async fn save(ctx: Ctx, Form(typed): Form<BTreeMap<String, String>>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeVisitTypes, &Facts::default()).await?;
    let mut faults = Faults::default();
    let text = |field: String| typed.get(&field).map(|text| text.trim()).unwrap_or_default();
    let mut offers = Vec::new();
    for kind in Kind::ALL {
        let length = text(format!("{}-length", kind.code())).parse().ok();
        let length_min = length.filter(|length| LENGTHS_MIN.contains(length)).ok_or(Failure::BadInput)?;
        let offered = text(format!("{}-offered", kind.code())) == "yes";
        offers.push(Offer { kind: *kind, offered, length_min });
    }
    if !offers.iter().any(|one| one.offered) {
        faults.add("types", ctx.words.t("types-none"));
    }
    let typed_reasons = typed.get("reasons").cloned().unwrap_or_default();
    let mut reasons: Vec<String> = Vec::new();
    for line in typed_reasons.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !reasons.iter().any(|known| known == line) {
            reasons.push(line.to_owned());
        }
    }
    if reasons.len() > REASONS_MAX || reasons.iter().any(|line| line.chars().count() > WORDS_MAX) {
        faults.add("reasons", ctx.words.t("types-reasons-long"));
    }
    if faults.any() {
        return Ok(draw(&ctx, &offers, typed_reasons, (faults, false)));
    }
    let mut tx = ctx.keep.begin().await?;
    store::put(&mut tx, &offers, &reasons).await?;
    let mut entry = Entry::new(Object::of("visit_types", ""));
    for one in &offers {
        let said = if one.offered { one.length_min.to_string() } else { "off".into() };
        entry = entry.detail(one.kind.code(), said);
    }
    tx.commit(&access, entry.detail("reasons", reasons.len().to_string())).await?;
    Ok(see_other("/practice/visit-types?done=saved"))
}

fn draw(ctx: &Ctx, offers: &[Offer], reasons: String, (faults, saved): (Faults, bool)) -> Response {
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let lengths = |chosen: i64| {
        let one =
            |n: &i64| (n.to_string(), ctx.words.with("visit-minutes", &[("n", (*n).into())]), *n == chosen);
        LENGTHS_MIN.iter().map(one).collect()
    };
    let rows = offers.iter().map(|one| TypeRow {
        code: one.kind.code(),
        word: one.kind.word(),
        hint: one.kind.hint(),
        offered: one.offered,
        lengths: lengths(one.length_min),
    });
    let page = TypesPage { rows: rows.collect(), reasons, saved, faults };
    ctx.page(Page::new(ctx.words.t("types-title")).rail("rail-types").status(status), &page)
}

impl Kind {
    /// The key of what the type is for.
    fn hint(self) -> &'static str {
        match self {
            Kind::First => "types-first-hint",
            Kind::FollowUp => "types-follow-up-hint",
            Kind::Urgent => "types-urgent-hint",
            Kind::Group => "types-group-hint",
        }
    }
}

struct TypeRow {
    code: &'static str,
    word: &'static str,
    hint: &'static str,
    offered: bool,
    /// Value, words, chosen.
    lengths: Vec<(String, String, bool)>,
}

#[derive(Template)]
#[template(path = "before/visit_types/page.html")]
struct TypesPage {
    rows: Vec<TypeRow>,
    reasons: String,
    saved: bool,
    faults: Faults,
}
