//! Ids are random (UUID version 7, RFC 9562 section 5.7) and typed. They have no `Display`: whoever wants the
//! whole id for SQL or an address asks for `text()`, a log takes `short()`.

use crate::{Entropy, UnixMillis};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use uuid::{Builder, Uuid};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            pub fn new(now: UnixMillis, entropy: &dyn Entropy) -> Self {
                $name(new_v7(now, entropy))
            }

            /// Accepts the hyphenated form alone, so that one id has one spelling.
            pub fn parse(text: &str) -> Option<Self> {
                parse_hyphenated(text).map($name)
            }

            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                $name(Uuid::from_bytes(bytes))
            }

            /// The whole id: for SQL arguments and addresses.
            pub fn text(&self) -> String {
                self.0.hyphenated().to_string()
            }

            /// The last eight hexadecimal digits: for logs.
            pub fn short(&self) -> String {
                short(&self.0)
            }

            pub fn bytes(&self) -> [u8; 16] {
                *self.0.as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(..{})"), self.short())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                $name::parse(&text).ok_or_else(|| serde::de::Error::custom("not an id"))
            }
        }
    )*};
}

ids! {
    /// A login: staff of the practice.
    PersonId
    PatientId
    /// One appointment, from booking to follow-up.
    VisitId
    /// One person's part in one visit.
    ParticipantId
    /// A one-time secret that brings one participant to one visit.
    InvitationId
    ConsentId
    SessionId
    PasskeyId
    /// A link that lets one member of staff set up how they sign in.
    EnrolmentId
    /// Two administrators let a colleague in again.
    RecoveryId
    SiteId
    /// Two charts that became one.
    MergeId
    /// One opening of a chart in an emergency.
    BreakGlassId
    /// One month of the trail, read by an official.
    TrailReviewId
    /// One copy of a chart that left the practice.
    DisclosureId
    /// Somebody who acts for a patient, or was refused to.
    RepresentativeId
    /// One line of the register of licences, or one decision to go on without.
    LicenceId
    /// One line of the table of emergency numbers.
    EmergencyPlaceId
    FileId
    /// A letter in the outbox.
    JobId
    FindingId
    /// A colleague who may lead in a clinician's place for a time.
    DelegateId
    /// One look at who somebody is, or one decision to go on without.
    IdentityCheckId
    SummaryId
    SurveyId
    /// Names one failure in a message to a person and in the log, and nothing else.
    IncidentId
}

fn new_v7(now: UnixMillis, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let ms = u64::try_from(now.0).unwrap_or(0);
    Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
}

fn parse_hyphenated(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.hyphenated().to_string() == text).then_some(id)
}

fn short(id: &Uuid) -> String {
    id.as_bytes()[12..].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestEntropy;

    #[test]
    fn an_id_has_one_spelling_and_a_short_form_for_logs() {
        let id = VisitId::new(UnixMillis(1_700_000_000_000), &TestEntropy::seeded(7));
        assert_eq!(VisitId::parse(&id.text()), Some(id));
        assert_eq!(VisitId::parse(&id.text().to_uppercase()), None);
        assert_eq!(VisitId::parse(&id.text().replace('-', "")), None);
        assert!(id.text().ends_with(&id.short()));
        assert_eq!(format!("{id:?}"), format!("VisitId(..{})", id.short()));
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let entropy = TestEntropy::seeded(7);
        let early = VisitId::new(UnixMillis(1_000), &entropy);
        let late = VisitId::new(UnixMillis(2_000), &entropy);
        assert!(early.text() < late.text());
    }
}
