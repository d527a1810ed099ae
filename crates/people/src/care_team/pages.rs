//! Adding a colleague, saying that one is still needed, ending it; and the officials' list of what is due.

use super::card::Row;
use super::{rules, store};
use crate::merges::must_stand;
use crate::patients::{Names, rules::tidy};
use crate::staff::{self, Empty, acting, person_of};
use crate::standing;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Object};
use policy::{Access, Act, Facts};
use serde::Deserialize;
use vocabulary::{DAY_MS, PatientId, PersonId, Role, UnixMillis};
use web::{Ctx, Failure, Form, Page, filters, see_other};

/// A reason in a line.
const WHY_MAX: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Added {
    person: String,
    why: String,
}

pub(super) async fn add(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(added): Form<Added>,
) -> Result<Response, Failure> {
    let (access, patient) = may_change(&ctx, &id).await?;
    let person = person_of(&added.person)?;
    let why: String = tidy(&added.why).chars().take(WHY_MAX).collect();
    if why.is_empty() {
        return Err(Failure::told(StatusCode::UNPROCESSABLE_ENTITY, "team-no-why"));
    }
    let (by, until) = (acting(&ctx)?, until(&ctx));
    let mut tx = ctx.keep.begin().await?;
    must_stand(&mut tx, patient).await?;
    let new = staff::load(&mut tx, person).await?.ok_or(Failure::NotFound)?;
    let carries = new.roles.has_any(&[Role::Clinician, Role::Assistant]);
    if !carries || new.state != staff::State::Active || !rules::may_confirm(person, by) {
        return Err(Failure::NotFound);
    }
    store::put(&mut tx, patient, person, by, until).await?;
    tx.commit(&access, entry(patient, person, "added").detail("why", why)).await?;
    Ok(back(&ctx, patient).await)
}

pub(super) async fn confirm(
    ctx: Ctx,
    Path((id, person)): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (access, patient) = may_change(&ctx, &id).await?;
    let (person, by) = (person_of(&person)?, acting(&ctx)?);
    if !rules::may_confirm(person, by) {
        return Err(Failure::told(StatusCode::CONFLICT, "team-oneself"));
    }
    let mut tx = ctx.keep.begin().await?;
    store::confirm(&mut tx, (patient, person), by, until(&ctx)).await?;
    tx.commit(&access, entry(patient, person, "still needed")).await?;
    Ok(back(&ctx, patient).await)
}

pub(super) async fn end(
    ctx: Ctx,
    Path((id, person)): Path<(String, String)>,
    Form(Empty {}): Form<Empty>,
) -> Result<Response, Failure> {
    let (access, patient) = may_change(&ctx, &id).await?;
    let person = person_of(&person)?;
    let mut tx = ctx.keep.begin().await?;
    store::end(&mut tx, patient, person).await?;
    tx.commit(&access, entry(patient, person, "ended")).await?;
    Ok(back(&ctx, patient).await)
}

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let access = ctx.decide(Act::SeeCareTeams, &Facts::default()).await?;
    let mut view = ctx.keep.view(&access, Object::of("care_teams", "")).await?;
    let confirmed = ctx.now.plus_ms(rules::SOON_MS - rules::CONFIRM_MS);
    let names = ctx.plugged::<Names>();
    let due = store::to_confirm(&mut view, confirmed, ctx.now).await?;
    let line = |member: &store::Member| Line {
        patient: names.patient(&access, member.patient).map(|n| n.reveal().to_owned()).unwrap_or_default(),
        path: format!("/patients/{}/team", member.patient.text()),
        row: Row::of(&ctx, member),
    };
    let page = List { lines: due.iter().map(line).collect() };
    Ok(ctx.page(Page::new(ctx.words.t("teams-title")).rail("rail-practice"), &page))
}

async fn may_change(ctx: &Ctx, id: &str) -> Result<(Access, PatientId), Failure> {
    let patient = PatientId::parse(id).ok_or(Failure::NotFound)?;
    let facts = standing::of(&mut *ctx.keep.read().await?, &ctx.who, patient, ctx.now).await?;
    Ok((ctx.decide(Act::ChangeCareTeam, &facts).await?, patient))
}

fn until(ctx: &Ctx) -> UnixMillis {
    ctx.now.plus_ms(ctx.settings.house_rules.care_team_days * DAY_MS)
}

fn entry(patient: PatientId, person: PersonId, what: &'static str) -> Entry {
    let object = Object::of("care_team", patient.text()).patient(patient);
    Entry::new(object).detail("person", person.text()).detail("what", what)
}

/// To the chart, for whoever still may open it; an official back to the list.
async fn back(ctx: &Ctx, patient: PatientId) -> Response {
    let facts = match ctx.keep.read().await {
        Ok(mut conn) => standing::of(&mut conn, &ctx.who, patient, ctx.now).await.unwrap_or_default(),
        Err(_) => Facts::default(),
    };
    if ctx.allowed(Act::OpenChart, &facts) {
        return see_other(&format!("/patients/{}", patient.text()));
    }
    let official = ctx.allowed(Act::SeeCareTeams, &Facts::default());
    see_other(if official { "/practice/care-teams" } else { "/patients" })
}

struct Line {
    patient: String,
    path: String,
    row: Row,
}

#[derive(Template)]
#[template(path = "care_team/list.html")]
struct List {
    lines: Vec<Line>,
}
