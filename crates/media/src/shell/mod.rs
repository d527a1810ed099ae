//! The media server as the rest of the program sees it: a handle to one thread with its sockets.
//!
//! Owns the public face. Everything goes to the thread over bounded queues; a full one is answered, not
//! waited for, where a person is waiting.

mod counters;
#[cfg(debug_assertions)]
mod tap;
mod tcp;
mod turns;
mod udp;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc, oneshot};

use counters::Counters;
pub use counters::CountersNow;
use turns::Command;

use crate::core::{Addresses, Core, MediaEvent, PeerReport, Size};
use crate::identity::Identity;
use crate::limits::{MAX_COMMANDS_WAITING, MAX_EVENTS_WAITING, MAX_TCP_CONNECTIONS};
use crate::names::{PeerKey, Picture, RoomKey};
use crate::offer::JoinError;

#[derive(Clone, Debug)]
pub struct SfuConfig {
    /// Where the one UDP socket listens. Port 0 takes any free one.
    pub udp: SocketAddr,
    /// `false`: clients are offered TCP only, and no UDP socket is opened.
    pub udp_enabled: bool,
    /// UDP addresses clients are told; port 0 stands for the port the socket got. Empty: the socket's own.
    pub public: Vec<SocketAddr>,
    /// Addresses of the page listener clients may use for ICE-TCP; it hands those connections over.
    pub tcp_public: Vec<SocketAddr>,
    pub picture: Picture,
}

/// The answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub answer: String,
}

/// Why a handed-over connection was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TcpRefused {
    #[error("there are {MAX_TCP_CONNECTIONS} media connections over TCP already")]
    TooMany,
    #[error("the media server has stopped or is too busy to take a connection")]
    Busy,
    #[error("the connection is broken already")]
    Broken,
}

/// A handle; clones speak to the same server. When the last one is dropped, the thread ends.
#[derive(Clone)]
pub struct Sfu {
    commands: mpsc::Sender<Command>,
    events: broadcast::Sender<MediaEvent>,
    counters: Arc<Counters>,
    udp: Option<SocketAddr>,
}

impl Sfu {
    /// Opens the socket and starts the thread.
    pub fn start(config: SfuConfig) -> io::Result<Sfu> {
        Self::run(config, |_| ())
    }

    /// The same, and every payload that arrives is written out as well: for looking from outside.
    #[cfg(debug_assertions)]
    pub fn start_tapped(config: SfuConfig, out: impl io::Write + Send + 'static) -> io::Result<Sfu> {
        Self::run(config, |core| core.set_tap(tap::writing_to(out)))
    }

    fn run(config: SfuConfig, prepare: impl FnOnce(&mut Core)) -> io::Result<Sfu> {
        let socket = if config.udp_enabled { Some(udp::open(config.udp)?) } else { None };
        let udp = socket.as_ref().map(|socket| socket.local_addr()).transpose()?;
        let addresses = Addresses { udp: public_udp(udp, &config.public)?, tcp: config.tcp_public };
        let mut core = Core::new(Identity::of_this_process()?, addresses);
        core.set_picture(config.picture);
        prepare(&mut core);

        let (commands, waiting) = mpsc::channel(MAX_COMMANDS_WAITING);
        let (events, _) = broadcast::channel(MAX_EVENTS_WAITING);
        let counters = Arc::new(Counters::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let outlets = turns::Outlets { events: events.clone(), counters: counters.clone() };
        std::thread::Builder::new().name("media".to_owned()).spawn(move || {
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, turns::run(core, socket, waiting, outlets));
        })?;
        Ok(Sfu { commands, events, counters, udp })
    }

    /// Where the UDP socket listens, if there is one.
    pub fn udp_address(&self) -> Option<SocketAddr> {
        self.udp
    }

    /// Answers an offer and puts the peer into the room; a peer that joins again is replaced.
    pub async fn join(&self, room: RoomKey, peer: PeerKey, offer: String) -> Result<Joined, JoinError> {
        if offer.len() > crate::limits::MAX_SDP_BYTES {
            return Err(JoinError::TooLarge);
        }
        let (reply, answer) = oneshot::channel();
        self.commands.try_send(Command::Join { room, peer, offer, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => JoinError::Busy,
            mpsc::error::TrySendError::Closed(_) => JoinError::Stopped,
        })?;
        answer.await.map_err(|_| JoinError::Stopped)?.map(|answer| Joined { answer })
    }

    /// How large this peer draws its video slots, from the first one: it is sent no larger layers than that.
    pub async fn draw(&self, peer: PeerKey, sizes: Vec<Size>) {
        let _ = self.commands.send(Command::Draw { peer, sizes }).await;
    }

    /// Ends this peer's media at once. A peer that is not there is fine.
    pub async fn leave(&self, peer: PeerKey) {
        // A stopped server has no peers, so there is nothing to do when the queue is gone.
        let _ = self.commands.send(Command::Leave { peer }).await;
    }

    /// Ends everybody's media in this room at once.
    pub async fn close_room(&self, room: RoomKey) {
        let _ = self.commands.send(Command::CloseRoom { room }).await;
    }

    /// Everybody in the room as it is now, in order of joining; for whoever missed events.
    pub async fn report(&self, room: RoomKey) -> Vec<PeerReport> {
        let (reply, answer) = oneshot::channel();
        if self.commands.send(Command::Report { room, reply }).await.is_err() {
            return Vec::new();
        }
        answer.await.unwrap_or_default()
    }

    /// Events from now on. The queue is bounded: a receiver that falls behind is told how many it missed
    /// (`Lagged`) and reads [`Sfu::report`] instead.
    pub fn events(&self) -> broadcast::Receiver<MediaEvent> {
        self.events.subscribe()
    }

    pub fn counters(&self) -> CountersNow {
        self.counters.now()
    }

    /// Takes over a connection that [`crate::looks_like_ice_tcp`]. `consumed` is what the listener has read
    /// off the stream; nothing if it only peeked.
    pub fn accept_tcp(&self, stream: tokio::net::TcpStream, consumed: &[u8]) -> Result<(), TcpRefused> {
        self.accept_std_tcp(stream.into_std().map_err(|_| TcpRefused::Broken)?, consumed)
    }

    /// The same for a stream of the standard library.
    pub fn accept_std_tcp(&self, stream: std::net::TcpStream, consumed: &[u8]) -> Result<(), TcpRefused> {
        if self.counters.tcp_connections() >= MAX_TCP_CONNECTIONS {
            return Err(TcpRefused::TooMany);
        }
        let consumed = consumed.to_vec();
        self.commands.try_send(Command::Stream { stream, consumed }).map_err(|_| TcpRefused::Busy)
    }
}

fn public_udp(bound: Option<SocketAddr>, public: &[SocketAddr]) -> io::Result<Vec<SocketAddr>> {
    let Some(bound) = bound else { return Ok(Vec::new()) };
    if public.is_empty() && bound.ip().is_unspecified() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the media socket listens on every address, so name the addresses clients can reach it at",
        ));
    }
    if public.is_empty() {
        return Ok(vec![bound]);
    }
    let port = |address: &SocketAddr| if address.port() == 0 { bound.port() } else { address.port() };
    Ok(public.iter().map(|address| SocketAddr::new(address.ip(), port(address))).collect())
}

#[cfg(test)]
mod load;
#[cfg(test)]
mod tests;
