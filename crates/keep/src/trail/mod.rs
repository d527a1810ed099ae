//! The trail: every act, in a Merkle log that is appended in the same transaction as the act itself.
//!
//! Owns what an entry says, the tree (RFC 6962 hashing), the signed checkpoint and the verification. Refuses
//! to change or remove anything. An entry's body is sealed under the trail key of the patient it is about (or
//! of the practice); the leaf covers the ciphertext, so a shredded body leaves the tree whole. A leaf also
//! names the hash of every sealed value the act wrote, so that putting an old value back shows.

mod append;
mod caller;
mod deep;
mod entry;
mod form;
mod note;
mod proof;
mod read;
mod tree;
mod verify;

#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;

pub use caller::Caller;
pub use deep::{Deep, Spot, verify_deep};
pub use entry::{Actor, Body, Entry, Event, Object, Outcome};
pub use proof::{checkpoint, export, key_line, prove, prove_growth};
pub use read::{Filter, Found, Search, before, began, entries, search};
pub use verify::{TrailError, Verified, verify};

pub(crate) use append::{Head, Touched, Work, append, first_body};
pub(crate) use caller::Callers;
pub(crate) use deep::{Versions, versions};
pub(crate) use entry::actor_line;
pub(crate) use note::sign_note;

/// A keyed hash as an entry keeps it.
pub(crate) fn query_hash(tag: &[u8]) -> String {
    tag.iter().map(|byte| format!("{byte:02x}")).collect()
}
