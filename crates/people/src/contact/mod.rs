//! Contact: how each patient wants to be reached, and the one way by which anything reaches anybody.
//!
//! Owns the tables `preference`, `message_code`, `errand` and `plain_choice`, the page of one's wishes
//! (portal, check-in and desk), the list of whom to call or send paper, `/is-it-us`, and what becomes of an
//! answer to a text. Refuses to ask why
//! somebody wants to be reached elsewhere (45 CFR 164.522(b)), to write by a channel that was not chosen or
//! at an hour that is not safe, and to say of a code more than yes or no.

pub(crate) mod codes;
mod errands;
mod gate;
#[cfg(test)]
mod gateway_process_tests;
mod hours;
mod is_it_us;
#[cfg(test)]
mod mail_peer_tests;
mod pages;
pub mod plain;
mod replies;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;
pub mod texting;
#[cfg(test)]
mod texting_tests;
#[cfg(test)]
mod wishes_tests;

pub use gate::{Dress, to_companion, to_patient, to_staff, turn_text};
pub use pages::{Own, own_page, save_own};
pub use rules::{Preferences, Typed, Way};
pub use store::{Change, said};

pub(crate) use pages::{Card, card, mine};
pub(crate) use store::{before_merge, standing};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let (see, change) = (Rule::Act(Act::SeePreferences), Rule::Act(Act::ChangePreferences));
    Routes::new()
        .get("/patients/{id}/contact", see, pages::desk)
        .post("/patients/{id}/contact", change, pages::save_at_desk)
        .post("/patients/{id}/contact/stop", change, pages::stop_texts)
        .post("/hooks/texts", Rule::Public("the gateway's own secret opens it"), replies::hear)
        .get("/portal/contact", see, pages::portal)
        .post("/portal/contact", change, pages::save_in_portal)
        .get("/portal/contact/plain", see, plain::page)
        .post("/portal/contact/plain", change, plain::choose)
        .get("/patients/errands", Rule::Act(Act::SeeErrands), errands::list)
        .post("/patients/errands/{id}", Rule::Act(Act::SettleErrand), errands::settle)
        .get("/is-it-us", Rule::Public("the same form for everybody"), is_it_us::form)
        .post("/is-it-us", Rule::Act(Act::AskIsItUs), is_it_us::answer)
}
