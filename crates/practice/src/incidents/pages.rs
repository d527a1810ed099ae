//! The form that one press files, and the officials' list.

use super::rules::{self, KINDS, WORDS_MAX};
use super::store;
use crate::review_requests;
use crate::risk::pages::name_of;
use crate::risk::rules::Trigger;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{Entry, KeepError, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{IncidentId, Principal, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters, see_other};

pub(super) async fn form(ctx: Ctx) -> Result<Response, Failure> {
    ctx.decide(Act::ReportIncident, &Facts::default()).await?;
    let kind = |(code, icon): &(&'static str, &'static str)| Kind {
        code,
        icon,
        text: ctx.words.t(&format!("incident-kind-{code}")),
    };
    let page = FormPage { kinds: KINDS.iter().map(kind).collect() };
    Ok(ctx.page(Page::new(ctx.words.t("incident-title")).rail("rail-incident"), &page))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    kind: String,
    what: String,
}

pub(super) async fn report(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ReportIncident, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let kind = rules::kind(&typed.kind).ok_or(Failure::BadInput)?;
    // A report is never refused for its length: what is too long is cut where the field ends.
    let what: String = typed.what.trim().chars().take(WORDS_MAX).collect();
    let mut tx = ctx.keep.begin().await?;
    let (id, number) = store::report(&mut tx, kind, person, &what).await?;
    review_requests::fire(&mut tx, Trigger::Incident, "").await?;
    tx.commit(&access, Entry::new(Object::of("incident", id.text())).detail("kind", kind)).await?;
    let page = Filed { number, phone: ctx.settings.face.phone.clone() };
    Ok(ctx.page(Page::new(ctx.words.t("incident-filed")).rail("rail-incident"), &page))
}

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeIncidents, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("incidents", "")).await?;
    let mut rows = Vec::new();
    for (incident, words) in store::with_words(&mut view, &access).await? {
        rows.push(Shown {
            id: incident.id.text(),
            number: incident.number,
            kind: ctx.words.t(&format!("incident-kind-{}", incident.kind)),
            by: name_of(&mut view, &access, Some(incident.reported_by)).await.unwrap_or_default(),
            at: incident.reported_at,
            closed: incident.closed_at,
            what: words.what,
            closing: words.closing,
        });
    }
    let page = List { rows, may_close: ctx.allowed(Act::CloseIncident, &Facts::default()) };
    Ok(ctx.page(Page::new(ctx.words.t("incidents-title")).rail("rail-practice"), &page))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Closing {
    words: String,
}

pub(super) async fn close(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(closing): Form<Closing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseIncident, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let id = IncidentId::parse(&id).ok_or(Failure::NotFound)?;
    if !rules::may_close(&closing.words) {
        return Err(Failure::BadInput);
    }
    let mut tx = ctx.keep.begin().await?;
    match store::close(&mut tx, &access, id, (person, closing.words.trim())).await {
        Ok(number) => {
            let entry = Entry::new(Object::of("incident", id.text())).detail("number", number.to_string());
            tx.commit(&access, entry).await?;
        }
        // Closed by somebody else a moment ago: their words stand on the page this leads to.
        Err(KeepError::Conflict) => drop(tx),
        Err(other) => return Err(other.into()),
    }
    Ok(see_other("/practice/incidents"))
}

struct Kind {
    code: &'static str,
    icon: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "incidents/form.html")]
struct FormPage {
    kinds: Vec<Kind>,
}

#[derive(Template)]
#[template(path = "incidents/filed.html")]
struct Filed {
    number: i64,
    phone: String,
}

struct Shown {
    id: String,
    number: i64,
    kind: String,
    by: String,
    at: UnixMillis,
    closed: Option<UnixMillis>,
    what: String,
    closing: String,
}

#[derive(Template)]
#[template(path = "incidents/list.html")]
struct List {
    rows: Vec<Shown>,
    may_close: bool,
}
