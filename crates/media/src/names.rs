//! Names of rooms and peers, the two kinds of media, and how pictures are coded.
//!
//! Owns the newtypes. They print only their first four bytes, enough to follow one peer through a log.

use std::fmt;

/// One room, usually the bytes of a visit's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomKey(pub [u8; 16]);

/// One person's connection, usually the bytes of a participant's id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerKey(pub [u8; 16]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Audio,
    Video,
}

/// How pictures are coded in this house; every page can do both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// Light on old devices.
    #[default]
    Vp8,
    /// Sharper at the same rate, and more work.
    Vp9,
}

impl fmt::Debug for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "room-{}", short(&self.0))
    }
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "peer-{}", short(&self.0))
    }
}

/// The last four bytes: in a UUIDv7 the first ones are time, the last ones are random.
fn short(bytes: &[u8; 16]) -> String {
    bytes[12..].iter().map(|byte| format!("{byte:02x}")).collect()
}
