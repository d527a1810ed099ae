//! What kind of act it is, and for what purpose, in the codes that an AuditEvent of FHIR takes. Pure.

use crate::Act;

/// What kind of act it is: create, read, update, delete or execute, as FHIR's AuditEvent tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Read,
    Update,
    Delete,
    Execute,
}

impl Action {
    pub fn code(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Read => "read",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Execute => "execute",
        }
    }
}

impl Act {
    /// Acts that open, join, send or run something, and all that nobody has sorted yet, are executed.
    pub fn action(self) -> Action {
        let (_, verb) = self.code().split_once('.').unwrap_or_default();
        let verb = verb.split('_').next().unwrap_or_default();
        match verb {
            "see" | "list" | "read" | "queue" | "reason" => Action::Read,
            "add" | "import" | "book" | "give" | "raise" | "report" | "write" | "place" | "readiness"
            | "location" => Action::Create,
            "move" | "merge" | "close" | "change" | "accept" | "rate" | "answer" | "rotate" | "review" => {
                Action::Update
            }
            "shred" => Action::Delete,
            _ if matches!(self, Act::OpenChart | Act::OpenPortal | Act::BreakGlass) => Action::Read,
            _ => Action::Execute,
        }
    }

    /// Purpose of use, in the codes of HL7 v3 that FHIR's AuditEvent takes.
    pub fn purpose(self) -> &'static str {
        match self {
            Act::BreakGlass | Act::EndBreakGlass | Act::FindInEmergency => return "ETREAT",
            Act::SeeOwnConsent | Act::WithdrawConsent | Act::AnswerSurvey => return "PATRQT",
            Act::SeeOwnTrail | Act::SeeOwnDisclosures => return "PATRQT",
            Act::SeeSurveys => return "HCOMPL",
            _ => {}
        }
        match self.code().split('.').next().unwrap_or_default() {
            "portal" | "portal_key" => "PATRQT",
            "risk" | "finding" | "house_rules" | "trail" | "trail_review" | "break_glass" | "care_team"
            | "disclosure" | "insight" | "incident" | "inventory" | "vendor" | "safeguard" | "evaluation"
            | "room_register" | "proof_of_practice" | "translation" => "HCOMPL",
            "licence" => "HSYSADMIN",
            "session" | "key" | "practice" | "name_index" | "letter" | "integration" | "staff" => "HSYSADMIN",
            _ => "TREAT",
        }
    }
}
