//! SQL of days that stand in other features' tables.

use crate::ids::VendorId;
use crate::risk::rules::AnalysisState;
use crate::risk::store::analyses;
use crate::safeguards::{self, rules::LOOK_AGAIN_MS};
use keep::{Conn, KeepError, args};
use vocabulary::UnixMillis;

const AGREEMENTS_MAX: i64 = 500;

/// The day that the newest analysis, signed, has set; none while the next one is open.
pub async fn next_analysis(conn: &mut Conn) -> Result<Option<UnixMillis>, KeepError> {
    let newest = analyses::list(conn).await?.into_iter().next();
    Ok(newest.filter(|one| one.state == AnalysisState::Signed).and_then(|one| one.review_due))
}

/// The last day of each agreement with a vendor in use.
pub async fn agreements(conn: &mut Conn) -> Result<Vec<(VendorId, UnixMillis)>, KeepError> {
    let sql = "SELECT id, agreement_ends_at FROM vendor
               WHERE state = 'active' AND agreement_ends_at IS NOT NULL
               ORDER BY agreement_ends_at, id LIMIT $1";
    let rows = conn.rows(sql, args![AGREEMENTS_MAX]).await?;
    rows.iter().map(|row| Ok((row.parsed("id", VendorId::parse)?, row.time("agreement_ends_at")?))).collect()
}

/// When decisions on safeguards are due again, as far as that is before `until`, the earliest first.
pub async fn safeguards(conn: &mut Conn, until: UnixMillis) -> Result<Vec<UnixMillis>, KeepError> {
    let newest = safeguards::newest(conn).await?;
    let mut days: Vec<_> = newest.iter().map(|one| one.at.plus_ms(LOOK_AGAIN_MS)).collect();
    days.retain(|at| *at <= until);
    days.sort_unstable_by_key(|at| at.0);
    Ok(days)
}
