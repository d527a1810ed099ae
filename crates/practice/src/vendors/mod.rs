//! Vendors: the outside services of the practice, what each gets, and the agreement that covers it.
//!
//! Owns the table `vendor` and the pages under `/practice/vendors`. A new one asks for a fresh look at the
//! analysis (R47). Refuses to call a vendor active without an agreement in force, or a written reason why it
//! is no business associate (45 CFR 160.103, 164.308(b)).

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Vendor, covered, is_in_force, list};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    let change = Rule::Act(Act::ChangeVendors);
    Routes::new()
        .get("/practice/vendors", see, pages::all)
        .get("/practice/vendors/new", change, pages::blank)
        .post("/practice/vendors/new", change, pages::add)
        .get("/practice/vendors/{id}", see, pages::show)
        .post("/practice/vendors/{id}", change, pages::save)
}
