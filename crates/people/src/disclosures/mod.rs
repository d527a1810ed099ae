//! A copy of a chart leaves the practice (R116; 45 CFR 164.514(d)(3)-(4)): to whom, for what, and why so much
//! and no more.
//!
//! Owns the table `disclosure` and the page of the copy. Refuses a copy without a recipient, and one for
//! another purpose than those of 45 CFR 164.502(b)(2) without a minimum-necessary decision in words.

mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().get("/patients/{id}/copy", Rule::Act(Act::ExportChart), pages::ask).post(
        "/patients/{id}/copy",
        Rule::Act(Act::ExportChart),
        pages::give,
    )
}
