//! The emergency card of a visit: whom to call where the patient is now, in one press (R89).
//!
//! Owns the table `emergency_place` with its page `/practice/emergency-numbers`, and the card
//! `/visits/{id}/emergency`, where the patient's place is also corrected during a visit (R87). Refuses an
//! entry without a number, and to pass over a place that nobody has entered: the card says so, and what to
//! do.

mod card;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use card::{Plan, plan};
pub use store::{add, for_place};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let change = Rule::Act(Act::ChangeEmergencyPlaces);
    Routes::new()
        .get("/practice/emergency-numbers", change, pages::list)
        .post("/practice/emergency-numbers", change, pages::add)
        .post("/practice/emergency-numbers/{id}/end", change, pages::end)
        .get("/visits/{id}/emergency", Rule::Act(Act::SeeVisit), card::page)
        .post("/visits/{id}/location", Rule::Act(Act::LocatePatient), card::move_patient)
}
