//! Proofs: what a member of staff shows to come in. A passkey with user verification, or a password together
//! with the code of an app; saved codes for the day both are gone (R14, R16).
//!
//! Owns the tables `login`, `passkey`, `saved_code` and `known_browser`. Refuses a password alone: it is set
//! and taken away together with the code app. Secrets are sealed or kept by their hash; nothing here prints.

pub mod passkeys;
mod password;
pub mod qr;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use passkeys::{Ceremonies, Scene};
pub use password::Hasher;
pub use store::{
    Found, Having, Listed, Login, PASSKEYS_MAX, add_passkey, credential_index, credentials,
    credentials_of_others, give_name, having, knows_browser, login, name_index, passkey,
    passkeys as list_passkeys, person_named, remember_browser, remove_passkey, save_codes, set_password,
    spend_code, take_all_away, use_step, used_passkey,
};
