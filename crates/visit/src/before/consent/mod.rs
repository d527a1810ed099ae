//! Consents: the texts, the answers, the signed copies, and the pages where they are given and taken back.
//!
//! Owns the tables `consent`, `consent_signer` and `sample_opened`; rows are added, and of an old one only
//! the state is filled in. Refuses to record a "yes" without the exact page that was signed, kept as a file
//! that is given back byte for byte (15 U.S.C. 7001, R61), and a spoken one without a witness (R62).

mod agreements;
mod artefact;
mod by_staff;
mod by_word;
pub(crate) mod drawn;
#[cfg(test)]
pub(crate) mod family_tests;
mod filled;
mod for_visit;
mod kept;
mod leaving;
pub(crate) mod portal;
pub mod rules;
pub mod scopes;
pub(crate) mod signer;
#[cfg(test)]
pub(crate) mod staff_tests;
mod store;
#[cfg(test)]
pub(crate) mod tests;
pub mod texts;
#[cfg(test)]
mod why_out_tests;

pub(crate) use agreements::{is_theirs, why_not};
pub use artefact::{Filed, Hand, How, Signature, artefact, shown_part};
pub(crate) use by_staff::{Card, Typed as TypedByStaff, card};
pub(crate) use filled::{end_those_of_minors, filling, is_minor, minor_alone};
pub use for_visit::{ForVisit, for_visit, here, wants_paper};
pub use kept::{ConsentRow, copy, current, kept_at, named, newest, of_patient, of_visit, renewed, twins};
pub(crate) use leaving::{follow_no, leave_coming_visits};
pub use rules::{Asked, Lapse, Outcome, lapse};
pub use scopes::Scope;
pub use store::{Of, Signing, bind_state, end, give, open_sample, sample_is_open, say_no};
pub(crate) use store::{hex, take_back, take_back_for, text_hash};

use askama::Template;
use axum::response::Response;
use keep::{Conn, KeepError};
use policy::{Act, HouseRules};
use vocabulary::{ConsentId, PatientId, UnixMillis};
use web::{Ctx, Page, Routes, Rule, filters};

pub fn routes() -> Routes {
    let see = Rule::Act(Act::SeeOwnConsent);
    Routes::new()
        .get("/portal/agreements", see, agreements::list)
        .get("/portal/agree/{scope}", see, portal::page)
        .post("/portal/agree/{scope}", Rule::Act(Act::GiveConsent), portal::sign)
        .get("/portal/sample", Rule::Act(Act::OpenSample), portal::sample)
        .get("/portal/take-back/{id}", Rule::Act(Act::WithdrawConsent), portal::ask)
        .post("/portal/take-back/{id}", Rule::Act(Act::WithdrawConsent), portal::take_back)
        .post("/visits/{id}/consent", Rule::Act(Act::WitnessConsent), by_staff::take)
        .post("/visits/{id}/consent/taken-back", Rule::Act(Act::WitnessConsent), by_word::record)
        .post("/visits/{id}/consent/emergency", Rule::Act(Act::OverrideConsent), by_staff::go_on)
}

/// Whether a consent that is given to the practice as a whole is in force.
pub async fn stands(
    conn: &mut Conn,
    patient: PatientId,
    scope: Scope,
    (house, now): (&HouseRules, UnixMillis),
) -> Result<bool, KeepError> {
    let newest = newest(conn, patient, scope, None).await?;
    let asked = Asked { clinician: None, state: None, house, now };
    // A paper cannot show that a screen works for them (15 U.S.C. 7001(c)(1)(C)(ii)): the sample page does.
    let on_paper = newest.as_ref().is_some_and(|row| row.method == rules::Method::Paper);
    if scope.comes_first() && on_paper && !sample_is_open(conn, patient).await? {
        return Ok(false);
    }
    Ok(lapse(newest.as_ref().map(ConsentRow::standing).as_ref(), &asked).is_none())
}

/// A page like the ones that are kept, to try whether this screen can show them.
pub(crate) fn sample_page(ctx: &Ctx, back: String) -> Response {
    ctx.page(Page::new(ctx.words.t("sample-title")), &SamplePage { back })
}

#[derive(Template)]
#[template(path = "before/consent/sample.html")]
struct SamplePage {
    back: String,
}
