//! A file's bytes as encrypted pieces: 64 KiB each, counted, the last one marked. Cutting, swapping,
//! repeating or extending pieces fails, because the count and the mark are in the nonce of each.

use crate::KeepError;
use crate::vault::{Key, derive};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time;
use zeroize::Zeroizing;

const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const MAGIC: &[u8; 8] = b"alcove/1";
const COMMITMENT: usize = 32;

/// `key` must never encrypt twice: the nonces are counted from zero.
pub(super) fn encrypt(key: &Key, context: &[u8], plain: &[u8]) -> Vec<u8> {
    let (cipher, commitment) = prepare(key, context);
    let pieces = plain.chunks(PIECE).count().max(1);
    let mut out = Vec::with_capacity(MAGIC.len() + COMMITMENT + plain.len() + pieces * TAG);
    out.extend(MAGIC);
    out.extend(commitment);
    for at in 0..pieces {
        let piece = &plain[at * PIECE..plain.len().min((at + 1) * PIECE)];
        let from = out.len();
        out.extend(piece);
        let tag = cipher
            .seal_in_place_separate_tag(nonce(at, at + 1 == pieces), Aad::from(context), &mut out[from..])
            .expect("a piece is below the limit of AES-GCM");
        out.extend(tag.as_ref());
    }
    out
}

pub(super) fn decrypt(key: &Key, context: &[u8], stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeepError> {
    let body = stored.strip_prefix(MAGIC).ok_or(KeepError::Sealed)?;
    let (found, body) = body.split_at_checked(COMMITMENT).ok_or(KeepError::Sealed)?;
    let (cipher, commitment) = prepare(key, context);
    constant_time::verify_slices_are_equal(found, &commitment).map_err(|_| KeepError::Sealed)?;
    let pieces = body.chunks(PIECE + TAG).count();
    let mut plain = Zeroizing::new(Vec::with_capacity(body.len()));
    for (at, piece) in body.chunks(PIECE + TAG).enumerate() {
        let mut piece = Zeroizing::new(piece.to_vec());
        let nonce = nonce(at, at + 1 == pieces);
        let opened = cipher.open_in_place(nonce, Aad::from(context), &mut piece);
        plain.extend_from_slice(opened.map_err(|_| KeepError::Sealed)?);
    }
    if pieces == 0 { Err(KeepError::Sealed) } else { Ok(plain) }
}

fn prepare(key: &Key, context: &[u8]) -> (LessSafeKey, [u8; COMMITMENT]) {
    let mut made = Zeroizing::new([0; 32 + COMMITMENT]);
    derive(key, &[], &[b"alcove/1 file", context], &mut *made);
    let (cipher, commitment) = made.split_at(32);
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, cipher).expect("the key is 32 bytes"));
    (cipher, commitment.try_into().expect("the commitment is what is left"))
}

fn nonce(at: usize, last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&(at as u64).to_be_bytes());
    bytes[11] = u8::from(last);
    Nonce::assume_unique_for_key(bytes)
}
