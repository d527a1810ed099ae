//! Booking: the day page, a new visit, another time, cancelling, the invitation, and the page of one visit.
//!
//! Owns how a visit comes to be. Refuses a visit without its host on the care team, without an invitation for
//! the patient, or at an hour that does not exist; and, until whoever books says that it is meant, on top of
//! another visit of the same clinician or patient, outside the clinician's hours and on their days off.

mod book;
mod change;
mod clashes;
mod day;
mod letters;
mod link_paper;
#[cfg(test)]
mod link_paper_tests;
mod restoring;
mod store;
#[cfg(test)]
mod tests;
mod visit_page;
mod visit_people;
pub mod when;

pub(crate) use crate::before::asked::load as load_for;
pub(crate) use book::{Errand, Search, choose, found};
pub(crate) use clashes::{Slot, Warned, clashes, codes, still_to_confirm};
pub(crate) use day::may_book_for_somebody;
pub use letters::{Dress, invitation_link, notice_link, post_invitation};
pub(crate) use letters::{post_late, post_notice};
pub(crate) use link_paper::{Handed, link_page};
pub use store::reason;
pub(crate) use visit_page::{
    with_companion as visit_page_with_companion, with_consent as visit_page_with_consent,
    with_draft as visit_page_with_draft, with_interpreter as visit_page_with_interpreter,
};

use super::rules::{Kind, Part, VisitEvent};
use super::store::{ParticipantRow, VisitRow, load_visit, participants, set_visit_state};
use keep::{Conn, Entry, Hint, KeepError, Object, Tx};
use policy::{Access, Act, HouseRules};
use vocabulary::{
    DAY_MS, Health, MINUTE_MS, ParticipantId, PatientId, PersonId, Principal, Secret, UnixMillis, VisitId,
};
use web::{Routes, Rule};

/// The link still opens this long after the visit's planned end: for a late start and the survey.
const INVITATION_OUTLIVES_MS: i64 = DAY_MS;

pub fn routes() -> Routes {
    Routes::new()
        .get("/day", Rule::Act(Act::SeeDay), day::page)
        .get("/day/queue", Rule::Act(Act::SeeDay), day::queue)
        .get("/day/book", Rule::Act(Act::BookVisit), book::form)
        .post("/day/book/find", Rule::Act(Act::SeePatients), book::find)
        .post("/day/book", Rule::Act(Act::BookVisit), book::book_it)
        .get("/visits/{id}", Rule::Act(Act::SeeVisit), visit_page::page)
        .get("/visits/{id}/booked", Rule::Act(Act::SeeVisit), book::booked)
        .get("/visits/{id}/move", Rule::Act(Act::MoveVisit), change::move_form)
        .post("/visits/{id}/move", Rule::Act(Act::MoveVisit), change::move_it)
        .get("/visits/{id}/cancel", Rule::Act(Act::CancelVisit), change::cancel_form)
        .post("/visits/{id}/cancel", Rule::Act(Act::CancelVisit), change::cancel_it)
        .post("/visits/{id}/restore", Rule::Act(Act::RestoreVisit), restoring::restore)
        .post("/visits/{id}/no-show", Rule::Act(Act::CancelVisit), change::no_show)
        .post("/visits/{id}/invite", Rule::Act(Act::SendInvitation), change::invite)
        .post("/visits/{id}/link", Rule::Act(Act::SendInvitation), change::link)
}

/// What booking needs to know. Holds the reason, so it has no `Debug`.
pub struct Booking {
    pub patient: PatientId,
    pub clinician: PersonId,
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub kind: Kind,
    pub reason: Option<Health>,
}

/// A visit with its invitation. The secret goes into one link and is kept nowhere.
pub struct Booked {
    pub visit: VisitId,
    /// The patient's part.
    pub participant: ParticipantId,
    pub secret: Secret,
    /// For the commit that makes it last.
    pub entry: Entry,
}

/// Writes the visit, both participants, the care team and the invitation. `access`: `Act::BookVisit`, or the
/// program's own while it furnishes. Posts no letter: see [`post_invitation`].
pub async fn book(
    tx: &mut Tx,
    access: &Access,
    booking: &Booking,
    house: &HouseRules,
) -> Result<Booked, KeepError> {
    people::merges::must_stand(tx, booking.patient).await?;
    let booked_by = match access.who() {
        Principal::Staff { person, .. } => Some(*person),
        _ => None,
    };
    let new = store::NewVisit {
        patient: booking.patient,
        clinician: booking.clinician,
        starts_at: booking.starts_at,
        length_min: booking.length_min,
        kind: booking.kind,
        reason: booking.reason.as_ref().map(Health::reveal),
        booked_by,
    };
    let visit = store::insert_visit(tx, &new).await?;
    let patient = (None, Some(booking.patient));
    let participant = store::insert_participant(tx, visit, Part::Patient, patient).await?;
    let host = (Some(booking.clinician), None);
    store::insert_participant(tx, visit, Part::Clinician, host).await?;
    let approver = booked_by.unwrap_or(booking.clinician);
    let until = booking.starts_at.plus_ms(house.care_team_days * DAY_MS);
    people::care_team::put(tx, booking.patient, booking.clinician, approver, until).await?;
    let ends = invitation_ends(booking.starts_at, booking.length_min);
    let secret = people::invitations::issue(tx, visit, participant, booking.patient, ends).await?;
    let row = load_visit(tx, visit).await?;
    let open = row.state.step(VisitEvent::Invite).map_err(|_| KeepError::Shape("a new visit opens"))?;
    set_visit_state(tx, &row, open, tx.now()).await?;
    tx.hint(Hint::Visit(visit));
    let entry = Entry::new(Object::of("visit", visit.text()).patient(booking.patient).visit(visit))
        .detail("clinician", booking.clinician.text())
        .detail("approver", approver.text())
        .detail("starts_at", booking.starts_at.0.to_string());
    Ok(Booked { visit, participant, secret, entry })
}

/// One more person of a visit: a deputy with their account, or somebody who accompanies the patient.
pub(crate) async fn add_participant(
    tx: &mut Tx,
    visit: VisitId,
    part: Part,
    person: Option<PersonId>,
) -> Result<ParticipantId, KeepError> {
    store::insert_participant(tx, visit, part, (person, None)).await
}

/// When the invitation to a visit at this time stops opening anything.
pub fn invitation_ends(starts_at: UnixMillis, length_min: i64) -> UnixMillis {
    starts_at.plus_ms(length_min * MINUTE_MS + INVITATION_OUTLIVES_MS)
}

/// The patient's row among the participants.
pub async fn patient_of(conn: &mut Conn, visit: &VisitRow) -> Result<ParticipantRow, KeepError> {
    let all = participants(conn, visit.id).await?;
    all.into_iter().find(|row| row.part == Part::Patient).ok_or(KeepError::NotFound)
}
