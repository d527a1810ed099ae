//! The staff's door: a passkey, or a password with the code of an app, or a saved code; and the fresh proof
//! that some acts ask for inside a session.
//!
//! Owns the pages `/sign-in...`, the growing pauses and the browser cookie. Refuses to say whether a name is
//! known: the answer, its time and its entry are the same (R14, R16, R21).

mod again;
pub mod browser;
mod enter;
mod pages;
mod saved;
mod slow;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod twice_tests;

pub use slow::Slow;

pub use enter::post_to;
pub(crate) use enter::{Answered, Proof, by_code, is_active, let_in, scene, tell};
pub(crate) use pages::{Empty, enter_with, own, sentence};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let door = Rule::Public("the door of the staff");
    Routes::new()
        .get("/sign-in", door, pages::page)
        .post("/sign-in", Rule::Act(Act::SignIn), pages::by_password)
        .post("/sign-in/passkey/start", Rule::Act(Act::SignIn), pages::ask_passkey)
        .post("/sign-in/passkey", Rule::Act(Act::SignIn), pages::by_passkey)
        .get("/sign-in/saved-code", door, saved::page)
        .post("/sign-in/saved-code", Rule::Act(Act::SignIn), saved::spend)
        .get("/sign-in/again", Rule::Act(Act::ProveAgain), again::page)
        .post("/sign-in/again", Rule::Act(Act::ProveAgain), again::by_password)
        .post("/sign-in/again/passkey", Rule::Act(Act::ProveAgain), again::by_passkey)
}
