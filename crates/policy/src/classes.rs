//! Which classes of a patient's data each role needs: the minimum necessary (R116; 45 CFR 164.514(d)(2)).
//!
//! An act says whether a page opens; a class says what of it is drawn. The table is the committed snapshot
//! `classes.txt`.

use crate::{Access, Facts};
use vocabulary::{Principal, Relation, Role};

/// What a page can show of a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataClass {
    /// Name, birth date, language, address, telephone.
    Demographics,
    /// Why the patient comes.
    Reason,
    /// Summaries, aids, what was found.
    Chart,
    Consent,
    /// What patient and practice write to each other, and the patient's own words on it.
    Messages,
    /// Who did what with the record.
    Trail,
}

impl DataClass {
    pub const ALL: [DataClass; 6] = [
        DataClass::Demographics,
        DataClass::Reason,
        DataClass::Chart,
        DataClass::Consent,
        DataClass::Messages,
        DataClass::Trail,
    ];

    pub fn code(self) -> &'static str {
        match self {
            DataClass::Demographics => "demographics",
            DataClass::Reason => "reason",
            DataClass::Chart => "chart",
            DataClass::Consent => "consent",
            DataClass::Messages => "messages",
            DataClass::Trail => "trail",
        }
    }
}

impl Access {
    /// Whether whoever holds this proof needs this class of data for what they do here.
    pub fn shows(&self, class: DataClass) -> bool {
        needs_to_see(self.who(), self.facts(), class)
    }
}

/// How far a role's need goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Never,
    /// Of the patients on whose care team or in whose visit they are.
    Own,
    /// The same, and in an emergency.
    OwnOrEmergency,
    Everybody,
}

pub fn needs_to_see(who: &Principal, facts: &Facts, class: DataClass) -> bool {
    let own = [Relation::CareTeam, Relation::Host, Relation::Deputy];
    match who {
        Principal::Anonymous => false,
        Principal::System => true,
        Principal::Staff { roles, .. } => roles.iter().any(|role| match need(role, class) {
            Need::Never => false,
            Need::Own => own.iter().any(|relation| facts.relations.has(*relation)),
            Need::OwnOrEmergency => {
                facts.emergency || own.iter().any(|relation| facts.relations.has(*relation))
            }
            Need::Everybody => true,
        }),
        Principal::Guest { known, .. } => *known && facts.relations.has(Relation::Patient),
        Principal::Patient { .. } => facts.relations.has(Relation::Patient),
    }
}

fn need(role: Role, class: DataClass) -> Need {
    use DataClass::{Chart, Consent, Demographics, Messages, Reason, Trail};
    match (role, class) {
        (Role::Owner | Role::Administrator, _) => Need::Never,
        (Role::SecurityOfficial | Role::PrivacyOfficial, Trail) => Need::Everybody,
        (Role::PrivacyOfficial, Demographics | Consent) => Need::Everybody,
        (Role::SecurityOfficial | Role::PrivacyOfficial, _) | (_, Trail) => Need::Never,
        (Role::Clinician, Messages) => Need::Own,
        (Role::Clinician, _) => Need::OwnOrEmergency,
        (Role::Desk | Role::Assistant, Demographics | Consent | Messages) => Need::Everybody,
        (Role::Desk, Reason | Chart) => Need::Never,
        (Role::Assistant, Reason | Chart) => Need::Own,
    }
}
