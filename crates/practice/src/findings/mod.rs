//! Findings: a failed check, a refused step, an answer in a survey; what a risk analysis should hear about.
//!
//! Owns the table `finding` and the page `/practice/findings`. Refuses to say who: a finding names a kind,
//! never a patient, and groups so small that one could guess are not counted out.

mod locks;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use locks::LockedLinks;
pub use rules::{Group, Kind, Source};
pub use store::{close, groups, has_shown, raise, since, visits_with};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new().get("/practice/findings", Rule::Act(Act::SeeFindings), pages::list).post(
        "/practice/findings/{kind}/close",
        Rule::Act(Act::CloseFinding),
        pages::close,
    )
}
