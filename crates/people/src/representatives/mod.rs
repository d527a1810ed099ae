//! Representatives (R74, R76; 45 CFR 164.502(g)): who acts for a patient, by which authority, which evidence
//! was seen, for which classes of data, and until when; and who may not, although they would have a claim.
//!
//! Owns the tables `representative` and `representative_refusal`, their page, and their card on the chart.
//! Refuses anybody without proof of who they are and of their authority, an authority without an end, and
//! everybody whom the practice has refused: this is told to staff alone, with the name of whom to ask.

mod card;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Refused, Representative, add, list, one, put_end, refuse, refused_by, scope_at};

pub(crate) use card::{Card, card};
pub(crate) use store::{end_all, may_come_in, refuses_somebody};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let change = Rule::Act(Act::ChangeRepresentatives);
    Routes::new()
        .get("/patients/{id}/representatives", Rule::Act(Act::SeeRepresentatives), pages::list)
        .post("/patients/{id}/representatives", change, pages::add)
        .post("/patients/{id}/representatives/{one}/until", change, pages::until)
        .post("/patients/{id}/representatives/{one}/end", change, pages::end)
        .post("/patients/{id}/refusals", change, pages::refuse)
        .post("/patients/{id}/refusals/{one}/lift", change, pages::lift)
}
