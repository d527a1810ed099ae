//! The register of licences for everybody who treats, and the lines of one of them.

use super::rules::{Licence, Typed, WARN_DAYS, compacts};
use super::{STATES, state_name, store};
use crate::patients::{Names, day_in};
use crate::staff::{self, Empty, acting, person_of};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, KeepError, Object};
use policy::{Act, Facts};
use vocabulary::{LicenceId, PersonId, Role, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// How many licences of people who treat run out within sixty days, have run out, or have no last day.
pub(crate) async fn soon(conn: &mut Conn, now: UnixMillis) -> Result<usize, KeepError> {
    let mut count = 0;
    for person in treating(conn).await? {
        let all = store::of(conn, &person).await?;
        count += all.iter().filter(|one| needs_a_look(one, now)).count();
    }
    Ok(count)
}

fn needs_a_look(one: &Licence, now: UnixMillis) -> bool {
    one.ends_soon(now) || one.id.is_none()
}

async fn treating(conn: &mut Conn) -> Result<Vec<staff::Person>, KeepError> {
    let all = staff::list(conn).await?;
    Ok(all.into_iter().filter(|person| person.roles.has(Role::Clinician)).collect())
}

pub(super) async fn all(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeStaff, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("licences", "")).await?;
    let mut people = Vec::new();
    for person in treating(&mut view).await? {
        let rows = store::of(&mut view, &person).await?;
        let rows = rows.iter().filter(|one| !one.ended).map(|one| Row::of(&ctx, one)).collect();
        people.push(Holder { id: person.id.text(), name: name_of(&ctx, person.id), rows });
    }
    let page = All { people, warn_days: WARN_DAYS };
    Ok(ctx.page(Page::new(ctx.words.t("licences-title")).rail("rail-staff"), &page))
}

pub(super) async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    show(&ctx, person_of(&id)?, Typed::default(), Faults::default()).await
}

pub(super) async fn add(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeLicences, &Facts::default()).await?;
    let person = person_of(&id)?;
    let new = match typed.check(day_in(ctx.now, ctx.zone()), ctx.zone()) {
        Ok(new) => new,
        Err(slips) => {
            let mut faults = Faults::default();
            slips.into_iter().for_each(|(field, key)| faults.add(field, ctx.words.t(key)));
            return show(&ctx, person, typed, faults).await;
        }
    };
    let mut tx = ctx.keep.begin().await?;
    staff::load(&mut tx, person).await?.ok_or(Failure::NotFound)?;
    let licence = store::add(&mut tx, (person, Some(acting(&ctx)?)), &new).await?;
    let entry = entry(person, licence).detail("state", new.state).detail("until", new.ends_at.0.to_string());
    tx.commit(&access, entry.detail("compact", new.compact.unwrap_or("none"))).await?;
    Ok(see_other(&format!("/staff/{}/licences", person.text())))
}

pub(super) async fn end(
    ctx: Ctx,
    Path((id, licence)): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let access = ctx.decide(Act::ChangeLicences, &Facts::default()).await?;
    let person = person_of(&id)?;
    let licence = LicenceId::parse(&licence).ok_or(Failure::NotFound)?;
    let mut tx = ctx.keep.begin().await?;
    store::end(&mut tx, person, licence).await?;
    tx.commit(&access, entry(person, licence).detail("ended", "yes")).await?;
    Ok(see_other(&format!("/staff/{}/licences", person.text())))
}

fn entry(person: PersonId, licence: LicenceId) -> Entry {
    Entry::new(Object::of("licence", licence.text())).detail("person", person.text())
}

async fn show(ctx: &Ctx, id: PersonId, typed: Typed, faults: Faults) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeStaff, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("person", id.text())).await?;
    let rows = store::of_person(&mut view, id).await?;
    staff::load(&mut view, id).await?.ok_or(Failure::NotFound)?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = One {
        id: id.text(),
        name: name_of(ctx, id),
        rows: rows.iter().filter(|one| !one.ended).map(|one| Row::of(ctx, one)).collect(),
        states: STATES,
        compacts: compacts()
            .map(|it| Listed {
                code: it.code,
                name: compact_word(ctx, it.code),
                states: it.states().collect::<Vec<_>>().join(" "),
                as_of: it.as_of,
                source: it.source,
                covers_all: it.covers_all,
            })
            .collect(),
        may_change: ctx.allowed(Act::ChangeLicences, &Facts::default()),
        typed,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("licences-title")).rail("rail-staff").status(status), &page))
}

fn name_of(ctx: &Ctx, person: PersonId) -> String {
    ctx.plugged::<Names>().staff(person).map(|name| name.reveal().to_owned()).unwrap_or_default()
}

fn compact_word(ctx: &Ctx, code: &str) -> String {
    ctx.words.t(&format!("compact-{code}"))
}

struct Holder {
    id: String,
    name: String,
    rows: Vec<Row>,
}

/// One licence in words. Never colour alone: a tone goes with an icon and a word.
struct Row {
    id: String,
    state: String,
    compact: String,
    tone: &'static str,
    icon: &'static str,
    badge: String,
}

impl Row {
    fn of(ctx: &Ctx, one: &Licence) -> Row {
        let last = |ends: UnixMillis| ctx.words.date(ends.plus_ms(-1), ctx.zone());
        let (tone, icon, key) = match one.ends_at {
            None => ("warn", "circle-question-mark", "licence-no-end"),
            Some(_) if !one.counts(ctx.now) => ("bad", "circle-alert", "licence-run-out"),
            Some(_) if one.ends_soon(ctx.now) => ("warn", "clock", "licence-soon"),
            Some(_) => ("ok", "circle-check", "licence-until"),
        };
        let day = one.ends_at.map(last).unwrap_or_default();
        Row {
            id: one.id.map(|id| id.text()).unwrap_or_default(),
            state: state_name(&one.state).unwrap_or(&one.state).to_owned(),
            compact: one.compact.map(|code| compact_word(ctx, code)).unwrap_or_default(),
            tone,
            icon,
            badge: ctx.words.with(key, &[("day", day.into())]),
        }
    }
}

struct Listed {
    code: &'static str,
    name: String,
    states: String,
    as_of: &'static str,
    source: &'static str,
    covers_all: bool,
}

#[derive(Template)]
#[template(path = "licences/all.html")]
struct All {
    people: Vec<Holder>,
    warn_days: i64,
}

#[derive(Template)]
#[template(path = "licences/one.html")]
struct One {
    id: String,
    name: String,
    rows: Vec<Row>,
    states: &'static [(&'static str, &'static str)],
    compacts: Vec<Listed>,
    may_change: bool,
    typed: Typed,
    faults: Faults,
}
