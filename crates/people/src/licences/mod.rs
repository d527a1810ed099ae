//! Licences: in which states a clinician may treat, by a licence of that state or under a compact, and until
//! when.
//!
//! Owns the table `licence`, the list of compacts with its date and source (`compacts.tsv`), and the pages
//! `/staff/licences` and `/staff/{id}/licences`. Refuses to count a licence after its last day, and to read a
//! compact under which each state is bought alone as if it covered them all.

mod pages;
pub mod rules;
mod states;
mod store;
#[cfg(test)]
mod tests;

pub use rules::{Cover, Licence};
pub use states::{STATES, state_name};
pub use store::{add, of_person};

pub(crate) use pages::soon;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/staff/licences", Rule::Act(Act::SeeStaff), pages::all)
        .get("/staff/{id}/licences", Rule::Act(Act::SeeStaff), pages::one)
        .post("/staff/{id}/licences", Rule::Act(Act::ChangeLicences), pages::add)
        .post("/staff/{id}/licences/{licence}/end", Rule::Act(Act::ChangeLicences), pages::end)
}
