//! `/practice/emergency-numbers`: the practice's own table of numbers by place.

use super::rules::{PlaceRow, Typed};
use super::store;
use crate::before::check_in::answers::{STATES, state_name};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use people::patients::Names;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{EmergencyPlaceId, Principal};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    show(&ctx, Typed::default(), Faults::default()).await
}

pub(super) async fn add(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeEmergencyPlaces, &Facts::default()).await?;
    let Principal::Staff { person, .. } = ctx.who else { return Err(Failure::NotFound) };
    let new = match typed.check() {
        Ok(new) => new,
        Err(slips) => {
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return show(&ctx, typed, faults).await;
        }
    };
    let mut tx = ctx.keep.begin().await?;
    let id = store::add(&mut tx, person, &new).await?;
    let entry = Entry::new(Object::of("emergency_place", id.text()));
    tx.commit(&access, entry.detail("state", &new.state).detail("zip", &new.zip)).await?;
    Ok(see_other("/practice/emergency-numbers"))
}

pub(super) async fn end(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeEmergencyPlaces, &Facts::default()).await?;
    let id = EmergencyPlaceId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    store::end(&mut tx, id).await?;
    tx.commit(&access, Entry::new(Object::of("emergency_place", id.text())).detail("ended", "yes")).await?;
    Ok(see_other("/practice/emergency-numbers"))
}

async fn show(ctx: &Ctx, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeEmergencyPlaces, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("emergency_places", "")).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let names = ctx.plugged::<Names>();
    let rows = store::list(&mut view).await?.into_iter().map(|row| {
        let by = names.staff(row.checked_by).map(|name| name.reveal().to_owned()).unwrap_or_default();
        let day = ctx.words.date(row.checked_at, ctx.zone());
        Shown {
            id: row.id.text(),
            state: state_name(&row.state).unwrap_or_default(),
            checked: ctx.words.with("emergency-checked", &[("by", by.into()), ("day", day.into())]),
            row,
        }
    });
    let page = ListPage { rows: rows.collect(), states: STATES, typed, faults };
    Ok(ctx.page(Page::new(ctx.words.t("emergency-table")).rail("rail-emergency").status(status), &page))
}

struct Shown {
    id: String,
    state: &'static str,
    checked: String,
    row: PlaceRow,
}

#[derive(Template)]
#[template(path = "before/emergency/list.html")]
struct ListPage {
    rows: Vec<Shown>,
    states: &'static [(&'static str, &'static str)],
    typed: Typed,
    faults: Faults,
}
