//! What a "no" does beside being kept: to the visits that come, and to letters without a lock.

use super::{ConsentRow, Scope};
use crate::before::rules::{Part, ParticipantEvent};
use crate::before::store::{participants, set_participant, visits_of};
use keep::{Hint, KeepError, Tx};
use practice::findings::{self, Kind, Source};
use vocabulary::{PatientId, PersonId};

/// Taken back, `row` counts for nothing any more, and so does what stands on it.
pub(crate) async fn follow_no(tx: &mut Tx, row: &ConsentRow) -> Result<(), KeepError> {
    if let Some(clinician) = row.of.clinician {
        leave_coming_visits(tx, row.of.patient, clinician).await?;
    }
    // The choice for an address is the narrower yes of the two (R103).
    if row.scope == Scope::PlainMessages {
        people::contact::plain::end(tx, row.of.patient).await?;
    }
    Ok(())
}

/// The patient, and whoever acts for them, leave check-in, lobby and room of every coming visit to this
/// clinician: all of them are there on the one consent. The desk sees why.
pub(crate) async fn leave_coming_visits(
    tx: &mut Tx,
    patient: PatientId,
    clinician: PersonId,
) -> Result<(), KeepError> {
    let now = tx.now();
    let visits = visits_of(tx, patient).await?;
    for visit in visits.iter().filter(|it| !it.state.is_over() && it.clinician == clinician) {
        for one in participants(tx, visit.id).await? {
            let by_consent = matches!(one.part, Part::Patient | Part::Representative);
            // Whoever was removed stays removed.
            if let (true, Ok(state)) = (by_consent, one.state.step(ParticipantEvent::RefuseConsent)) {
                set_participant(tx, &one, state, now).await?;
            }
        }
        findings::raise(tx, Kind::ConsentRefused, Source::Visit(visit.id)).await?;
        tx.hint(Hint::Visit(visit.id));
    }
    Ok(())
}
