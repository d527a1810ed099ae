//! A copy of a chart leaves the practice (R116; 45 CFR 164.514(d)(3)-(4)): to whom, for what, and why so much
//! and no more.
//!
//! Owns the table `disclosure`, the page of the copy, and the accounting that the privacy official reads
//! (45 CFR 164.528); the patient's own page stands in their portal. Refuses a copy without a recipient,
//! and one for another purpose than those of 45 CFR 164.502(b)(2) without a minimum-necessary decision in
//! words.

mod accounting;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Given, of_patient};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/patients/{id}/copy", Rule::Act(Act::ExportChart), pages::ask)
        .post("/patients/{id}/copy", Rule::Act(Act::ExportChart), pages::give)
        .get("/practice/disclosures", Rule::Act(Act::SeeDisclosures), accounting::list)
        .get("/practice/disclosures/{id}", Rule::Act(Act::SeeDisclosures), accounting::of_one)
}
