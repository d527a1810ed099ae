//! The media server: a pure forwarding core and the sockets around it.
//!
//! Owns: who sends to whom inside one room, the WebRTC state of each participant, and one UDP socket plus the
//! passive ICE-TCP connections handed over by the page listener. Refuses: to look into a sealed byte (of a
//! picture in layers it reads the packet's descriptor and whether a key frame starts, nothing else), to store
//! anything, to contact an address it has not heard an authenticated check from, and to know what a visit or
//! a patient is: rooms and peers are 16 opaque bytes.
//!
//! `core`, `framing` and `offer` are pure: time and packets are arguments. Only `shell` owns sockets and a
//! clock.

mod core;
mod framing;
mod identity;
mod limits;
mod names;
mod offer;
mod shell;
#[cfg(test)]
mod sim;

pub use core::{Failure, MediaEvent, PeerReport, Size, SlotMap};
pub use framing::looks_like_ice_tcp;
pub use names::{Kind, PeerKey, Picture, RoomKey};
pub use offer::JoinError;
pub use shell::{CountersNow, Joined, Sfu, SfuConfig, TcpRefused};
