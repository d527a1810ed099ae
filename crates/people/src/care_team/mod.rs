//! Care team: who may open a patient's chart, who said so, since when, and until when (R11, R12; 45 CFR
//! 164.308(a)(4)(ii)(C)).
//!
//! Owns the table `care_team`, its card on the chart and the list of places to look at again. Refuses
//! membership without an end, and anybody who would keep themselves.

mod card;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Member, end, is_member, members, patients_of, put, to_confirm};

pub(crate) use card::{Card, card};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/practice/care-teams", Rule::Act(Act::SeeCareTeams), pages::list)
        .post("/patients/{id}/team", Rule::Act(Act::ChangeCareTeam), pages::add)
        .post("/patients/{id}/team/{person}/confirm", Rule::Act(Act::ChangeCareTeam), pages::confirm)
        .post("/patients/{id}/team/{person}/end", Rule::Act(Act::ChangeCareTeam), pages::end)
}
