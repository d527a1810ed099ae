//! One press: host, care team and participants change together.

use crate::before::asked;
use crate::before::booking::{Slot, add_participant, clashes, codes};
use crate::before::check_in::settle;
use crate::before::rules::{
    PARTICIPANTS_MAX, Part, ParticipantEvent, ParticipantState as S, VisitEvent, VisitState,
};
use crate::before::schedule::{Choice, clinicians, site_of, staff_name};
use crate::before::store::{
    ParticipantRow, VisitRow, load_visit, participants, set_clinician, set_participant, set_visit_state,
    still_of,
};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use keep::{Conn, Entry, Hint, KeepError, Object, Tx};
use policy::{Act, Facts};
use serde::Deserialize;
use vocabulary::{DAY_MS, PersonId, Principal};
use web::{Ctx, Failure, Form, see_other};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct To {
    person: String,
    /// Also when they have another visit then, or are away.
    anyway: String,
}

/// Who could see the patient instead; empty when it cannot be changed, or not by this reader.
pub(crate) async fn colleagues(
    ctx: &Ctx,
    conn: &mut Conn,
    (visit, facts): (&VisitRow, &Facts),
) -> Result<Vec<Choice>, KeepError> {
    if !visit.state.can_begin() || !ctx.allowed(Act::HandOver, facts) {
        return Ok(Vec::new());
    }
    let known = clinicians(conn).await?.into_iter().filter(|id| *id != visit.clinician);
    let choice = |id: PersonId| Choice { value: id.text(), label: staff_name(ctx, id), chosen: false };
    Ok(known.map(choice).collect())
}

/// `POST /visits/{id}/hand-over`
pub(super) async fn hand_over(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(to): Form<To>,
) -> Result<Response, Failure> {
    let (visit, access) = asked::load(&ctx, &id, Act::HandOver).await?;
    let Principal::Staff { person: by, .. } = ctx.who else { return Err(Failure::NotFound) };
    let person = PersonId::parse(&to.person).ok_or(Failure::BadInput)?;
    let mut tx = ctx.keep.begin().await?;
    still_of(&mut tx, (visit.id, visit.patient)).await?;
    let visit = load_visit(&mut tx, visit.id).await?;
    if !visit.state.can_begin() {
        return Err(Failure::told(StatusCode::CONFLICT, "hand-over-late"));
    }
    // Whom a deputy looks at would come out of the room with an answer that was for the other clinician.
    let is_seen = |row: &ParticipantRow| row.person.is_none() && row.state.holds_a_place();
    if participants(&mut tx, visit.id).await?.iter().any(is_seen) {
        return Err(Failure::told(StatusCode::CONFLICT, "hand-over-seen"));
    }
    if person == visit.clinician || !clinicians(&mut tx).await?.contains(&person) {
        return Err(Failure::BadInput);
    }
    let slot = Slot {
        clinician: person,
        patient: visit.patient,
        starts_at: visit.starts_at,
        length_min: visit.length_min,
        site: site_of(&mut tx, visit.id).await?,
        except: Some(visit.id),
    };
    let found = clashes(&mut tx, &slot, ctx.zone()).await?;
    if !found.is_empty() && to.anyway != "yes" {
        return Err(Failure::told(StatusCode::CONFLICT, "hand-over-busy"));
    }
    change_host(&mut tx, &visit, person).await?;
    let until = visit.starts_at.plus_ms(ctx.settings.house_rules.care_team_days * DAY_MS);
    people::care_team::put(&mut tx, visit.patient, person, by, until).await?;
    ask_again(&ctx, &mut tx, &visit).await?;
    tx.hint(Hint::Visit(visit.id));
    let object = Object::of("visit", visit.id.text()).patient(visit.patient).visit(visit.id);
    let mut entry = Entry::new(object).detail("from", visit.clinician.text()).detail("to", person.text());
    if !found.is_empty() {
        entry = entry.detail("in_spite_of", codes(&found));
    }
    tx.commit(&access, entry).await?;
    // Whoever gave it away may not see it any more.
    let sees_it = visit.clinician != by;
    let page = format!("/visits/{}?done=handed-over", visit.id.text());
    Ok(see_other(if sees_it { &page } else { "/day" }))
}

async fn change_host(tx: &mut Tx, visit: &VisitRow, person: PersonId) -> Result<(), Failure> {
    let people = participants(tx, visit.id).await?;
    if people.len() >= PARTICIPANTS_MAX {
        return Err(Failure::told(StatusCode::CONFLICT, "companion-full"));
    }
    let now = tx.now();
    // The host until now, and the new one where they were a deputy.
    let leaves = people.iter().filter(|row| row.part == Part::Clinician || row.is_deputy(person));
    for row in leaves.filter(|row| row.is_expected()) {
        let gone = row.state.step(ParticipantEvent::Remove);
        set_participant(tx, row, gone.map_err(|_| Failure::Changed)?, now).await?;
    }
    set_clinician(tx, visit, person).await?;
    add_participant(tx, visit.id, Part::Clinician, Some(person)).await?;
    Ok(())
}

/// Whoever has begun check-in answers once more what counted for the other clinician alone.
async fn ask_again(ctx: &Ctx, tx: &mut Tx, visit: &VisitRow) -> Result<(), KeepError> {
    let row = load_visit(tx, visit.id).await?;
    let begun = |state| matches!(state, S::CheckingIn | S::Ready | S::Waiting);
    for one in participants(tx, visit.id).await? {
        if one.person.is_none() && begun(one.state) {
            settle(tx, (&row, &one), &ctx.settings.house_rules).await?;
        }
    }
    let someone_waits = participants(tx, visit.id).await?.iter().any(|one| one.state == S::Waiting);
    if row.state == VisitState::Waiting && !someone_waits {
        let open = row.state.step(VisitEvent::LobbyEmptied).map_err(|_| KeepError::Conflict)?;
        let now = tx.now();
        set_visit_state(tx, &row, open, now).await?;
    }
    Ok(())
}
