//! `/g/{door}/after`: what a guest sees when the visit has ended: thank you, and for the patient what comes
//! next and two questions.

use super::survey;
use crate::before::check_in::load_guest;
use crate::before::companions::acting;
use crate::before::rules::{Part, VisitState};
use crate::before::translations;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::Act;
use vocabulary::{Relation, UnixMillis};
use web::{Ctx, Failure, Page, Routes, Rule, filters, see_other};

pub(super) fn routes() -> Routes {
    Routes::new().get("/g/{door}/after", Rule::Act(Act::SeeCheckIn), page)
}

async fn page(ctx: Ctx, Path(door): Path<String>) -> Result<Response, Failure> {
    let guest = load_guest(&ctx, &door, Act::SeeCheckIn).await?;
    if !guest.visit.state.is_over() {
        return Ok(see_other(&format!("/g/{door}/lobby")));
    }
    let happened = guest.visit.state.has_happened();
    let to_ask = happened
        && ctx.settings.house_rules.ask_survey
        && ctx.allowed(Act::AnswerSurvey, &guest.facts)
        && !survey::is_answered(&mut *ctx.keep.read().await?, guest.visit.id).await?;
    let asked = to_ask && survey::is_time(&guest.visit, ctx.now);
    let me = guest.me.id;
    let acting = acting::facts_of(&mut *ctx.keep.read().await?, me, ctx.now).await?;
    let acts = acting.is_some_and(|facts| facts.relations.has(Relation::Representative));
    let page = Ended {
        siren: translations::emergency(&ctx).await?.say("ended-emergency", &[]),
        happened,
        accompanies: guest.me.part.comes_by_code(),
        own: guest.me.part == Part::Patient,
        acts,
        portal: if acts { format!("/g/{door}/acting") } else { format!("/g/{door}/portal") },
        // The practice calls the patient, or who acts for them: nobody else waits for it.
        by_phone: guest.visit.state == VisitState::MovedToPhone && (guest.me.part == Part::Patient || acts),
        cancelled: guest.visit.state == VisitState::Cancelled,
        starts_at: guest.visit.starts_at,
        survey: if asked { format!("/g/{door}/survey") } else { String::new() },
        survey_later: to_ask && !asked,
        phone: ctx.settings.face.phone.clone(),
    };
    Ok(ctx.page(Page::new(ctx.words.t("ended-title")), &page))
}

#[derive(Template)]
#[template(path = "after/ended.html")]
struct Ended {
    siren: translations::Sentence,
    happened: bool,
    /// A supporter or an interpreter: neither summary nor survey is theirs.
    accompanies: bool,
    /// The patient, who may go on to the portal from here.
    own: bool,
    /// Acts for the patient, and may go on to the patient's portal from here.
    acts: bool,
    portal: String,
    by_phone: bool,
    cancelled: bool,
    starts_at: UnixMillis,
    /// Where the two questions are, empty when they are not asked.
    survey: String,
    /// They come once the talk by phone is over.
    survey_later: bool,
    phone: String,
}
