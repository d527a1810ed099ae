//! Care team: who may open a patient's chart, who said so, and until when (R11, R12).
//!
//! Owns the table `care_team`. Refuses membership without an end: every grant carries one.

mod store;
#[cfg(test)]
mod tests;

pub use store::{Member, is_member, members, patients_of, put};
