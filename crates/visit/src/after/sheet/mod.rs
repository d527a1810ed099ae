//! The protocol sheet of a visit: every step of a private visit on one page, done, waived, failed or missing,
//! by whom and when, to be read and printed.
//!
//! Owns no table: what it says is read where it is kept. Refuses to say what was found, written or told: no
//! address, no reason, no word of a summary or a survey stands on it, so that whoever prepares the visit may
//! read it.

mod pages;
mod rules;
#[cfg(test)]
mod tests;

use crate::before::store::{ParticipantRow, VisitRow};
use policy::Act;
use web::{Routes, Rule};

pub(super) fn routes() -> Routes {
    Routes::new().get("/visits/{id}/sheet", Rule::Act(Act::SeeVisit), pages::page)
}
