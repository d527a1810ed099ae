//! Signed notes in the form of C2SP: a text, an empty line, and lines that name the key and carry its Ed25519
//! signature. Checkpoints and certificates are such notes, so any tool that reads the form can check them.

use crate::vault::Vault;
use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Marks Ed25519 in the hash that names a key.
const ED25519: u8 = 1;

/// The text under this installation's key. It must end with a line break and hold no empty line.
pub(crate) fn sign_note(vault: &Vault, text: &str) -> String {
    signed(vault, &installation_name(vault), text, &vault.sign(text.as_bytes()))
}

/// A checkpoint that is signed already. Its first line, the origin, is also the key's name.
pub(crate) fn checkpoint(vault: &Vault, text: &str, signature: &[u8]) -> String {
    signed(vault, text.lines().next().unwrap_or_default(), text, signature)
}

/// The key as others are told it: name, hash and key in one line.
pub(crate) fn key_line(vault: &Vault) -> String {
    let (name, key) = (installation_name(vault), vault.public_key());
    let hash: String = key_hash(&name, &key).iter().map(|byte| format!("{byte:02x}")).collect();
    let key = STANDARD.encode([&[ED25519], &key[..]].concat());
    format!("{name}+{hash}+{key}")
}

fn signed(vault: &Vault, name: &str, text: &str, signature: &[u8]) -> String {
    let mut signed = key_hash(name, &vault.public_key()).to_vec();
    signed.extend(signature);
    format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(signed))
}

fn installation_name(vault: &Vault) -> String {
    let installation: String = vault.installation().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("alcove/{installation}")
}

fn key_hash(name: &str, key: &[u8]) -> [u8; 4] {
    let mut hash = Context::new(&SHA256);
    [name.as_bytes(), b"\n", &[ED25519], key].iter().for_each(|part| hash.update(part));
    hash.finish().as_ref()[..4].try_into().expect("SHA-256 gives 32 bytes")
}
