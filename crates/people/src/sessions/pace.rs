//! More time (R101): whoever asked for it may be quiet for longer before their session ends.
//!
//! Decided where the session begins, from what the patient needs, and again where they say so in it; kept as
//! a keyed hash, because a longer limit in a plain column would say something of a patient's health.

use crate::needs;
use keep::{Keep, KeepError, Tx, args};
use policy::Access;
use vocabulary::{PatientId, SessionId};

/// Of a session that began in this transaction.
pub(crate) async fn put(
    tx: &mut Tx,
    access: &Access,
    (session, patient): (SessionId, PatientId),
) -> Result<(), KeepError> {
    let longer = needs::wants_more_time(tx, access, patient).await?;
    begin(tx, session, longer).await
}

pub(crate) async fn begin(tx: &mut Tx, session: SessionId, longer: bool) -> Result<(), KeepError> {
    let pace = tx.blind(PACE.0, PACE.1, &spelled(session, longer));
    let sql = "INSERT INTO session_pace (session, pace) VALUES ($1, $2)";
    tx.run_one(sql, args![session, pace]).await
}

/// Of the session in which somebody has just said what they need.
pub(crate) async fn change(tx: &mut Tx, session: SessionId, longer: bool) -> Result<(), KeepError> {
    let pace = tx.blind(PACE.0, PACE.1, &spelled(session, longer));
    tx.run("UPDATE session_pace SET pace = $2 WHERE session = $1", args![session, pace]).await?;
    Ok(())
}

pub(super) fn is_longer(keep: &Keep, session: SessionId, pace: &[u8]) -> bool {
    keep.blind(PACE.0, PACE.1, &spelled(session, true)) == pace
}

fn spelled(session: SessionId, longer: bool) -> String {
    format!("{} {}", session.text(), if longer { "longer" } else { "usual" })
}

const PACE: (&str, &str) = ("session_pace", "pace");
