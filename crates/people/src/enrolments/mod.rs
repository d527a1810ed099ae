//! Enrolments: the one-time link by which a member of staff sets up how they sign in. A new colleague gets
//! one, somebody whom two administrators let in again, and whoever spends a saved code.
//!
//! Owns the table `enrolment` and the page `/welcome`. The secret travels in the fragment of the address;
//! looking consumes nothing. Refuses to keep any proof of before: what is set up here is all there is, and
//! all other sessions end.

mod pages;
pub mod rules;
mod set_up;
mod store;

pub use rules::Purpose;
pub use store::{issue, withdraw};

pub(crate) use set_up::draw_secret as set_up;
pub(crate) use set_up::{code_key, of_another, saved_codes};

use keep::Face;
use policy::Act;
use vocabulary::{DAY_MS, Secret};
use web::{Routes, Rule};

/// How long the link of an invitation opens.
pub const JOIN_MS: i64 = 7 * DAY_MS;

/// The address that stands in a letter.
pub fn link(face: &Face, secret: &Secret) -> String {
    format!("{}/welcome#{}", face.origin, secret.reveal())
}

pub fn routes() -> Routes {
    let same = Rule::Public("the same page for everybody; looking at it consumes nothing");
    let open = Rule::Act(Act::OpenEnrolment);
    Routes::new()
        .get("/welcome", same, pages::door)
        .post("/welcome", open, pages::open)
        .post("/welcome/password", open, set_up::by_password)
        .post("/welcome/passkey/start", open, set_up::ask_passkey)
        .post("/welcome/passkey", open, set_up::by_passkey)
}
