//! The visit goes on by phone: the room closes for everybody, and somebody calls the patient.
//!
//! Owns the card on the visit page and its form. Refuses a visit that is over or has not begun to open, and a
//! house that holds no visits by phone. What the technique was not good enough for becomes a finding,
//! and what the sheet of a visit that had begun has open.

mod pages;
#[cfg(test)]
mod tests;

pub(crate) use pages::is_offered;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post("/visits/{id}/by-phone", Rule::Act(Act::MoveToPhone), pages::go)
}
