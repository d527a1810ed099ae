//! SQL of the tables `review_request` and `roster`.

use crate::ids::RequestId;
use crate::risk::rules::{AnalysisState, Trigger, reopened_by};
use crate::risk::store::{analyses, answers};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, Entry, KeepError, Object, Tx, Viewing, args};
use policy::{Access, Act, Facts, decide};
use serde::{Deserialize, Serialize};
use vocabulary::{Principal, UnixMillis};

/// More than these are not listed; whatever waits is applied at once.
const LIST_MAX: i64 = 200;
/// More accounts than a practice has.
const ACCOUNTS_MAX: i64 = 10_000;

/// A change that waits for an analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub trigger: Trigger,
    pub asked_at: UnixMillis,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Words {
    reason: String,
}

/// Notes the change, and reopens what it touches when an analysis is open. How many answers that were. The
/// program's own entry stands beside the caller's.
pub async fn fire(tx: &mut Tx, trigger: Trigger, reason: &str) -> Result<u64, KeepError> {
    let program =
        decide(&Principal::System, &Facts::default(), Act::AskForReview).map_err(|_| KeepError::Proof)?;
    let newest = analyses::list(tx).await?.into_iter().next();
    let draft = newest.filter(|analysis| analysis.state == AnalysisState::Draft);
    let id = RequestId::new(tx.now(), tx.entropy()).text();
    let words = seal(tx, "review_request", &id, FIRST_VERSION, &Words { reason: reason.to_owned() })?;
    let state = if draft.is_some() { "applied" } else { "waiting" };
    tx.run(
        "INSERT INTO review_request (id, trigger_code, state, words, asked_at, version)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![&id, trigger.code(), state, words, tx.now(), FIRST_VERSION],
    )
    .await?;
    let reopened = match &draft {
        Some(draft) => answers::reopen(tx, draft.id, reopened_by(trigger), trigger).await?,
        None => 0,
    };
    let entry = Entry::new(Object::of("review_request", id))
        .detail("trigger", trigger.code())
        .detail("reopened", reopened.to_string());
    tx.note(&program, entry);
    Ok(reopened)
}

/// What waits for an analysis, the oldest first.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Request>, KeepError> {
    let sql = "SELECT trigger_code, asked_at FROM review_request WHERE state = 'waiting'
               ORDER BY asked_at, id LIMIT $1";
    let rows = conn.rows(sql, args![LIST_MAX]).await?;
    rows.iter()
        .map(|row| {
            Ok(Request {
                trigger: row.parsed("trigger_code", Trigger::parse)?,
                asked_at: row.time("asked_at")?,
            })
        })
        .collect()
}

pub async fn waiting_for(conn: &mut Conn, trigger: Trigger) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM review_request WHERE state = 'waiting' AND trigger_code = $1 LIMIT 1";
    Ok(conn.row(sql, args![trigger.code()]).await?.is_some())
}

/// An analysis has just begun with last year's answers: what waited is asked again in it.
pub async fn apply_waiting(tx: &mut Tx, analysis: crate::ids::AnalysisId) -> Result<u64, KeepError> {
    let mut reopened = 0;
    let sql =
        "SELECT DISTINCT trigger_code FROM review_request WHERE state = 'waiting' ORDER BY trigger_code";
    for row in tx.rows(sql, args![]).await? {
        let trigger = row.parsed("trigger_code", Trigger::parse)?;
        reopened += answers::reopen(tx, analysis, reopened_by(trigger), trigger).await?;
    }
    // The words stay as they are, so their version does too.
    tx.run("UPDATE review_request SET state = 'applied' WHERE state = 'waiting'", args![]).await?;
    Ok(reopened)
}

/// Why answers were last reopened by this, and when.
pub async fn latest(
    viewing: &mut Viewing,
    access: &Access,
    trigger: Trigger,
) -> Result<Option<(String, UnixMillis)>, KeepError> {
    let sql = "SELECT id, words, asked_at, version FROM review_request WHERE trigger_code = $1
               ORDER BY asked_at DESC, id DESC LIMIT 1";
    let Some(row) = viewing.row(sql, args![trigger.code()]).await? else { return Ok(None) };
    let words: Words = open(viewing, access, "review_request", &row)?;
    Ok(Some((words.reason, row.time("asked_at")?)))
}

pub async fn roster(conn: &mut Conn) -> Result<Option<Vec<String>>, KeepError> {
    let row = conn.row("SELECT accounts FROM roster WHERE id = 'practice'", args![]).await?;
    row.map(|row| Ok(row.text("accounts")?.split_whitespace().map(str::to_owned).collect())).transpose()
}

/// Whose accounts are active now.
pub async fn active(conn: &mut Conn) -> Result<Vec<String>, KeepError> {
    let sql = "SELECT id FROM person WHERE state = 'active' ORDER BY id LIMIT $1";
    let rows = conn.rows(sql, args![ACCOUNTS_MAX]).await?;
    rows.iter().map(|row| row.text("id").map(str::to_owned)).collect()
}

pub async fn put_roster(tx: &mut Tx, active: &[String]) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO roster (id, accounts, at) VALUES ('practice', $1, $2)
         ON CONFLICT (id) DO UPDATE SET accounts = excluded.accounts, at = excluded.at",
        args![active.join(" "), tx.now()],
    )
    .await
    .map(|_| ())
}
