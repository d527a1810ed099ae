//! What asks for a fresh look: a year, an incident, a vendor, a feature, a policy, staff, a site, the law
//! (R47).
//!
//! Owns the tables `review_request` and `roster`, and the hourly look at the calendar and the accounts. A
//! request reopens the answers it touches in the open analysis; without one it waits for the next, and the
//! home page says so. Refuses to choose an answer: it only asks again, and says why.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{Request, apply_waiting, fire, latest, waiting};

use crate::risk::rules::{AnalysisState, Trigger};
use crate::risk::store::analyses;
use keep::{Entry, Keep, KeepError, Object};
use policy::{Act, Facts, decide};
use rules::{has_turned_over, year_is_over};
use std::time::Duration;
use vocabulary::Principal;

/// Between two looks; a day late is still in time, an hour costs nothing.
const LOOK_EVERY: Duration = Duration::from_secs(60 * 60);

/// Looks now and every hour until the program ends.
pub async fn watch(keep: Keep) {
    loop {
        if let Err(error) = look(&keep).await {
            tracing::warn!(%error, "whether a review is due could not be seen");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Asks for what the calendar and the accounts say, once for each reason.
pub async fn look(keep: &Keep) -> Result<(), KeepError> {
    let program =
        decide(&Principal::System, &Facts::default(), Act::AskForReview).map_err(|_| KeepError::Proof)?;
    let mut conn = keep.read().await?;
    let now = keep.clock().now();
    let all = analyses::list(&mut conn).await?;
    let asked = store::waiting_for(&mut conn, Trigger::Year).await?;
    let newest = all.first().filter(|one| one.state == AnalysisState::Signed);
    let year = !asked && year_is_over(newest.and_then(|one| one.review_due), now);
    let (before, active) = (store::roster(&mut conn).await?, store::active(&mut conn).await?);
    drop(conn);
    let turned = before.as_deref().is_some_and(|before| has_turned_over(before, &active));
    if !year && !turned && before.is_some() {
        return Ok(());
    }
    let mut tx = keep.begin().await?;
    if year {
        fire(&mut tx, Trigger::Year, "").await?;
    }
    if turned {
        fire(&mut tx, Trigger::Turnover, "").await?;
    }
    if turned || before.is_none() {
        store::put_roster(&mut tx, &active).await?;
    }
    tx.commit(&program, Entry::new(Object::of("roster", ""))).await.map(|_| ())
}
