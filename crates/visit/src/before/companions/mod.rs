//! Who else comes to a visit: supporters, interpreters, and deputies from the staff.
//!
//! Owns the tables `companion` and `acting`, and the part of the visit page that invites, names and takes
//! off. A companion gets a link of their own and, by another way, an entry code; a deputy only an entry on
//! the visit. Refuses more people than a room holds, and to show a link or a code a second time.

pub(crate) mod acting;
#[cfg(test)]
pub(crate) mod acting_tests;
mod deputies;
mod letters;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use acting::Seats;
pub(crate) use deputies::may_lead;
pub(crate) use letters::{tell_cancelled, tell_moved};
pub(crate) use pages::{Card, add, card, refuse_when_over_or_full};
pub use store::{lang_of, name};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .post("/visits/{id}/companions", Rule::Act(Act::InviteCompanion), pages::invite)
        .post("/visits/{id}/companions/{participant}/link", Rule::Act(Act::InviteCompanion), pages::again)
        .get("/visits/{id}/representatives", Rule::Act(Act::SeeRepresentatives), acting::list)
        .post("/visits/{id}/representatives", Rule::Act(Act::InviteCompanion), acting::invite)
        .post("/g/{door}/acting", Rule::Act(Act::OpenPortal), acting::portal)
        .post("/visits/{id}/deputies", Rule::Act(Act::NameDeputy), deputies::name)
        .post(
            "/visits/{id}/participants/{participant}/withdraw",
            Rule::Act(Act::WithdrawParticipant),
            pages::withdraw,
        )
}
