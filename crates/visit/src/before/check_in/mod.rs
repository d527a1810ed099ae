//! Check-in: from the second fact to the lobby's door, one thing a page, every step resumable.
//!
//! Owns the table `check_in` and the pages under `/g/{door}/check-in` and `/g/{door}/lobby`. Refuses the
//! lobby while the patient's consent (R58) or location (R87), or a companion's promise, is missing, and steps
//! out of order.

pub mod answers;
mod consent_step;
pub mod device;
mod e_sign_step;
mod guest;
mod lobby;
mod location_step;
pub mod network;
mod notice_step;
mod place_step;
mod promise_step;
mod readiness_step;
pub mod rules;
pub mod store;
#[cfg(test)]
mod telling_tests;
#[cfg(test)]
mod tests;
mod welcome;
mod why_out;

pub(crate) use consent_step::{authority_of, copy_response};
pub(crate) use guest::{Guest, load_guest, settle};
pub use lobby::{NotReady, enter_lobby, may_enter};
pub(crate) use location_step::located;
pub(crate) use place_step::{Typed as TypedPlace, read as read_place};
pub(crate) use readiness_step::{DeviceBox, Typed as TypedReadiness, device_boxes, kept};
pub(crate) use welcome::{who_comes, with_credentials};

use super::store::{ParticipantRow, VisitRow};
use axum::extract::Path;
use axum::response::Response;
use keep::{Conn, KeepError};
use policy::{Act, HouseRules};
use rules::Step;
use vocabulary::UnixMillis;
use web::{Ctx, Failure, Routes, Rule, see_other};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeCheckIn);
    Routes::new()
        .get("/g/{door}", see, resume)
        .get("/g/{door}/check-in", see, resume)
        .get("/g/{door}/check-in/welcome", see, welcome::page)
        .post("/g/{door}/check-in/welcome", see, welcome::begin)
        .get("/g/{door}/check-in/screen", see, e_sign_step::page)
        .post("/g/{door}/check-in/screen", Rule::Act(Act::GiveConsent), e_sign_step::agree)
        .post("/g/{door}/check-in/paper", Rule::Act(Act::RefuseConsent), e_sign_step::refuse)
        .get("/g/{door}/check-in/sample", Rule::Act(Act::OpenSample), e_sign_step::sample)
        .get("/g/{door}/check-in/notice", see, notice_step::page)
        .post("/g/{door}/check-in/notice", Rule::Act(Act::AnswerNotice), notice_step::save)
        .get("/g/{door}/check-in/consent", see, consent_step::page)
        .post("/g/{door}/check-in/consent", Rule::Act(Act::GiveConsent), consent_step::sign)
        .post("/g/{door}/check-in/refuse", Rule::Act(Act::RefuseConsent), consent_step::refuse)
        .get("/g/{door}/refused", see, consent_step::refused)
        .get("/g/{door}/consent", Rule::Act(Act::SeeOwnConsent), consent_step::own_copy)
        .get("/g/{door}/consent/copy", Rule::Act(Act::SeeOwnConsent), consent_step::own_file)
        .get("/g/{door}/check-in/promise", see, promise_step::page)
        .post("/g/{door}/check-in/promise", Rule::Act(Act::PromisePrivacy), promise_step::save)
        .get("/g/{door}/check-in/place", see, place_step::page)
        .post("/g/{door}/check-in/place", Rule::Act(Act::RecordPlace), place_step::save)
        .get("/g/{door}/check-in/readiness", see, readiness_step::page)
        .post("/g/{door}/check-in/readiness", Rule::Act(Act::RecordReadiness), readiness_step::save)
        .get("/g/{door}/check-in/location", see, location_step::page)
        .post("/g/{door}/check-in/location", Rule::Act(Act::RecordLocation), location_step::save)
        .get("/g/{door}/lobby", Rule::Act(Act::EnterLobby), lobby::page)
}

/// Which step somebody has reached, for the day page: `(3, 5)`.
pub async fn how_far(
    conn: &mut Conn,
    visit: &VisitRow,
    who: &ParticipantRow,
    (house, now): (&HouseRules, UnixMillis),
) -> Result<(usize, usize), KeepError> {
    let row = store::load(conn, who.id).await?;
    let done = store::done(conn, visit, &row, (house, now)).await?;
    let steps = rules::steps(house, who.part, done.papers);
    let reached = rules::first_missing(&steps, &done).map(|step| rules::progress(&steps, &done, step).number);
    Ok((reached.unwrap_or(steps.len()), steps.len()))
}

/// `/g/{door}` and `/g/{door}/check-in`: to the step that is next.
async fn resume(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    Ok(see_other(&guest.next_address()))
}

/// Where the form of `step` leads: the step after it, or wherever something is still missing.
fn onward(guest: &Guest, step: Step) -> String {
    match rules::after(&guest.steps, step) {
        Some(next) if rules::may_open(&guest.steps, &guest.done, next) => guest.address(next),
        _ => guest.next_address(),
    }
}
