//! Another clinician sees the patient: the visit, its hour and every link stay as they are.
//!
//! Owns the card on the visit page. Refuses once the room is open, while a deputy looks at somebody in it,
//! and a colleague who is away or busy then until it is said that it is meant. A telehealth consent is
//! given to one clinician: the patient is asked again for the new one (R58).

mod pages;
#[cfg(test)]
mod tests;

pub(crate) use pages::colleagues;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post("/visits/{id}/hand-over", Rule::Act(Act::HandOver), pages::hand_over)
}
