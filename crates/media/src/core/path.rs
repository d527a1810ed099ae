//! Where packets come from and go to.
//!
//! Owns the words for it: a path is a transport and the far address. The near address is ours and the same
//! for everybody. Pure.

use std::net::SocketAddr;
use std::time::Instant;

use crate::framing::Worth;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    Udp,
    Tcp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    pub transport: Transport,
    pub remote: SocketAddr,
}

/// A path that passed an authenticated check.
pub struct PathState {
    pub path: Path,
    pub checked_at: Instant,
    pub nominated: bool,
}

/// One packet to send.
pub struct Outgoing {
    pub path: Path,
    pub worth: Worth,
    pub bytes: Vec<u8>,
}
