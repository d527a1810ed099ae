//! `/visits/{id}`: one visit, for those who prepare or hold it. The reason only for the care team, and never
//! by the same look as the rest: opening it is an act of its own.

use super::patient_of;
use super::restoring::can_restore;
use super::visit_people::{Person, people_of};
use crate::after::summary;
use crate::before::asked;
use crate::before::badges::{Badge, badges, load_seen};
use crate::before::by_phone;
use crate::before::check_in::answers::{Location, Place, state_name};
use crate::before::companions;
use crate::before::consent::{self, ForVisit, Lapse, Outcome, Scope};
use crate::before::handing_over;
use crate::before::interpreting;
use crate::before::licence;
use crate::before::lobby_messages;
use crate::before::rules::{ParticipantState, VisitState};
use crate::before::schedule::Choice;
use crate::before::store::{ParticipantRow, VisitRow};
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use keep::Object;
use people::break_glass;
use people::patients::Names;
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{Health, Principal, UnixMillis, VisitId};
use web::{Ctx, Failure, Faults, Page, filters};

#[derive(Deserialize)]
pub(super) struct Told {
    /// What just happened, as a word of a fixed list.
    #[serde(default)]
    done: String,
    /// Whom no letter reaches, as a word too.
    #[serde(default)]
    call: String,
}

pub(super) async fn page(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Failure> {
    let id = VisitId::parse(&id).ok_or(Failure::NotFound)?;
    let page = load(&ctx, id, Drafts::default()).await?;
    let done = DONE.iter().find(|(word, _)| *word == told.done).map_or("", |(_, key)| *key);
    let emergency = page.emergency.clone();
    let frame = Page::new(page.name.reveal().to_owned()).rail("rail-day").script();
    let mut drawn = ctx.page(frame, &VisitPage { done, call_companions: told.call == "companions", ..page });
    if let Some(open) = emergency {
        open.expire(ctx.now, &mut drawn);
    }
    Ok(drawn)
}

/// The page with a summary form as it was typed, after a fault.
pub(crate) async fn with_draft(ctx: &Ctx, id: VisitId, draft: summary::Draft) -> Result<Response, Failure> {
    again(ctx, id, Drafts { summary: draft, ..Drafts::default() }).await
}

/// The page with the form for a supporter as it was typed, after a fault.
pub(crate) async fn with_companion(
    ctx: &Ctx,
    id: VisitId,
    companion: (companions::rules::Typed, Faults),
) -> Result<Response, Failure> {
    again(ctx, id, Drafts { companion, ..Drafts::default() }).await
}

/// The page with the form for a spoken consent as it was typed, after a fault.
pub(crate) async fn with_consent(
    ctx: &Ctx,
    id: VisitId,
    consent: (consent::TypedByStaff, Faults),
) -> Result<Response, Failure> {
    again(ctx, id, Drafts { consent, ..Drafts::default() }).await
}

/// The page with the forms for an interpreter as they were typed, after a fault.
pub(crate) async fn with_interpreter(
    ctx: &Ctx,
    id: VisitId,
    interpreting: interpreting::Drafts,
) -> Result<Response, Failure> {
    again(ctx, id, Drafts { interpreting, ..Drafts::default() }).await
}

async fn again(ctx: &Ctx, id: VisitId, drafts: Drafts) -> Result<Response, Failure> {
    let page = load(ctx, id, drafts).await?;
    let frame = Page::new(page.name.reveal().to_owned()).rail("rail-day").script();
    Ok(ctx.page(frame.status(axum::http::StatusCode::UNPROCESSABLE_ENTITY), &page))
}

/// Forms of the page that were sent and had a fault.
#[derive(Default)]
struct Drafts {
    summary: summary::Draft,
    companion: (companions::rules::Typed, Faults),
    consent: (consent::TypedByStaff, Faults),
    interpreting: interpreting::Drafts,
}

/// What an address may say has just happened, and the sentence for it.
const DONE: [(&str, &str); 23] = [
    ("excepted", "visit-done-excepted"),
    ("exception-over", "visit-done-exception-over"),
    ("by-phone", "visit-done-by-phone"),
    ("handed-over", "visit-done-handed-over"),
    ("said", "visit-done-said"),
    ("restored", "visit-done-restored"),
    ("restored-interpreter", "visit-done-restored-interpreter"),
    ("moved", "visit-done-moved"),
    ("site", "visit-done-site"),
    ("cancelled", "visit-done-cancelled"),
    ("moved-call", "visit-done-moved-call"),
    ("cancelled-call", "visit-done-cancelled-call"),
    ("sent", "visit-done-sent"),
    ("summary", "visit-done-summary"),
    ("no-show", "visit-done-no-show"),
    ("withdrawn", "visit-done-withdrawn"),
    ("deputy", "visit-done-deputy"),
    ("waived", "visit-done-waived"),
    ("consent", "visit-done-consent"),
    ("licence", "visit-done-licence"),
    ("emergency", "visit-done-emergency"),
    ("taken-back", "visit-done-taken-back"),
    ("not-standing", "visit-done-not-standing"),
];

#[derive(Template)]
#[template(path = "before/booking/visit.html")]
struct VisitPage {
    done: &'static str,
    call_companions: bool,
    emergency: Option<break_glass::Shown>,
    id: String,
    patient: String,
    name: Health,
    starts_at: UnixMillis,
    length_min: i64,
    kind: &'static str,
    language: String,
    /// What the patient needs to understand and be understood, in words.
    needs: Vec<String>,
    host: String,
    state: Badge,
    badges: Vec<Badge>,
    people: Vec<Person>,
    reason: Option<Health>,
    may_see_reason: bool,
    location: Option<Located>,
    place: Option<Place>,
    consent: Option<Consented>,
    waiting: Option<String>,
    can: Can,
    summary: Option<Shown>,
    draft: summary::Draft,
    others: companions::Card,
    consenting: consent::Card,
    interpreting: interpreting::Card,
    licence: licence::Card,
    talk: lobby_messages::Card,
    colleagues: Vec<Choice>,
}

/// A published summary with its author and day in words.
struct Shown {
    body: Health,
    by: String,
    day: String,
}

struct Located {
    address: Health,
    state: &'static str,
    call_back: Health,
}

struct Consented {
    outcome: &'static str,
    at: UnixMillis,
    in_force: bool,
}

/// Which buttons are worth showing.
struct Can {
    open_room: bool,
    change: bool,
    cancel: bool,
    no_show: bool,
    by_phone: bool,
    restore: bool,
    write_summary: bool,
    open_chart: bool,
}

async fn load(ctx: &Ctx, id: VisitId, drafts: Drafts) -> Result<VisitPage, Failure> {
    let (visit, access) = asked::load(ctx, &id.text(), Act::SeeVisit).await?;
    let facts = *access.facts();
    let reason = reason(ctx, &facts, &visit).await?;
    let summary = summary_of(ctx, &facts, &visit).await?;
    let mut view = ctx.keep.view(&access, Object::of("visit", id.text())).await?;
    let patient = patient_of(&mut view, &visit).await?;
    let seen =
        load_seen(&mut view, &access, (&visit, &patient), (&ctx.settings.house_rules, ctx.now)).await?;
    let people = people_of(ctx, &access, &mut view, &visit).await?;
    let others = companions::card(ctx, &mut view, (&visit, &facts), drafts.companion).await?;
    let consenting = consent::card(ctx, &mut view, (&visit, &access), drafts.consent).await?;
    let interpreting = interpreting::card(ctx, &mut view, (&visit, &access), drafts.interpreting).await?;
    let licence = licence::card(ctx, &mut view, (&visit, &facts)).await?;
    let colleagues = handing_over::colleagues(ctx, &mut view, (&visit, &facts)).await?;
    let talk = lobby_messages::card(ctx, &mut view, (&visit, &access)).await?;
    let newest = consent::newest(&mut view, visit.patient, Scope::Telehealth, Some(visit.clinician)).await?;
    let name = people::patients::name(&mut view, &access, visit.patient).await?;
    let lang = people::patients::lang_of(&mut view, visit.patient).await?;
    let emergency = match (access.is_emergency(), &ctx.who) {
        (true, Principal::Staff { person, .. }) => {
            break_glass::shown(&mut view, visit.patient, *person, ctx.now).await?
        }
        _ => None,
    };
    let needs = seen.needs.told(&ctx.words);
    let lets_in = seen.consent.is_some_and(ForVisit::lets_in);
    let taken_back = seen.consent.is_some_and(|it| it.lapse == Some(Lapse::Withdrawn));
    Ok(VisitPage {
        needs,
        done: "",
        call_companions: false,
        emergency,
        id: id.text(),
        patient: visit.patient.text(),
        name,
        starts_at: visit.starts_at,
        length_min: visit.length_min,
        kind: visit.kind.word(),
        language: ctx.words.t(&format!("lang-{}", lang.code())),
        host: host_name(ctx, &visit),
        state: state_badge(ctx, &visit, &patient),
        badges: if seen.location.is_some() || seen.waived || lets_in || taken_back {
            badges(&seen, &ctx.words)
        } else {
            Vec::new()
        },
        people,
        may_see_reason: ctx.allowed(Act::SeeReason, &facts),
        reason,
        place: seen.place,
        location: seen.location.map(located),
        consent: newest.map(|row| Consented {
            outcome: answered(row.outcome),
            at: row.since(),
            in_force: seen.consent.is_some_and(|it| it.lapse.is_none()),
        }),
        waiting: (patient.state == ParticipantState::Waiting && !visit.state.is_over())
            .then(|| patient.id.text()),
        can: can(ctx, &facts, &visit),
        summary,
        draft: drafts.summary,
        others,
        consenting,
        interpreting,
        licence,
        talk,
        colleagues,
    })
}

fn answered(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Given => "visit-consent-given",
        Outcome::Refused => "visit-consent-refused",
        Outcome::Withdrawn => "visit-consent-withdrawn",
        Outcome::Ended => "visit-consent-ended",
    }
}

async fn reason(ctx: &Ctx, facts: &Facts, visit: &VisitRow) -> Result<Option<Health>, Failure> {
    if visit.reason.is_none() || !ctx.allowed(Act::SeeReason, facts) {
        return Ok(None);
    }
    let access = ctx.decide(Act::SeeReason, facts).await?;
    let view = ctx.keep.view(&access, Object::of("visit", visit.id.text())).await?;
    Ok(super::reason(&view, &access, visit)?)
}

async fn summary_of(ctx: &Ctx, facts: &Facts, visit: &VisitRow) -> Result<Option<Shown>, Failure> {
    if !visit.state.has_happened() || !ctx.allowed(Act::ReadSummary, facts) {
        return Ok(None);
    }
    let access = ctx.decide(Act::ReadSummary, facts).await?;
    let mut view = ctx.keep.view(&access, Object::of("visit", visit.id.text())).await?;
    let written = summary::read(&mut view, &access, visit.id).await?;
    let names = ctx.plugged::<Names>();
    Ok(written.map(|it| Shown {
        by: it.author.and_then(|id| names.staff(id)).map(|name| name.reveal().to_owned()).unwrap_or_default(),
        day: ctx.words.date(it.at, ctx.zone()),
        body: it.body,
    }))
}

fn can(ctx: &Ctx, facts: &Facts, visit: &VisitRow) -> Can {
    let allowed = |act| ctx.allowed(act, facts);
    let over = visit.state.is_over();
    Can {
        open_room: !over && allowed(Act::OpenRoom),
        change: visit.state.can_move() && allowed(Act::MoveVisit),
        cancel: !over && visit.state != VisitState::Live && allowed(Act::CancelVisit),
        no_show: visit.state.can_move() && visit.starts_at <= ctx.now && allowed(Act::CancelVisit),
        by_phone: by_phone::is_offered(&ctx.settings.house_rules, visit, ctx.now)
            && allowed(Act::MoveToPhone),
        restore: can_restore(visit, ctx.now) && allowed(Act::RestoreVisit),
        write_summary: visit.state.has_happened() && allowed(Act::WriteSummary),
        open_chart: allowed(Act::OpenChart),
    }
}

/// How far the patient and the visit are, in one badge.
pub(super) fn state_badge(ctx: &Ctx, visit: &VisitRow, patient: &ParticipantRow) -> Badge {
    let (tone, icon, key) = match (visit.state, patient.state) {
        (VisitState::Live, _) => ("ok", "video", "day-state-live"),
        (VisitState::Ended, _) => ("warn", "file-text", "day-state-summary"),
        (VisitState::Closed, _) => ("ok", "check", "day-state-closed"),
        (VisitState::Cancelled, _) => ("", "x", "day-state-cancelled"),
        (VisitState::NoShow, _) => ("", "user-x", "day-state-no-show"),
        (VisitState::MovedToPhone, _) => ("", "phone", "day-state-phone"),
        (VisitState::BrokenOff, _) => ("bad", "circle-alert", "day-state-broken"),
        (_, ParticipantState::Waiting) => ("ok", "hourglass", "day-state-waiting"),
        (_, inside) if inside.holds_a_place() => ("ok", "user-check", "day-state-looked-at"),
        (_, ParticipantState::Invited) => ("", "mail", "day-state-invited"),
        (_, ParticipantState::CheckingIn) => ("", "loader", "day-state-checking-in"),
        (_, ParticipantState::Ready) => ("ok", "check", "day-state-ready"),
        (_, ParticipantState::Refused) => ("bad", "ban", "day-state-refused"),
        _ => ("", "log-out", "day-state-left"),
    };
    Badge { kind: "state", text: ctx.words.t(key), tone, icon }
}

fn located(location: Location) -> Located {
    Located {
        state: state_name(&location.state).unwrap_or_default(),
        address: Health::new(location.address),
        call_back: Health::new(location.call_back),
    }
}

fn host_name(ctx: &Ctx, visit: &VisitRow) -> String {
    let name = ctx.plugged::<Names>().staff(visit.clinician);
    name.map(|name| name.reveal().to_owned()).unwrap_or_default()
}
