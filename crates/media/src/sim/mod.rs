//! Simulated visits: the real core, real WebRTC clients, a network made of numbers, and time that jumps.
//!
//! Owns the world the tests live in. No socket, no clock, no sleeping: seconds of a visit pass in
//! milliseconds, and the same seed gives the same losses.

pub mod client;
mod hostile;
mod layered;
mod layers;
mod net;
mod tests;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use client::Client;
pub use net::Conditions;
use net::{Net, To};

use crate::core::{Addresses, Core, MediaEvent, Path, Transport};
use crate::identity::Identity;
use crate::names::{PeerKey, RoomKey};
use crate::offer::JoinError;

pub const SERVER: &str = "192.0.2.1:3478";

pub struct World {
    pub now: Instant,
    pub core: Core,
    pub clients: Vec<Client>,
    pub events: Vec<MediaEvent>,
    /// Everything clients sent to the server, when asked for.
    pub tape: Option<Vec<(Path, Vec<u8>)>>,
    /// Packets for addresses nobody has.
    pub stray: usize,
    net: Net,
    by_address: HashMap<SocketAddr, usize>,
}

impl World {
    pub fn new(seed: u64, conditions: Conditions) -> World {
        let addresses = Addresses { udp: vec![SERVER.parse().unwrap()], tcp: Vec::new() };
        World {
            now: start(),
            core: Core::new(Identity::of_this_process().unwrap(), addresses),
            clients: Vec::new(),
            events: Vec::new(),
            tape: None,
            stray: 0,
            net: Net::new(seed, conditions),
            by_address: HashMap::new(),
        }
    }

    /// A browser opens the room: makes an offer, is answered.
    pub fn join(&mut self, room: u8, peer: u8) -> Result<usize, JoinError> {
        self.join_with(room, peer, |offer| offer)
    }

    /// The same with a camera in layers.
    pub fn join_layered(&mut self, room: u8, peer: u8) -> usize {
        let mut client = self.newcomer(peer);
        client.layers = Some([true; 3]);
        self.come(room, client, |offer| offer).unwrap()
    }

    /// The same, with an offer changed on its way.
    pub fn join_with(
        &mut self,
        room: u8,
        peer: u8,
        change: impl FnOnce(String) -> String,
    ) -> Result<usize, JoinError> {
        let client = self.newcomer(peer);
        self.come(room, client, change)
    }

    fn newcomer(&self, peer: u8) -> Client {
        let place = self.clients.len();
        let address = SocketAddr::from(([10, 0, (place >> 8) as u8, place as u8], 40_000));
        Client::new(self.now, peer, address)
    }

    fn come(
        &mut self,
        room: u8,
        mut client: Client,
        change: impl FnOnce(String) -> String,
    ) -> Result<usize, JoinError> {
        let (place, peer, address) = (self.clients.len(), client.peer, client.address);
        let (offer, pending) = client.offer();
        let answer = self.core.join(self.now, room_key(room), peer_key(peer), &change(offer))?;
        client.accept(self.now, pending, &answer);
        self.by_address.insert(address, place);
        self.clients.push(client);
        self.carry();
        Ok(place)
    }

    pub fn leave(&mut self, peer: u8) {
        self.core.leave(self.now, peer_key(peer));
        self.carry();
    }

    /// The client stops at once, as a closed laptop does.
    pub fn unplug(&mut self, place: usize) {
        self.clients[place].silent = true;
    }

    /// The network gives the client another outside address, which the client does not notice.
    pub fn move_to(&mut self, place: usize, outside: SocketAddr) {
        self.by_address.retain(|_, known| *known != place);
        self.by_address.insert(outside, place);
        self.clients[place].outside = outside;
    }

    pub fn set_conditions(&mut self, conditions: Conditions) {
        self.net.conditions = conditions;
    }

    pub fn run(&mut self, time: Duration) {
        let until = self.now + time;
        while self.now < until {
            self.now += STEP;
            self.step();
        }
    }

    /// Gives the server a packet from anywhere.
    pub fn inject(&mut self, remote: SocketAddr, packet: &[u8]) {
        self.core.handle_packet(self.now, udp(remote), packet);
        self.core.handle_timeout(self.now);
        self.carry();
    }

    pub fn take_events(&mut self) -> Vec<MediaEvent> {
        std::mem::take(&mut self.events)
    }

    fn step(&mut self) {
        while let Some((to, packet)) = self.net.arrived(self.now) {
            match to {
                To::Server(from) => self.core.handle_packet(self.now, udp(from), &packet),
                To::Client(place) => self.clients[place].receive(self.now, SERVER.parse().unwrap(), &packet),
            }
        }
        self.core.handle_timeout(self.now);
        for client in &mut self.clients {
            client.tick(self.now);
        }
        self.carry();
    }

    /// Puts what everybody has to send on the wire.
    fn carry(&mut self) {
        while let Some(outgoing) = self.core.poll_send() {
            match self.by_address.get(&outgoing.path.remote) {
                Some(place) => self.net.send(self.now, To::Client(*place), outgoing.bytes),
                None => self.stray += 1,
            }
        }
        while let Some(event) = self.core.poll_event() {
            if let MediaEvent::Sizes { peer, sizes, .. } = &event {
                let told = self.clients.iter_mut().rev().find(|client| peer_key(client.peer) == *peer);
                told.into_iter().for_each(|client| client.give(sizes));
            }
            self.events.push(event);
        }
        for client in &mut self.clients {
            let from = client.outside;
            for packet in client.take_sends() {
                if let Some(tape) = &mut self.tape {
                    tape.push((udp(from), packet.clone()));
                }
                self.net.send(self.now, To::Server(from), packet);
            }
        }
    }
}

pub fn room_key(n: u8) -> RoomKey {
    RoomKey([n; 16])
}

pub fn peer_key(n: u8) -> PeerKey {
    PeerKey([n; 16])
}

fn udp(remote: SocketAddr) -> Path {
    Path { transport: Transport::Udp, remote }
}

#[expect(
    clippy::disallowed_methods,
    reason = "simulated time counts from an instant, and only this makes one"
)]
pub fn start() -> Instant {
    Instant::now()
}

const STEP: Duration = Duration::from_millis(5);
