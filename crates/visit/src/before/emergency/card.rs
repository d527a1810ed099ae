//! `/visits/{id}/emergency`: everything somebody needs who sends help, on one page; and the patient's new
//! place.

use super::rules::PlaceRow;
use super::store::for_place;
use crate::before::asked;
use crate::before::booking::patient_of;
use crate::before::check_in::answers::{Location, LocationFault, STATES, state_name};
use crate::before::check_in::store::{Answer, load, open};
use crate::before::check_in::{located, settle};
use crate::before::licence;
use crate::before::rules::Part;
use crate::before::store::{VisitRow, participants};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Entry, Hint, KeepError, Object, Viewing};
use policy::{Access, Act};
use vocabulary::{Health, UnixMillis};
use web::{Ctx, Failure, Faults, Form, Page, filters, see_other};

/// The emergency plan of one visit, as far as it is known now. Holds an address, so it has no `Debug`.
pub(crate) struct Plan {
    pub location: Option<Location>,
    pub state: &'static str,
    /// None: nobody has entered this place.
    pub place: Option<PlaceRow>,
}

/// What the patient said last, before what somebody who acts for them said; and the line for that place.
pub(crate) async fn plan(view: &mut Viewing, access: &Access, visit: &VisitRow) -> Result<Plan, KeepError> {
    let mut location: Option<Location> = None;
    for who in participants(view, visit.id).await? {
        if location.is_some() || !matches!(who.part, Part::Patient | Part::Representative) {
            continue;
        }
        let row = load(view, who.id).await?;
        let sealed = (Answer::Location, row.location.as_ref());
        location = open(view, access, (who.id, visit.patient), sealed)?;
    }
    let place = match &location {
        Some(here) => for_place(view, &here.state, &here.zip).await?,
        None => None,
    };
    let state = location.as_ref().and_then(|here| state_name(&here.state)).unwrap_or_default();
    Ok(Plan { location, state, place })
}

pub(super) async fn page(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::SeeVisit).await?;
    show(&ctx, (&visit, &access), None, Faults::default()).await
}

/// `POST /visits/{id}/location`: the patient has said that they are somewhere else. Asked again, the licence
/// included; nobody is put out of a room for it, whoever leads sees it at once.
pub(super) async fn move_patient(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(typed): Form<Location>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::LocatePatient).await?;
    let typed = typed.trimmed();
    let mut faults = Faults::default();
    for fault in typed.faults() {
        faults.add(fault.field(), ctx.words.t(fault.word()));
    }
    if visit.state.is_over() {
        return Err(Failure::told(StatusCode::CONFLICT, "visit-too-late"));
    }
    if faults.any() {
        let (visit, access) = asked::load(&ctx, &id, Act::SeeVisit).await?;
        return show(&ctx, (&visit, &access), Some(typed), faults).await;
    }
    let house = &ctx.settings.house_rules;
    let mut tx = ctx.keep.begin().await?;
    let me = patient_of(&mut tx, &visit).await?;
    located(&mut tx, (&visit, &me), house, &Location { within_min: house.drop_out_within_min, ..typed })
        .await?;
    settle(&mut tx, (&visit, &me), house).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("check_in", me.id.text()).patient(visit.patient).visit(visit.id);
    tx.commit(&access, Entry::new(object)).await?;
    Ok(see_other(&format!("/visits/{}/emergency", visit.id.text())))
}

async fn show(
    ctx: &Ctx,
    (visit, access): (&VisitRow, &Access),
    typed: Option<Location>,
    faults: Faults,
) -> Result<Response, Failure> {
    let object = Object::of("emergency_card", visit.id.text()).patient(visit.patient).visit(visit.id);
    let mut view = ctx.keep.view(access, object).await?;
    let plan = plan(&mut view, access, visit).await?;
    let standing = licence::card(ctx, &mut view, (visit, access.facts())).await?;
    let status = if faults.any() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = CardPage {
        id: visit.id.text(),
        starts_at: visit.starts_at,
        practice: ctx.settings.face.name.clone(),
        phone: ctx.settings.face.phone.clone(),
        name: people::patients::name(&mut view, access, visit.patient).await?,
        licence: standing,
        may_move: !visit.state.is_over() && ctx.allowed(Act::LocatePatient, access.facts()),
        typed: typed.or_else(|| plan.location.clone()).unwrap_or_default(),
        states: STATES,
        plan,
        faults,
    };
    Ok(ctx.page(Page::new(ctx.words.t("emergency-card")).rail("rail-day").script().status(status), &page))
}

#[derive(Template)]
#[template(path = "before/emergency/card.html")]
struct CardPage {
    id: String,
    name: Health,
    starts_at: UnixMillis,
    practice: String,
    /// Of the practice; may be empty.
    phone: String,
    plan: Plan,
    licence: licence::Card,
    may_move: bool,
    typed: Location,
    states: &'static [(&'static str, &'static str)],
    faults: Faults,
}

impl LocationFault {
    /// The field it stands beside.
    pub(crate) fn field(self) -> &'static str {
        match self {
            LocationFault::Address => "address",
            LocationFault::State => "state",
            LocationFault::Zip => "zip",
            LocationFault::CallBack => "call_back",
            LocationFault::Contact => "contact",
        }
    }

    /// The key of its sentence.
    pub(crate) fn word(self) -> &'static str {
        match self {
            LocationFault::Address => "location-address-missing",
            LocationFault::State => "location-state-missing",
            LocationFault::Zip => "location-zip-wrong",
            LocationFault::CallBack => "location-call-back-missing",
            LocationFault::Contact => "location-contact-long",
        }
    }
}
