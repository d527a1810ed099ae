//! Agreements on paper: one sheet for each thing a patient can agree to, printed in the exact words, signed
//! by hand, and recorded with where the practice keeps it (R60, R61; 45 CFR 164.508(b)(3), (c)).
//!
//! Owns `/patients/{id}/papers`; what is recorded is a consent like any other, in the table of
//! `before::consent`. Refuses two agreements on one sheet, a paper older than the patient's last no, one
//! signed tomorrow, and the signature of somebody whose authority did not cover it on that day. Shows staff
//! the papers that the practice holds, and nothing of what was answered on a screen.

mod list;
mod pages;
#[cfg(test)]
mod renewing_tests;
mod rules;
mod sheet;
#[cfg(test)]
mod standing_tests;
#[cfg(test)]
pub(crate) mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::WitnessConsent);
    Routes::new()
        .get("/patients/{id}/papers", rule, list::page)
        .get("/patients/{id}/papers/{one}", rule, pages::page)
        .post("/patients/{id}/papers/{one}", rule, pages::record)
        .get("/patients/{id}/papers/{one}/sheet", rule, sheet::page)
        .post("/patients/{id}/papers/{one}/taken-back", rule, list::take_back)
}
