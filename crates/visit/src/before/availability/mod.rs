//! When clinicians see patients: hours of the week, by site, and days on which they see nobody.
//!
//! Owns the tables `open_hours` and `day_off` and `/availability`. Refuses hours that overlap each other, and
//! a clinician who changes a colleague's. It only warns whoever books: a human decides.

mod pages;
pub(crate) mod rules;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::{fit, who_is_away};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::ChangeAvailability);
    Routes::new()
        .get("/availability", rule, pages::page)
        .post("/availability/{person}/hours", rule, pages::add_hours)
        .post("/availability/{person}/hours/remove", rule, pages::remove_hours)
        .post("/availability/{person}/off", rule, pages::add_off)
        .post("/availability/{person}/off/remove", rule, pages::remove_off)
}
