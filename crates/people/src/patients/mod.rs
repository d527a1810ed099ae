//! Patients: who they are and how to reach them. The list, the form to add one, and the first page of the
//! chart.
//!
//! Owns the table `patient` and the index of names in memory. Refuses to open anything without an `Access`,
//! and the list to clinicians beyond their own care teams.

mod likeness;
mod names;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use names::{Known, Like, Names, find_named};
pub(crate) use pages::spoken_date;
pub use rules::{BirthDate, NewPatient, day_in};
pub use store::{
    Contact, Patient, add, before_shredding, birth_date, check_phrase, contact, find_by_email, lang_of, load,
    name, on_file,
};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/patients", Rule::Act(Act::SeePatients), pages::list)
        .post("/patients", Rule::Act(Act::SeePatients), pages::search)
        .get("/patients/new", Rule::Act(Act::AddPatient), pages::blank)
        .post("/patients/new", Rule::Act(Act::AddPatient), pages::add)
        .get("/patients/{id}", Rule::Act(Act::OpenChart), pages::chart)
}
