//! Somebody without an appointment is here, or on the phone: their visit starts now.
//!
//! Owns `/day/walk-in`. Refuses to begin a visit twice for one patient without being told that it is meant,
//! and to show the link a second time.

mod pages;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/day/walk-in", Rule::Act(Act::BookVisit), pages::form)
        .post("/day/walk-in", Rule::Act(Act::BookVisit), pages::start)
        .post("/day/walk-in/find", Rule::Act(Act::SeePatients), pages::find)
}
