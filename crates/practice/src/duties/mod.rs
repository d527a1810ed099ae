//! Duties: everything the officials owe by a day, in one list. The home page shows it, the reminders count
//! it.
//!
//! Owns no table and no page: each duty is found where its record is, and what slices to the right owe comes
//! through their observers. Refuses to open anything sealed: a duty is a kind, a day and a way.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use rules::{Duty, Owed, What};

use crate::facts::{Observers, World};
use crate::{evaluations, incidents, inventory, review_requests, trail_reviews};
use keep::KeepError;
use people::{break_glass, care_team};
use vocabulary::UnixMillis;

/// All of them that show now, the earliest day first.
pub async fn all(observers: &Observers, world: World<'_>) -> Result<Vec<Duty>, KeepError> {
    let World { keep, conn, now } = world;
    let mut found = Vec::new();
    let mut add = |at: UnixMillis, what: What| found.push(Duty { at, what });
    if let Some(at) = store::next_analysis(conn).await? {
        add(at, What::Review);
    }
    for request in review_requests::waiting(conn).await? {
        let at = request.asked_at.plus_ms(review_requests::rules::LOOK_WITHIN_MS);
        add(at, What::Request(request.trigger));
    }
    for one in incidents::list(conn).await?.iter().filter(|one| one.closed_at.is_none()) {
        let at = incidents::rules::due_at(one.reported_at);
        add(at, What::Incident { number: one.number, kind: one.kind });
    }
    if let Some(oldest) = inventory::oldest_look(conn).await? {
        add(inventory::rules::due_at(oldest), What::Inventory);
    }
    if let Some(newest) = evaluations::list(conn).await?.first() {
        add(newest.next_due, What::Evaluation);
    }
    for (vendor, ends) in store::agreements(conn).await? {
        add(ends, What::Agreement(vendor));
    }
    let old = store::safeguards(conn, now.plus_ms(rules::SHOWN_AHEAD_MS)).await?;
    if let Some(first) = old.first() {
        add(*first, What::Safeguards(old.len()));
    }
    for opening in break_glass::unreviewed(conn, UnixMillis(i64::MAX)).await? {
        let at = opening.span.opened.plus_ms(break_glass::rules::OVERDUE_MS);
        add(at, What::Emergency(opening.id));
    }
    let confirmed = now.plus_ms(rules::SHOWN_AHEAD_MS - care_team::rules::CONFIRM_MS);
    let places = care_team::to_confirm(conn, confirmed, now).await?;
    if let Some(first) = places.first() {
        add(care_team::rules::due_at(first.confirmed_at), What::Teams(places.len()));
    }
    // The oldest month alone: the others come when it is signed.
    let zone = keep.settings().face.zone.clone();
    if let Some((month, at)) = trail_reviews::waiting(conn, &zone, now).await?.into_iter().next() {
        add(at, What::Trail(month));
    }
    for owed in observers.owed(World { keep, conn, now }).await {
        found.push(Duty { at: owed.at, what: What::Other(owed) });
    }
    found.retain(|duty| duty.is_shown(now));
    found.sort_by_key(|duty| duty.at.0);
    Ok(found)
}
