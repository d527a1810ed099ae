//! The portal's pages.

use super::load_here;
use crate::after::{summary, survey};
use crate::before::check_in::copy_response;
use crate::before::consent::{self, ConsentRow, Outcome};
use crate::before::practice_room::remembered;
use crate::before::rules::{Part, SpokenCode, VisitState};
use crate::before::store::{ParticipantRow, VisitRow, participants, visits_of};
use crate::before::translations;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::Response;
use keep::Object;
use people::patients::Names;
use policy::{Access, Act, RecordClass};
use vocabulary::{ConsentId, Health, MINUTE_MS, PatientId, Principal, UnixMillis};
use web::{Ctx, Failure, Page, filters, see_other, simple_cookie};

pub(super) async fn list(ctx: Ctx) -> Result<Response, Failure> {
    let (patient, access) = own(&ctx, Act::OpenPortal).await?;
    let mut view = ctx.keep.view(&access, Object::of("patient", patient.text())).await?;
    // Chosen once on another device: this browser follows, until somebody chooses in it.
    let own = matches!(ctx.who, Principal::Patient { .. });
    if own && ctx.simple.is_none() && remembered(&mut view, &access, patient).await? == Some(true) {
        let mut again = see_other("/portal");
        again.headers_mut().append(header::SET_COOKIE, simple_cookie(true));
        return Ok(again);
    }
    let name = people::patients::name(&mut view, &access, patient).await?;
    // Whoever acts for the patient sees what their authority covers, and no more (R74).
    let (chart, consent) = (access.shows(RecordClass::Chart), access.shows(RecordClass::Consent));
    let visits = if chart { visits_of(&mut view, patient).await? } else { Vec::new() };
    let mut items = Vec::new();
    for visit in &visits {
        items.push(Item {
            id: visit.id.text(),
            starts_at: visit.starts_at,
            host: host_name(&ctx, visit),
            state: state_word(visit),
            ready: visit.state == VisitState::Closed,
            coming: !visit.state.is_over(),
        });
    }
    let given = if consent { consent::of_patient(&mut view, patient).await? } else { Vec::new() };
    let consents = given.iter().filter(|row| row.artefact.is_some());
    let consents = consents.filter(|row| consent::is_theirs(&ctx, &access, row.scope));
    let signed = |row: &ConsentRow| Signed { id: row.id.text(), title: row.scope.title(), at: row.since() };
    let consents = consents.map(signed).collect();
    let coming = items.iter().rev().filter(|item| item.coming).cloned().collect();
    let past = items.into_iter().filter(|item| !item.coming).collect();
    let name = match (own, access.shows(RecordClass::Demographics)) {
        (false, true) => name,
        _ => first_name(&name),
    };
    let page = Portal { name, own, chart, consent, coming, past, consents };
    Ok(ctx.page(Page::new(ctx.words.t("portal-title")), &page))
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// What has just happened, as a word of a fixed list.
    done: String,
}

pub(super) async fn visit(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(asked_for): Query<Asked>,
) -> Result<Response, Failure> {
    let (visit, access) = load_here(&ctx, &id, Act::ReadSummary).await?;
    let is_own = matches!(ctx.who, Principal::Patient { .. });
    let siren = translations::emergency(&ctx).await?;
    let phone = ctx.settings.face.phone.as_str();
    let siren = siren.say("portal-emergency", &[("phone", phone.into())]);
    let mut view = ctx.keep.view(&access, Object::of("visit", visit.id.text())).await?;
    let written = summary::read(&mut view, &access, visit.id).await?;
    let host = people::staff::load(&mut view, visit.clinician).await?;
    let own = participants(&mut view, visit.id).await?;
    let own = own.iter().find(|row| row.part == Part::Patient);
    let asked = is_own
        && survey::is_time(&visit, ctx.now)
        && ctx.settings.house_rules.ask_survey
        && !survey::is_answered(&mut view, visit.id).await?;
    let page = VisitPage {
        siren,
        starts_at: visit.starts_at,
        started_at: visit.started_at,
        // Shorter than a minute reads as nothing: then the planned time says enough.
        ended_at: visit
            .ended_at
            .zip(visit.started_at)
            .filter(|(end, start)| end.since(*start) >= MINUTE_MS)
            .map(|(end, _)| end),
        host: host_name(&ctx, &visit),
        credentials: host.map(|host| host.credentials).unwrap_or_default(),
        state: state_word(&visit),
        summary: written.map(|written| (written.body, written.at)),
        // The practice's own words speak of "they"; here it is the reader.
        code: own.filter(|_| is_own).and_then(|row| spoken_word(&ctx, row)),
        survey: if asked { format!("/portal/visits/{id}/survey") } else { String::new() },
        mail: if is_own { format!("/portal/visits/{}/mail", visit.id.text()) } else { String::new() },
        mailed: asked_for.done == "mailed",
    };
    Ok(ctx.page(Page::new(ctx.words.t("portal-visit-title")), &page))
}

/// R61's copy again, from the portal.
pub(super) async fn consent_copy(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let id = ConsentId::parse(&id).ok_or(Failure::NotFound)?;
    let (patient, access) = own(&ctx, Act::SeeOwnConsent).await?;
    let mut view = ctx.keep.view(&access, Object::of("consent", id.text())).await?;
    let rows = consent::of_patient(&mut view, patient).await?;
    let row = rows.iter().find(|row| row.id == id && row.outcome == Outcome::Given);
    let row = row.filter(|row| consent::is_theirs(&ctx, &access, row.scope)).ok_or(Failure::NotFound)?;
    let bytes = consent::copy(&mut view, &access, row).await?;
    Ok(copy_response(row, bytes))
}

/// Of whoever is signed in to the portal, with the proof for `act`.
pub(crate) async fn own(ctx: &Ctx, act: Act) -> Result<(PatientId, Access), Failure> {
    let (patient, facts) = people::standing::in_portal(ctx).await?;
    Ok((patient, ctx.decide(act, &facts).await?))
}

fn state_word(visit: &VisitRow) -> &'static str {
    match visit.state {
        VisitState::Booked | VisitState::Open => "portal-state-booked",
        VisitState::Waiting | VisitState::Live => "portal-state-now",
        VisitState::Ended | VisitState::BrokenOff | VisitState::MovedToPhone => "portal-state-ended",
        VisitState::Closed => "portal-state-summary",
        VisitState::Cancelled => "portal-state-cancelled",
        VisitState::NoShow => "portal-state-missed",
    }
}

fn spoken_word(ctx: &Ctx, row: &ParticipantRow) -> Option<String> {
    let (code, at) = row.spoken?;
    let key = match code {
        SpokenCode::Matches => "portal-code-matches",
        SpokenCode::KnownDevice => "portal-code-known-device",
        SpokenCode::Mismatch => "portal-code-mismatch",
        SpokenCode::Skipped => "portal-code-skipped",
    };
    Some(ctx.words.with(key, &[("time", ctx.words.time(at, ctx.zone()).into())]))
}

fn host_name(ctx: &Ctx, visit: &VisitRow) -> String {
    let name = ctx.plugged::<Names>().staff(visit.clinician);
    name.map(|name| name.reveal().to_owned()).unwrap_or_default()
}

fn first_name(name: &Health) -> Health {
    Health::new(name.reveal().split_whitespace().next().unwrap_or_default().to_owned())
}

#[derive(Clone)]
struct Item {
    id: String,
    starts_at: UnixMillis,
    host: String,
    state: &'static str,
    ready: bool,
    coming: bool,
}

struct Signed {
    id: String,
    /// The key of what was signed.
    title: &'static str,
    at: UnixMillis,
}

#[derive(Template)]
#[template(path = "after/portal/list.html")]
struct Portal {
    name: Health,
    /// The patient's own; else somebody acts for them.
    own: bool,
    chart: bool,
    consent: bool,
    coming: Vec<Item>,
    past: Vec<Item>,
    consents: Vec<Signed>,
}

#[derive(Template)]
#[template(path = "after/portal/visit.html")]
struct VisitPage {
    siren: translations::Sentence,
    starts_at: UnixMillis,
    started_at: Option<UnixMillis>,
    ended_at: Option<UnixMillis>,
    host: String,
    credentials: String,
    state: &'static str,
    /// What came of comparing the six digits.
    code: Option<String>,
    summary: Option<(Health, UnixMillis)>,
    survey: String,
    /// Where the patient asks for a copy by plain mail; empty for whoever acts for them.
    mail: String,
    mailed: bool,
}
