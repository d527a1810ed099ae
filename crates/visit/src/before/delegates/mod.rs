//! Standing delegates: colleagues who may run a clinician's lobby and lead in their place, from a day to a
//! day.
//!
//! Owns the tables `delegate` and `delegate_seat` and the page `/delegates`. A delegation makes its person a
//! deputy of every visit of that clinician that starts in its time, while it holds: a seat that was taken
//! by it ends with it, and where they sit in a room when it runs out, once they leave. Taken back it ends
//! there too. Refuses a clinician who names delegates for somebody else, and delegations without an end.

mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::{ends_with, is_delegate, names_of, stays, take_seat};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/delegates", Rule::Act(Act::SeeDelegates), pages::page)
        .post("/delegates", Rule::Act(Act::NameDelegate), pages::name)
        .post("/delegates/{id}/end", Rule::Act(Act::NameDelegate), pages::end)
}
