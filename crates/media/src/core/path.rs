//! Where packets come from and go to.
//!
//! Owns the words for it: a path is a transport and the far address. The near address is ours and the same
//! for everybody. Pure.

use std::net::SocketAddr;
use std::time::Instant;

use str0m::net::Protocol;

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

/// The addresses clients are told to use.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    pub udp: Vec<SocketAddr>,
    pub tcp: Vec<SocketAddr>,
}

impl Addresses {
    /// The address of ours a packet of this path counts as arriving at. All candidates of one kind lead to
    /// one socket, so one of them can stand for all.
    pub fn local(&self, path: &Path) -> Option<SocketAddr> {
        let ours = match path.transport {
            Transport::Udp => &self.udp,
            Transport::Tcp => &self.tcp,
        };
        ours.iter().find(|ours| ours.is_ipv4() == path.remote.is_ipv4()).or(ours.first()).copied()
    }
}

impl Transport {
    pub fn protocol(self) -> Protocol {
        match self {
            Transport::Udp => Protocol::Udp,
            Transport::Tcp => Protocol::Tcp,
        }
    }
}
