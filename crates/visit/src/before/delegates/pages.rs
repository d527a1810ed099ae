//! `/delegates`: whom a clinician lets lead in their place, and for whom the reader may.

use super::rules;
use super::store::{self, DELEGATES_MAX, Delegation};
use crate::before::booking::when;
use crate::before::companions::may_lead;
use crate::before::schedule::staff_name;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object};
use people::staff;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{DelegateId, PersonId, Principal};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    person: String,
    first: String,
    last: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `GET /delegates`
pub(super) async fn page(ctx: Ctx, Query(told): Query<Told>) -> Result<Response, Failure> {
    let done = match told.done.as_str() {
        "named" => "delegate-done-named",
        "ended" => "delegate-done-ended",
        _ => "",
    };
    draw(&ctx, (Typed::default(), Faults::default(), done)).await
}

/// `POST /delegates`: for oneself alone.
pub(super) async fn name(ctx: Ctx, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let access = ctx.decide(Act::NameDelegate, &Facts::default()).await?;
    let me = own(&ctx)?;
    let mut faults = Faults::default();
    let mut tx = ctx.keep.begin().await?;
    let person = PersonId::parse(&typed.person).filter(|id| *id != me);
    let account = match person {
        Some(id) => staff::load(&mut tx, id).await?.filter(may_lead),
        None => None,
    };
    if account.is_none() {
        faults.add("person", ctx.words.t("delegate-fault-who"));
    }
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    let today = when::day_of(ctx.now, ctx.zone()).map_err(broken)?;
    let days = rules::span((when::read_day(&typed.first), when::read_day(&typed.last)), today);
    if let Err((field, key)) = days {
        faults.add(field, ctx.words.t(key));
    }
    let all = store::of_clinician(&mut tx, me, ctx.now).await?;
    if i64::try_from(all.len()).is_ok_and(|n| n >= DELEGATES_MAX) {
        faults.add("person", ctx.words.t("delegate-fault-many"));
    }
    let (Some(account), Ok((first, last)), false) = (account, days, faults.any()) else {
        drop(tx);
        return draw(&ctx, (typed, faults, "")).await;
    };
    let (from, _) = when::span_of(first, ctx.zone()).map_err(broken)?;
    let (_, until) = when::span_of(last, ctx.zone()).map_err(broken)?;
    let id = DelegateId::new(tx.now(), tx.entropy());
    store::insert(&mut tx, &Delegation { id, clinician: me, person: account.id, from, until }).await?;
    let entry = entry(id).detail("person", account.id.text()).detail("first", first.to_string());
    tx.commit(&access, entry.detail("last", last.to_string())).await?;
    Ok(see_other("/delegates?done=named"))
}

/// `POST /delegates/{id}/end`: at once, also for a seat taken by it.
pub(super) async fn end(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::NameDelegate, &Facts::default()).await?;
    let id = DelegateId::parse(&id).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    let me = own(&ctx)?;
    let person = store::end(&mut tx, id, me).await?.ok_or(Failure::NotFound)?;
    store::leave_seats(&mut tx, (me, person)).await?;
    tx.commit(&access, entry(id).detail("ended", "yes")).await?;
    Ok(see_other("/delegates?done=ended"))
}

struct Line {
    id: String,
    name: String,
    days: String,
}

#[derive(Template)]
#[template(path = "before/delegates/page.html")]
struct DelegatesPage {
    done: &'static str,
    may_name: bool,
    own: Vec<Line>,
    others: Vec<Line>,
    colleagues: Vec<(String, String)>,
    typed: Typed,
    faults: Faults,
}

async fn draw(
    ctx: &Ctx,
    (mut typed, faults, done): (Typed, Faults, &'static str),
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeDelegates, &Facts::default()).await?;
    let me = own(ctx)?;
    let may_name = ctx.allowed(Act::NameDelegate, &Facts::default());
    let mut view = ctx.keep.view(&access, Object::of("delegate", "")).await?;
    let line = |one: &Delegation, other: PersonId| Line {
        id: one.id.text(),
        name: staff_name(ctx, other),
        // The day of the last moment that it holds.
        days: ctx.words.with(
            "delegate-days",
            &[
                ("first", ctx.words.date(one.from, ctx.zone()).into()),
                ("last", ctx.words.date(one.until.plus_ms(-1), ctx.zone()).into()),
            ],
        ),
    };
    let mine = store::of_clinician(&mut view, me, ctx.now).await?;
    let theirs = store::of_person(&mut view, me, ctx.now).await?;
    if typed.first.is_empty() {
        typed.first = when::day_of(ctx.now, ctx.zone()).map(|day| day.to_string()).unwrap_or_default();
    }
    let page = DelegatesPage {
        done,
        own: mine.iter().map(|one| line(one, one.person)).collect(),
        others: theirs.iter().map(|one| line(one, one.clinician)).collect(),
        colleagues: if may_name { colleagues(ctx, &mut view, me).await? } else { Vec::new() },
        may_name,
        typed,
        faults,
    };
    let status = if page.faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(ctx.page(Page::new(ctx.words.t("delegate-title")).rail("rail-day").status(status), &page))
}

async fn colleagues(ctx: &Ctx, conn: &mut Conn, me: PersonId) -> Result<Vec<(String, String)>, KeepError> {
    let all = staff::list(conn).await?;
    let able = all.iter().filter(|one| one.id != me && may_lead(one));
    let mut known: Vec<(String, String)> = able.map(|one| (staff_name(ctx, one.id), one.id.text())).collect();
    known.sort();
    Ok(known)
}

fn own(ctx: &Ctx) -> Result<PersonId, Failure> {
    match ctx.who {
        Principal::Staff { person, .. } => Ok(person),
        _ => Err(Failure::NotFound),
    }
}

fn entry(id: DelegateId) -> Entry {
    Entry::new(Object::of("delegate", id.text()))
}
