//! The states of a visit and of a participant, and what may follow what. Pure; both chains of the glossary
//! and nothing else. Refuses every step that is not written here, so that no page or socket invents one.

use vocabulary::Relation;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $item:ident => $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $item,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$item),*];

            /// The form kept in the database and shown by the wire.
            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code,)* }
            }

            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    };
}

pub(crate) use codes;

codes! {
    VisitState {
        Booked => "booked",
        /// An invitation is out and check-in is possible.
        Open => "open",
        /// Somebody is in the lobby.
        Waiting => "waiting",
        /// The host entered the room.
        Live => "live",
        /// The host pressed end.
        Ended => "ended",
        /// The summary is done.
        Closed => "closed",
        Cancelled => "cancelled",
        NoShow => "no_show",
        MovedToPhone => "moved_to_phone",
        BrokenOff => "broken_off",
    }
}

codes! {
    ParticipantState {
        Invited => "invited",
        CheckingIn => "checking_in",
        Ready => "ready",
        Waiting => "waiting",
        Admitted => "admitted",
        InRoom => "in_room",
        /// The connection is lost; the place in the room is kept.
        Away => "away",
        Left => "left",
        Removed => "removed",
        /// Said no to the telehealth consent.
        Refused => "refused",
    }
}

codes! {
    /// What somebody is in a visit.
    Part {
        Patient => "patient",
        Clinician => "clinician",
        Deputy => "deputy",
        Representative => "representative",
        Supporter => "supporter",
        Interpreter => "interpreter",
    }
}

codes! {
    /// What whoever leads the room said of the six digits they compared with somebody in it.
    SpokenCode {
        Matches => "matches",
        Mismatch => "mismatch",
        Skipped => "skipped",
        /// Checked by voice in a visit before, and the same key again.
        KnownDevice => "known_device",
    }
}

codes! {
    /// What kind of visit it is. Not a specialty: this word stands in plain columns.
    Kind {
        First => "first",
        FollowUp => "follow_up",
        Urgent => "urgent",
        /// Family, carers, interpreter: as many as a room holds.
        Group => "group",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitEvent {
    Invite,
    /// Somebody entered the lobby.
    Arrive,
    /// The last one in the lobby left it, and the host is not in the room.
    LobbyEmptied,
    /// The host entered the room.
    HostEnters,
    End,
    /// The summary is written.
    Close,
    Cancel,
    NoShow,
    /// It was cancelled, or noted as missed, by mistake.
    Restore,
    MoveToPhone,
    BreakOff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantEvent {
    /// Started, or came back to, check-in.
    Begin,
    /// Every step the house asks for is done.
    Complete,
    /// An answer counts no more, so that a step is missing again.
    Reopen,
    EnterLobby,
    Admit,
    /// The host, or a deputy, opens the room: nobody has to admit them.
    OpenRoom,
    Connect,
    LoseConnection,
    BackToLobby,
    Leave,
    Remove,
    RefuseConsent,
}

/// This cannot follow that. The names are of states and events, never of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot follow {state}")]
pub struct Refused {
    pub state: &'static str,
    pub event: &'static str,
}

impl SpokenCode {
    /// A person's word always counts. What a browser remembers fills a gap, and no more than that.
    pub fn counts_after(self, before: Option<SpokenCode>) -> bool {
        self != SpokenCode::KnownDevice || before.is_none()
    }
}

impl VisitState {
    pub fn step(self, event: VisitEvent) -> Result<VisitState, Refused> {
        use VisitEvent as E;
        use VisitState as S;
        Ok(match (self, event) {
            (S::Booked | S::Open, E::Invite) => S::Open,
            (S::Open | S::Waiting, E::Arrive) => S::Waiting,
            (S::Waiting, E::LobbyEmptied) => S::Open,
            // People may arrive and leave the lobby while the host is already in the room.
            (S::Live, E::Arrive | E::LobbyEmptied | E::HostEnters) => S::Live,
            (S::Open | S::Waiting, E::HostEnters) => S::Live,
            (S::Live, E::End) => S::Ended,
            (S::Ended | S::Closed | S::MovedToPhone | S::BrokenOff, E::Close) => S::Closed,
            (S::Booked | S::Open | S::Waiting, E::Cancel) => S::Cancelled,
            (S::Booked | S::Open, E::NoShow) => S::NoShow,
            (S::Cancelled | S::NoShow, E::Restore) => S::Open,
            (S::Open | S::Waiting | S::Live, E::MoveToPhone) => S::MovedToPhone,
            (S::Live, E::BreakOff) => S::BrokenOff,
            _ => return Err(Refused { state: self.code(), event: event.code() }),
        })
    }

    /// Nobody can check in or meet any more.
    pub fn is_over(self) -> bool {
        use VisitState as S;
        !matches!(self, S::Booked | S::Open | S::Waiting | S::Live)
    }

    /// The two have not met yet, and still can.
    pub fn can_begin(self) -> bool {
        matches!(self, VisitState::Booked | VisitState::Open | VisitState::Waiting)
    }

    /// The two met, so there is something to write down and to ask about.
    pub fn has_happened(self) -> bool {
        use VisitState as S;
        matches!(self, S::Ended | S::Closed | S::MovedToPhone | S::BrokenOff)
    }

    /// A new time would surprise nobody who is already here.
    pub fn can_move(self) -> bool {
        matches!(self, VisitState::Booked | VisitState::Open)
    }
}

impl ParticipantState {
    pub fn step(self, event: ParticipantEvent) -> Result<ParticipantState, Refused> {
        use ParticipantEvent as E;
        use ParticipantState as S;
        Ok(match (self, event) {
            // Who refused the consent may think again.
            (S::Invited | S::CheckingIn | S::Refused, E::Begin) => S::CheckingIn,
            (S::CheckingIn | S::Ready, E::Complete) => S::Ready,
            (S::CheckingIn | S::Ready | S::Waiting, E::Reopen) => S::CheckingIn,
            // Who left by mistake comes back through the lobby, never straight into the room.
            (S::Ready | S::Left | S::Waiting, E::EnterLobby) => S::Waiting,
            (S::Waiting, E::Admit) => S::Admitted,
            (S::Invited | S::Left | S::Admitted | S::Away, E::OpenRoom) => S::Admitted,
            (S::InRoom, E::OpenRoom) => S::InRoom,
            (S::Admitted | S::Away | S::InRoom, E::Connect) => S::InRoom,
            (S::InRoom | S::Away, E::LoseConnection) => S::Away,
            (S::Admitted | S::InRoom | S::Away, E::BackToLobby) => S::Waiting,
            (S::Removed, E::Leave) => S::Removed,
            (_, E::Leave) => S::Left,
            (_, E::Remove) => S::Removed,
            (S::Removed, E::RefuseConsent) => {
                return Err(Refused { state: self.code(), event: event.code() });
            }
            (_, E::RefuseConsent) => S::Refused,
            _ => return Err(Refused { state: self.code(), event: event.code() }),
        })
    }

    /// Has a place in the room and comes back to it without being admitted again.
    pub fn holds_a_place(self) -> bool {
        use ParticipantState as S;
        matches!(self, S::Admitted | S::InRoom | S::Away)
    }
}

impl Part {
    /// Neither patient nor staff: a name, an invitation and a promise of their own, and no chart.
    pub fn accompanies(self) -> bool {
        matches!(self, Part::Supporter | Part::Interpreter)
    }

    /// A name, an invitation and an entry code of their own: everybody but patient and staff.
    pub fn comes_by_code(self) -> bool {
        self.accompanies() || self == Part::Representative
    }

    /// The practice may take them off a visit that goes on without them.
    pub fn can_be_withdrawn(self) -> bool {
        self.comes_by_code() || self == Part::Deputy
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Part::Patient => "part-patient",
            Part::Clinician => "part-clinician",
            Part::Deputy => "part-deputy",
            Part::Representative => "part-representative",
            Part::Supporter => "part-supporter",
            Part::Interpreter => "part-interpreter",
        }
    }

    /// What this part makes somebody to the visit.
    pub fn relation(self) -> Relation {
        match self {
            Part::Patient => Relation::Patient,
            Part::Clinician => Relation::Host,
            Part::Deputy => Relation::Deputy,
            Part::Representative => Relation::Representative,
            Part::Supporter => Relation::Supporter,
            Part::Interpreter => Relation::Interpreter,
        }
    }
}

impl VisitEvent {
    fn code(self) -> &'static str {
        match self {
            VisitEvent::Invite => "invite",
            VisitEvent::Arrive => "arrive",
            VisitEvent::LobbyEmptied => "lobby emptied",
            VisitEvent::HostEnters => "host enters",
            VisitEvent::End => "end",
            VisitEvent::Close => "close",
            VisitEvent::Cancel => "cancel",
            VisitEvent::NoShow => "no-show",
            VisitEvent::Restore => "restore",
            VisitEvent::MoveToPhone => "move to phone",
            VisitEvent::BreakOff => "break off",
        }
    }
}

impl ParticipantEvent {
    fn code(self) -> &'static str {
        match self {
            ParticipantEvent::Begin => "begin",
            ParticipantEvent::Complete => "complete",
            ParticipantEvent::Reopen => "reopen check-in",
            ParticipantEvent::EnterLobby => "enter the lobby",
            ParticipantEvent::Admit => "admit",
            ParticipantEvent::OpenRoom => "open the room",
            ParticipantEvent::Connect => "connect",
            ParticipantEvent::LoseConnection => "lose the connection",
            ParticipantEvent::BackToLobby => "back to lobby",
            ParticipantEvent::Leave => "leave",
            ParticipantEvent::Remove => "remove",
            ParticipantEvent::RefuseConsent => "refuse consent",
        }
    }
}

/// More people than this are never asked to one visit, those who were taken off again included.
pub const PARTICIPANTS_MAX: usize = 24;

#[cfg(test)]
mod tests;
