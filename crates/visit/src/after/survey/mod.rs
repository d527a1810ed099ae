//! Two questions after a visit: how comfortable it was, how private it felt. Once a visit, optional, apart
//! from the chart (R106). A low answer raises a finding for the privacy official that names no visit.

mod pages;
mod store;

pub use store::{Answers, is_answered, record};

use policy::Act;
use web::{Routes, Rule};

/// From here down the answer is a finding: the loop from what visits feel like to what the practice does.
pub const LOW: i64 = 2;
/// Answers go from 1 to this.
pub const BEST: i64 = 5;
pub const WORDS_MAX: usize = 1_000;

pub(super) fn routes() -> Routes {
    let ask = Rule::Act(Act::AnswerSurvey);
    Routes::new()
        .get("/g/{door}/survey", ask, pages::by_invitation)
        .post("/g/{door}/survey", ask, pages::answer_by_invitation)
        .get("/portal/visits/{id}/survey", ask, pages::by_portal)
        .post("/portal/visits/{id}/survey", ask, pages::answer_by_portal)
}
