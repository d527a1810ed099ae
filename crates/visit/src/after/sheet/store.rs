//! What is known of a visit, read where it is kept; and the findings of one that has just ended.

use super::rules::{Checked, Interpreted, Known, Located, Look};
use crate::before::booking::when;
use crate::before::check_in::answers::Location;
use crate::before::check_in::store::{Answer, load, open};
use crate::before::consent::{self, Asked, Scope, lapse};
use crate::before::rules::Part;
use crate::before::staff_readiness::{self, OwnCheck};
use crate::before::store::{ParticipantRow, VisitRow, load_visit, participants};
use crate::before::{emergency, identity, interpreting, licence, privacy_notice};
use keep::{KeepError, Settings, Tx, Viewing};
use people::{contact, needs};
use policy::{Access, Act, Facts, decide};
use practice::findings::{self, Kind, Source};
use vocabulary::{ParticipantId, PersonId, Principal, UnixMillis, VisitId};

/// Raises what the sheet of a visit has open when it ends. Inside the transaction that ends it, after its
/// state is written, so that it happens once. The program opens what it has to judge; nobody is shown it.
pub(crate) async fn raise(tx: &mut Tx, visit: VisitId, settings: &Settings) -> Result<(), KeepError> {
    let found = match found(tx, visit, settings).await {
        // Nobody is held in a visit because a row of its sheet does not open.
        Err(KeepError::Sealed | KeepError::Shredded | KeepError::Shape(_)) => {
            tracing::warn!(visit = visit.short(), "the sheet of a visit that ended could not be read");
            return Ok(());
        }
        found => found?,
    };
    for kind in found {
        findings::raise(tx, kind, Source::Visit(visit)).await?;
    }
    Ok(())
}

/// A visit by phone is over with its summary: nobody asked who it was by then.
pub(crate) async fn raise_after_phone(tx: &mut Tx, visit: &VisitRow) -> Result<(), KeepError> {
    for row in participants(tx, visit.id).await? {
        let came = identity::seats::met_host(&row, visit);
        let is_open = came || (row.part == Part::Patient && row.is_expected());
        if is_open && identity::newest(tx, row.id).await?.is_none() {
            findings::raise(tx, Kind::NotIdentified, Source::Visit(visit.id)).await?;
            break;
        }
    }
    Ok(())
}

async fn found(tx: &mut Tx, visit: VisitId, settings: &Settings) -> Result<Vec<Kind>, KeepError> {
    let visit = load_visit(tx, visit).await?;
    let facts = Facts { patient: Some(visit.patient), visit: Some(visit.id), ..Facts::default() };
    let program = decide(&Principal::System, &facts, Act::KeepVisit).map_err(|_| KeepError::Proof)?;
    let now = tx.now();
    let people = everybody(tx, &program, &visit, settings).await?;
    let (known, _) = known(tx, &program, (&visit, &people), (settings, now)).await?;
    Ok(known.findings())
}

/// The emergency plan comes along: its words are for the page, never for a line.
pub(super) async fn known<'a>(
    view: &mut Viewing,
    access: &Access,
    (visit, people): (&'a VisitRow, &'a [Checked]),
    (settings, now): (&'a Settings, UnixMillis),
) -> Result<(Known<'a>, emergency::Plan), KeepError> {
    let until = visit.ended_at.unwrap_or(now);
    let asked = (&settings.house_rules, until);
    let plan = emergency::plan(view, access, visit).await?;
    let known = Known {
        visit,
        people,
        preferences: contact::said(view, visit.patient, until).await?.map(|it| (it.by, it.at)),
        needs: needs::said(view, visit.patient, until).await?,
        licence: licence::for_visit(view, visit, until).await?,
        emergency: plan.location.as_ref().map(|_| plan.place.is_some()),
        drop_out: plan.location.as_ref().is_some_and(|here| here.within_min > 0),
        consent: consented(view, visit, asked).await?,
        e_sign: e_signed(view, visit, asked).await?,
        notice: privacy_notice::newest(view, visit.patient).await?,
        overridden: overridden(view, people).await?,
        summary: crate::after::summary::written(view, visit.id).await?,
        host: host_check(view, (visit, people), &settings.face.zone).await?,
        interpreted: interpreted(view, access, (visit, people)).await?,
        house: &settings.house_rules,
    };
    Ok((known, plan))
}

/// Everybody who is expected, or was until their digits were compared or they met the host, and what they
/// answered.
pub(super) async fn everybody(
    view: &mut Viewing,
    access: &Access,
    visit: &VisitRow,
    settings: &Settings,
) -> Result<Vec<Checked>, KeepError> {
    let mut people = Vec::new();
    for row in participants(view, visit.id).await? {
        if row.is_expected() || row.spoken.is_some() || identity::seats::met_host(&row, visit) {
            people.push(checked(view, access, (visit, row), settings).await?);
        }
    }
    Ok(people)
}

async fn checked(
    view: &mut Viewing,
    access: &Access,
    (visit, row): (&VisitRow, ParticipantRow),
    settings: &Settings,
) -> Result<Checked, KeepError> {
    let kept = load(view, row.id).await?;
    let of = (row.id, visit.patient);
    let location: Option<Location> = open(view, access, of, (Answer::Location, kept.location.as_ref()))?;
    let served = |it: &Location| settings.house_rules.serves(&it.state);
    Ok(Checked {
        place: open(view, access, of, (Answer::Place, kept.place.as_ref()))?,
        readiness: open(view, access, of, (Answer::Readiness, kept.readiness.as_ref()))?,
        waived: kept.waived_at.map(|at| (at, kept.waived_by)),
        promised_at: kept.promised_at,
        located: location.map(|it| if served(&it) { Located::Served } else { Located::Outside }),
        done_at: kept.done_at,
        identity: look(view, access, (visit, row.id)).await?,
        row,
    })
}

async fn look(
    view: &mut Viewing,
    access: &Access,
    (visit, who): (&VisitRow, ParticipantId),
) -> Result<Option<Look>, KeepError> {
    let Some(newest) = identity::newest(view, who).await? else { return Ok(None) };
    // Facts that do not open take no finding with them.
    let document = identity::store::is_of_document(view, access, (&newest, visit.patient)).unwrap_or(false);
    Ok(Some(Look { outcome: newest.outcome, by: newest.by, at: newest.at, document }))
}

/// What the patient had answered by the end of the visit: a consent withdrawn later does not change its
/// sheet.
async fn consented(
    view: &mut Viewing,
    visit: &VisitRow,
    (house, until): (&policy::HouseRules, UnixMillis),
) -> Result<Option<(consent::Outcome, bool, UnixMillis)>, KeepError> {
    let all = consent::of_patient(view, visit.patient).await?;
    let newest = all.iter().find(|row| row.of.clinician == Some(visit.clinician) && row.at <= until);
    let asked = Asked { clinician: Some(visit.clinician), state: None, house, now: until };
    Ok(newest.map(|row| (row.outcome, lapse(Some(&row.standing()), &asked).is_none(), row.since())))
}

/// Who holds the visit, and their newest check of that day from before it began.
async fn host_check(
    view: &mut Viewing,
    (visit, people): (&VisitRow, &[Checked]),
    zone: &str,
) -> Result<(PersonId, Option<OwnCheck>), KeepError> {
    let broken = |_| KeepError::Shape("a time zone that this machine does not know");
    let day = when::day_of(visit.started_at.unwrap_or(visit.starts_at), zone).map_err(broken)?;
    let (from, until) = when::span_of(day, zone).map_err(broken)?;
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
    view: &mut Viewing,
    visit: &VisitRow,
    asked: (&policy::HouseRules, UnixMillis),
) -> Result<Option<UnixMillis>, KeepError> {
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
    view: &mut Viewing,
    access: &Access,
    (visit, all): (&VisitRow, &[Checked]),
) -> Result<Interpreted, KeepError> {
    let needs = needs::of_patient(view, access, visit.patient).await?;
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
