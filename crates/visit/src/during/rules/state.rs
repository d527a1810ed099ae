//! What is known of a live visit: who is where, the lock, words for the lobby. Pure.

use super::super::wire::{Role, Said, Size, Slot};
use super::sealed::{Group, Payload};
use crate::before::rules::{ParticipantState as S, SpokenCode, VisitState};
use std::collections::BTreeMap;
use vocabulary::{ParticipantId, UnixMillis};

#[derive(Clone, PartialEq)]
pub struct Visit {
    pub state: VisitState,
    pub locked: bool,
    pub starts_at: UnixMillis,
    /// When the host first entered.
    pub since: Option<UnixMillis>,
    pub people: BTreeMap<ParticipantId, Someone>,
    /// Words for the lobby, oldest first.
    pub said: Vec<Said>,
    /// How many words of the practice's pages are among them, or were.
    pub heard: usize,
    /// The sealed group, since the host founded it, or a deputy ahead of them.
    pub group: Option<Group>,
    /// The group before this one was for a check, and nobody has founded since.
    pub checked: bool,
    /// When everybody was last shown what they may see.
    pub shown_at: UnixMillis,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Someone {
    pub role: Role,
    pub state: S,
    /// A socket is open.
    pub here: bool,
    /// When the last socket closed.
    pub gone_at: UnixMillis,
    /// Media flows.
    pub flowing: bool,
    pub waiting_since: UnixMillis,
    pub mic: bool,
    pub camera: bool,
    /// Whom this person's slots show.
    pub slots: Vec<Slot>,
    /// In which this person's camera is looked at.
    pub sizes: Vec<Size>,
    /// Wants into the sealed group and is not in it yet.
    pub knock: Option<Payload>,
    /// What was last said of their six digits.
    pub spoken: Option<SpokenCode>,
}

impl Visit {
    pub fn new(state: VisitState, locked: bool, starts_at: UnixMillis, since: Option<UnixMillis>) -> Visit {
        Visit {
            state,
            locked,
            starts_at,
            since,
            people: BTreeMap::new(),
            said: Vec::new(),
            heard: 0,
            group: None,
            checked: false,
            shown_at: starts_at,
        }
    }

    /// Everybody in the lobby or with a place in the room.
    pub fn present(&self) -> impl Iterator<Item = ParticipantId> {
        self.people.iter().filter(|(_, one)| one.is_present()).map(|(id, _)| *id)
    }

    /// Free seats for this person. One is kept for the host.
    pub fn seats_for(&self, id: ParticipantId) -> usize {
        let taken = self.people.values().filter(|one| one.state.holds_a_place()).count();
        let is_host = self.people.get(&id).is_some_and(|one| one.role == Role::Host);
        let host_inside = self.people.values().any(|one| one.role == Role::Host && one.state.holds_a_place());
        ROOM_PEOPLE.saturating_sub(taken).saturating_sub(usize::from(!is_host && !host_inside))
    }
}

impl Someone {
    pub fn new(role: Role, state: S, waiting_since: UnixMillis) -> Someone {
        Someone {
            role,
            state,
            here: false,
            gone_at: UnixMillis::default(),
            flowing: false,
            waiting_since,
            mic: false,
            camera: false,
            slots: Vec::new(),
            sizes: Vec::new(),
            knock: None,
            spoken: None,
        }
    }

    /// In the lobby, or with a place in the room.
    pub fn is_present(&self) -> bool {
        is_present(self.state)
    }
}

pub(super) fn is_present(state: S) -> bool {
    state == S::Waiting || state.holds_a_place()
}

/// People with a place in one room: seven slots of each kind and oneself. Also the bound of the sealed group.
pub const ROOM_PEOPLE: usize = 8;
