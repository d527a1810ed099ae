//! Once a month somebody reads the trail (R39; 45 CFR 164.308(a)(1)(ii)(D)): what stood out, what they found,
//! who signed it.
//!
//! Owns the table `trail_review` and the pages `/practice/trail/reviews...`. Refuses to close a month that is
//! not over, one without findings, and one with an emergency opening that nobody has reviewed.

mod pages;
mod places;
mod report;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use pages::{read, waiting};
pub use store::closed as closed_reviews;

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .get("/practice/trail/reviews", Rule::Act(Act::SeeTrailReviews), pages::list)
        .get("/practice/trail/reviews/{period}", Rule::Act(Act::SeeTrailReviews), pages::one)
        .post("/practice/trail/reviews/{period}", Rule::Act(Act::CloseTrailReview), pages::close)
}
