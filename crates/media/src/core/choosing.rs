//! What every receiver is to be shown of every sender, and what senders make for it.
//!
//! Owns what changes the choice of layers, and telling senders which of them are needed: nobody encodes a
//! picture that nobody sees. The rules themselves are in `layers`.

use std::time::Duration;

use super::Core;
use super::event::MediaEvent;
use super::layers::{Size, needed};
use super::peer::State;
use crate::names::{Kind, PeerKey, RoomKey};

impl Core {
    /// How large a receiver draws its video slots, from the first one. Unknown peers are fine.
    pub fn draw(&mut self, peer: PeerKey, sizes: &[Size]) {
        let Some(peer) = self.peers.get_mut(&peer) else { return };
        for (line, size) in peer.video.lines.iter_mut().zip(sizes) {
            line.size = Some(*size);
        }
        let room = peer.room;
        self.say_all_needed(room);
    }

    pub(super) fn judge_link(&mut self, key: PeerKey, loss: Option<f32>, round_trip: Option<Duration>) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        let (before, room) = (peer.link.ceiling(), peer.room);
        peer.link.report(loss, round_trip);
        if peer.link.ceiling() != before {
            self.say_all_needed(room);
        }
    }

    /// Tells this room's senders which layers of their cameras are needed, where that changed.
    pub(super) fn say_all_needed(&mut self, room: RoomKey) {
        for member in self.rooms.get(&room).cloned().unwrap_or_default() {
            self.say_needed(member);
        }
    }

    pub(super) fn say_needed(&mut self, key: PeerKey) {
        let Some(publisher) = self.peers.get(&key) else { return };
        if !publisher.track(Kind::Video).is_some_and(|track| track.layered) {
            return;
        }
        let members = self.rooms.get(&publisher.room).map(Vec::as_slice).unwrap_or_default();
        let receivers =
            members.iter().filter(|other| **other != key).filter_map(|other| self.peers.get(other));
        let connected = receivers.filter(|peer| peer.state == State::Connected);
        let needed = needed(connected.filter_map(|peer| peer.look_at(publisher, members.len())));
        let Some(publisher) = self.peers.get_mut(&key) else { return };
        if publisher.needed.replace(needed) != Some(needed) {
            let (room, sizes) = (publisher.room, publisher.sizes());
            self.events.push_back(MediaEvent::Sizes { room, peer: key, sizes });
        }
    }
}
