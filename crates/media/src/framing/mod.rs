//! Packets on a TCP stream (RFC 4571): two bytes of length, then the packet.
//!
//! Owns the reading and the bounded queue for writing. Pure: bytes in, packets out. Refuses frames longer
//! than any WebRTC packet, so one connection holds at most a few kilobytes here.

use std::collections::VecDeque;

use crate::limits::{MAX_DATAGRAM, MAX_TCP_FRAMES_WAITING, TCP_QUEUE_BYTES, TCP_QUEUE_VIDEO_BYTES};

/// Tells ICE-TCP from HTTP and TLS by the first bytes of a connection. `None`: read more first.
///
/// An ICE connection opens with a framed STUN binding request: a plausible length, type 0x0001, and the magic
/// cookie of RFC 8489 at byte 6. A TLS hello starts with 0x16 0x03 and HTTP with a letter: neither fits.
pub fn looks_like_ice_tcp(first_bytes: &[u8]) -> Option<bool> {
    const EXPECTED: [Option<u8>; 10] =
        [None, None, Some(0x00), Some(0x01), None, None, Some(0x21), Some(0x12), Some(0xA4), Some(0x42)];
    let fits =
        first_bytes.iter().zip(EXPECTED).all(|(byte, wanted)| wanted.is_none_or(|wanted| *byte == wanted));
    if !fits {
        return Some(false);
    }
    if let [high, low, ..] = first_bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if !(20..=MAX_DATAGRAM).contains(&length) {
            return Some(false);
        }
    }
    (first_bytes.len() >= EXPECTED.len()).then_some(true)
}

/// A frame was longer than any packet of ours can be: the stream is not ICE, or it is hostile. Close it.
#[derive(Debug, PartialEq, Eq)]
pub struct FrameTooLong;

/// Cuts a stream into packets.
#[derive(Default)]
pub struct FrameReader {
    held: Vec<u8>,
}

impl FrameReader {
    /// Takes what the stream gave and hands each complete packet to `packet`.
    pub fn push(&mut self, bytes: &[u8], mut packet: impl FnMut(&[u8])) -> Result<(), FrameTooLong> {
        self.held.extend_from_slice(bytes);
        let mut from = 0;
        while let Some(&[high, low]) = self.held.get(from..from + LENGTH_BYTES) {
            let length = usize::from(u16::from_be_bytes([high, low]));
            if length > MAX_DATAGRAM {
                return Err(FrameTooLong);
            }
            let start = from + LENGTH_BYTES;
            let Some(body) = self.held.get(start..start + length) else { break };
            packet(body);
            from = start + length;
        }
        self.held.drain(..from);
        Ok(())
    }
}

/// What a packet is worth when there is no room for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Checks, handshakes and reports: without them there is no connection.
    Control,
    Audio,
    Video,
}

/// Frames waiting for one TCP connection. Video goes before audio when it fills (DESIGN: audio survives).
#[derive(Default)]
pub struct SendQueue {
    frames: VecDeque<(Worth, Vec<u8>)>,
    bytes: usize,
}

impl SendQueue {
    /// Takes one packet, or drops it or older video. Returns how many packets were dropped.
    pub fn push(&mut self, worth: Worth, packet: &[u8]) -> usize {
        let Ok(length) = u16::try_from(packet.len()) else { return 1 };
        let mut frame = Vec::with_capacity(LENGTH_BYTES + packet.len());
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(packet);

        let limit = if worth == Worth::Video { TCP_QUEUE_VIDEO_BYTES } else { TCP_QUEUE_BYTES };
        let mut dropped = 0;
        while self.bytes + frame.len() > limit || self.frames.len() >= MAX_TCP_FRAMES_WAITING {
            if worth == Worth::Video || !self.drop_oldest_video() {
                return dropped + 1;
            }
            dropped += 1;
        }
        self.bytes += frame.len();
        self.frames.push_back((worth, frame));
        dropped
    }

    pub fn pop(&mut self) -> Option<Vec<u8>> {
        let (_, frame) = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }

    fn drop_oldest_video(&mut self) -> bool {
        let Some(at) = self.frames.iter().position(|(worth, _)| *worth == Worth::Video) else { return false };
        if let Some((_, frame)) = self.frames.remove(at) {
            self.bytes -= frame.len();
        }
        true
    }
}

const LENGTH_BYTES: usize = 2;

#[cfg(test)]
mod tests;
