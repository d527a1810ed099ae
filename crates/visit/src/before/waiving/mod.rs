//! Waiving the checks of camera, light and sound for one person, where the house says they cannot be skipped.
//!
//! Owns the card on the visit page and its form. Refuses a waiver without a reason, one that nobody needs,
//! and everything else a check-in asks: consent and location are never waived.

mod pages;
#[cfg(test)]
mod tests;

pub(crate) use pages::is_missing;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post(
        "/visits/{id}/participants/{participant}/waive",
        Rule::Act(Act::WaiveReadiness),
        pages::waive,
    )
}
