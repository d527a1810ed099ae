//! Media over TCP, for networks that let nothing else through (RFC 6544, passive).
//!
//! Owns the connections handed over by the page listener: one reading and one writing task each, on the media
//! thread. A connection that proves no peer in time, sends a frame that is too long, or whose peer is gone,
//! is closed. A slow one loses video first and never holds up the others.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;

use vocabulary::neighbourhood;

use super::udp::canonical;
use crate::framing::{FrameReader, SendQueue, Worth};
use crate::limits::{MAX_READS_PER_TURN, MAX_TCP_CONNECTIONS, MAX_TCP_PER_ADDRESS, TCP_PROVE_WITHIN};

/// What a connection tells the loop.
pub enum FromStream {
    Packet(SocketAddr, Vec<u8>),
    Closed(SocketAddr),
}

pub struct Streams {
    open: HashMap<SocketAddr, Stream>,
    tell: mpsc::Sender<FromStream>,
}

struct Stream {
    outbox: Rc<Outbox>,
    opened_at: Instant,
    tasks: [AbortHandle; 2],
}

#[derive(Default)]
struct Outbox {
    queue: RefCell<SendQueue>,
    filled: Notify,
}

impl Streams {
    pub fn new() -> (Streams, mpsc::Receiver<FromStream>) {
        let (tell, told) = mpsc::channel(MAX_READS_PER_TURN);
        (Streams { open: HashMap::new(), tell }, told)
    }

    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Starts to read and write a connection. A broken one, one too many, or one more than the share of its
    /// address, is dropped, which closes it.
    pub fn open(&mut self, now: Instant, stream: std::net::TcpStream, consumed: Vec<u8>) {
        if self.open.len() >= MAX_TCP_CONNECTIONS || stream.set_nonblocking(true).is_err() {
            return;
        }
        let Ok(stream) = TcpStream::from_std(stream) else { return };
        let Ok(remote) = stream.peer_addr().map(canonical) else { return };
        let from = neighbourhood(remote.ip());
        let theirs = self.open.keys().filter(|other| neighbourhood(other.ip()) == from);
        if theirs.count() >= MAX_TCP_PER_ADDRESS {
            return;
        }
        // Without it, small packets wait for each other.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        let (reading, writing) = stream.into_split();
        let outbox = Rc::new(Outbox::default());
        let tasks = [
            tokio::task::spawn_local(read(reading, remote, consumed, self.tell.clone())).abort_handle(),
            tokio::task::spawn_local(write(writing, remote, outbox.clone(), self.tell.clone()))
                .abort_handle(),
        ];
        self.open.insert(remote, Stream { outbox, opened_at: now, tasks });
    }

    pub fn close(&mut self, remote: SocketAddr) {
        self.open.remove(&remote);
    }

    /// Puts a packet into the connection's queue; returns how many packets were dropped for it.
    pub fn send(&self, to: SocketAddr, worth: Worth, packet: &[u8]) -> usize {
        let Some(stream) = self.open.get(&to) else { return 1 };
        let dropped = stream.outbox.queue.borrow_mut().push(worth, packet);
        stream.outbox.filled.notify_one();
        dropped
    }

    /// Closes what has not proved, or no longer serves, any peer.
    pub fn sweep(&mut self, now: Instant, serves: impl Fn(SocketAddr) -> bool) {
        self.open.retain(|remote, stream| now < stream.opened_at + TCP_PROVE_WITHIN || serves(*remote));
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn read(
    mut stream: OwnedReadHalf,
    remote: SocketAddr,
    consumed: Vec<u8>,
    tell: mpsc::Sender<FromStream>,
) {
    let mut frames = FrameReader::default();
    let mut buffer = vec![0; READ_BYTES];
    let mut fresh = consumed;
    loop {
        let mut packets = Vec::new();
        let cut = frames.push(&fresh, |packet| packets.push(packet.to_vec()));
        for packet in packets {
            if tell.send(FromStream::Packet(remote, packet)).await.is_err() {
                return;
            }
        }
        let length = if cut.is_ok() { stream.read(&mut buffer).await.unwrap_or(0) } else { 0 };
        if length == 0 {
            let _ = tell.send(FromStream::Closed(remote)).await;
            return;
        }
        fresh.clear();
        fresh.extend_from_slice(&buffer[..length]);
    }
}

async fn write(
    mut stream: OwnedWriteHalf,
    remote: SocketAddr,
    outbox: Rc<Outbox>,
    tell: mpsc::Sender<FromStream>,
) {
    loop {
        let frame = outbox.queue.borrow_mut().pop();
        let Some(frame) = frame else {
            outbox.filled.notified().await;
            continue;
        };
        if stream.write_all(&frame).await.is_err() {
            let _ = tell.send(FromStream::Closed(remote)).await;
            return;
        }
    }
}

const READ_BYTES: usize = 8 * 1024;
