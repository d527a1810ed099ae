//! The types of visit the practice offers, how long each usually takes, and the reasons that stand ready.
//!
//! Owns the tables `visit_type` and `common_reason` and `/practice/visit-types`. Refuses a practice without
//! any type, and a type of its own making: the word stands in plain columns and must never tell of a
//! specialty. What somebody comes for is the reason, which is sealed.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::{Offer, offers, reasons};

use policy::Act;
use web::{Routes, Rule};

/// What can be chosen as a length, in minutes.
pub(crate) const LENGTHS_MIN: [i64; 8] = [10, 15, 20, 30, 45, 60, 90, 120];

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::ChangeVisitTypes);
    Routes::new().get("/practice/visit-types", rule, pages::page).post(
        "/practice/visit-types",
        rule,
        pages::save,
    )
}
