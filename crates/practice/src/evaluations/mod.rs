//! Evaluations: whether the practice still does what the rule asks and what it set itself, technical and
//! nontechnical, as records of their own (R49; 45 CFR 164.308(a)(8)).
//!
//! Owns the table `evaluation` and the pages under `/practice/evaluations`. Refuses to stand in for the risk
//! analysis, or to be changed: what turned out wrong is said by the next one.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Evaluation, list};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let write = Rule::Act(Act::WriteEvaluation);
    Routes::new()
        .get("/practice/evaluations", Rule::Act(Act::SeeRisks), pages::all)
        .get("/practice/evaluations/new", write, pages::blank)
        .post("/practice/evaluations/new", write, pages::add)
        .get("/practice/evaluations/of/{id}", Rule::Act(Act::SeeRisks), pages::one)
}
