//! Notices: the link by which a patient opens the portal after a letter that said nothing.
//!
//! The same machinery as an invitation, with another purpose: link, one device, second fact. Owns the two
//! routes of its page. The letter itself is `web::mail`'s, the portal behind it the visit slice's.

use crate::invitations::{self, New, Purpose};
use keep::{KeepError, Tx};
use policy::Act;
use vocabulary::{ParticipantId, PatientId, Secret, UnixMillis, VisitId};
use web::{Routes, Rule};

/// A link `/n#secret` to the portal, because something about this visit is ready there.
pub async fn issue(
    tx: &mut Tx,
    visit: VisitId,
    participant: ParticipantId,
    patient: PatientId,
    expires_at: UnixMillis,
) -> Result<Secret, KeepError> {
    invitations::insert(tx, &New { purpose: Purpose::Portal, visit, participant, patient, expires_at }).await
}

pub fn routes() -> Routes {
    let same = Rule::Public("the same page for everybody; looking at it consumes nothing");
    Routes::new().get("/n", same, invitations::portal_door).post(
        "/n",
        Rule::Act(Act::OpenNotice),
        invitations::open_portal,
    )
}

#[cfg(test)]
mod tests;
