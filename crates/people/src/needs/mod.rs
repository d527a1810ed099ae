//! What a patient needs to understand and be understood: the language they speak or sign, an interpreter, and
//! aids (45 CFR 92.201(a), 84.77; R92).
//!
//! Owns the table `need`, the questions on the form that adds a patient, and the page of one's needs: the
//! desk's beside a patient, the patient's own in the portal and at check-in. Refuses words that are on no
//! list, so that a schedule reads the same everywhere, and an interpreter without a language.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use pages::{Fields, Own, own_page, save_own};
pub use rules::{Needs, TONGUES, aid_word, tongue_word};
pub use store::{add, of_patient, said, wants_more_time};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let (see, change) = (Rule::Act(Act::SeeNeeds), Rule::Act(Act::ChangeNeeds));
    Routes::new()
        .get("/patients/{id}/needs", see, pages::desk)
        .post("/patients/{id}/needs", change, pages::save_at_desk)
        .get("/portal/needs", see, pages::portal)
        .post("/portal/needs", change, pages::save_in_portal)
}
