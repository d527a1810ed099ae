//! `GET /visits/{id}/sheet`.

use super::rules::{By, Checked, Interpreted, Known, Line, Located, Outcome};
use crate::before::asked;
use crate::before::booking::when;
use crate::before::check_in::answers::Location;
use crate::before::check_in::store::{Answer, load, open};
use crate::before::companions;
use crate::before::consent::{self, Asked, Scope, lapse};
use crate::before::privacy_notice;
use crate::before::rules::Part;
use crate::before::staff_readiness::{self, OwnCheck};
use crate::before::store::{ParticipantRow, VisitRow, participants};
use crate::before::{emergency, identity, interpreting, licence};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use keep::{KeepError, Object, Viewing};
use people::patients::Names;
use policy::{Access, Act};
use vocabulary::{Health, ParticipantId, PersonId, UnixMillis};
use web::{Ctx, Failure, Page, filters};

pub(super) async fn page(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::SeeVisit).await?;
    let object = Object::of("protocol_sheet", visit.id.text()).patient(visit.patient).visit(visit.id);
    let mut view = ctx.keep.view(&access, object).await?;
    let (people, names) = everybody(&ctx, &access, &mut view, &visit).await?;
    let plan = emergency::plan(&mut view, &access, &visit).await?;
    let standing = licence::for_visit(&mut view, &visit, visit.ended_at.unwrap_or(ctx.now)).await?;
    let known = Known {
        licence: standing,
        emergency: plan.location.as_ref().map(|_| plan.place.is_some()),
        drop_out: plan.location.as_ref().is_some_and(|here| here.within_min > 0),
        visit: &visit,
        people: &people,
        consent: consented(&ctx, &mut view, &visit).await?,
        e_sign: e_signed(&ctx, &mut view, &visit).await?,
        notice: privacy_notice::newest(&mut view, visit.patient).await?,
        overridden: overridden(&mut view, &people).await?,
        summary: crate::after::summary::written(&mut view, visit.id).await?,
        host: host_check(&ctx, &mut view, (&visit, &people)).await?,
        interpreted: interpreted(&access, &mut view, (&visit, &people)).await?,
        house: &ctx.settings.house_rules,
    };
    let parts =
        [("sheet-before", known.before()), ("sheet-during", known.during()), ("sheet-after", known.after())];
    let all: Vec<Outcome> = parts.iter().flat_map(|(_, lines)| lines.iter().map(|it| it.outcome)).collect();
    let counted = |outcome: Outcome| all.iter().filter(|it| **it == outcome).count();
    let totals = Outcome::ALL.map(|outcome| (shown(outcome), counted(outcome)));
    let shell = Page::new(ctx.words.t("sheet-title")).rail("rail-day").script();
    let sheet = Sheet {
        id: visit.id.text(),
        name: people::patients::name(&mut view, &access, visit.patient).await?,
        host: staff(&ctx, visit.clinician),
        starts_at: visit.starts_at,
        kind: visit.kind.word(),
        plan,
        printed_at: ctx.now,
        totals: totals.into_iter().filter(|(_, count)| *count > 0).collect(),
        parts: parts.map(|(title, lines)| Section { title, lines: told(&ctx, &names, lines) }).into(),
    };
    Ok(ctx.page(shell, &sheet))
}

#[derive(Template)]
#[template(path = "after/sheet/sheet.html")]
struct Sheet {
    id: String,
    name: Health,
    host: String,
    starts_at: UnixMillis,
    kind: &'static str,
    plan: emergency::Plan,
    printed_at: UnixMillis,
    totals: Vec<(Tone, usize)>,
    parts: Vec<Section>,
}

struct Section {
    title: &'static str,
    lines: Vec<Told>,
}

struct Told {
    step: &'static str,
    by: String,
    at: Option<UnixMillis>,
    tone: Tone,
}

/// Never colour alone: a tone goes with an icon and a word.
struct Tone {
    code: &'static str,
    tone: &'static str,
    icon: &'static str,
    word: &'static str,
}

fn shown(outcome: Outcome) -> Tone {
    let (code, tone, icon, word) = match outcome {
        Outcome::Done => ("done", "ok", "check", "sheet-done"),
        Outcome::Waived => ("waived", "warn", "hand", "sheet-waived"),
        Outcome::Failed => ("failed", "bad", "circle-alert", "sheet-failed"),
        Outcome::Missing => ("missing", "bad", "x", "sheet-missing"),
        Outcome::Later => ("later", "", "clock", "sheet-later"),
    };
    Tone { code, tone, icon, word }
}

type Called = Vec<(ParticipantId, String)>;

fn told(ctx: &Ctx, names: &Called, lines: Vec<Line>) -> Vec<Told> {
    let by = |by: By| match by {
        By::Nobody => String::new(),
        By::Staff(person) => staff(ctx, person),
        By::Participant(id) => {
            names.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone()).unwrap_or_default()
        }
    };
    lines
        .into_iter()
        .map(|line| Told { step: line.step, by: by(line.by), at: line.at, tone: shown(line.outcome) })
        .collect()
}

fn staff(ctx: &Ctx, person: PersonId) -> String {
    ctx.plugged::<Names>().staff(person).map(|name| name.reveal().to_owned()).unwrap_or_default()
}

/// What everybody answered, and how everybody is called.
async fn everybody(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    visit: &VisitRow,
) -> Result<(Vec<Checked>, Called), KeepError> {
    let names = ctx.plugged::<Names>();
    let (mut people, mut called) = (Vec::new(), Vec::new());
    for row in participants(view, visit.id).await? {
        if !row.is_expected() && row.spoken.is_none() {
            continue;
        }
        let name = match (row.person, row.patient) {
            (Some(person), _) => names.staff(person),
            (None, Some(patient)) => names.patient(access, patient),
            (None, None) => companions::name(view, access, (row.id, visit.patient)).await?,
        };
        called.push((row.id, name.map(|name| name.reveal().to_owned()).unwrap_or_default()));
        people.push(checked(ctx, access, view, (visit, row)).await?);
    }
    Ok((people, called))
}

async fn checked(
    ctx: &Ctx,
    access: &Access,
    view: &mut Viewing,
    (visit, row): (&VisitRow, ParticipantRow),
) -> Result<Checked, KeepError> {
    let kept = load(view, row.id).await?;
    let of = (row.id, visit.patient);
    let location: Option<Location> = open(view, access, of, (Answer::Location, kept.location.as_ref()))?;
    let served = |it: &Location| ctx.settings.house_rules.serves(&it.state);
    Ok(Checked {
        place: open(view, access, of, (Answer::Place, kept.place.as_ref()))?,
        readiness: open(view, access, of, (Answer::Readiness, kept.readiness.as_ref()))?,
        waived: kept.waived_at.map(|at| (at, kept.waived_by)),
        promised_at: kept.promised_at,
        located: location.map(|it| if served(&it) { Located::Served } else { Located::Outside }),
        done_at: kept.done_at,
        identity: identity::newest(view, row.id).await?,
        row,
    })
}

/// What the patient had answered by the end of the visit: a consent withdrawn later does not change its
/// sheet.
async fn consented(
    ctx: &Ctx,
    view: &mut Viewing,
    visit: &VisitRow,
) -> Result<Option<(consent::Outcome, bool, UnixMillis)>, KeepError> {
    let moment = visit.ended_at.unwrap_or(ctx.now);
    let all = consent::of_patient(view, visit.patient).await?;
    let newest = all.iter().find(|row| row.of.clinician == Some(visit.clinician) && row.at <= moment);
    let house = &ctx.settings.house_rules;
    let asked = Asked { clinician: Some(visit.clinician), state: None, house, now: moment };
    Ok(newest.map(|row| (row.outcome, lapse(Some(&row.standing()), &asked).is_none(), row.since())))
}

/// Who holds the visit, and their newest check of that day from before it began.
async fn host_check(
    ctx: &Ctx,
    view: &mut Viewing,
    (visit, people): (&VisitRow, &[Checked]),
) -> Result<(PersonId, Option<OwnCheck>), Failure> {
    let broken = |_| Failure::broken("the practice's time zone is not known to this machine");
    let day = when::day_of(visit.started_at.unwrap_or(visit.starts_at), ctx.zone()).map_err(broken)?;
    let (from, until) = when::span_of(day, ctx.zone()).map_err(broken)?;
    let until = visit.started_at.map_or(until, |started| started.max(from));
    let host = who_held(visit, people);
    Ok((host, staff_readiness::store::newest(view, host, (from, until)).await?))
}

/// The booked clinician, unless they never came in and a deputy did.
fn who_held(visit: &VisitRow, people: &[Checked]) -> PersonId {
    let came = people.iter().filter_map(|who| Some((who.row.admitted_at?, who.row.part, who.row.person?)));
    let deputies = came.clone().filter(|(_, part, _)| *part == Part::Deputy);
    match deputies.min_by_key(|(at, ..)| *at) {
        Some((.., deputy)) if came.clone().all(|(.., person)| person != visit.clinician) => deputy,
        _ => visit.clinician,
    }
}

/// When the patient agreed to sign on a screen, if that is in force.
async fn e_signed(
    ctx: &Ctx,
    view: &mut Viewing,
    visit: &VisitRow,
) -> Result<Option<UnixMillis>, KeepError> {
    let asked = (&ctx.settings.house_rules, visit.ended_at.unwrap_or(ctx.now));
    let stands = consent::stands(view, visit.patient, Scope::ESign, asked).await?;
    let newest = consent::newest(view, visit.patient, Scope::ESign, None).await?;
    Ok(newest.filter(|_| stands).map(|row| row.since()))
}

/// When the host went on without a consent, and who that was.
async fn overridden(
    view: &mut Viewing,
    people: &[Checked],
) -> Result<Option<(UnixMillis, Option<PersonId>)>, KeepError> {
    let Some(patient) = people.iter().find(|who| who.row.patient.is_some()) else { return Ok(None) };
    let kept = load(view, patient.row.id).await?;
    Ok(kept.overridden_at.map(|at| (at, kept.overridden_by)))
}

async fn interpreted(
    access: &Access,
    view: &mut Viewing,
    (visit, all): (&VisitRow, &[Checked]),
) -> Result<Interpreted, KeepError> {
    let needs = people::needs::of_patient(view, access, visit.patient).await?;
    let mut booked = Vec::new();
    for who in all.iter().filter(|who| who.row.part == Part::Interpreter) {
        // At the door the register of that day was asked, so whoever came in might: what it says later
        // changes no sheet of a visit that took place.
        let may = if visit.state.has_happened() {
            who.row.admitted_at.is_some()
        } else {
            interpreting::may_come(view, who.row.id, visit.starts_at).await?
        };
        booked.push((who.row.id, may));
    }
    let made = interpreting::exceptions(view, access, visit.id).await?;
    let excepted = made.iter().map(|one| (one.by, one.at)).collect();
    Ok(Interpreted { needed: needs.is_some_and(|needs| needs.interpreter), booked, excepted })
}
