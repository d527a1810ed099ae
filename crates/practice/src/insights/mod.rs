//! Insights: one minute for everybody who works here to say how the platform and the policies feel (R57).
//!
//! Owns the table `insight`, the form `/insight` and the officials' page `/practice/insights`. A low score
//! and a subject become findings, and the next analysis prints what was said. Refuses to keep who said it:
//! the row names nobody, and small groups are not averaged. The trail notes that somebody answered, as it
//! notes every act.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use pages::Shown;
pub use store::{Told, since};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/insight", Rule::Act(Act::GiveInsight), pages::form)
        .post("/insight", Rule::Act(Act::GiveInsight), pages::give)
        .get("/practice/insights", Rule::Act(Act::SeeInsights), pages::list)
}
