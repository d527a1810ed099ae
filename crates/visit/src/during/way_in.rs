//! The ways to a socket: one-time tickets, kept in memory for a minute, and resume tokens, kept as hashes in
//! the store. Both stand for one participant in one session; neither says anything the session does not still
//! allow.

use super::problem::Trouble;
use super::store::{self, Resume};
use crate::before::companions::acting;
use keep::{Keep, KeepError, Tx};
use people::sessions;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use vocabulary::{
    HOUR_MS, Lang, ParticipantId, Principal, Relations, SECOND_MS, Secret, SessionId, UnixMillis, VisitId,
};

/// By what right somebody has a socket, as the server knows it. Never made from a message's fields.
#[derive(Clone)]
pub struct Pass {
    pub who: Principal,
    pub participant: ParticipantId,
    pub visit: VisitId,
    pub session: SessionId,
    pub lang: Lang,
    /// The `n` of a guest's pages.
    pub door: Option<String>,
    /// Given to the page, for its next hello.
    pub resume: Secret,
}

/// A resume token that a transaction has put down; worth a ticket once the transaction has committed.
pub struct Opened {
    token: Secret,
    resume: Resume,
}

#[derive(Default)]
pub struct Tickets(Mutex<HashMap<Vec<u8>, Ticket>>);

struct Ticket {
    opened: Opened,
    until: UnixMillis,
}

/// Inside the transaction of the act that lets somebody come: their older pages' tokens die with it.
pub async fn open(
    tx: &mut Tx,
    session: SessionId,
    (visit, participant): (VisitId, ParticipantId),
    lang: Lang,
) -> Result<Opened, KeepError> {
    let token = Secret::new(tx.entropy());
    let resume = Resume { participant, visit, session, lang, created_at: tx.now() };
    store::put(tx, &token, &resume).await?;
    Ok(Opened { token, resume })
}

impl Tickets {
    pub fn issue(&self, keep: &Keep, opened: Opened) -> Result<Secret, Trouble> {
        let now = keep.clock().now();
        let ticket = Secret::new(keep.entropy());
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= TICKETS_MAX {
            held.retain(|_, ticket| now < ticket.until);
        }
        if held.len() >= TICKETS_MAX {
            return Err(Trouble::ServerFull);
        }
        held.insert(index(keep, &ticket), Ticket { opened, until: now.plus_ms(TICKET_MS) });
        Ok(ticket)
    }

    /// Takes the ticket out, whatever comes of it.
    fn take(&self, keep: &Keep, ticket: &Secret) -> Option<Opened> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&index(keep, ticket))?;
        (keep.clock().now() < held.until).then_some(held.opened)
    }
}

pub async fn by_ticket(keep: &Keep, tickets: &Tickets, text: &str) -> Result<Pass, Trouble> {
    let ticket = Secret::parse(text).ok_or(Trouble::TicketOver)?;
    let Opened { token, resume } = tickets.take(keep, &ticket).ok_or(Trouble::TicketOver)?;
    confirm(keep, token, resume).await
}

pub async fn by_resume(keep: &Keep, text: &str) -> Result<Pass, Trouble> {
    let token = Secret::parse(text).ok_or(Trouble::ResumeOver)?;
    let mut conn = keep.read().await.map_err(|_| Trouble::TryAgain)?;
    let resume = store::find(keep, &mut conn, &token).await.map_err(|_| Trouble::TryAgain)?;
    drop(conn);
    let now = keep.clock().now();
    let young = |resume: &Resume| now.since(resume.created_at) < RESUME_MS;
    confirm(keep, token, resume.filter(young).ok_or(Trouble::ResumeOver)?).await
}

/// The session is asked every time: what it no longer allows, no token brings back.
async fn confirm(keep: &Keep, token: Secret, resume: Resume) -> Result<Pass, Trouble> {
    let (who, door) = principal(keep, resume.session).await?.ok_or(Trouble::SignedOut)?;
    let Resume { participant, visit, session, lang, .. } = resume;
    Ok(Pass { who, participant, visit, session, lang, door, resume: token })
}

/// Whoever this session speaks for now, if anybody. Of somebody who acts for the patient it speaks no longer
/// than their authority holds (R74): an authority that is over looks like a session that is.
pub async fn principal(
    keep: &Keep,
    session: SessionId,
) -> Result<Option<(Principal, Option<String>)>, Trouble> {
    let mut conn = keep.read().await.map_err(|_| Trouble::TryAgain)?;
    let found = sessions::load(&mut conn, session).await.map_err(|_| Trouble::TryAgain)?;
    let now = keep.clock().now();
    let alive = found.filter(|session| session.is_alive(keep, now));
    let Some((who, door)) = alive.and_then(|session| Some((session.principal()?, session.door))) else {
        return Ok(None);
    };
    if let Principal::Guest { participant, .. } = who {
        let acts = acting::facts_of(&mut conn, participant, now).await.map_err(|_| Trouble::TryAgain)?;
        if acts.is_some_and(|facts| facts.relations == Relations::NONE) {
            return Ok(None);
        }
    }
    Ok(Some((who, door)))
}

fn index(keep: &Keep, ticket: &Secret) -> Vec<u8> {
    keep.blind("ticket", "memory", &ticket.reveal())
}

/// A ticket stands in an address for the moment between two pages.
pub const TICKET_MS: i64 = 60 * SECOND_MS;
/// No visit and no session is longer.
const RESUME_MS: i64 = 24 * HOUR_MS;
/// Tickets at once: each is a press of a button in the last minute.
const TICKETS_MAX: usize = 10_000;
