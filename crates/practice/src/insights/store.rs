//! SQL of the table `insight`.

use super::rules::{Insight, findings};
use crate::findings::{Source, raise};
use crate::ids::InsightId;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{KeepError, Tx, Viewing, args};
use policy::Access;
use vocabulary::UnixMillis;

/// The newest ones; more than a practice gives in years.
const LIST_MAX: i64 = 2_000;

/// One insight, and when. The page shows the month alone.
pub struct Told {
    pub insight: Insight,
    pub at: UnixMillis,
}

/// Keeps it without a name, and raises what the risk review should hear.
pub async fn give(tx: &mut Tx, insight: &Insight, month: UnixMillis) -> Result<(), KeepError> {
    let id = InsightId::new(tx.now(), tx.entropy()).text();
    let words = seal(tx, "insight", &id, FIRST_VERSION, insight)?;
    tx.run(
        "INSERT INTO insight (id, words, at, version) VALUES ($1, $2, $3, $4)",
        args![id, words, month, FIRST_VERSION],
    )
    .await?;
    for kind in findings(insight) {
        raise(tx, kind, Source::Insight).await?;
    }
    Ok(())
}

/// What was said since then, the newest first.
pub async fn since(viewing: &mut Viewing, access: &Access, from: UnixMillis) -> Result<Vec<Told>, KeepError> {
    let sql = "SELECT id, words, at, version FROM insight WHERE at > $1 ORDER BY at DESC, id LIMIT $2";
    let rows = viewing.rows(sql, args![from, LIST_MAX]).await?;
    rows.iter()
        .map(|row| Ok(Told { insight: open(viewing, access, "insight", row)?, at: row.time("at")? }))
        .collect()
}
