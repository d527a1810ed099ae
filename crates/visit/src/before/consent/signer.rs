//! Which representative gave an answer for the patient: a typed name alone is anybody's (R74).

use super::{ConsentId, ConsentRow};
use crate::before::companions::acting;
use keep::{Conn, KeepError, Tx, args};
use people::representatives::rules::Authority;
use vocabulary::{ParticipantId, PatientId, RepresentativeId};

pub async fn put(tx: &mut Tx, consent: ConsentId, by: RepresentativeId) -> Result<(), KeepError> {
    let sql = "INSERT INTO consent_signer (consent, representative) VALUES ($1, $2)";
    tx.run_one(sql, args![consent, by]).await
}

/// The key of what they may sign as: an authorization tells by what right somebody signed it (45 CFR
/// 164.508(c)(1)(vi)).
pub fn acts_as(authority: Authority) -> &'static str {
    match authority {
        Authority::Parent => "consent-copy-authority-parent",
        Authority::Guardian => "consent-copy-authority-guardian",
        Authority::Agent => "consent-copy-authority-agent",
        Authority::CourtOrder => "consent-copy-authority-court-order",
        Authority::Executor => "consent-copy-authority-executor",
        Authority::Supporter => "consent-copy-authority-representative",
    }
}

/// Who answered for one patient: in the portal by their id, at a visit by their seat.
pub struct Signers {
    in_portal: Vec<(ConsentId, RepresentativeId)>,
    seats: Vec<(ParticipantId, RepresentativeId)>,
}

impl Signers {
    pub async fn of(conn: &mut Conn, patient: PatientId) -> Result<Signers, KeepError> {
        let rows = conn
            .rows(
                "SELECT s.consent, s.representative FROM consent_signer s JOIN consent c ON c.id = s.consent
                 WHERE c.patient = $1 ORDER BY s.consent",
                args![patient],
            )
            .await?;
        let read = |row: &keep::Row| {
            let consent = row.parsed("consent", ConsentId::parse)?;
            Ok((consent, row.parsed("representative", RepresentativeId::parse)?))
        };
        let in_portal = rows.iter().map(read).collect::<Result<_, KeepError>>()?;
        Ok(Signers { in_portal, seats: acting::all_of(conn, patient).await? })
    }

    /// `None` when the patient answered.
    pub fn who(&self, row: &ConsentRow) -> Option<RepresentativeId> {
        let here = self.in_portal.iter().find(|(consent, _)| *consent == row.id).map(|(_, one)| *one);
        let seat =
            |participant| self.seats.iter().find(|(seat, _)| *seat == participant).map(|(_, one)| *one);
        here.or_else(|| row.of.participant.and_then(seat))
    }
}
