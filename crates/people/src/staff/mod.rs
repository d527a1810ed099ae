//! Staff: one account for one person (R10), with roles and what patients are told about them.
//!
//! Owns the table `person`. Refuses names without an `Access`: they are sealed under the practice's key.

mod store;
#[cfg(test)]
mod tests;

pub use store::{NewPerson, Person, State, add, list, load, make_active, shown_name};
