//! The outbox: letters that must go out, written in the same transaction as the act that asks for them.
//!
//! Owns waiting, retrying and giving up. Refuses to know mail or SMS: a `Carrier` does. A letter is sealed
//! while it waits and emptied once it is gone. One that failed for good stays, for a human to see. Mail and
//! texts are two queues: a slow gateway holds up no letter.

mod letter;
#[cfg(test)]
mod tests;
pub mod texts;
#[cfg(test)]
mod texts_tests;

pub use letter::{Carrier, CarryError, Channel, Letter};

use crate::store::{Conn, Row};
use crate::trail::{Entry, Object, Outcome};
use crate::vault::{Owner, Place};
use crate::{Hint, Keep, KeepError, Tx, args};
use policy::{Access, Act, Facts, HouseRules, decide};
use std::sync::Arc;
use std::time::Duration;
use texts::Gate;
use tokio::sync::broadcast::error::RecvError;
use vocabulary::{HOUR_MS, JobId, Principal, SECOND_MS, UnixMillis};
use zeroize::Zeroizing;

/// Tries before a letter is given up: with the pauses below, about six hours after the first.
pub const TRIES_AT_MOST: i64 = 12;

/// The pause after the first try; it doubles with each, up to an hour.
const FIRST_PAUSE_MS: i64 = 15 * SECOND_MS;

/// Letters taken in one round.
const ROUND: usize = 20;

/// How often the loop looks when nothing wakes it.
const POLL_MS: u64 = 1_000;

/// A carrier that takes longer has failed this time.
const CARRY_MS: u64 = 60_000;

/// Asked, and no answer came back: nobody knows whether the letter went.
pub const NO_ANSWER: &str = "no_answer";

/// Nobody was there to hand it to: no fault of this letter's, and over for all of them at once.
pub const NO_CONNECTION: &str = "no_connection";

/// A letter that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub id: JobId,
    pub owner: Owner,
    pub channel: Channel,
    pub tries: i64,
    /// Code of the last failure.
    pub problem: String,
    pub ended_at: UnixMillis,
}

impl Tx {
    /// The letter goes out some time after `due`, if this transaction commits.
    pub async fn post(&mut self, letter: Letter, due: UnixMillis) -> Result<JobId, KeepError> {
        let id = JobId::new(self.now(), self.keep.clone().entropy());
        let text = serde_json::to_vec(&letter).map(Zeroizing::new);
        let text = text.map_err(|_| KeepError::Shape("a letter that JSON cannot hold"))?;
        let sealed = self.seal(&letter_place(&id.text(), letter.owner), &text)?;
        self.run(
            "INSERT INTO outbox (id, owner, channel, letter, state, attempts, due_at, made_at)
             VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6)",
            args![id, letter.owner.text(), letter.channel.text(), sealed, due, self.now()],
        )
        .await?;
        if letter.channel == Channel::Sms {
            self.note_text(id, &letter).await?;
        }
        // Where nobody was there, the newer one waits behind the older: that one begins anew with its pauses.
        // In an outage a reader so hears of what happened first before what came of it; behind a letter that
        // a server put off (`not_now`, `no_answer`) nothing waits, since what is newer may be urgent.
        if let (Channel::Mail, Owner::Patient(_)) = (letter.channel, letter.owner) {
            let sql = "UPDATE outbox SET due_at = $3, attempts = 0 WHERE owner = $1 AND channel = 'mail'
                       AND state = 'waiting' AND problem = $2 AND due_at > $3";
            self.run(sql, args![letter.owner.text(), NO_CONNECTION, due]).await?;
        }
        self.hint(Hint::Outbox);
        Ok(id)
    }
}

/// Runs until its task is aborted, which is safe at any moment: a letter under way may then go out twice.
pub async fn run(keep: Keep, carrier: Arc<dyn Carrier>) {
    tokio::join!(watch(&keep, &*carrier, Channel::Mail), watch(&keep, &*carrier, Channel::Sms));
}

/// One channel for ever: it waits for its own carrier alone.
async fn watch(keep: &Keep, carrier: &dyn Carrier, channel: Channel) {
    let mut hints = keep.bus().subscribe();
    loop {
        if let Err(error) = round(keep, carrier, channel).await {
            tracing::warn!(%error, "a round of the outbox failed; the next one tries again");
        }
        let woken = async {
            loop {
                match hints.recv().await {
                    Ok(Hint::Outbox) | Err(RecvError::Lagged(_)) => return,
                    Ok(_) => {}
                    Err(RecvError::Closed) => std::future::pending::<()>().await,
                }
            }
        };
        tokio::time::timeout(Duration::from_millis(POLL_MS), woken).await.ok();
    }
}

/// One round: tries every letter that is due now, those of one channel one after the other, the oldest first.
/// Gives how many went out.
pub async fn deliver_due(keep: &Keep, carrier: &dyn Carrier) -> Result<usize, KeepError> {
    let both = tokio::join!(round(keep, carrier, Channel::Mail), round(keep, carrier, Channel::Sms));
    Ok(both.0? + both.1?)
}

async fn round(keep: &Keep, carrier: &dyn Carrier, channel: Channel) -> Result<usize, KeepError> {
    // Where nobody was there, a patient's newer letter waits behind the older one.
    let sql = "SELECT n.id, n.owner, n.letter, n.attempts FROM outbox n
               WHERE n.state = 'waiting' AND n.channel = $1 AND n.due_at <= $2
                   AND (n.owner = $3 OR n.channel <> 'mail' OR NOT EXISTS (
                       SELECT 1 FROM outbox o WHERE o.owner = n.owner AND o.channel = n.channel
                           AND o.state = 'waiting' AND o.problem = $4 AND o.due_at > $2
                           AND (o.made_at < n.made_at OR (o.made_at = n.made_at AND o.id < n.id))))
               ORDER BY n.made_at, n.id LIMIT 1";
    let mut sent = 0;
    // Asked anew each time: one that got through lets others go that stand before those that were due.
    for _ in 0..ROUND {
        let (now, practice) = (keep.clock().now(), Owner::Practice.text());
        let row = keep.read().await?.row(sql, args![channel.text(), now, practice, NO_CONNECTION]).await?;
        let Some(row) = row else { break };
        sent += usize::from(deliver(keep, carrier, (&row, channel)).await?);
    }
    Ok(sent)
}

/// The letters that were given up, newest first.
pub async fn dead_letters(conn: &mut Conn) -> Result<Vec<DeadLetter>, KeepError> {
    let sql = "SELECT id, owner, channel, attempts, problem, ended_at FROM outbox WHERE state = 'failed'
               ORDER BY ended_at DESC LIMIT 200";
    let rows = conn.rows(sql, args![]).await?;
    rows.iter()
        .map(|row| {
            Ok(DeadLetter {
                id: row.parsed("id", JobId::parse)?,
                owner: row.parsed("owner", Owner::parse)?,
                channel: row.parsed("channel", Channel::parse)?,
                tries: row.int("attempts")?,
                problem: row.opt_text("problem")?.unwrap_or_default().into(),
                ended_at: row.time("ended_at")?,
            })
        })
        .collect()
}

async fn deliver(
    keep: &Keep,
    carrier: &dyn Carrier,
    (row, channel): (&Row, Channel),
) -> Result<bool, KeepError> {
    let id = row.parsed("id", JobId::parse)?;
    let owner = row.parsed("owner", Owner::parse)?;
    let tries = row.int("attempts")? + 1;
    let access = access(owner)?;
    let attempt = Attempt { id, owner, channel, tries, access: &access };
    let carried = match attempt.begin(keep, row.blob("letter")?).await? {
        Begun::Held => return Ok(false),
        Begun::Unreadable => Err(CarryError::Never("unreadable")),
        Begun::Letter(letter) if !is_sent(&letter, &keep.settings().house_rules) => {
            Err(CarryError::Never("switched_off"))
        }
        Begun::Letter(letter) => {
            let limit = Duration::from_millis(CARRY_MS);
            let carried = tokio::time::timeout(limit, carrier.carry(id, &letter)).await;
            carried.unwrap_or(Err(CarryError::Later(NO_ANSWER)))
        }
    };
    attempt.end(keep, carried).await?;
    Ok(carried.is_ok())
}

/// House rules switch the way to patients on and off, also for what waits already. Staff are always
/// written to.
fn is_sent(letter: &Letter, house: &HouseRules) -> bool {
    letter.owner == Owner::Practice
        || match letter.channel {
            Channel::Mail => house.send_mail,
            Channel::Sms => house.send_sms,
        }
}

struct Attempt<'a> {
    id: JobId,
    owner: Owner,
    channel: Channel,
    tries: i64,
    access: &'a Access,
}

enum Begun {
    Letter(Letter),
    Unreadable,
    /// Not now: a text that has to wait or may never go, or a letter that begins anew since it was read.
    Held,
}

impl Attempt<'_> {
    /// Counts the try before it is made: a letter that kills the program is still given up in the end.
    async fn begin(&self, keep: &Keep, sealed: &[u8]) -> Result<Begun, KeepError> {
        let mut tx = keep.begin().await?;
        let text = tx.unseal(self.access, &letter_place(&self.id.text(), self.owner), sealed);
        let letter: Option<Letter> = text.ok().and_then(|text| serde_json::from_slice(&text).ok());
        let gate = match &letter {
            Some(letter) => tx.text_gate(self.id, letter).await?,
            None => Gate::Goes,
        };
        let held = match gate {
            Gate::Goes => None,
            Gate::Waits(at) => {
                let sql = "UPDATE outbox SET due_at = $2 WHERE id = $1 AND state = 'waiting'";
                tx.run(sql, args![self.id, at]).await?;
                Some(self.entry("held"))
            }
            Gate::GivenUp(problem) => {
                let sql = "UPDATE outbox SET state = 'failed', ended_at = $2, problem = $3
                           WHERE id = $1 AND state = 'waiting'";
                let now = tx.now();
                tx.run(sql, args![self.id, now, problem]).await?;
                Some(self.entry("given_up").outcome(Outcome::Failed).detail("problem", problem))
            }
        };
        if let Some(entry) = held {
            tx.commit(self.access, entry).await?;
            return Ok(Begun::Held);
        }
        let next = tx.now().plus_ms(pause_ms(self.tries));
        let sql = "UPDATE outbox SET attempts = $1, due_at = $2
                   WHERE id = $3 AND state = 'waiting' AND attempts = $4";
        if tx.run(sql, args![self.tries, next, self.id, self.tries - 1]).await? == 0 {
            return Ok(Begun::Held);
        }
        tx.commit(self.access, self.entry("try")).await?;
        Ok(letter.map_or(Begun::Unreadable, |letter| Begun::Letter(Letter { owner: self.owner, ..letter })))
    }

    async fn end(&self, keep: &Keep, carried: Result<(), CarryError>) -> Result<(), KeepError> {
        let mut tx = keep.begin().await?;
        let now = tx.now();
        // What may have gone counts.
        if !matches!(carried, Ok(()) | Err(CarryError::Later(NO_ANSWER))) {
            tx.text_came_back(self.id).await?;
        }
        let again = self.tries < TRIES_AT_MOST || self.anew(&mut tx).await?;
        let entry = match carried {
            Ok(()) => {
                tx.empties(&letter_place(&self.id.text(), self.owner));
                tx.run_one(
                    "UPDATE outbox SET state = 'sent', letter = $1, ended_at = $2, problem = NULL
                     WHERE id = $3",
                    args![Vec::<u8>::new(), now, self.id],
                )
                .await?;
                // Somebody is there again: nothing waits for its own pause any more.
                let sql = "UPDATE outbox SET due_at = $3 WHERE channel = $1 AND state = 'waiting'
                           AND problem = $2 AND due_at > $3";
                tx.run(sql, args![self.channel.text(), NO_CONNECTION, now]).await?;
                self.entry("sent")
            }
            Err(CarryError::Later(problem)) if again => {
                // The pause counts from now: a server that took its time to say no has it after that. What
                // began anew while it was under way keeps the time that it was given.
                let next = now.plus_ms(pause_ms(self.tries));
                let sql = "UPDATE outbox SET problem = $1,
                               due_at = CASE WHEN attempts = $4 THEN $2 ELSE due_at END
                           WHERE id = $3";
                tx.run_one(sql, args![problem, next, self.id, self.tries]).await?;
                self.entry("later").outcome(Outcome::Failed).detail("problem", problem)
            }
            Err(CarryError::Later(problem) | CarryError::Never(problem)) => {
                tx.run_one(
                    "UPDATE outbox SET state = 'failed', ended_at = $1, problem = $2 WHERE id = $3",
                    args![now, problem, self.id],
                )
                .await?;
                self.entry("given_up").outcome(Outcome::Failed).detail("problem", problem)
            }
        };
        tx.commit(self.access, entry).await.map(|_| ())
    }

    /// Whether a newer letter made this one begin anew while it was under way.
    async fn anew(&self, conn: &mut Conn) -> Result<bool, KeepError> {
        let row = conn.row("SELECT attempts FROM outbox WHERE id = $1", args![self.id]).await?;
        Ok(row.is_some_and(|row| row.int("attempts") != Ok(self.tries)))
    }

    fn entry(&self, stage: &str) -> Entry {
        Entry::new(Object::of("letter", self.id.text()))
            .detail("stage", stage)
            .detail("tries", self.tries.to_string())
    }
}

fn access(owner: Owner) -> Result<Access, KeepError> {
    let patient = match owner {
        Owner::Practice => None,
        Owner::Patient(id) => Some(id),
    };
    let facts = Facts { patient, ..Facts::default() };
    decide(&Principal::System, &facts, Act::DeliverLetter).map_err(|_| KeepError::Proof)
}

fn pause_ms(tries: i64) -> i64 {
    let doubled = FIRST_PAUSE_MS << tries.clamp(0, 12).saturating_sub(1);
    doubled.clamp(FIRST_PAUSE_MS, HOUR_MS)
}

fn letter_place(row: &str, owner: Owner) -> Place<'_> {
    Place { table: "outbox", column: "letter", row, version: 1, owner }
}
