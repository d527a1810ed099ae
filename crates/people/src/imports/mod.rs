//! Patients from a file: read, looked at, then added.
//!
//! Owns the table `patient_import`: one list for each person of the staff, sealed, for a day at most. Refuses
//! to add anybody before somebody has seen who would be added. A row that cannot be added is left out with
//! its reason and never stops the others.

mod columns;
mod file;
mod judge;
mod pages;
mod rules;
mod run;
mod store;
#[cfg(test)]
mod tests;

use policy::Act;
use web::{Routes, Rule, UPLOAD_FRAME_BYTES};

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::ImportPatients);
    Routes::new()
        .get("/patients/import", rule, pages::show)
        .post_up_to(file::BYTES_MAX + UPLOAD_FRAME_BYTES, "/patients/import/file", rule, pages::receive)
        .post("/patients/import/columns", rule, pages::choose)
        .post("/patients/import/add", rule, run::add)
        .get("/patients/import/left-out", rule, run::left_out)
        .post("/patients/import/drop", rule, pages::give_up)
}
