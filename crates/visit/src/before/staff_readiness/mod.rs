//! What staff check of themselves before their first visit of a day: devices, light, noise, network, and who
//! can hear them (R29, R90, the practice's side).
//!
//! Owns the table `own_readiness`, the page `/day/ready` and the card on the day page that leads there. The
//! sheet of each visit of that day shows it beside the patient's. Refuses to block: a poor answer gets advice
//! and counts as a finding.

#[cfg(test)]
mod again_tests;
mod pages;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use pages::{Card, card};
pub use store::OwnCheck;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let own = Rule::Act(Act::CheckOwnReadiness);
    Routes::new().get("/day/ready", own, pages::page).post("/day/ready", own, pages::save)
}
