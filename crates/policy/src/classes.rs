//! Which classes of a patient's data each role needs: the minimum necessary (R116; 45 CFR 164.514(d)(2)).
//!
//! An act says whether a page opens; a class says what of it is drawn. The table is the committed snapshot
//! `classes.txt`.

use crate::{Access, Facts};
use vocabulary::{Principal, Relation, Role};

/// What a page can show of a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordClass {
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

impl RecordClass {
    pub const ALL: [RecordClass; 6] = [
        RecordClass::Demographics,
        RecordClass::Reason,
        RecordClass::Chart,
        RecordClass::Consent,
        RecordClass::Messages,
        RecordClass::Trail,
    ];

    pub fn code(self) -> &'static str {
        match self {
            RecordClass::Demographics => "demographics",
            RecordClass::Reason => "reason",
            RecordClass::Chart => "chart",
            RecordClass::Consent => "consent",
            RecordClass::Messages => "messages",
            RecordClass::Trail => "trail",
        }
    }
}

/// What the authority of a representative covers (R74; 45 CFR 164.502(g)(1)-(2)): a set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope(u8);

impl Scope {
    pub const NONE: Scope = Scope(0);

    /// What an authority can cover. The trail is the patient's own: it would tell who else was refused.
    pub const CLASSES: [RecordClass; 5] = [
        RecordClass::Demographics,
        RecordClass::Reason,
        RecordClass::Chart,
        RecordClass::Consent,
        RecordClass::Messages,
    ];

    /// A class that no authority covers adds nothing.
    pub fn with(self, class: RecordClass) -> Scope {
        if Scope::CLASSES.contains(&class) { Scope(self.0 | 1 << class as u8) } else { self }
    }

    pub fn has(self, class: RecordClass) -> bool {
        self.0 & 1 << class as u8 != 0
    }

    pub fn iter(self) -> impl Iterator<Item = RecordClass> {
        Scope::CLASSES.into_iter().filter(move |class| self.has(*class))
    }

    /// Codes separated by spaces: the form kept in the database.
    pub fn text(self) -> String {
        self.iter().map(RecordClass::code).collect::<Vec<_>>().join(" ")
    }

    /// Reads what `text` wrote; an unknown code is refused.
    pub fn parse(text: &str) -> Option<Scope> {
        text.split_whitespace().try_fold(Scope::NONE, |scope, code| {
            Scope::CLASSES.into_iter().find(|class| class.code() == code).map(|class| scope.with(class))
        })
    }
}

impl Access {
    /// Whether whoever holds this proof needs this class of data for what they do here.
    pub fn shows(&self, class: RecordClass) -> bool {
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

pub fn needs_to_see(who: &Principal, facts: &Facts, class: RecordClass) -> bool {
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
        Principal::Guest { known, .. } => {
            let acts_for = facts.relations.has(Relation::Representative) && facts.scope.has(class);
            *known && (facts.relations.has(Relation::Patient) || acts_for)
        }
        Principal::Patient { .. } => facts.relations.has(Relation::Patient),
        Principal::Representative { .. } => {
            facts.relations.has(Relation::Representative) && facts.scope.has(class)
        }
    }
}

fn need(role: Role, class: RecordClass) -> Need {
    use RecordClass::{Chart, Consent, Demographics, Messages, Reason, Trail};
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
