//! What proves that a report is the one that was signed: hash, Ed25519 signature (RFC 8032) and public key,
//! as a small JSON file beside it.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

pub const FORMAT: &str = "alcove-report-proof-1";
/// A proof is some hundred letters.
pub const PROOF_BYTES_AT_MOST: usize = 64 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub format: String,
    /// Which analysis, counted from 1.
    pub report: i64,
    pub practice: String,
    pub signed_as: String,
    /// RFC 3339, UTC.
    pub signed_at: String,
    /// Ed25519, hexadecimal.
    pub public_key: String,
    pub html: Sealed,
    pub pdf: Option<Sealed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Of the file, hexadecimal.
    pub sha256: String,
    /// Ed25519 over the file's bytes, hexadecimal.
    pub signature: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Html,
    Pdf,
}

/// Why a file is not the signed one, in a sentence for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("the proof is no proof of a report: take the file that was downloaded with the report")]
    NoProof,
    #[error("the file was changed, or belongs to another report: it has neither hash of this proof")]
    OtherFile,
    #[error("the signature does not fit the file and the key: somebody wrote this proof without the key")]
    Signature,
}

/// Which of the two files this is, when its hash and signature are right.
pub fn verify(file: &[u8], proof: &[u8]) -> Result<(File, Proof), Broken> {
    let proof: Proof = serde_json::from_slice(proof).map_err(|_| Broken::NoProof)?;
    if proof.format != FORMAT {
        return Err(Broken::NoProof);
    }
    let hash = sha256(file);
    let found = [(File::Html, Some(&proof.html)), (File::Pdf, proof.pdf.as_ref())];
    let found =
        found.into_iter().find_map(|(which, one)| Some((which, one.filter(|one| one.sha256 == hash)?)));
    let (which, sealed) = found.ok_or(Broken::OtherFile)?;
    if !is_valid(&proof.public_key, file, &sealed.signature) {
        return Err(Broken::Signature);
    }
    Ok((which, proof))
}

pub fn is_valid(public_key: &str, bytes: &[u8], signature: &str) -> bool {
    let (Some(key), Some(signature)) = (from_hex(public_key), from_hex(signature)) else { return false };
    UnparsedPublicKey::new(&ED25519, key).verify(bytes, &signature).is_ok()
}

/// The public key and the signature, both hexadecimal. `None` when this is no seed of 32 bytes.
pub fn sign(seed: &[u8], bytes: &[u8]) -> Option<(String, String)> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
    Some((hex(pair.public_key().as_ref()), hex(pair.sign(bytes).as_ref())))
}

pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
