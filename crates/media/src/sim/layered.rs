//! A camera in three layers, as a browser sends it: VP8 with picture numbers, one stream per layer.
//!
//! Owns what the layers look like on the wire.

use str0m::media::{Rid, Simulcast, SimulcastLayer};

use super::client::{Got, payload};
use crate::names::Kind;

#[derive(Default)]
pub struct Layered {
    pictures: u32,
    numbers: [u64; 3],
    asked: [bool; 3],
    begun: [bool; 3],
}

pub struct Packet {
    pub rid: Rid,
    pub number: u64,
    pub time: u32,
    pub payload: Vec<u8>,
    pub ends: bool,
}

/// Descriptor (RFC 7741 4.2) and the first byte of the frame.
pub const FRONT_BYTES: usize = 5;
const RIDS: [&str; 3] = ["q", "h", "f"];
/// Packets of one picture, by layer.
const PARTS: [u32; 3] = [1, 2, 4];

pub fn offered() -> Simulcast {
    let mut layers = Simulcast::new();
    RIDS.iter().for_each(|rid| layers.add_send_layer(SimulcastLayer::new(rid)));
    layers
}

impl Layered {
    pub fn asked(&mut self, rid: Option<Rid>) {
        if let Some(rank) = RIDS.iter().position(|known| rid.as_deref() == Some(*known)) {
            self.asked[rank] = true;
        }
    }

    /// The next picture in all layers that are sent. The number in each payload tells its layer.
    pub fn picture(&mut self, peer: u8, sent: [bool; 3]) -> Vec<Packet> {
        self.pictures += 1;
        let mut packets = Vec::new();
        for rank in (0..3).filter(|rank| sent[*rank]) {
            let key = std::mem::take(&mut self.asked[rank]) || !self.begun[rank];
            self.begun[rank] = true;
            // Every layer counts its pictures from somewhere else.
            let picture = 0x8000 | ((self.pictures + 5_000 * rank as u32) as u16 & 0x7FFF);
            for part in 0..PARTS[rank] {
                self.numbers[rank] += 1;
                let [high, low] = picture.to_be_bytes();
                let starts = if part == 0 { 0x90 } else { 0x80 };
                let mut bytes = vec![starts, 0x80, high, low, u8::from(!key)];
                let number = rank as u32 * LAYER_NUMBERS + self.numbers[rank] as u32;
                bytes.extend(payload(peer, Kind::Video, number));
                packets.push(Packet {
                    rid: RIDS[rank].into(),
                    number: self.numbers[rank],
                    time: self.pictures * 3_000 + 77_000 * rank as u32,
                    payload: bytes,
                    ends: part + 1 == PARTS[rank],
                });
            }
        }
        packets
    }
}

const LAYER_NUMBERS: u32 = 1_000_000;

impl Got {
    pub fn rank(&self) -> usize {
        (self.number() / LAYER_NUMBERS) as usize
    }

    pub fn picture(&self) -> u16 {
        u16::from_be_bytes([self.payload[2], self.payload[3]]) & 0x7FFF
    }

    pub fn starts_key_frame(&self) -> bool {
        self.payload[0] & 0x10 != 0 && self.payload[4] & 1 == 0
    }
}
