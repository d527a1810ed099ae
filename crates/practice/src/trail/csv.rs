//! A file of entries to take along: ids, codes and times, no name and nothing of what entries say.

use super::list::Asked;
use crate::csv;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use keep::trail::{Event, search};
use keep::{Entry, Object};
use policy::{Act, Facts};
use web::{Ctx, Failure, Form};

/// More rows than this are the operator's: `alcove trail export`.
const ROWS_MAX: usize = 10_000;
/// Rows read at once.
const PAGE: u32 = 200;

/// RFC 4180.
pub(super) async fn export(ctx: Ctx, Form(asked): Form<Asked>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ExportTrail, &Facts::default()).await?;
    let filter = asked.filter(ctx.zone())?;
    let reads = ctx.decide(Act::ReadTrail, &Facts::default()).await?;
    let mut view = ctx.keep.view(&reads, Object::of("trail", "")).await?;
    let mut from = asked.search(&mut view, &filter, PAGE).await?;
    let mut events = Vec::new();
    while events.len() < ROWS_MAX {
        let found = search(&mut view, &reads, from, &filter).await?;
        events.extend(found.events);
        match found.next {
            Some(next) => from.before = Some(next),
            None => break,
        }
    }
    drop(view);
    let cut = events.len() >= ROWS_MAX;
    events.truncate(ROWS_MAX);
    let mut entry = Entry::new(Object::of("trail", "csv")).detail("rows", events.len().to_string());
    if cut {
        entry = entry.detail("cut", "yes");
    }
    let Asked { person, act, from: first, until: last, .. } = &asked;
    for (name, wish) in [("person", person), ("act", act), ("from", first), ("until", last)] {
        if !wish.trim().is_empty() {
            entry = entry.detail(name, wish.trim());
        }
    }
    ctx.keep.begin().await?.commit(&access, entry).await?;
    let mut text = String::from(HEAD);
    events.iter().for_each(|event| text.push_str(&line(event)));
    let named = HeaderValue::from_static("attachment; filename=\"trail.csv\"");
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], text).into_response())
}

const HEAD: &str = "entry,time,kind,actor,standing,grounds,act,action,purpose,outcome,object,object_id,\
patient,visit,address\r\n";

fn line(event: &Event) -> String {
    let time = jiff::Timestamp::from_millisecond(event.at.0).map(|at| at.to_string()).unwrap_or_default();
    let mut cells = vec![event.index.to_string(), time];
    if let Some(body) = &event.body {
        let outcome = format!("{:?}", body.outcome).to_lowercase();
        let who = &body.who;
        let patient = body.patient.map(|id| id.text()).unwrap_or_default();
        let visit = body.visit.map(|id| id.text()).unwrap_or_default();
        let said = [&who.kind, &who.id, &who.standing, &body.grounds, &body.act, &body.action, &body.purpose];
        cells.extend(said.into_iter().cloned());
        cells.extend([outcome, body.object.clone(), body.object_id.clone(), patient, visit]);
        cells.push(who.address.clone());
    }
    csv::line(&cells)
}
