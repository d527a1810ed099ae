//! The register of interpreters, spoken and signed (R94; 45 CFR 92.4, 92.201(c)).
//!
//! Owns the table `interpreter` and the page `/practice/interpreters`. Refuses whoever has no qualification
//! on record or one that has ended, no language, no signed confidentiality terms, and whoever comes from an
//! agency without a vendor record in force (its agreement). Nobody is booked after any of that has ended.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use rules::New;
pub use store::{Entered, Interpreter, add, is_qualified, load, new_code, qualified, with_code};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let change = Rule::Act(Act::ChangeInterpreters);
    Routes::new()
        .get("/practice/interpreters", Rule::Act(Act::SeeInterpreters), pages::list)
        .post("/practice/interpreters", change, pages::add)
        .post("/practice/interpreters/{id}/code", change, pages::code)
        .post("/practice/interpreters/{id}/end", change, pages::end)
}
