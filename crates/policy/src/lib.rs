//! Who may do what: one pure decision.
//!
//! `decide()` is the only maker of `Access`, and whoever opens a sealed value or commits a change must show
//! one. Default deny; role *and* relationship (45 CFR 164.312(a)(1), 164.308(a)(4)). The crate owns no clock,
//! no store and no page. What it decides for every act is the committed snapshot `matrix.txt`; which
//! data each role needs is `classes.txt`.

mod act;
mod action;
mod classes;
mod decide;
mod house_rules;
#[cfg(test)]
mod tests;

pub use act::Act;
pub use action::Action;
pub use classes::{RecordClass, Scope, needs_to_see};
pub use decide::{Access, Facts, Refusal, decide};
pub use house_rules::HouseRules;
