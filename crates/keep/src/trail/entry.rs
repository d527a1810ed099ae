//! What one entry says: who, in which role, did what to what, for whom, and how it ended (45 CFR 164.312(b)).

use policy::{Access, Act};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{PatientId, Principal, SessionId, VisitId};

/// What an act was about. The kind is a word of the glossary, the id a random one; never a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) version: Option<i64>,
    pub(crate) patient: Option<PatientId>,
    pub(crate) visit: Option<VisitId>,
}

impl Object {
    pub fn of(kind: &'static str, id: impl Into<String>) -> Object {
        Object { kind, id: id.into(), version: None, patient: None, visit: None }
    }

    pub fn version(self, version: i64) -> Object {
        Object { version: Some(version), ..self }
    }

    /// The patient it is about. Left out, the patient of the proof is taken.
    pub fn patient(self, patient: PatientId) -> Object {
        Object { patient: Some(patient), ..self }
    }

    /// The visit it belongs to. Left out, the visit of the proof is taken.
    pub fn visit(self, visit: VisitId) -> Object {
        Object { visit: Some(visit), ..self }
    }
}

/// One entry on its way into the trail. The code of the act comes from the proof that is shown with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(crate) object: Object,
    pub(crate) outcome: Outcome,
    pub(crate) details: BTreeMap<&'static str, String>,
    pub(crate) query: Option<String>,
}

impl Entry {
    pub fn new(object: Object) -> Entry {
        Entry { object, outcome: Outcome::Done, details: BTreeMap::new(), query: None }
    }

    /// Details are sealed with the body. Say what changed, never a secret that opens something.
    pub fn detail(mut self, key: &'static str, value: impl Into<String>) -> Entry {
        self.details.insert(key, value.into());
        self
    }

    /// What was searched for. The entry keeps a keyed hash of it.
    pub fn query(self, text: impl Into<String>) -> Entry {
        Entry { query: Some(text.into()), ..self }
    }

    pub fn outcome(self, outcome: Outcome) -> Entry {
        Entry { outcome, ..self }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    /// Policy, or a rule of the visit, said no.
    Refused,
    /// Allowed, and went wrong.
    Failed,
}

/// One entry as it reads later. Times are when the act committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub index: u64,
    pub at: vocabulary::UnixMillis,
    /// `None` when the trail key of its patient was shredded.
    pub body: Option<Body>,
}

/// The sealed part of an entry (R36).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// `policy::Act::code`.
    pub act: String,
    /// create, read, update, delete or execute.
    pub action: String,
    /// Purpose of use, an HL7 v3 code.
    pub purpose: String,
    pub outcome: Outcome,
    pub who: Actor,
    /// The role or relation the act was allowed by; empty for a refused one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grounds: String,
    pub object: String,
    pub object_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<PatientId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<VisitId>,
    /// The patient for whom a representative or supporter acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PatientId>,
    /// Keyed hash of what was searched for: equal for equal text, and readable for nobody.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// Which program wrote it.
    pub source: String,
    /// Repeats the leaf's open parts, so that editing them shows at once.
    pub(crate) at: i64,
    pub(crate) touched: String,
    /// Random, so that the leaf's hash of this text tells nothing to whoever has not seen it.
    pub(crate) salt: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// anonymous, system, staff, guest, patient or representative.
    pub kind: String,
    /// The random id of the person, participant, patient or representative.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// All roles of a staff account, or `known` for a guest who proved the second fact.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub standing: String,
    /// How sure it is that it was them: none, program, link, link_and_second_fact or session. How a session
    /// was signed in to says the entry that began it.
    pub level: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub device: String,
}

impl Actor {
    pub(crate) fn of(who: &Principal) -> Actor {
        let bare = |kind: &str, level: &str| Actor {
            kind: kind.into(),
            id: String::new(),
            session: String::new(),
            standing: String::new(),
            level: level.into(),
            address: String::new(),
            device: String::new(),
        };
        let named = |kind, level, id: String, session: &SessionId| {
            let session = session.text();
            Actor { id, session, ..bare(kind, level) }
        };
        match who {
            Principal::Anonymous => bare("anonymous", "none"),
            Principal::System => bare("system", "program"),
            Principal::Staff { person, session, roles } => {
                Actor { standing: roles.text(), ..named("staff", "session", person.text(), session) }
            }
            Principal::Guest { participant, session, known, .. } => {
                let (standing, level) =
                    if *known { ("known", "link_and_second_fact") } else { ("unproven", "link") };
                Actor { standing: standing.into(), ..named("guest", level, participant.text(), session) }
            }
            Principal::Patient { patient, session } => named("patient", "session", patient.text(), session),
            Principal::Representative { representative, session, .. } => {
                named("representative", "session", representative.text(), session)
            }
        }
    }
}

/// Who, in one line without a name.
pub(crate) fn actor_line(who: &Principal) -> String {
    let Actor { kind, id, .. } = Actor::of(who);
    format!("{kind} {id}").trim_end().to_owned()
}

impl Body {
    pub(crate) fn allowed(access: &Access, entry: &Entry) -> Body {
        let facts = access.facts();
        let mut body = Body::about(access.who(), access.act(), entry);
        body.grounds = access.grounds().into();
        if access.is_emergency() {
            body.purpose = Act::BreakGlass.purpose().into();
        }
        body.patient = body.patient.or(facts.patient);
        body.visit = body.visit.or(facts.visit);
        let for_another = matches!(access.grounds(), "representative" | "supporter");
        body.on_behalf_of = body.on_behalf_of.or(body.patient.filter(|_| for_another));
        body
    }

    pub(crate) fn about(who: &Principal, act: Act, entry: &Entry) -> Body {
        let came_for = match who {
            Principal::Guest { visit, .. } => Some(*visit),
            _ => None,
        };
        Body {
            act: act.code().into(),
            action: act.action().code().into(),
            purpose: act.purpose().into(),
            outcome: entry.outcome,
            who: Actor::of(who),
            grounds: String::new(),
            object: entry.object.kind.into(),
            object_id: entry.object.id.clone(),
            object_version: entry.object.version,
            patient: entry.object.patient,
            visit: entry.object.visit.or(came_for),
            on_behalf_of: match who {
                Principal::Representative { patient, .. } => Some(*patient),
                _ => None,
            },
            query: String::new(),
            details: entry.details.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
            source: concat!("alcove/", env!("CARGO_PKG_VERSION")).into(),
            at: 0,
            touched: String::new(),
            salt: String::new(),
        }
    }
}
