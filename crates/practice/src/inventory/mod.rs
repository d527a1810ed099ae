//! The inventory: people and places, devices, programs, paper and vendors that hold health data, and the ways
//! it takes between them (R32; 45 CFR 164.308(a)(1)(ii)(A), 164.310(d)(1)).
//!
//! Owns the tables `asset` and `flow`, the table and the drawn map under `/practice/inventory`, and its CSV
//! in and out. Refuses an entry without a date: every line says when somebody last looked at it, and within
//! twelve months somebody must again.

mod map;
mod pages;
pub mod rules;
mod sheet;
mod store;
#[cfg(test)]
mod tests;
mod ways;

pub use store::{Asset, Flow, assets, flows, oldest_look, reviewed};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeRisks);
    let change = Rule::Act(Act::ChangeInventory);
    Routes::new()
        .get("/practice/inventory", see, pages::overview)
        .post("/practice/inventory/looked", change, pages::looked)
        .get("/practice/inventory/assets/new", change, pages::blank)
        .post("/practice/inventory/assets/new", change, pages::add)
        .get("/practice/inventory/assets/{id}", see, pages::show)
        .post("/practice/inventory/assets/{id}", change, pages::save)
        .post("/practice/inventory/assets/{id}/gone", change, pages::gone)
        .post("/practice/inventory/flows", change, pages::add_flow)
        .post("/practice/inventory/flows/{id}/gone", change, pages::flow_gone)
        .post("/practice/inventory/csv", Rule::Act(Act::ExportInventory), sheet::export)
        .post("/practice/inventory/flows/csv", Rule::Act(Act::ExportInventory), sheet::export_ways)
        .get("/practice/inventory/import", change, sheet::form)
        .post("/practice/inventory/import", change, sheet::import)
}
