//! Consent to a video visit: the texts, the answers, the signed copy.
//!
//! Owns the table `consent`; rows are added and never changed. Refuses to record a "yes" without the exact
//! page that was signed, kept as a file that is given back byte for byte (15 U.S.C. 7001, R61).

mod artefact;
pub mod rules;
mod store;
pub mod texts;

pub use artefact::{Signature, artefact, shown_part};
pub use rules::{Outcome, in_force};
pub use store::{ConsentRow, Signing, copy, give, newest, of_patient, of_visit, refuse, say_no};

use keep::{Conn, KeepError};
use vocabulary::{PatientId, PersonId, UnixMillis};

/// Whether a telehealth consent of this patient to this clinician is in force now. The lobby asks this.
pub async fn is_in_force(
    conn: &mut Conn,
    patient: PatientId,
    clinician: PersonId,
    now: UnixMillis,
) -> Result<bool, KeepError> {
    let newest = newest(conn, patient, clinician).await?;
    Ok(in_force(newest.as_ref().map(ConsentRow::standing).as_ref(), clinician, now))
}
