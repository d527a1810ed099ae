//! The vault: keys, and sealing values under them.
//!
//! A root key (a file outside the data folder) wraps the wrap key of this practice; that wraps one data key
//! and one trail key per patient and for the practice, the blind-index key and the signing key of the trail.
//! Keys for columns are derived. The vault knows no table but its own and refuses to open a value anywhere
//! but in the place it was sealed for.

mod envelope;
mod kit;
mod place;
mod ring;
mod root;
mod rotate;
mod wrapping;

#[cfg(test)]
mod tests;

pub use kit::{KitFault, make_kit, open_kit};
pub use place::{Owner, Place};
pub use root::{RootKey, create_root};

pub(crate) use envelope::{Key, KeyId, derive, key_id};
pub(crate) use ring::{Held, KEYS_DB, Purpose, Vault};
pub(crate) use root::read_root;
