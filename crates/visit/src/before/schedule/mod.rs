//! The desk's days: a week at a glance, seven days in a row, and what narrows both to one clinician or site.
//!
//! Owns the tables of the desk and `/day/week`. Refuses to put anything but random ids and a day into an
//! address, and to show a clinician without a desk's role the visits of others.

mod filter;
mod store;
#[cfg(test)]
mod tests;
mod week;

pub(crate) use filter::{Asked, Bar, Choice, Filter, StripDay, bar, clinicians, staff_name, strip};
pub(crate) use store::{Listed, put_site, set_site, site_of, visits_of};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().get("/day/week", Rule::Act(Act::SeeDay), week::page)
}
