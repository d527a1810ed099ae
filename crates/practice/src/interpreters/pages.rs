//! `/practice/interpreters`: the list and the form; link and code of an entry are shown once.

use super::rules::{self, BASES, spoken};
use super::store::{self, Entered, Interpreter};
use crate::ids::{InterpreterId, VendorId};
use crate::risk::pages::{day_of, person};
use crate::vendors;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::needs::{TONGUES, tongue_word};
use policy::{Act, Facts};
use serde::Deserialize;
use std::collections::BTreeMap;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

type Typed = BTreeMap<String, String>;

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    show(&ctx, Typed::new(), Faults::default()).await
}

pub(super) async fn add(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInterpreters, &Facts::default()).await?;
    let text = |field: &str| typed.get(field).map(String::as_str).unwrap_or_default();
    let day = |field: &str| day_of(text(field), ctx.zone()).map_err(|_| ());
    let days = (day("basis_ends"), day("terms"));
    let vendor = VendorId::parse(text("vendor"));
    let mut tx = ctx.keep.begin().await?;
    let covered = match vendor {
        Some(id) => vendors::is_agency(&mut tx, id, ctx.now).await?,
        None => false,
    };
    let new = match rules::read(&typed, days, covered, ctx.now) {
        Ok(new) => new,
        Err(slips) => {
            drop(tx);
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return show(&ctx, typed, faults).await;
        }
    };
    let more = Entered {
        by: person(&ctx)?,
        basis_ends_at: days.0.unwrap_or_default(),
        terms_at: days.1.ok().flatten().unwrap_or(ctx.now),
        vendor,
        code: store::new_code(ctx.keep.entropy()),
    };
    let id = store::add(&mut tx, &new, &more).await?;
    let entry = Entry::new(Object::of("interpreter", id.text())).detail("basis", new.basis);
    tx.commit(&access, entry.detail("tongues", new.tongues.join(" "))).await?;
    Ok(handed(&ctx, id, (new.words.name, &more.code)))
}

/// `POST /practice/interpreters/{id}/code`: the old code opens nothing any more.
pub(super) async fn code(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInterpreters, &Facts::default()).await?;
    let id = InterpreterId::parse(&id).ok_or(Failure::NotFound)?;
    let code = store::new_code(ctx.keep.entropy());
    let mut tx = ctx.keep.begin().await?;
    let known = store::load(&mut tx, &access, (id, ctx.now)).await?.ok_or(Failure::NotFound)?;
    store::renew(&mut tx, id, &code).await?;
    tx.commit(&access, Entry::new(Object::of("interpreter", id.text())).detail("code", "new")).await?;
    Ok(handed(&ctx, id, (known.words.name, &code)))
}

pub(super) async fn end(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeInterpreters, &Facts::default()).await?;
    let id = InterpreterId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    store::end(&mut tx, id).await?;
    tx.commit(&access, Entry::new(Object::of("interpreter", id.text())).detail("ended", "yes")).await?;
    Ok(see_other("/practice/interpreters"))
}

fn handed(ctx: &Ctx, id: InterpreterId, (name, code): (String, &str)) -> Response {
    let link = format!("{}/interpreter/{}", ctx.settings.face.origin, id.text());
    let page = Handed { name, link, code: spoken(code) };
    ctx.page(Page::new(ctx.words.t("interpreters-title")).rail("rail-interpreters"), &page)
}

async fn show(ctx: &Ctx, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeInterpreters, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("interpreters", "")).await?;
    let all = store::list(&mut view, &access, ctx.now).await?;
    let may_change = ctx.allowed(Act::ChangeInterpreters, &Facts::default());
    let mut agencies = Vec::new();
    for vendor in vendors::list(&mut view, &access).await? {
        if vendors::is_agency(&mut view, vendor.id, ctx.now).await? {
            agencies.push((vendor.id.text(), vendor.words.name));
        }
    }
    let given = |field: &str| typed.get(field).cloned().unwrap_or_default();
    let tongue = |code: &&str| (tongue_word(code), typed.contains_key(&tongue_word(code)));
    let page = ListPage {
        rows: all.iter().map(|one| Row::of(ctx, one)).collect(),
        may_change,
        tongues: TONGUES.iter().map(tongue).collect(),
        bases: BASES.map(|code| (code, ctx.words.t(&basis_word(code)))).into(),
        agencies,
        who: given("name"),
        email: given("email"),
        basis: given("basis"),
        proof: given("proof"),
        basis_ends: given("basis_ends"),
        terms: given("terms"),
        agency: given("agency"),
        vendor: given("vendor"),
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Page::new(ctx.words.t("interpreters-title")).rail("rail-interpreters").status(status);
    Ok(ctx.page(frame, &page))
}

fn basis_word(code: &str) -> String {
    format!("interpreter-basis-{}", code.replace('_', "-"))
}

struct Row {
    id: String,
    name: String,
    tongues: String,
    basis: String,
    terms: String,
    agency: String,
    /// Never colour alone: a tone goes with an icon and a word.
    tone: &'static str,
    icon: &'static str,
    badge: String,
}

impl Row {
    fn of(ctx: &Ctx, one: &Interpreter) -> Row {
        let tongues: Vec<String> = one.tongues.iter().map(|it| ctx.words.t(&tongue_word(it))).collect();
        let day = |at| ctx.words.date(at, ctx.zone());
        let (tone, icon, key) = match one.basis_ends_at {
            _ if one.uncovered => ("bad", "circle-alert", "interpreter-uncovered"),
            _ if !one.is_qualified(ctx.now) => ("bad", "circle-alert", "interpreter-ended"),
            Some(_) => ("ok", "badge-check", "interpreter-until"),
            None => ("ok", "badge-check", "interpreter-qualified"),
        };
        let ends = one.basis_ends_at.map(day).unwrap_or_default();
        Row {
            id: one.id.text(),
            name: one.words.name.clone(),
            tongues: tongues.join(", "),
            basis: format!("{}: {}", ctx.words.t(&basis_word(one.basis)), one.words.proof),
            terms: ctx.words.with("interpreter-terms-on", &[("day", day(one.terms_at).into())]),
            agency: one.words.agency.clone(),
            tone,
            icon,
            badge: ctx.words.with(key, &[("day", ends.into())]),
        }
    }
}

#[derive(Template)]
#[template(path = "interpreters/list.html")]
struct ListPage {
    rows: Vec<Row>,
    may_change: bool,
    /// Field, which is the key of its word too, and whether it is ticked.
    tongues: Vec<(String, bool)>,
    bases: Vec<(&'static str, String)>,
    agencies: Vec<(String, String)>,
    who: String,
    email: String,
    basis: String,
    proof: String,
    basis_ends: String,
    terms: String,
    agency: String,
    vendor: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "interpreters/handed.html")]
struct Handed {
    name: String,
    link: String,
    code: String,
}
