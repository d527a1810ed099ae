//! The forwarding core: every room and peer of this process, driven by (now, packet) and nothing else.
//!
//! Owns joining, leaving, whose packet is whose, and the order of turns. Refuses sockets, clocks and threads:
//! `shell` brings packets and the time, and takes packets and events away. The tests bring them from a
//! simulated network instead.

mod choosing;
mod deadlines;
mod demux;
mod descriptor;
mod event;
mod forward;
mod join;
mod layers;
mod path;
mod peer;
mod rewrite;
mod slots;
mod track;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use str0m::net::Receive;
#[cfg(debug_assertions)]
use str0m::rtp::RtpPacket;
use str0m::{Event, IceConnectionState, Input, Rtc, RtcError};

use deadlines::Deadlines;
use demux::{Demux, Sort};
pub use event::{Failure, MediaEvent, PeerReport, SlotMap};
pub use layers::Size;
pub use path::{Addresses, Outgoing, Path, Transport};
use peer::{Peer, State};

use crate::identity::Identity;
use crate::limits::MAX_TURNS_PER_INSTANT;
use crate::names::{PeerKey, Picture, RoomKey};

/// What happened so far, as plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub packets_in: u64,
    pub packets_out: u64,
    /// Packets that proved nothing or could not be read.
    pub junk: u64,
    /// Media packets that had no place: an old number, a second stream of one track.
    pub dropped: u64,
    pub forwarded: u64,
    pub key_frames_asked: u64,
    pub panics: u64,
}

/// What turns of peers leave behind.
#[derive(Default)]
pub struct Sink {
    out: VecDeque<Outgoing>,
    work: VecDeque<(PeerKey, u64, Event)>,
    counts: Counts,
    #[cfg(test)]
    panic_at: Option<PeerKey>,
}

/// Sees every media packet as the core gets it. Debug builds alone.
#[cfg(debug_assertions)]
pub type Tap = Box<dyn FnMut(&RtpPacket) + Send>;

pub struct Core {
    identity: Identity,
    addresses: Addresses,
    peers: HashMap<PeerKey, Peer>,
    /// Members in order of joining.
    rooms: HashMap<RoomKey, Vec<PeerKey>>,
    demux: Demux,
    deadlines: Deadlines,
    sink: Sink,
    events: VecDeque<MediaEvent>,
    failed: VecDeque<(PeerKey, Failure)>,
    connections: u64,
    picture: Picture,
    /// A receiver changed to another layer of the packet under way.
    changed_over: bool,
    #[cfg(debug_assertions)]
    tap: Option<Tap>,
}

impl Core {
    pub fn new(identity: Identity, addresses: Addresses) -> Core {
        Core {
            identity,
            addresses,
            peers: HashMap::new(),
            rooms: HashMap::new(),
            demux: Demux::default(),
            deadlines: Deadlines::default(),
            sink: Sink::default(),
            events: VecDeque::new(),
            failed: VecDeque::new(),
            connections: 0,
            picture: Picture::default(),
            changed_over: false,
            #[cfg(debug_assertions)]
            tap: None,
        }
    }

    pub fn set_picture(&mut self, picture: Picture) {
        self.picture = picture;
    }

    #[cfg(debug_assertions)]
    pub fn set_tap(&mut self, tap: Tap) {
        self.tap = Some(tap);
    }

    pub fn leave(&mut self, now: Instant, peer: PeerKey) {
        self.remove(now, peer);
        self.settle(now);
    }

    pub fn close_room(&mut self, now: Instant, room: RoomKey) {
        for peer in self.rooms.get(&room).cloned().unwrap_or_default() {
            self.remove(now, peer);
        }
        self.settle(now);
    }

    /// One packet from the network.
    pub fn handle_packet(&mut self, now: Instant, path: Path, packet: &[u8]) {
        self.sink.counts.packets_in += 1;
        let taken = match self.demux.sort(&path, packet) {
            Sort::Junk => None,
            Sort::Known(peer) => self.feed(now, peer, path, packet),
            Sort::Check => self.handle_check(now, path, packet),
        };
        if taken.is_none() {
            self.sink.counts.junk += 1;
        }
        self.settle(now);
    }

    /// A stream connection is gone; nothing can be sent there any more.
    pub fn path_closed(&mut self, now: Instant, path: Path) {
        let Some(key) = self.demux.unbind(&path) else { return };
        let Some(peer) = self.peers.get_mut(&key) else { return };
        peer.forget_path(path);
        if peer.paths().next().is_none() && peer.state == State::Connected {
            self.mark_lost(now, key);
        }
    }

    pub fn knows_path(&self, path: &Path) -> bool {
        self.demux.owner(path).is_some()
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.deadlines.next()
    }

    /// Gives every peer whose time has come its turn.
    pub fn handle_timeout(&mut self, now: Instant) {
        while let Some(key) = self.deadlines.due(now) {
            self.tick(now, key);
            self.settle(now);
        }
    }

    pub fn poll_send(&mut self) -> Option<Outgoing> {
        self.sink.out.pop_front()
    }

    pub fn poll_event(&mut self) -> Option<MediaEvent> {
        self.events.pop_front()
    }

    pub fn counts(&self) -> Counts {
        self.sink.counts
    }

    pub fn peer_count(&self) -> usize {
        self.peers.len()
    }

    pub fn report(&self, room: RoomKey) -> Vec<PeerReport> {
        let members = self.rooms.get(&room).map(Vec::as_slice).unwrap_or_default();
        let peers = members.iter().filter_map(|key| self.peers.get(key));
        peers
            .map(|peer| PeerReport {
                peer: peer.key,
                connected: peer.state == State::Connected,
                slots: peer.slot_map(),
                sizes: peer.sizes(),
            })
            .collect()
    }

    /// A STUN binding request. Only after its proof does the address count for anything (W1, W3).
    fn handle_check(&mut self, now: Instant, path: Path, packet: &[u8]) -> Option<()> {
        let key = self.demux.peer_named(packet)?;
        let peer = self.peers.get_mut(&key)?;
        let hmac = self.identity.provider.sha1_hmac_provider;
        let proved = demux::prove(packet, &peer.local_pass, hmac)?;
        let local = self.addresses.local(&path)?;
        let receive = Receive::new(path.transport.protocol(), path.remote, local, packet).ok()?;
        if !peer.accepts(&mut self.sink.counts, &Input::Receive(now, receive)) {
            return None;
        }
        peer.learn_path(now, path, proved.id, proved.nominated)?;
        if let Some(before) = self.demux.owner(&path).filter(|owner| *owner != key)
            && let Some(before) = self.peers.get_mut(&before)
        {
            before.forget_path(path);
        }
        self.demux.bind(path, key);
        self.feed(now, key, path, packet)
    }

    fn feed(&mut self, now: Instant, key: PeerKey, path: Path, packet: &[u8]) -> Option<()> {
        let local = self.addresses.local(&path)?;
        self.turn(key, |rtc| {
            let receive = Receive::new(path.transport.protocol(), path.remote, local, packet)?;
            rtc.handle_input(Input::Receive(now, receive))
        })
    }

    /// One mutation of one peer with everything the library's contract asks for after it.
    fn turn(&mut self, key: PeerKey, mutation: impl FnOnce(&mut Rtc) -> Result<(), RtcError>) -> Option<()> {
        let peer = self.peers.get_mut(&key)?;
        match peer.turn(&mut self.sink, mutation) {
            Ok(()) => self.deadlines.set(key, peer.deadline()),
            Err(why) => self.failed.push_back((key, why)),
        }
        Some(())
    }

    fn tick(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get(&key) else {
            self.deadlines.forget(key);
            return;
        };
        if let Some(why) = peer.overdue(now) {
            self.failed.push_back((key, why));
            return;
        }
        self.ask_key_frames_due(now, key);
        for _ in 0..MAX_TURNS_PER_INSTANT {
            self.turn(key, |rtc| rtc.handle_input(Input::Timeout(now)));
            match self.peers.get(&key) {
                Some(peer) if peer.wake_at <= now && self.failed.is_empty() => {}
                _ => break,
            }
        }
        if let Some(peer) = self.peers.get_mut(&key) {
            peer.wake_at = peer.wake_at.max(now + Duration::from_millis(1));
            self.deadlines.set(key, peer.deadline());
        }
    }

    /// Works off what the turns left behind, until nothing is left.
    fn settle(&mut self, now: Instant) {
        loop {
            if let Some((key, connection, event)) = self.sink.work.pop_front() {
                if self.peers.get(&key).is_some_and(|peer| peer.connection == connection) {
                    self.handle_event(now, key, event);
                }
            } else if let Some((key, why)) = self.failed.pop_front() {
                self.fail(now, key, why);
            } else {
                return;
            }
        }
    }

    fn handle_event(&mut self, now: Instant, key: PeerKey, event: Event) {
        match event {
            Event::RtpPacket(packet) => {
                #[cfg(debug_assertions)]
                if let Some(tap) = &mut self.tap {
                    tap(&packet);
                }
                self.forward(now, key, &packet);
            }
            Event::KeyframeRequest(request) => self.pass_key_frame_request(now, key, request.mid),
            Event::PeerStats(stats) => self.judge_link(key, stats.egress_loss_fraction, stats.rtt),
            Event::Connected => self.mark_connected(now, key),
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => self.mark_lost(now, key),
            Event::IceConnectionStateChange(
                IceConnectionState::Connected | IceConnectionState::Completed,
            ) if self.is_lost(key) => {
                self.mark_connected(now, key);
            }
            _ => {}
        }
    }

    fn is_lost(&self, key: PeerKey) -> bool {
        self.peers.get(&key).is_some_and(|peer| matches!(peer.state, State::Lost { .. }))
    }

    fn mark_connected(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        peer.state = State::Connected;
        self.events.push_back(MediaEvent::Connected { room: peer.room, peer: key });
        self.deadlines.set(key, peer.deadline());
        let room = peer.room;
        self.say_all_needed(room);
        self.ask_key_frames_for(now, key);
    }

    fn mark_lost(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(&key) else { return };
        if peer.state == State::Connected {
            peer.state = State::Lost { since: now };
            self.events.push_back(MediaEvent::Disconnected { room: peer.room, peer: key });
            self.deadlines.set(key, peer.deadline());
        }
    }

    fn fail(&mut self, now: Instant, key: PeerKey, why: Failure) {
        let Some(room) = self.peers.get(&key).map(|peer| peer.room) else { return };
        tracing::debug!(?room, peer = ?key, ?why, "a peer left the media server");
        self.events.push_back(MediaEvent::Failed { room, peer: key, why });
        if why == Failure::Panicked {
            self.detach(now, key);
        } else {
            self.remove(now, key);
        }
    }

    /// Says goodbye and lets go.
    fn remove(&mut self, now: Instant, key: PeerKey) {
        if let Some(peer) = self.peers.get_mut(&key) {
            peer.close(&mut self.sink);
            self.detach(now, key);
        }
    }

    /// Lets go without touching the peer's own state.
    fn detach(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.remove(&key) else { return };
        self.demux.remove(&peer.local_ufrag, key, peer.paths());
        self.deadlines.forget(key);
        let room = peer.room;
        // What a broken peer does when it is dropped is its own business, too.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(peer)));
        if let Some(members) = self.rooms.get_mut(&room) {
            members.retain(|member| *member != key);
            if members.is_empty() {
                self.rooms.remove(&room);
            }
        }
        self.reassign(now, room);
    }
}

impl Sink {
    fn send(&mut self, outgoing: Outgoing) {
        self.counts.packets_out += 1;
        self.out.push_back(outgoing);
    }

    /// The tests' way to make one peer fail.
    fn panic_when_asked(&mut self, _peer: PeerKey) {
        #[cfg(test)]
        if self.panic_at == Some(_peer) {
            self.panic_at = None;
            panic!("asked for by a test");
        }
    }
}

#[cfg(test)]
impl Core {
    /// Makes the next turn of this peer panic.
    pub fn panic_next(&mut self, peer: PeerKey) {
        self.sink.panic_at = Some(peer);
    }
}
