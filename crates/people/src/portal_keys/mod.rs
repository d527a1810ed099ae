//! Portal keys: how a patient signs in to the portal with a passkey, and how they get there again; the same,
//! with keys of their own, for whoever acts for the patient, while their authority holds (R15, R74).
//!
//! Owns the tables `portal_passkey` and `portal_link`, the pages `/portal/sign-in`, `/portal/keys`,
//! `/portal/help`, `/portal/link`, and the desk's page beside a patient. Staff see no secret: a link goes
//! to the address on file, and a code read out at the desk names a browser that waits (as in RFC 8628,
//! section 3.3), which then asks for the birth date itself.
//!
//! What is left: one colleague who opens the waiting browser, types its code and knows the birth date comes
//! in as the patient. Nothing prevents it; it does not stay hidden. The patient's address is told, another
//! official gets a letter for every browser let in, and the trail has who it was and how they said they
//! knew the patient.

#[cfg(test)]
mod acting_tests;
mod desk;
mod elsewhere;
mod enter;
mod link;
mod own;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use elsewhere::{Elsewhere, WaysIn};
pub use enter::come_from_visit;
pub use link::Typed;
pub use rules::Whose;

pub(crate) use own::tell;
pub(crate) use store::{end, end_over};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let same = Rule::Public("the same page for everybody; looking at it consumes nothing");
    let (see, change) = (Rule::Act(Act::SeePortalKeys), Rule::Act(Act::ChangePortalKeys));
    let help = Rule::Act(Act::HelpPortalKeys);
    Routes::new()
        .get("/portal/sign-in", Rule::Public("the door of the patients"), enter::page)
        .post("/portal/sign-in/passkey/start", Rule::Act(Act::SignIn), enter::ask)
        .post("/portal/sign-in/passkey", Rule::Act(Act::SignIn), enter::by_passkey)
        .post("/g/{door}/portal", Rule::Act(Act::OpenPortal), enter::from_visit)
        .get("/portal/link", same, link::door)
        .post("/portal/link", Rule::Act(Act::OpenNotice), link::open)
        .post("/portal/link/prove", Rule::Act(Act::OpenNotice), link::prove)
        .post("/portal/help", Rule::Act(Act::AskPortalHelp), link::ask_help)
        .get("/portal/keys", see, own::page)
        .post("/portal/keys", change, own::add)
        .post("/portal/keys/start", change, own::ask)
        .post("/portal/keys/{id}/remove", change, own::remove)
        .get("/patients/{id}/portal", help, desk::page)
        .post("/patients/{id}/portal/link", help, desk::send)
        .post("/patients/{id}/portal/code", help, desk::approve)
        .get("/patients/{id}/representatives/{one}/portal", help, desk::page)
        .post("/patients/{id}/representatives/{one}/portal/link", help, desk::send)
        .post("/patients/{id}/representatives/{one}/portal/code", help, desk::approve)
}
