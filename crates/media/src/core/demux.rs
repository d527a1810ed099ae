//! Whose packet is this?
//!
//! Owns the map from source addresses to peers. An address enters it only after a STUN check from there
//! proved knowledge of the peer's password; until then nothing but such a check is read, and no DTLS or media
//! byte reaches any peer's state (RFC 8445 5.3 gives the credentials, RFC 8489 9.1 the proof). Pure.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use str0m::crypto::Sha1HmacProvider;
use str0m::ice::{StunMessage, TransId};

use super::path::Path;
use crate::limits::MAX_DATAGRAM;
use crate::names::PeerKey;

#[derive(Default)]
pub struct Demux {
    by_path: HashMap<Path, PeerKey>,
    by_ufrag: HashMap<String, PeerKey>,
}

/// What a packet is, before anybody has touched it.
pub enum Sort {
    /// A binding request: it must be proved.
    Check,
    /// Anything else, from an address that was proved before.
    Known(PeerKey),
    Junk,
}

/// A check whose proof was right.
pub struct Proved {
    pub id: TransId,
    pub nominated: bool,
}

impl Demux {
    pub fn sort(&self, path: &Path, packet: &[u8]) -> Sort {
        match packet {
            _ if packet.len() > MAX_DATAGRAM => Sort::Junk,
            [0, 1, ..] => Sort::Check,
            // This server asks nothing by STUN, so an answer or an indication has nothing to say to it.
            [0..=19, ..] | [] => Sort::Junk,
            _ => self.by_path.get(path).map_or(Sort::Junk, |peer| Sort::Known(*peer)),
        }
    }

    pub fn peer_named(&self, packet: &[u8]) -> Option<PeerKey> {
        let local =
            with_message(packet, |message| message.split_username().map(|(local, _)| local.to_owned()));
        self.by_ufrag.get(&local?).copied()
    }

    pub fn owner(&self, path: &Path) -> Option<PeerKey> {
        self.by_path.get(path).copied()
    }

    pub fn add(&mut self, ufrag: &str, peer: PeerKey) {
        self.by_ufrag.insert(ufrag.to_owned(), peer);
    }

    pub fn bind(&mut self, path: Path, peer: PeerKey) {
        self.by_path.insert(path, peer);
    }

    pub fn unbind(&mut self, path: &Path) -> Option<PeerKey> {
        self.by_path.remove(path)
    }

    pub fn remove(&mut self, ufrag: &str, peer: PeerKey, paths: impl Iterator<Item = Path>) {
        self.by_ufrag.remove(ufrag);
        for path in paths {
            if self.by_path.get(&path) == Some(&peer) {
                self.by_path.remove(&path);
            }
        }
    }
}

/// Checks the proof of a binding request against the peer's password.
pub fn prove(packet: &[u8], password: &str, hmac: &dyn Sha1HmacProvider) -> Option<Proved> {
    with_message(packet, |message| {
        let right = message.is_binding_request()
            && message.verify(password.as_bytes(), |key, parts| hmac.sha1_hmac(key, parts));
        right.then(|| Proved { id: message.trans_id(), nominated: message.use_candidate() })
    })
}

/// The parser reads bytes of strangers: if it ever panics, that packet was junk.
fn with_message<T>(packet: &[u8], read: impl FnOnce(&StunMessage) -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(|| StunMessage::parse(packet).ok().and_then(|message| read(&message))))
        .ok()
        .flatten()
}
