//! Who acts, and what they are to a visit or a patient.

use crate::{ParticipantId, PatientId, PersonId, RepresentativeId, SessionId, VisitId};
use serde::{Deserialize, Serialize};

/// Whoever a request, a socket message or a job comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    Anonymous,
    /// The program itself: start, jobs, clean-up.
    System,
    Staff {
        person: PersonId,
        session: SessionId,
        roles: Roles,
    },
    /// Came by an invitation. `known` once the second fact was proven.
    Guest {
        participant: ParticipantId,
        visit: VisitId,
        session: SessionId,
        known: bool,
    },
    /// A patient in the portal.
    Patient {
        patient: PatientId,
        session: SessionId,
    },
    /// Somebody who acts for a patient, in the portal.
    Representative {
        representative: RepresentativeId,
        patient: PatientId,
        session: SessionId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Administrator,
    PrivacyOfficial,
    SecurityOfficial,
    Clinician,
    Desk,
    Assistant,
}

/// What a principal is to the patient or visit at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    CareTeam,
    Host,
    Deputy,
    Patient,
    Representative,
    Supporter,
    Interpreter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    En,
    Es,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Es];

    /// BCP 47 language tag.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }

    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

macro_rules! small_set {
    ($(#[$doc:meta])* $set:ident of $item:ident { $($name:ident => $code:literal),* $(,)? }) => {
        impl $item {
            pub const ALL: &'static [$item] = &[$($item::$name),*];

            pub fn code(self) -> &'static str {
                match self { $($item::$name => $code),* }
            }

            pub fn parse(code: &str) -> Option<$item> {
                $item::ALL.iter().copied().find(|item| item.code() == code)
            }
        }

        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $set(u16);

        impl $set {
            pub const NONE: $set = $set(0);

            pub const fn with(self, item: $item) -> $set {
                $set(self.0 | 1 << item as u16)
            }

            pub const fn has(self, item: $item) -> bool {
                self.0 & 1 << item as u16 != 0
            }

            pub fn has_any(self, items: &[$item]) -> bool {
                items.iter().any(|item| self.has(*item))
            }

            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.iter().copied().filter(move |item| self.has(*item))
            }

            /// Codes separated by spaces: the form kept in the database.
            pub fn text(self) -> String {
                self.iter().map($item::code).collect::<Vec<_>>().join(" ")
            }

            /// Reads what `text` wrote; an unknown code is refused.
            pub fn parse(text: &str) -> Option<$set> {
                text.split_whitespace()
                    .try_fold($set::NONE, |set, code| Some(set.with($item::parse(code)?)))
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> $set {
                items.into_iter().fold($set::NONE, $set::with)
            }
        }
    };
}

small_set! {
    /// The roles of one person.
    Roles of Role {
        Owner => "owner",
        Administrator => "administrator",
        PrivacyOfficial => "privacy_official",
        SecurityOfficial => "security_official",
        Clinician => "clinician",
        Desk => "desk",
        Assistant => "assistant",
    }
}

small_set! {
    /// The relations of one principal to one object.
    Relations of Relation {
        CareTeam => "care_team",
        Host => "host",
        Deputy => "deputy",
        Patient => "patient",
        Representative => "representative",
        Supporter => "supporter",
        Interpreter => "interpreter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_survive_the_database() {
        let roles = Roles::NONE.with(Role::Desk).with(Role::Owner);
        assert_eq!(roles.text(), "owner desk");
        assert_eq!(Roles::parse("desk owner"), Some(roles));
        assert_eq!(Roles::parse("desk king"), None);
        assert!(roles.has(Role::Desk) && !roles.has(Role::Clinician));
    }
}
