//! Whether somebody is who they say, seen or heard by the host or a deputy before anything of health is
//! said (R80-R85; 45 CFR 164.514(h)(1)).
//!
//! Owns the tables `identity_check` and `check_seat`, the page
//! `/visits/{id}/participants/{participant}/identity`, and the press by which the desk takes it on as
//! deputy, for this check alone. Keeps facts about a document, never its number or its picture. Refuses a
//! third party without a document and an authority, a known patient without two facts and a reason, and a
//! document of somebody who was not in the room not long ago. A failed check puts its person out of the
//! room at once, and but for a second look by a deputy alone they stay outside until the host decides or a
//! new check passes. Once the visit goes on by phone the form is there for a day, and the room is not.

mod pages;
pub mod rules;
#[cfg(test)]
mod seat_tests;
pub(crate) mod seats;
pub mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::badge;
pub(crate) use store::{Checked, newest};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/visits/{id}/participants/{participant}/identity", Rule::Act(Act::SeeVisit), pages::page)
        .post("/visits/{id}/participants/{participant}/identity", Rule::Act(Act::CheckIdentity), pages::save)
        .post(
            "/visits/{id}/participants/{participant}/identity/open",
            Rule::Act(Act::NameDeputy),
            pages::open,
        )
        .post(
            "/visits/{id}/participants/{participant}/identity/waive",
            Rule::Act(Act::WaiveIdentity),
            pages::waive,
        )
}
