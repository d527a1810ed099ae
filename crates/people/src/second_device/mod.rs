//! The second device: a visit that was begun at the computer goes on on the phone.
//!
//! Owns the table `second_device` and the pages `/g/{door}/other-device` and `/i/continue`. The first device
//! shows a picture with a secret and a short code; whoever has both and the second fact takes over, once, and
//! the first device is signed out. Refuses to go on without any of the three, after ten minutes, or when the
//! first device is no longer the one of the invitation. The secret travels in the fragment of the address.

mod pages;
pub mod rules;
mod store;
mod take_over;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let same = Rule::Public("the same page for everybody; looking at it consumes nothing");
    let own = Rule::Public("one's own picture, or that another device went on; else the way to the door");
    Routes::new()
        .get("/g/{door}/other-device", own, pages::page)
        .post("/g/{door}/other-device", Rule::Act(Act::ContinueElsewhere), pages::show)
        .get(
            "/g/{door}/other-device/still",
            Rule::SignedIn("whether this device is still the one"),
            pages::still,
        )
        .get("/i/continue", same, take_over::door)
        .post("/i/continue", Rule::Act(Act::TakeOver), take_over::ask)
        .post("/i/continue/prove", Rule::Act(Act::TakeOver), take_over::prove)
}
