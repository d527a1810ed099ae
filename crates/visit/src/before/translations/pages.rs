//! The list of critical texts with who approved each, and the page where one is read and approved.

use super::store::{self, Approval, Reader};
use super::texts::{Critical, all};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::patients::Names;
use people::patients::rules::tidy;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::Principal;
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

const LINE_MAX: usize = 200;

fn find(ctx: &Ctx, code: &str) -> Result<Critical, Failure> {
    all(&ctx.site.catalog).into_iter().find(|text| text.code == code).ok_or(Failure::NotFound)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeTranslations, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("translations", "")).await?;
    let mut rows = Vec::new();
    for text in all(&ctx.site.catalog) {
        let approval = store::newest(&mut view, &access, &text).await?;
        rows.push(Row::of(&ctx, &text, approval.as_ref()));
    }
    let page = List { rows };
    Ok(ctx.page(Page::new(ctx.words.t("translations-title")).rail("rail-practice"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(code): Path<String>) -> Result<Response, Failure> {
    show(&ctx, &code, Typed::default(), Faults::default()).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    qualification: String,
    whole: String,
    /// What was on the page, `Critical::seen`: words that changed since are not approved by it.
    seen: String,
}

pub(super) async fn approve(
    ctx: Ctx,
    Path(code): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ApproveTranslation, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let text = find(&ctx, &code)?;
    let reader = Reader { name: tidy(&typed.name), qualification: tidy(&typed.qualification) };
    let mut faults = Faults::default();
    let wrong = |text: &str| text.is_empty() || text.chars().count() > LINE_MAX;
    if wrong(&reader.name) {
        faults.add("name", ctx.words.t("translation-fault-name"));
    }
    if wrong(&reader.qualification) {
        faults.add("qualification", ctx.words.t("translation-fault-qualification"));
    }
    if typed.whole != "yes" || typed.seen != text.seen() {
        faults.add("whole", ctx.words.t("translation-fault-whole"));
    }
    if faults.any() {
        return show(&ctx, &code, typed, faults).await;
    }
    let mut tx = ctx.keep.begin().await?;
    let id = store::add(&mut tx, &text, (&reader, Some(person))).await?;
    let entry = Entry::new(Object::of("text_approval", id)).detail("text", text.code);
    tx.commit(&access, entry.detail("version", text.version)).await?;
    Ok(see_other("/practice/translations"))
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn withdraw(
    ctx: Ctx,
    Path(code): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ApproveTranslation, &Facts::default()).await?;
    let text = find(&ctx, &code)?;
    let mut tx = ctx.keep.begin().await?;
    // Pressed twice: nothing stands any more.
    while let Some(approval) = store::newest(&mut tx, &access, &text).await? {
        store::withdraw(&mut tx, &approval.id).await?;
    }
    let entry = Entry::new(Object::of("translation", text.code)).detail("withdrawn", text.version);
    tx.commit(&access, entry).await?;
    Ok(see_other("/practice/translations"))
}

async fn show(ctx: &Ctx, code: &str, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeTranslations, &Facts::default()).await?;
    let text = find(ctx, code)?;
    let mut view = ctx.keep.view(&access, Object::of("translation", text.code)).await?;
    let approval = store::newest(&mut view, &access, &text).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = One { row: Row::of(ctx, &text, approval.as_ref()), text, typed, faults };
    Ok(ctx.page(Page::new(ctx.words.t("translations-title")).rail("rail-practice").status(status), &page))
}

struct Row {
    code: &'static str,
    title: &'static str,
    version: &'static str,
    approved: bool,
    said: String,
}

impl Row {
    fn of(ctx: &Ctx, text: &Critical, approval: Option<&Approval>) -> Row {
        let said = match approval {
            None => ctx.words.t("translation-waits"),
            Some(it) => {
                let by = it.by.and_then(|by| ctx.plugged::<Names>().staff(by));
                let given = [
                    ("name", it.reader.name.as_str().into()),
                    ("qualification", it.reader.qualification.as_str().into()),
                    ("by", by.map(|name| name.reveal().to_owned()).unwrap_or_default().into()),
                    ("day", ctx.words.date(it.at, ctx.zone()).into()),
                ];
                ctx.words.with("translation-approved", &given)
            }
        };
        Row { code: text.code, title: text.title, version: text.version, approved: approval.is_some(), said }
    }
}

#[derive(Template)]
#[template(path = "before/translations/list.html")]
struct List {
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "before/translations/one.html")]
struct One {
    row: Row,
    text: Critical,
    typed: Typed,
    faults: Faults,
}
