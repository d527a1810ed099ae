//! Incidents: something went wrong, said by whoever saw it with one press, and closed by the privacy
//! official.
//!
//! Owns the table `incident`, the form `/incident` and `/practice/incidents`. Each one asks for a fresh look
//! at the answers it touches. Refuses to keep a report from being filed for want of words: the kind is enough
//! (45 CFR 164.308(a)(6)(ii)).

mod outside;
mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Incident, list};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/incident", Rule::Act(Act::ReportIncident), pages::form)
        .post("/incident", Rule::Act(Act::ReportIncident), pages::report)
        .get("/report-message", Rule::Public("the same form for everybody"), outside::form)
        .post("/report-message", Rule::Act(Act::ReportMessage), outside::report)
        .get("/practice/incidents", Rule::Act(Act::SeeIncidents), pages::all)
        .post("/practice/incidents/{id}/close", Rule::Act(Act::CloseIncident), pages::close)
        .post("/practice/incidents/{id}/add", Rule::Act(Act::CloseIncident), pages::add)
}
