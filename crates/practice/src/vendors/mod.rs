//! Vendors: the outside services of the practice, what each gets, and the agreement that covers it.
//!
//! Owns the tables `vendor` and `vendor_agreement` and the pages under `/practice/vendors`. A new one asks
//! for a fresh look at the analysis (R47). Refuses to call a vendor active without an agreement in force
//! whose signed paper is filed, or a written reason why it is no business associate (45 CFR 160.103,
//! 164.308(b)). One whose agreement has run out serves no more, without anybody doing anything.

mod pages;
mod papers;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Vendor, covered, is_agency, is_in_force, list, serves, serves_as};

use keep::{Schema, Step};
use policy::Act;
use web::{Routes, Rule, UPLOAD_FRAME_BYTES};

/// The tables that this feature owns beside `vendor`.
pub const SCHEMA: Schema = Schema {
    owner: "vendors",
    steps: &[Step { number: 1, name: "agreement", sql: include_str!("agreement.sql") }],
};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    let change = Rule::Act(Act::ChangeVendors);
    Routes::new()
        .get("/practice/vendors", see, pages::all)
        .get("/practice/vendors/new", change, pages::blank)
        .post("/practice/vendors/new", change, pages::add)
        .get("/practice/vendors/{id}", see, pages::show)
        .post("/practice/vendors/{id}", change, pages::save)
        .post_up_to(
            papers::PAPER_MAX_BYTES + UPLOAD_FRAME_BYTES,
            "/practice/vendors/{id}/agreement",
            change,
            papers::put,
        )
        .get("/practice/vendors/{id}/agreement/{paper}", see, papers::get)
}
