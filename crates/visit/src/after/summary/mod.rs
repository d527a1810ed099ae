//! The summary of a visit: one field, in words for the patient, by the care team after the end.
//!
//! Owns the table `summary`. Publishing it closes the visit and mails a notice that says nothing. Refuses a
//! second summary of one visit, and one before the visit has happened.

mod pages;
mod store;

pub use pages::Draft;
pub use store::{Written, publish, read, write, written};

use policy::Act;
use web::{Routes, Rule};

pub const BODY_MAX: usize = 8_000;

pub(super) fn routes() -> Routes {
    Routes::new().post("/visits/{id}/summary", Rule::Act(Act::WriteSummary), pages::publish_it)
}
