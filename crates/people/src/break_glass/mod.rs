//! Break-glass: a clinician opens a chart in an emergency without being on the care team (R19; 45 CFR
//! 164.312(a)(2)(ii)).
//!
//! Owns the tables `break_glass` and `break_glass_review`, the way in, the alert and the review. Refuses to
//! open without a fresh proof and a reason, to last longer than half an hour, to write, and to let anybody
//! review what they did themselves.

mod open;
mod review;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use open::tell_officials;
pub use open::{Tries, not_yours};
pub use store::{Opening, is_open, shown, unreviewed};

use policy::Act;
use web::{Routes, Rule};

/// What a page of the chart says above everything else while it is open this way.
#[derive(Clone)]
pub struct Shown {
    pub ends_at: vocabulary::UnixMillis,
    pub minutes: i64,
    /// Where "end now" is sent.
    pub end: String,
}

impl Shown {
    /// The page goes away by itself when its time is over.
    pub fn expire(&self, now: vocabulary::UnixMillis, page: &mut axum::response::Response) {
        let seconds = self.ends_at.since(now).max(0) / vocabulary::SECOND_MS + 1;
        page.headers_mut().insert(axum::http::header::REFRESH, seconds.into());
    }
}

pub fn routes() -> Routes {
    Routes::new()
        .get("/patients/emergency", Rule::Act(Act::FindInEmergency), open::find)
        .post("/patients/emergency", Rule::Act(Act::FindInEmergency), open::found)
        .get("/patients/{id}/emergency", Rule::Act(Act::BreakGlass), open::ask)
        .post("/patients/{id}/emergency", Rule::Act(Act::BreakGlass), open::open)
        .post("/patients/{id}/emergency/end", Rule::Act(Act::EndBreakGlass), open::end)
        .get("/practice/emergency", Rule::Act(Act::SeeBreakGlass), review::list)
        .get("/practice/emergency/{id}", Rule::Act(Act::SeeBreakGlass), review::one)
        .post("/practice/emergency/{id}", Rule::Act(Act::ReviewBreakGlass), review::review)
}
