//! Running late: said once, told to everybody who waits for that clinician and to everybody who is due.
//!
//! Owns the table `lateness` and the form on the day page. Refuses a clinician who speaks for a colleague,
//! and to write to anybody whose visit is over.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::{Card, card, late_min};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post("/day/late", Rule::Act(Act::SayLate), pages::say_late)
}
