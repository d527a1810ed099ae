//! Numbers about accounts and access that name nobody, for the practice's look at itself. Each is a pair: how
//! many are as they should be, and how many there are.

use crate::{break_glass, care_team};
use keep::{Arg, Conn, KeepError, args};
use vocabulary::{DAY_MS, UnixMillis};

/// An account that nobody used for this long is idle.
pub const IDLE_MS: i64 = 90 * DAY_MS;

/// Active accounts with a passkey, or with a password and its code app.
pub async fn strong_sign_in(conn: &mut Conn) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN
             EXISTS (SELECT 1 FROM passkey k WHERE k.person = p.id AND k.removed_at IS NULL)
             OR EXISTS (SELECT 1 FROM login l WHERE l.person = p.id AND l.password IS NOT NULL
                 AND l.code_key IS NOT NULL)
             THEN 1 ELSE 0 END), 0) AS BIGINT) AS part
         FROM person p WHERE p.state = 'active'";
    pair(conn, sql, args![]).await
}

/// Active accounts that somebody used, or that were made, within `IDLE_MS`.
pub async fn in_use(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN p.created_at > $1
             OR EXISTS (SELECT 1 FROM session s WHERE s.person = p.id AND s.last_seen_at > $1)
             THEN 1 ELSE 0 END), 0) AS BIGINT) AS part
         FROM person p WHERE p.state = 'active'";
    pair(conn, sql, args![now.plus_ms(-IDLE_MS)]).await
}

/// Places on care teams that were confirmed in time.
pub async fn teams_confirmed(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN confirmed_at > $1
             THEN 1 ELSE 0 END), 0) AS BIGINT) AS part
         FROM care_team WHERE ends_at > $2";
    pair(conn, sql, args![now.plus_ms(-care_team::rules::CONFIRM_MS), now]).await
}

/// Emergency openings that a second person looked at, of those that are reviewed or overdue.
pub async fn emergencies_reviewed(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(count(r.opening) AS BIGINT) AS part
         FROM break_glass b LEFT JOIN break_glass_review r ON r.opening = b.id
         WHERE r.opening IS NOT NULL OR b.opened_at <= $1";
    pair(conn, sql, args![now.plus_ms(-break_glass::rules::OVERDUE_MS)]).await
}

async fn pair(conn: &mut Conn, sql: &'static str, args: Vec<Arg>) -> Result<(i64, i64), KeepError> {
    let row = conn.row(sql, args).await?.ok_or(KeepError::Shape("a count without a row"))?;
    Ok((row.int("part")?, row.int("whole")?))
}
