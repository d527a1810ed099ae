//! What the server tells a page. Names are in the clear here, so most of these types have no `Debug` of their
//! content.

use super::seal::{BlobFrom, Founded, Knocked, Sealed, WelcomeIn};
use super::{Nothing, Size, messages};
use serde::Serialize;
use vocabulary::{Lang, ParticipantId, Relation, UnixMillis, VisitId};

messages! {
    /// From the server to the page.
    ToPage {
        /// The answer to `hello`: who you are and where you stand.
        Welcome(Welcome) = "welcome",
        /// For people in the lobby, whenever it changes.
        Lobby(Lobby) = "lobby",
        /// Whom the patient will see and who else comes, in the lobby, whenever it changes (R86).
        Coming(Coming) = "coming",
        /// You may come in: send your offer.
        Admitted(Nothing) = "admitted",
        /// The room as it is now, whole, whenever it changes.
        Room(Room) = "room",
        /// Who waits, for host and deputies, whole, whenever it changes.
        Queue(Queue) = "queue",
        /// The answer to `offer`.
        Answer(Answer) = "answer",
        /// Somebody wants into the sealed group. For host and deputies in the room.
        Knocked(Knocked) = "knocked",
        /// From the other side of the door.
        Door(BlobFrom) = "door",
        /// The sealed group that this room has now.
        Founded(Founded) = "founded",
        /// The log took this commit.
        Sealed(Sealed) = "sealed",
        /// You are in the group: for the one who was added, once the log took the commit.
        WelcomeIn(WelcomeIn) = "welcome_in",
        /// A sealed payload from somebody in the room.
        Note(BlobFrom) = "note",
        /// You are in the lobby again; media has ended.
        Returned(Nothing) = "returned",
        /// You were put out. The last message.
        Removed(Nothing) = "removed",
        /// You left. The last message.
        Left(Nothing) = "left",
        /// The visit is over. The last message.
        Ended(Ended) = "ended",
        /// Something was refused or went wrong (RFC 9457). Nobody else was touched.
        Problem(Problem) = "problem",
        /// The answer to `alive`.
        Alive(Nothing) = "alive",
    }
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Welcome {
    #[cfg_attr(test, ts(type = "string"))]
    pub you: ParticipantId,
    pub role: Role,
    pub name: String,
    #[cfg_attr(test, ts(type = "Lang"))]
    pub lang: Lang,
    pub visit: VisitFacts,
    pub resume: String,
    pub stage: Stage,
    // Where they go on with another device; only for who came by a door.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub elsewhere: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub demo: bool,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VisitFacts {
    // The name of the visit inside the pages' credentials: a key of one visit says nothing in another.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: VisitId,
    #[cfg_attr(test, ts(type = "number"))]
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub clinician: String,
    pub practice: String,
    // Always there: it is the way out when a room stops, and the only contact of whoever was removed.
    pub phone: String,
    // The house talks by phone where a connection does not hold.
    pub by_phone: bool,
    pub sound_only: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Lobby,
    Room,
    Left,
    Removed,
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Host,
    Deputy,
    Patient,
    Representative,
    Supporter,
    Interpreter,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Lobby {
    pub position: u32,
    pub ahead: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub expected_wait_min: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<Said>>"))]
    pub said: Vec<Said>,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Coming {
    pub clinician: String,
    pub host: String,
    pub others: Vec<Comer>,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Comer {
    pub name: String,
    pub part: String,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Said {
    pub text: String,
    #[cfg_attr(test, ts(type = "number"))]
    pub at: UnixMillis,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Room {
    pub people: Vec<Person>,
    pub locked: bool,
    pub slots: Vec<Slot>,
    pub sizes: Vec<Size>,
    #[cfg_attr(test, ts(type = "number"))]
    pub since: UnixMillis,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    #[cfg_attr(test, ts(type = "string"))]
    pub id: ParticipantId,
    pub name: String,
    pub role: Role,
    pub mic: bool,
    pub camera: bool,
    pub connected: bool,
    pub you: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Slot {
    pub slot: u32,
    pub kind: Kind,
    #[cfg_attr(test, ts(type = "string"))]
    pub participant: ParticipantId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Audio,
    Video,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Queue {
    pub waiting: Vec<Waiting>,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Waiting {
    #[cfg_attr(test, ts(type = "string"))]
    pub id: ParticipantId,
    pub name: String,
    pub role: Role,
    pub waited_ms: i64,
    pub badges: Vec<Badge>,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Badge {
    pub kind: String,
    pub text: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Warn,
    Bad,
    Plain,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Answer {
    pub sdp: String,
    pub seq_of: u64,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ended {
    pub next: String,
    // The practice calls this person now: the visit goes on by phone.
    pub by_phone: bool,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    #[serde(rename = "type")]
    #[cfg_attr(test, ts(rename = "type"))]
    pub code: String,
    pub title: String,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub incident: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub seq_of: Option<u64>,
}

impl Role {
    /// Care team is no part in a visit, so it is none.
    pub fn of(relation: Relation) -> Option<Role> {
        Some(match relation {
            Relation::Host => Role::Host,
            Relation::Deputy => Role::Deputy,
            Relation::Patient => Role::Patient,
            Relation::Representative => Role::Representative,
            Relation::Supporter => Role::Supporter,
            Relation::Interpreter => Role::Interpreter,
            Relation::CareTeam => return None,
        })
    }

    pub fn leads(self) -> bool {
        matches!(self, Role::Host | Role::Deputy)
    }
}

impl ToPage {
    /// Part of the visit's numbered sequence. Answers that concern one socket alone are not.
    pub fn is_numbered(&self) -> bool {
        !matches!(self, ToPage::Welcome(_) | ToPage::Answer(_) | ToPage::Problem(_) | ToPage::Alive(_))
    }

    /// Told once, so it is worth repeating to a page that lost its connection. Everything else is told whole
    /// each time.
    pub fn is_told_once(&self) -> bool {
        self.is_for_room() || matches!(self, ToPage::Door(_))
    }

    /// What of the sealed group only people with a place may hear.
    pub fn is_for_room(&self) -> bool {
        matches!(self, ToPage::Founded(_) | ToPage::Sealed(_) | ToPage::WelcomeIn(_) | ToPage::Note(_))
    }
}

macro_rules! silent {
    ($($name:ident)*) => {$(
        /// Names, tokens and payloads never reach a log.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
silent! { Welcome VisitFacts Lobby Coming Comer Said Room Person Queue Waiting Badge Answer Ended Problem }

fn json<T: Serialize>(body: &T) -> serde_json::Value {
    serde_json::to_value(body).expect("the bodies of this module hold nothing that JSON cannot say")
}
