//! Grants: who let a colleague have their roles, when and why, and who has said since that they are still
//! needed (R12; 45 CFR 164.308(a)(4)(ii)(B)-(C)).
//!
//! Owns the table `role_grant`, its card on the page of an account and the act of saying that roles are still
//! needed. Refuses anybody to say so of themselves while a colleague could. Roles change in `staff` alone,
//! which writes the grant with the change.

mod card;
mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use card::{Card, card, due_badge};
pub(crate) use store::{Given, Kind, newest, put};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().post("/staff/{id}/roles/confirm", Rule::Act(Act::InviteStaff), pages::confirm)
}
