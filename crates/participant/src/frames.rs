//! Sealed frames (RFC 9605, suite AES_128_GCM_SHA256_128) by the `sframe` crate: one key per stream, leaf and
//! epoch, one counter per key. Refuses a frame that does not open; never falls back to a clear one.

use crate::Outcome;
use sframe::CipherSuite;
use sframe::frame::{EncryptedFrame, MediaFrame, MonotonicCounter};
use sframe::key::{DecryptionKey, EncryptionKey};
use std::collections::{BTreeMap, VecDeque};

const SUITE: CipherSuite = CipherSuite::AesGcm128Sha256;

/// The kind byte in front of the associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Codec {
    Opus = 0,
    Vp8 = 1,
}

#[derive(Default)]
pub struct Frames {
    epochs: VecDeque<Epoch>,
    sending: Option<u64>,
    sealing: BTreeMap<u64, (EncryptionKey, MonotonicCounter)>,
    opening: BTreeMap<u64, DecryptionKey>,
}

struct Epoch {
    epoch: u64,
    own: u64,
    base: Vec<u8>,
}

pub struct Opened {
    pub leaf: u64,
    pub plain: Vec<u8>,
}

impl Frames {
    /// Keys to receive with, from now on.
    pub fn install(&mut self, epoch: u64, own: u64, base: Vec<u8>) {
        self.epochs.push_back(Epoch { epoch, own, base });
        while self.epochs.len() > EPOCHS_KEPT {
            self.epochs.pop_front();
        }
        // A key id names its epoch by eight bits only: yesterday's keys under the same id must not stay.
        self.opening.retain(|kid, _| kid & 0xff != epoch & 0xff);
    }

    /// Keys to send with, from now on.
    pub fn switch_to(&mut self, epoch: u64) {
        self.sending = Some(epoch);
        self.sealing.clear();
    }

    pub fn seal(&mut self, codec: Codec, frame: &[u8]) -> Outcome<Vec<u8>> {
        let sending = self.sending.ok_or("no key to send with")?;
        let keys = self.epochs.iter().find(|one| one.epoch == sending).ok_or("no key to send with")?;
        let kid = kid(codec, keys.own, keys.epoch);
        if !self.sealing.contains_key(&kid) {
            let key = EncryptionKey::derive_from(SUITE, kid, &keys.base).map_err(told)?;
            self.sealing.insert(kid, (key, MonotonicCounter::default()));
        }
        let (key, counter) = self.sealing.get_mut(&kid).expect("it was just put there");
        let clear = clear_bytes(codec, frame)?;
        let bound = bound(codec, &frame[..clear]);
        let sealed = MediaFrame::try_with_meta_data(counter, &frame[clear..], &bound)
            .and_then(|media| media.encrypt(key))
            .map_err(told)?;
        Ok([&frame[..clear], sealed.sframe_cipher_text()].concat())
    }

    pub fn open(&mut self, codec: Codec, frame: &[u8]) -> Outcome<Opened> {
        let clear = clear_bytes(codec, frame)?;
        let bound = bound(codec, &frame[..clear]);
        let sealed = EncryptedFrame::try_with_meta_data(&frame[clear..], &bound).map_err(told)?;
        let kid = sealed.header().key_id();
        if kid >> STREAM_SHIFT != stream(codec) {
            return Err("a frame under the key of another stream".into());
        }
        if !self.opening.contains_key(&kid) {
            let keys = self.epochs.iter().rev().find(|one| one.epoch & 0xff == kid & 0xff);
            let base = &keys.ok_or("a frame of an epoch without keys")?.base;
            self.opening.insert(kid, DecryptionKey::derive_from(SUITE, kid, base).map_err(told)?);
        }
        let opened = sealed.decrypt(&self.opening[&kid]).map_err(told)?;
        let plain = [&frame[..clear], opened.payload()].concat();
        Ok(Opened { leaf: kid >> LEAF_SHIFT & 0xf, plain })
    }
}

fn kid(codec: Codec, leaf: u64, epoch: u64) -> u64 {
    stream(codec) << STREAM_SHIFT | leaf << LEAF_SHIFT | epoch & 0xff
}

/// Sound and camera are all that this participant sends.
fn stream(codec: Codec) -> u64 {
    codec as u64
}

/// What the packetizer needs to read: RFC 6386 section 9.1.
fn clear_bytes(codec: Codec, frame: &[u8]) -> Outcome<usize> {
    let clear = match (codec, frame.first()) {
        (Codec::Opus, _) => 0,
        (Codec::Vp8, Some(first)) if first & 1 == 0 => 10,
        (Codec::Vp8, Some(_)) => 1,
        (Codec::Vp8, None) => return Err("an empty frame".into()),
    };
    if frame.len() < clear { Err("a frame that is cut short".into()) } else { Ok(clear) }
}

fn bound(codec: Codec, clear: &[u8]) -> Vec<u8> {
    [&[codec as u8], clear].concat()
}

fn told(why: sframe::error::SframeError) -> String {
    format!("{why:?}")
}

const STREAM_SHIFT: u32 = 12;
const LEAF_SHIFT: u32 = 8;
const EPOCHS_KEPT: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Frames, Frames) {
        let (mut one, mut other) = (Frames::default(), Frames::default());
        one.install(7, 0, vec![9; 16]);
        other.install(7, 1, vec![9; 16]);
        one.switch_to(7);
        (one, other)
    }

    #[test]
    fn a_frame_opens_with_its_sender_and_its_clear_bytes() {
        let (mut one, mut other) = pair();
        let key_frame: Vec<u8> = (0..200u8).map(|byte| byte & 0xfe).collect();
        let sealed = one.seal(Codec::Vp8, &key_frame).unwrap();
        assert_eq!(sealed[..10], key_frame[..10]);
        assert!(!sealed.windows(16).any(|run| key_frame.windows(16).any(|plain| plain == run)));
        let opened = other.open(Codec::Vp8, &sealed).unwrap();
        assert_eq!((opened.leaf, opened.plain), (0, key_frame));
    }

    #[test]
    fn a_bent_frame_one_of_another_kind_and_one_without_keys_stay_shut() {
        let (mut one, mut other) = pair();
        let sealed = one.seal(Codec::Opus, b"a word").unwrap();
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(other.open(Codec::Opus, &bent).is_err());
        assert!(other.open(Codec::Vp8, &[&[1], &sealed[..]].concat()).is_err());
        assert!(Frames::default().open(Codec::Opus, &sealed).is_err());
        assert!(Frames::default().seal(Codec::Opus, b"a word").is_err());
    }
}
