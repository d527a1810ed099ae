//! Two questions after a visit: how comfortable it was, how private it felt. Once a visit, optional, apart
//! from the chart (R106). A low answer raises a finding for the privacy official that names no visit.

mod pages;
mod store;

pub use store::{Answers, is_answered, record};

use crate::before::rules::VisitState;
use crate::before::store::VisitRow;
use policy::Act;
use vocabulary::{MINUTE_MS, UnixMillis};
use web::{Routes, Rule};

/// From here down the answer is a finding: the loop from what visits feel like to what the practice does.
pub const LOW: i64 = 2;
/// Answers go from 1 to this.
pub const BEST: i64 = 5;
pub const WORDS_MAX: usize = 1_000;

/// The two have met, and are not on the phone any more: a visit that went on there is asked about once its
/// planned length has passed, or once its summary is written.
pub fn is_time(visit: &VisitRow, now: UnixMillis) -> bool {
    let length = visit.length_min * MINUTE_MS;
    let on_the_phone = visit.state == VisitState::MovedToPhone
        && visit.ended_at.is_some_and(|moved| now < moved.plus_ms(length));
    visit.state.has_happened() && !on_the_phone
}

pub(super) fn routes() -> Routes {
    let ask = Rule::Act(Act::AnswerSurvey);
    Routes::new()
        .get("/g/{door}/survey", ask, pages::by_invitation)
        .post("/g/{door}/survey", ask, pages::answer_by_invitation)
        .get("/portal/visits/{id}/survey", ask, pages::by_portal)
        .post("/portal/visits/{id}/survey", ask, pages::answer_by_portal)
}
