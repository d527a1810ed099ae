//! The form that one press files, and the officials' list.

use super::rules::{self, KINDS, WORDS_MAX};
use super::store;
use crate::review_requests;
use crate::risk::pages::name_of;
use crate::risk::rules::Trigger;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, KeepError, Object};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{IncidentId, PersonId, Principal, UnixMillis};
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
    draw(&ctx, None).await
}

/// What somebody wrote and could not save: it stands in its field again, with the reason.
struct Unsaved {
    id: IncidentId,
    words: String,
    /// The key of its words.
    why: &'static str,
}

/// A colleague closed the incident first.
const CLOSED_FIRST: &str = "incident-closed-first";

async fn draw(ctx: &Ctx, unsaved: Option<Unsaved>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeIncidents, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("incidents", "")).await?;
    let mut rows = Vec::new();
    for (incident, words) in store::with_words(&mut view, &access).await? {
        let mut later = Vec::new();
        for one in words.later {
            let by = name_of(&mut view, &access, PersonId::parse(&one.by)).await.unwrap_or_default();
            later.push((UnixMillis(one.at), by, one.words));
        }
        let mine = unsaved.as_ref().filter(|mine| mine.id == incident.id);
        rows.push(Shown {
            id: incident.id.text(),
            number: incident.number,
            kind: ctx.words.t(&format!("incident-kind-{}", incident.kind)),
            by: match incident.reported_by {
                by if by == store::outsider() => ctx.words.t("incident-outsider"),
                person => name_of(&mut view, &access, Some(person)).await.unwrap_or_default(),
            },
            at: incident.reported_at,
            closed: incident.closed_at,
            what: words.what,
            closing: words.closing,
            later,
            unsaved: mine.map(|mine| mine.words.clone()).unwrap_or_default(),
            why: mine.map(|mine| mine.why),
        });
    }
    let page = List { rows, may_close: ctx.allowed(Act::CloseIncident, &Facts::default()) };
    let status = match unsaved {
        None => StatusCode::OK,
        Some(Unsaved { why: CLOSED_FIRST, .. }) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(ctx.page(Page::new(ctx.words.t("incidents-title")).rail("rail-practice").status(status), &page))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Closing {
    words: String,
}

impl Closing {
    /// Browsers send a new line as two letters and count it as one.
    fn words(self) -> String {
        self.words.replace("\r\n", "\n")
    }
}

pub(super) async fn close(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(closing): Form<Closing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseIncident, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let id = IncidentId::parse(&id).ok_or(Failure::NotFound)?;
    let words = closing.words();
    if !rules::may_close(&words) {
        return draw(&ctx, Some(Unsaved { id, words, why: "incident-fault-words" })).await;
    }
    let mut tx = ctx.keep.begin().await?;
    match store::close(&mut tx, &access, id, (person, words.trim())).await {
        Ok(number) => {
            let entry = Entry::new(Object::of("incident", id.text())).detail("number", number.to_string());
            tx.commit(&access, entry).await?;
        }
        // Closed by somebody else a moment ago: both texts stand on the page, and these can be added.
        Err(KeepError::Conflict) => {
            drop(tx);
            return draw(&ctx, Some(Unsaved { id, words, why: CLOSED_FIRST })).await;
        }
        Err(other) => return Err(other.into()),
    }
    Ok(see_other("/practice/incidents"))
}

/// Something turned up after the end: said beside it, by whom and when.
pub(super) async fn add(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(closing): Form<Closing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::CloseIncident, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let id = IncidentId::parse(&id).ok_or(Failure::NotFound)?;
    let words = closing.words();
    if !rules::may_close(&words) {
        return draw(&ctx, Some(Unsaved { id, words, why: "incident-fault-words" })).await;
    }
    let mut tx = ctx.keep.begin().await?;
    let number = match store::add_words(&mut tx, &access, id, (person, words.trim())).await {
        Ok(number) => number,
        Err(KeepError::TooLarge(_)) => {
            drop(tx);
            return draw(&ctx, Some(Unsaved { id, words, why: "incident-fault-full" })).await;
        }
        Err(other) => return Err(other.into()),
    };
    let entry = Entry::new(Object::of("incident", id.text())).detail("added_to", number.to_string());
    tx.commit(&access, entry).await?;
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
    later: Vec<(UnixMillis, String, String)>,
    /// What this person wrote and could not save, and the key of why.
    unsaved: String,
    why: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "incidents/list.html")]
struct List {
    rows: Vec<Shown>,
    may_close: bool,
}
