//! The words all crates share: ids, time, randomness, people and what they are to each other.
//!
//! This crate owns names and nothing else: no rule, no store, no clock of its own. It stays small, because
//! a change here rebuilds everything.

mod ambient;
mod id;
mod network;
mod person;
mod secret;
pub mod testing;

pub use ambient::{Clock, Entropy, UnixMillis};
pub use id::{
    BreakGlassId, ConsentId, DelegateId, DisclosureId, EmergencyPlaceId, EnrolmentId, FileId, FindingId,
    IdentityCheckId, IncidentId, InvitationId, JobId, LicenceId, MergeId, ParticipantId, PasskeyId,
    PatientId, PersonId, RecoveryId, RepresentativeId, SessionId, SiteId, SummaryId, SurveyId, TrailReviewId,
    VisitId,
};
pub use network::neighbourhood;
pub use person::{Lang, Principal, Relation, Relations, Role, Roles};
pub use secret::{Health, Secret};

pub const SECOND_MS: i64 = 1_000;
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;
