//! How somebody's part in the room ends: their media, their last word, their socket. Pure.

use super::Next;
use super::event::{Effect, Notice};
use crate::before::rules::ParticipantState as S;
use vocabulary::ParticipantId;

impl Next {
    pub(super) fn cut_off(&mut self, id: ParticipantId) {
        self.loses_socket(id);
        if self.stop_media(id) {
            self.effects.push(Effect::StopMedia(id));
        }
        self.effects.push(Effect::Close(id));
    }

    /// From the room into the lobby: what flowed ends, and what they said of themselves.
    pub(super) fn returned(&mut self, whom: ParticipantId) {
        self.stop_media(whom);
        self.effects.push(Effect::StopMedia(whom));
        let ahead = self.visit.is_ahead();
        if let Some(one) = self.visit.people.get_mut(&whom) {
            // Whoever was only looked at has waited all the while.
            let since = if ahead { one.waiting_since } else { self.now };
            (one.waiting_since, one.mic, one.camera) = (since, false, false);
            one.knock = None;
        }
        // Also without a socket: what the room said is no longer theirs when they come back.
        self.effects.push(Effect::Tell(whom, Notice::Returned));
    }

    pub(super) fn leave(&mut self, id: ParticipantId) {
        self.out(id, S::Left, Notice::Left);
        if self.visit.people.get(&id).is_some_and(|one| one.role.leads()) {
            self.nobody_stays_alone();
        }
        self.lobby_may_be_empty();
    }

    pub(super) fn everybody_out(&mut self) {
        let present: Vec<ParticipantId> = self.visit.present().collect();
        for id in present {
            self.out(id, S::Left, Notice::Ended);
        }
        self.visit.group = None;
        self.effects.push(Effect::CloseRoom);
    }

    /// Ends one person's part: state, media, the last word, the socket. Order matters: nothing after the
    /// word.
    pub(super) fn out(&mut self, id: ParticipantId, state: S, word: Notice) {
        let had_place = self.visit.people.get(&id).is_some_and(|one| one.state.holds_a_place());
        self.set(id, state);
        self.farewell(id, had_place, word);
    }

    pub(super) fn farewell(&mut self, id: ParticipantId, had_place: bool, word: Notice) {
        let here = self.visit.people.get(&id).is_some_and(|one| one.here);
        self.stop_media(id);
        self.check_is_over(Some(id));
        if had_place {
            self.effects.push(Effect::StopMedia(id));
        }
        if here {
            self.effects.push(Effect::Tell(id, word));
        }
        self.effects.push(Effect::Close(id));
        if let Some(one) = self.visit.people.get_mut(&id) {
            (one.here, one.mic, one.camera) = (false, false, false);
            one.knock = None;
        }
    }

    pub(super) fn stop_media(&mut self, id: ParticipantId) -> bool {
        let Some(one) = self.visit.people.get_mut(&id) else { return false };
        one.slots.clear();
        one.sizes.clear();
        std::mem::take(&mut one.flowing) || one.state.holds_a_place()
    }
}
