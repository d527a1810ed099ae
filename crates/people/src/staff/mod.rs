//! Staff: one account for one person (R10), with roles and what patients are told about them.
//!
//! Owns the table `person` and the pages `/staff...`: who works here, inviting, suspending. Refuses names
//! without an `Access`: they are sealed under the practice's key. Refuses anybody to suspend themselves.

mod certificate;
mod invite;
mod owner;
mod pages;
mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use certificate::CertificateEnd;
pub use owner::{first_owner, link_for_owner};
pub(crate) use rules::{act_to_invite, may_confirm};
pub use rules::{is_official, is_shared};
pub use store::{NewPerson, Person, State, add, add_roles, list, load, make_active, shown_name};

pub use pages::acting;
pub(crate) use pages::{Empty, person_of};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/staff", Rule::Act(Act::SeeStaff), pages::list)
        .get("/staff/invite", Rule::Act(Act::SeeStaff), invite::blank)
        .post("/staff/invite", Rule::Act(Act::SeeStaff), invite::send)
        .get("/staff/{id}", Rule::Act(Act::SeeStaff), pages::one)
        .post("/staff/{id}/link", Rule::Act(Act::InviteStaff), invite::send_again)
        .post("/staff/{id}/suspend", Rule::Act(Act::SuspendStaff), pages::suspend)
        .post("/staff/{id}/reinstate", Rule::Act(Act::InviteStaff), pages::reinstate)
        .post("/staff/{id}/end-sessions", Rule::Act(Act::EndSessionsOfStaff), pages::end_sessions)
}
