//! One's own account: how one signs in, and where one is signed in.
//!
//! Owns the pages `/me...`. Refuses to take away the last way in, and to change any without a fresh proof.

mod pages;
mod proofs;

pub(crate) use pages::oneself;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let change = Rule::Act(Act::ChangeOwnProofs);
    Routes::new()
        .get("/me", Rule::Act(Act::SeeOwnSessions), pages::page)
        .post("/me/sessions/{id}/end", Rule::Act(Act::EndOwnSession), pages::end)
        .post("/me/passkeys/start", change, proofs::ask_passkey)
        .post("/me/passkeys", change, proofs::add_passkey)
        .post("/me/passkeys/{id}/remove", change, proofs::remove_passkey)
        .get("/me/password", change, proofs::blank_password)
        .post("/me/password", change, proofs::set_password)
        .post("/me/password/remove", change, proofs::remove_password)
        .post("/me/codes", change, proofs::new_codes)
}
