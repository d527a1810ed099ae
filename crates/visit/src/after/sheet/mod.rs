//! The protocol sheet of a visit: every step of a private visit on one page, done, waived, failed or missing,
//! by whom and when, to be read and printed.
//!
//! Owns no table: what it says is read where it is kept. Refuses to say what was found, written or told: no
//! address, no reason, no word of a summary or a survey stands on it, so that whoever prepares the visit may
//! read it.
//!
//! When a visit ends, each line of before and during that is failed, missing or waived is a finding of the
//! practice, unless its step has raised one already (`rules/findings.rs`). A visit that never began raises
//! none, nor do people who never came in; the summary has no last day, so a missing one is none either.
//!
//! Left out on purpose: the patient's word on each companion, for nobody they refused can be invited and the
//! welcome names all who come (R76, R86); the room of the register, whose own checks the room keeps; the
//! emergency contact, which is the patient's to leave empty; and the survey, of which nothing stands beside a
//! chart (R106). Aids were asked for or not; whether they were met no program can tell, save of an
//! interpreter. Place and location have no hour of their own: theirs is that of the finished check-in.

mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::{raise, raise_after_phone};

use crate::before::store::{ParticipantRow, VisitRow};
use policy::Act;
use web::{Routes, Rule};

pub(super) fn routes() -> Routes {
    Routes::new().get("/visits/{id}/sheet", Rule::Act(Act::SeeVisit), pages::page)
}
