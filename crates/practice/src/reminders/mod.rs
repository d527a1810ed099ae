//! Reminders: who owns an open risk, was asked a question or owes a duty of the practice hears of it by mail,
//! once a day at most, from the hour on that the house rules name. What nobody owns any more, the officials
//! hear of.
//!
//! Owns the table `reminder` and the look at what is due. Refuses to say in a letter what waits: it holds the
//! way to the page that does.

pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::last;

use crate::duties::{self, rules::TOLD_AHEAD_MS};
use crate::facts::{Observers, World};
use keep::{Entry, Keep, KeepError, Object};
use people::sign_in::post_to;
use policy::{Act, Facts, decide};
use rules::{concerned, is_time, local, to_remind};
use std::sync::Arc;
use std::time::Duration;
use vocabulary::Principal;
use web::Catalog;
use web::mail::Mail;

/// Between two looks: a reminder comes within this of its hour.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// Looks now and every few minutes until the program ends.
pub async fn watch(keep: Keep, catalog: Arc<Catalog>, observers: Arc<Observers>) {
    loop {
        if let Err(error) = look(&keep, &catalog, &observers).await {
            tracing::warn!(%error, "who is to be reminded could not be seen");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Writes to everybody something waits for who has heard nothing today. Gives how many letters that were.
pub async fn look(keep: &Keep, catalog: &Arc<Catalog>, observers: &Observers) -> Result<usize, KeepError> {
    let settings = keep.settings();
    let now = keep.clock().now();
    let (day, hour) = local(now, &settings.face.zone);
    if settings.opening || !is_time(hour, settings.house_rules.remind_hour) {
        return Ok(0);
    }
    let mut conn = keep.read().await?;
    let until = now.plus_ms(TOLD_AHEAD_MS);
    let owners = store::owners(&mut conn, until).await?;
    let (active, officials) = store::active(&mut conn).await?;
    let mut waits_for = concerned(&owners, &active, &officials);
    let duties = duties::all(observers, World { keep, conn: &mut conn, now }).await?;
    if duties.iter().any(|duty| duty.is_told(now)) {
        waits_for.extend(&officials);
    }
    let people = to_remind(&waits_for, &active, &store::told_on(&mut conn, &day).await?);
    drop(conn);
    if people.is_empty() {
        return Ok(0);
    }
    let program = decide(&Principal::System, &Facts::default(), Act::Remind).map_err(|_| KeepError::Proof)?;
    let mut tx = keep.begin().await?;
    let mut letters = 0;
    for person in &people {
        let page = if officials.contains(person) { "/practice" } else { "/practice/asked" };
        let link = format!("{}{page}", settings.face.origin);
        letters +=
            usize::from(post_to(&mut tx, &program, *person, Mail::Reminder { link: &link }, catalog).await?);
        // Somebody without an address is not tried again all day.
        store::told(&mut tx, *person, &day).await?;
    }
    let entry = Entry::new(Object::of("reminder", &day)).detail("letters", letters.to_string());
    tx.commit(&program, entry.detail("people", people.len().to_string())).await?;
    Ok(letters)
}
