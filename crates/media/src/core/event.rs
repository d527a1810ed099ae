//! What the media server tells the rest of the program.
//!
//! Owns the words only.

use super::layers::Size;
use crate::names::{Kind, PeerKey, RoomKey};

/// Something happened to a peer. Late or lost events do no harm: [`PeerReport`] says the same at any time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// Media can flow to and from this peer, for the first time or again.
    Connected { room: RoomKey, peer: PeerKey },
    /// The network of this peer went silent. It keeps its place for a while and may come back by itself.
    Disconnected { room: RoomKey, peer: PeerKey },
    /// The connection is gone; the peer must send a new offer.
    Failed { room: RoomKey, peer: PeerKey, why: Failure },
    /// Who is in which of the receiver's slots, complete. Slots not named are empty.
    Slots { room: RoomKey, peer: PeerKey, map: Vec<SlotMap> },
    /// In which sizes this peer's camera is needed, complete, from the smallest. It need not make others.
    Sizes { room: RoomKey, peer: PeerKey, sizes: Vec<Size> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotMap {
    /// Order among the receive lines of this kind in the offer, from 0.
    pub slot: usize,
    pub kind: Kind,
    pub publisher: PeerKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection came up in time.
    NeverConnected,
    /// It was silent for too long.
    LostTooLong,
    /// The other side closed it.
    Closed,
    /// The library gave up on it, for instance because the certificate was not the announced one.
    Broken,
    /// Our own code failed on its packets. Nobody else was touched.
    Panicked,
}

/// One peer as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerReport {
    pub peer: PeerKey,
    pub connected: bool,
    pub slots: Vec<SlotMap>,
    /// In which its camera is needed.
    pub sizes: Vec<Size>,
}
