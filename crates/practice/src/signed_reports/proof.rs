//! What proves that a report is the one that was signed: hashes, Ed25519 signatures (RFC 8032) and public
//! key, as a small JSON file beside it. The key signs the bytes of each file, and a statement of who signed
//! which report when: nothing the proof says is unsigned.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::UnixMillis;

pub const FORMAT: &str = "alcove-report-proof-2";
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
    /// Ed25519 over the statement, hexadecimal.
    pub statement_signature: String,
}

/// What the signer states. Its canonical text, the one that is signed, is JSON (RFC 8259) without spaces,
/// with these fields in this order.
#[derive(Serialize)]
pub struct Statement<'a> {
    pub format: &'a str,
    pub report: i64,
    pub practice: &'a str,
    pub signed_as: &'a str,
    pub signed_at: &'a str,
    pub public_key: &'a str,
    pub html_sha256: &'a str,
    /// `null` where no PDF was printed.
    pub pdf_sha256: Option<&'a str>,
}

impl Statement<'_> {
    /// `None` only where JSON cannot hold it.
    pub fn text(&self) -> Option<Vec<u8>> {
        serde_json::to_vec(self).ok()
    }
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
    #[error("the proof was changed: who signed which report and when is not what was signed")]
    Statement,
}

/// Which of the two files this is, when its hash and every signature are right.
pub fn verify(file: &[u8], proof: &[u8]) -> Result<(File, Proof), Broken> {
    let proof: Proof = serde_json::from_slice(proof).map_err(|_| Broken::NoProof)?;
    let which = proof.check(file)?;
    Ok((which, proof))
}

impl Proof {
    /// Which of the two files this is, when its hash, its signature and that of the statement are right.
    pub fn check(&self, file: &[u8]) -> Result<File, Broken> {
        if self.format != FORMAT {
            return Err(Broken::NoProof);
        }
        let hash = sha256(file);
        let found = [(File::Html, Some(&self.html)), (File::Pdf, self.pdf.as_ref())];
        let found =
            found.into_iter().find_map(|(which, one)| Some((which, one.filter(|one| one.sha256 == hash)?)));
        let (which, sealed) = found.ok_or(Broken::OtherFile)?;
        if !is_valid(&self.public_key, file, &sealed.signature) {
            return Err(Broken::Signature);
        }
        let stated = self.statement().text().ok_or(Broken::Statement)?;
        if !is_valid(&self.public_key, &stated, &self.statement_signature) {
            return Err(Broken::Statement);
        }
        Ok(which)
    }

    pub fn statement(&self) -> Statement<'_> {
        Statement {
            format: &self.format,
            report: self.report,
            practice: &self.practice,
            signed_as: &self.signed_as,
            signed_at: &self.signed_at,
            public_key: &self.public_key,
            html_sha256: &self.html.sha256,
            pdf_sha256: self.pdf.as_ref().map(|pdf| pdf.sha256.as_str()),
        }
    }
}

/// RFC 3339 in UTC, as a statement says a time.
pub fn rfc3339(at: UnixMillis) -> String {
    Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
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
