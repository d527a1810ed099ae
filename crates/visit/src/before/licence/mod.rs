//! Whether this visit's clinician may treat where the patient is now (R88).
//!
//! Owns the table `licence_override`, the card on the visit page and its form. Asked at check-in, at the
//! lobby's door, at admission, and again whenever the place changes. Refuses a state that no licence of the
//! clinician covers until the host has decided, with a reason, for this state and no other.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::{Card, card};
pub use store::{Decided, ForVisit, for_visit};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post("/visits/{id}/licence", Rule::Act(Act::OverrideLicence), pages::go_on)
}
