//! Invitations: a one-time secret that brings one participant to one visit, or a patient to the portal.
//!
//! Owns the tables `invitation` and `join_code`, the page behind the link, `/join`, the second fact (a birth
//! date on file, or an entry code told by phone), and the limit of tries per address. The secret travels in
//! the fragment of the address, so no server and no log ever sees it in a URL; looking at the page consumes
//! nothing; the first press of its button binds the link to that device. Refuses to say anything about the
//! patient before the second fact.

mod code;
mod join;
mod limits;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;
mod who;

pub use code::EntryCode;
pub use join::join_code;
pub use limits::{From, HearsOfLocks, Limits};
pub use rules::{FIRST_TIME_MIN, NEXT_TIME_MIN, Purpose, State};
pub use store::{
    Invitation, Stranger, by_door, cancel, extend, give_back, issue, issue_with_code, newest, reissue,
    restore, withdraw,
};

pub(crate) use limits::source;
pub(crate) use pages::{closed, facts, open_portal, portal_door};
pub(crate) use store::{New, by_id, insert, release, withdraw_own};
pub(crate) use who::{Fact, Missed, let_in, prove_again, prove_fact};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    let same = Rule::Public("the same page for everybody; looking at it consumes nothing");
    Routes::new()
        .get("/i", same, pages::visit_door)
        .post("/i", Rule::Act(Act::OpenInvitation), pages::open_visit)
        .get("/join", same, join::form)
        .post("/join", Rule::Act(Act::OpenInvitation), join::enter)
        .get("/g/{door}/who", Rule::Act(Act::ProveSecondFact), who::ask)
        .post("/g/{door}/who", Rule::Act(Act::ProveSecondFact), who::prove)
}
