//! What the media thread did, readable from any thread.
//!
//! Owns numbers without names: nothing in here says who spoke with whom.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::core::Counts;

#[derive(Default)]
pub struct Counters {
    packets_in: AtomicU64,
    packets_out: AtomicU64,
    forwarded: AtomicU64,
    dropped: AtomicU64,
    junk: AtomicU64,
    key_frames_asked: AtomicU64,
    panics: AtomicU64,
    send_failures: AtomicU64,
    peers: AtomicUsize,
    tcp_connections: AtomicUsize,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountersNow {
    pub packets_in: u64,
    pub packets_out: u64,
    /// Media packets handed to a receiver's connection.
    pub forwarded: u64,
    /// Media packets without a place, and packets a full queue or socket refused.
    pub dropped: u64,
    /// Packets that proved nothing or could not be read.
    pub junk: u64,
    pub key_frames_asked: u64,
    /// Peers ended by a failure of our own code. Anything but zero is a bug.
    pub panics: u64,
    pub peers: usize,
    pub tcp_connections: usize,
}

impl Counters {
    pub fn store(&self, counts: Counts, peers: usize, tcp_connections: usize) {
        self.packets_in.store(counts.packets_in, Ordering::Relaxed);
        self.packets_out.store(counts.packets_out, Ordering::Relaxed);
        self.forwarded.store(counts.forwarded, Ordering::Relaxed);
        self.dropped.store(counts.dropped, Ordering::Relaxed);
        self.junk.store(counts.junk, Ordering::Relaxed);
        self.key_frames_asked.store(counts.key_frames_asked, Ordering::Relaxed);
        self.panics.store(counts.panics, Ordering::Relaxed);
        self.peers.store(peers, Ordering::Relaxed);
        self.tcp_connections.store(tcp_connections, Ordering::Relaxed);
    }

    pub fn not_sent(&self, packets: usize) {
        self.send_failures.fetch_add(packets as u64, Ordering::Relaxed);
    }

    pub fn tcp_connections(&self) -> usize {
        self.tcp_connections.load(Ordering::Relaxed)
    }

    pub fn now(&self) -> CountersNow {
        CountersNow {
            packets_in: self.packets_in.load(Ordering::Relaxed),
            packets_out: self.packets_out.load(Ordering::Relaxed),
            forwarded: self.forwarded.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed) + self.send_failures.load(Ordering::Relaxed),
            junk: self.junk.load(Ordering::Relaxed),
            key_frames_asked: self.key_frames_asked.load(Ordering::Relaxed),
            panics: self.panics.load(Ordering::Relaxed),
            peers: self.peers.load(Ordering::Relaxed),
            tcp_connections: self.tcp_connections(),
        }
    }
}
