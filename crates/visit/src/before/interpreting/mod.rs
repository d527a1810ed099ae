//! Interpreters at a visit: booked from the register with the agency's reference; the two exceptions of the
//! law; and the interpreter's own list of jobs (45 CFR 92.201(b)-(e), 84.77; R94, R95).
//!
//! Owns the table `interpreting`, the part of the visit page that books, and `/interpreter/{id}`. Refuses
//! whoever is not qualified on the day of the visit, a minor save in an emergency, and somebody who came
//! along save in an emergency or on the patient's private request that a qualified interpreter confirmed.
//! What stands on an emergency ends when a booked interpreter arrives. A list of jobs says when, how long,
//! in which language and under which reference, and nothing of whose visit it is.

mod card;
mod jobs;
mod pages;
pub mod rules;
#[cfg(test)]
mod sealed_tests;
mod store;
#[cfg(test)]
mod taken_out_tests;
#[cfg(test)]
mod tests;

pub(crate) use card::{Card, Drafts, card};
pub(crate) use store::{arrived, at_that_time, covers, exceptions, may_come, of_visit};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let book = Rule::Act(Act::BookInterpreter);
    let jobs = Rule::Public("an interpreter's own code is asked for on the page");
    Routes::new()
        .post("/visits/{id}/interpreter", book, pages::book)
        .post("/visits/{id}/interpreter/exception", book, pages::except)
        .post("/visits/{id}/interpreter/{row}/end", book, pages::end)
        .get("/interpreter/{id}", jobs, jobs::page)
        .post("/interpreter/{id}", Rule::Act(Act::SeeJobs), jobs::list)
}
