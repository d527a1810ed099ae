//! The house rules: what check-in asks, who may waive, which states, how long things stay open.
//!
//! Owns the page `/practice/house-rules`. Refuses numbers beyond their ceilings and a save over rules that
//! somebody else changed meanwhile. Whoever obeys a rule reads it from the settings at the moment it acts, so
//! a change holds from the next request on.

mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().get("/practice/house-rules", Rule::Act(Act::SeeRisks), pages::show).post(
        "/practice/house-rules",
        Rule::Act(Act::ChangeHouseRules),
        pages::save,
    )
}
