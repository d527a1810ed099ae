//! Twelve months of proof for recognised security practices (R51; Pub. L. 116-321): what the practice did for
//! each of the ten practices of HICP, on which days, and a dated bundle of it to take along.
//!
//! Owns the pages under `/practice/evidence`; no table: every piece comes from the records of another
//! feature, by the day it was done. Refuses to count what lies further back, and to call a practice proven:
//! it shows what there is, month by month, and where there is nothing.

mod bundle;
mod gather;
mod pages;
pub mod rules;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/practice/evidence", Rule::Act(Act::SeeRisks), pages::all)
        .get("/practice/evidence/export", Rule::Act(Act::ExportProof), pages::ask)
        .post("/practice/evidence/export", Rule::Act(Act::ExportProof), pages::export)
}
