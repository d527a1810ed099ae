//! Who is checking in, to which visit, and how far they are: loaded once per request, before any page.
//!
//! Refuses a door that is not this guest's own: it looks as if there were none.

use super::rules::{self, Done, Progress, Step};
use super::store::{self, CheckInRow};
use crate::before::consent;
use crate::before::rules::{ParticipantEvent, ParticipantState};
use crate::before::store::{
    ParticipantRow, VisitRow, facts_of, load_visit, participant, set_participant, still_of,
};
use axum::response::Response;
use keep::{Hint, KeepError, Tx};
use policy::{Access, Act, Facts, HouseRules};
use vocabulary::Principal;
use web::{Ctx, Failure, see_other};

pub(crate) struct Guest {
    pub door: String,
    pub visit: VisitRow,
    pub me: ParticipantRow,
    pub row: CheckInRow,
    /// Postal code of the state the patient is in, once anybody has said.
    pub here: Option<String>,
    pub steps: Vec<Step>,
    pub done: Done,
    pub facts: Facts,
    pub house: HouseRules,
    /// For the act the page was loaded with.
    pub access: Access,
}

/// Decides `act` for the guest behind this door.
pub(crate) async fn load_guest(ctx: &Ctx, door: &str, act: Act) -> Result<Guest, Failure> {
    let Principal::Guest { participant: own, visit, .. } = ctx.who else { return Err(Failure::NotFound) };
    let mut read = ctx.keep.read().await?;
    let invitation = people::invitations::by_door(&mut read, door).await?.ok_or(Failure::NotFound)?;
    if invitation.participant != own || invitation.visit != visit {
        return Err(Failure::NotFound);
    }
    let visit = load_visit(&mut read, visit).await?;
    let me = participant(&mut read, own).await?;
    let facts = facts_of(&mut read, &ctx.who, &visit, ctx.now).await?;
    drop(read);
    let access = ctx.decide(act, &facts).await?;
    if !me.part.accompanies() {
        consent::end_those_of_minors(ctx, &access, visit.patient).await?;
    }
    let mut read = ctx.keep.read().await?;
    let row = store::load(&mut read, own).await?;
    let done = store::done(&mut read, &visit, &row, (&ctx.settings.house_rules, ctx.now)).await?;
    let here = consent::here(&mut read, visit.id).await?;
    drop(read);
    let house = ctx.settings.house_rules.clone();
    let steps = rules::steps(&house, me.part, done.papers);
    Ok(Guest { door: door.to_owned(), visit, me, row, here, steps, done, facts, house, access })
}

impl Guest {
    pub fn address(&self, step: Step) -> String {
        format!("/g/{}/check-in/{}", self.door, step.code())
    }

    /// The next unanswered step, or the lobby.
    pub fn next_address(&self) -> String {
        if self.visit.state.is_over() {
            return format!("/g/{}/after", self.door);
        }
        match rules::first_missing(&self.steps, &self.done) {
            Some(step) => self.address(step),
            None => format!("/g/{}/lobby", self.door),
        }
    }

    pub fn back_address(&self, step: Step) -> String {
        rules::before(&self.steps, step).map(|before| self.address(before)).unwrap_or_default()
    }

    pub fn progress(&self, step: Step) -> Progress {
        rules::progress(&self.steps, &self.done, step)
    }

    /// Somewhere else to go: the step may not open yet, or the visit is over.
    pub fn elsewhere(&self, step: Step) -> Option<Response> {
        let may_open = !self.visit.state.is_over() && rules::may_open(&self.steps, &self.done, step);
        (!may_open).then(|| see_other(&self.next_address()))
    }

    /// Inside the transaction of an answer: the participant has begun, and is ready once nothing is missing.
    pub async fn stepped(&self, tx: &mut Tx) -> Result<(), KeepError> {
        settle(tx, (&self.visit, &self.me), &self.house).await
    }
}

/// Moves somebody on after one of their answers changed, or after a step was waived for them.
pub(crate) async fn settle(
    tx: &mut Tx,
    (visit, me): (&VisitRow, &ParticipantRow),
    house: &HouseRules,
) -> Result<(), KeepError> {
    still_of(tx, (visit.id, visit.patient)).await?;
    let now = tx.now();
    let row = store::load(tx, me.id).await?;
    let done = store::done(tx, visit, &row, (house, now)).await?;
    let complete = rules::first_missing(&rules::steps(house, me.part, done.papers), &done).is_none();
    let me = participant(tx, me.id).await?;
    // Whoever is in the room stays there: an answer given again changes the answer alone.
    let mut state = me.state.step(ParticipantEvent::Begin).unwrap_or(me.state);
    if complete {
        state = state.step(ParticipantEvent::Complete).unwrap_or(state);
        if row.done_at.is_none() {
            store::mark_done(tx, me.id, now).await?;
        }
    } else {
        // In another state the consent may count no more: then nobody waits to be let in (R58).
        state = state.step(ParticipantEvent::Reopen).unwrap_or(state);
    }
    if state != me.state || state == ParticipantState::CheckingIn {
        set_participant(tx, &me, state, now).await?;
        tx.hint(Hint::Visit(visit.id));
    }
    Ok(())
}
