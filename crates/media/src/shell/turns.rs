//! The media thread's loop: take in, let time pass, send out.
//!
//! Owns the only monotonic clock of the media server. Each turn reads a bounded number of packets from each
//! source, gives the core one `now` for all of them, and sends what came of it grouped by destination.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::UdpSocket;
use tokio::sync::{broadcast, mpsc, oneshot};

use super::counters::Counters;
use super::tcp::{FromStream, Streams};
use super::udp;
use crate::core::{Core, MediaEvent, Outgoing, Path, PeerReport, Size, Transport};
use crate::limits::MAX_READS_PER_TURN;
use crate::names::{PeerKey, RoomKey};
use crate::offer::JoinError;

pub enum Command {
    Join { room: RoomKey, peer: PeerKey, offer: String, reply: oneshot::Sender<Result<String, JoinError>> },
    Draw { peer: PeerKey, sizes: Vec<Size> },
    Leave { peer: PeerKey },
    CloseRoom { room: RoomKey },
    Report { room: RoomKey, reply: oneshot::Sender<Vec<PeerReport>> },
    Stream { stream: std::net::TcpStream, consumed: Vec<u8> },
}

/// Where results go.
pub struct Outlets {
    pub events: broadcast::Sender<MediaEvent>,
    pub counters: Arc<Counters>,
}

/// Runs until every handle is gone.
pub async fn run(
    core: Core,
    socket: Option<std::net::UdpSocket>,
    mut commands: mpsc::Receiver<Command>,
    outlets: Outlets,
) {
    let socket = match socket.map(UdpSocket::from_std).transpose() {
        Ok(socket) => socket,
        Err(error) => {
            tracing::error!(%error, "the media socket cannot be used; restart the program");
            return;
        }
    };
    let (streams, mut told) = Streams::new();
    let mut turn = Turn { core, socket, streams, outlets, sending: Vec::new(), swept_at: now() };
    loop {
        let wake_at = turn.wake_at(now());
        tokio::select! {
            command = commands.recv() => match command {
                Some(command) => turn.command(now(), command),
                None => return,
            },
            Some(news) = told.recv() => {
                turn.stream(now(), news);
                for _ in 1..MAX_READS_PER_TURN {
                    let Ok(news) = told.try_recv() else { break };
                    turn.stream(now(), news);
                }
            }
            () = udp::readable(turn.socket.as_ref()) => turn.read_socket(now()),
            () = tokio::time::sleep_until(wake_at.into()) => {}
        }
        turn.finish(now());
    }
}

struct Turn {
    core: Core,
    socket: Option<UdpSocket>,
    streams: Streams,
    outlets: Outlets,
    sending: Vec<Outgoing>,
    swept_at: Instant,
}

impl Turn {
    fn wake_at(&self, now: Instant) -> Instant {
        let latest = now + SWEEP_EVERY;
        self.core.next_timeout().map_or(latest, |at| at.min(latest))
    }

    fn command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Join { room, peer, offer, reply } => {
                // Whoever asked may have gone away; then the connection runs into its time limit.
                let _ = reply.send(self.core.join(now, room, peer, &offer));
            }
            Command::Draw { peer, sizes } => self.core.draw(peer, &sizes),
            Command::Leave { peer } => self.core.leave(now, peer),
            Command::CloseRoom { room } => self.core.close_room(now, room),
            Command::Report { room, reply } => {
                let _ = reply.send(self.core.report(room));
            }
            Command::Stream { stream, consumed } => self.streams.open(now, stream, consumed),
        }
    }

    fn stream(&mut self, now: Instant, news: FromStream) {
        match news {
            FromStream::Packet(remote, packet) => {
                self.core.handle_packet(now, Path { transport: Transport::Tcp, remote }, &packet);
            }
            FromStream::Closed(remote) => {
                self.streams.close(remote);
                self.core.path_closed(now, Path { transport: Transport::Tcp, remote });
            }
        }
    }

    fn read_socket(&mut self, now: Instant) {
        let Turn { core, socket: Some(socket), .. } = self else { return };
        udp::read(socket, |remote, packet| {
            core.handle_packet(now, Path { transport: Transport::Udp, remote }, packet);
        });
    }

    /// Lets due peers work, sends everything, and tells what happened.
    fn finish(&mut self, now: Instant) {
        self.core.handle_timeout(now);
        if now >= self.swept_at + SWEEP_EVERY {
            self.swept_at = now;
            let core = &self.core;
            self.streams.sweep(now, |remote| core.knows_path(&Path { transport: Transport::Tcp, remote }));
        }
        self.flush();
        while let Some(event) = self.core.poll_event() {
            // Nobody listening is fine: the same can be asked for at any time.
            let _ = self.outlets.events.send(event);
        }
        self.outlets.counters.store(self.core.counts(), self.core.peer_count(), self.streams.len());
    }

    fn flush(&mut self) {
        while let Some(outgoing) = self.core.poll_send() {
            self.sending.push(outgoing);
        }
        // Stable, so the order for each receiver stays; together, so that one receiver's burst is one run.
        self.sending.sort_by_key(|outgoing| outgoing.path.remote);
        let mut not_sent = 0;
        for outgoing in self.sending.drain(..) {
            let to: SocketAddr = outgoing.path.remote;
            not_sent += match (outgoing.path.transport, &self.socket) {
                (Transport::Udp, Some(socket)) => usize::from(!udp::send(socket, to, &outgoing.bytes)),
                (Transport::Udp, None) => 1,
                (Transport::Tcp, _) => self.streams.send(to, outgoing.worth, &outgoing.bytes),
            };
        }
        if not_sent > 0 {
            self.outlets.counters.not_sent(not_sent);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the media thread owns the monotonic clock; the core is given it"
)]
fn now() -> Instant {
    Instant::now()
}

const SWEEP_EVERY: Duration = Duration::from_secs(1);
