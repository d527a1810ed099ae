//! The one envelope: version, algorithm, key id, salt, commitment, ciphertext with tag.
//!
//! AES-256-GCM under a key of its own for every message, derived together with a commitment by HKDF-SHA256
//! from the column's key and a random 24-byte salt. So a nonce cannot repeat, and a ciphertext opens under
//! one key only. The associated data binds version, installation, owner, table, column, row, row version and
//! key id, each with its length in front.

use super::Place;
use crate::KeepError;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, hkdf};
use vocabulary::Entropy;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
/// AES-256-GCM with HKDF-SHA256 derived message key and commitment. One id, one algorithm, for ever.
const ALGORITHM: u8 = 1;
const KEY_ID: usize = 16;
const SALT: usize = 24;
const COMMITMENT: usize = 32;
const NONCE: usize = 12;
const TAG: usize = 16;
const HEADER: usize = 2 + KEY_ID + SALT + COMMITMENT;

/// 256 random bits. Wiped when dropped, never printed.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

pub(crate) type KeyId = [u8; KEY_ID];

impl Key {
    pub fn new(entropy: &dyn Entropy) -> Key {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        Key(bytes)
    }

    pub fn from_slice(bytes: &[u8]) -> Option<Key> {
        Some(Key(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Fills `out` from `key` by HKDF-SHA256 (RFC 5869); the parts of `info` cannot run into each other.
pub(crate) fn derive(key: &Key, salt: &[u8], info: &[&[u8]], out: &mut [u8]) {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let info = framed(info);
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(key.bytes());
    prk.expand(&[&info], Length(out.len()))
        .and_then(|made| made.fill(out))
        .expect("at most 255 hashes are asked of HKDF");
}

/// Everything that decides under which key and for which place a value is sealed.
pub(super) struct Seal<'a> {
    pub installation: &'a [u8; 16],
    pub key_id: KeyId,
    pub key: &'a Key,
    pub place: &'a Place<'a>,
}

impl Seal<'_> {
    pub fn close(&self, plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut salt = [0; SALT];
        entropy.fill(&mut salt);
        let message = self.message(&salt);
        let mut body = Zeroizing::new(plain.to_vec());
        let tag = message
            .key
            .seal_in_place_separate_tag(message.nonce, Aad::from(self.bound()), &mut body)
            .expect("a value in memory is below the limit of AES-GCM");
        let mut sealed = Vec::with_capacity(HEADER + body.len() + TAG);
        sealed.extend([VERSION, ALGORITHM]);
        sealed.extend(self.key_id);
        sealed.extend(salt);
        sealed.extend(message.commitment);
        sealed.extend(&*body);
        sealed.extend(tag.as_ref());
        sealed
    }

    /// All or nothing: one wrong bit anywhere gives `KeepError::Sealed` and no byte of the value.
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        if key_id(sealed)? != self.key_id {
            return Err(KeepError::Sealed);
        }
        let (header, body) = sealed.split_at(HEADER);
        let (salt, commitment) = header[2 + KEY_ID..].split_at(SALT);
        let message = self.message(salt);
        constant_time::verify_slices_are_equal(&message.commitment, commitment)
            .map_err(|_| KeepError::Sealed)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let opened = message.key.open_in_place(message.nonce, Aad::from(self.bound()), &mut plain);
        let length = opened.map_err(|_| KeepError::Sealed)?.len();
        plain.truncate(length);
        Ok(plain)
    }

    fn bound(&self) -> Vec<u8> {
        framed(&[
            &[VERSION, ALGORITHM],
            self.installation,
            self.place.owner.text().as_bytes(),
            self.place.table.as_bytes(),
            self.place.column.as_bytes(),
            self.place.row.as_bytes(),
            &self.place.version.to_be_bytes(),
            &self.key_id,
        ])
    }

    fn message(&self, salt: &[u8]) -> Message {
        let mut column = Zeroizing::new([0; 32]);
        let (table, name) = (self.place.table.as_bytes(), self.place.column.as_bytes());
        derive(self.key, &[], &[b"alcove/1 column", table, name], &mut *column);
        let mut made = Zeroizing::new([0; 32 + NONCE + COMMITMENT]);
        derive(&Key(column), salt, &[b"alcove/1 message"], &mut *made);
        let (key, rest) = made.split_at(32);
        let (nonce, commitment) = rest.split_at(NONCE);
        Message {
            key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("the key is 32 bytes")),
            nonce: Nonce::try_assume_unique_for_key(nonce).expect("the nonce is 12 bytes"),
            commitment: commitment.try_into().expect("the commitment is what is left"),
        }
    }
}

/// Which key an envelope names; also refuses what is no envelope of a version known here.
pub(crate) fn key_id(sealed: &[u8]) -> Result<KeyId, KeepError> {
    if sealed.len() < HEADER + TAG || sealed[..2] != [VERSION, ALGORITHM] {
        return Err(KeepError::Sealed);
    }
    Ok(sealed[2..2 + KEY_ID].try_into().expect("the slice is as long as a key id"))
}

struct Message {
    key: LessSafeKey,
    nonce: Nonce,
    commitment: [u8; COMMITMENT],
}

fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        out.extend(u32::try_from(part.len()).expect("names are short").to_be_bytes());
        out.extend(*part);
    }
    out
}
