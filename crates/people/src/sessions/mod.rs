//! Sessions: who is signed in on which device, and until when.
//!
//! Owns the tables `session`, `session_origin` and `session_pace`, the cookies and the answer to "who asks".
//! A cookie holds 256 random bits; the database holds their keyed hash. Refuses to outlive the limits of
//! `rules`, whatever the cookie says.

mod cookies;
mod origin;
pub(crate) mod pace;
mod pages;
mod portal;
pub mod rules;
mod sign_in;
mod store;
#[cfg(test)]
mod tests;

pub use cookies::Jar;
pub use origin::origins;
pub use portal::{start_patient, start_portal};
pub use rules::How;
pub use sign_in::{CookieSignIn, touch};
pub use store::{
    Guest, Session, Signed, Started, end, end_of_guest, end_of_staff, is_alive, load, of_staff, prove_again,
    start_guest, start_staff,
};

pub(crate) use portal::{end_portals_from, of_portal};
pub(crate) use store::{TOKEN_INDEX, by_token};

use policy::Act;
use web::{Routes, Rule};

const STILL_HERE: &str = "tells how long one's own session lives";

pub fn routes() -> Routes {
    Routes::new()
        .get("/signed-out", Rule::Public("says that one is signed out"), pages::signed_out)
        .get("/still-here", Rule::SignedIn(STILL_HERE), pages::still_here)
        .get("/portal/still-here", Rule::SignedIn(STILL_HERE), pages::still_here)
        .post("/sign-out", Rule::Act(Act::SignOut), pages::sign_out)
        .post("/portal/sign-out", Rule::Act(Act::SignOut), pages::sign_out)
        .post("/g/{door}/sign-out", Rule::Act(Act::SignOut), pages::sign_out)
}
