//! SQL of the tables `visit_type` and `common_reason`.

use crate::before::rules::Kind;
use keep::{Conn, KeepError, Tx, args};

/// More reasons than this do not fit a list that anybody reads.
pub(super) const REASONS_MAX: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub kind: Kind,
    pub offered: bool,
    pub length_min: i64,
}

/// Every type there is, in the order of `Kind::ALL`.
pub(crate) async fn offers(conn: &mut Conn) -> Result<Vec<Offer>, KeepError> {
    let rows = conn.rows("SELECT kind, offered, length_min FROM visit_type ORDER BY kind", args![]).await?;
    let mut said = Vec::new();
    for row in &rows {
        let kind = row.parsed("kind", Kind::parse)?;
        said.push(Offer { kind, offered: row.flag("offered")?, length_min: row.int("length_min")? });
    }
    let of = |kind| said.iter().copied().find(|one: &Offer| one.kind == kind);
    let usual = |kind| Offer { kind, offered: true, length_min: usual_min(kind) };
    Ok(Kind::ALL.iter().map(|kind| of(*kind).unwrap_or_else(|| usual(*kind))).collect())
}

/// The practice's list of reasons, in its order.
pub(crate) async fn reasons(conn: &mut Conn) -> Result<Vec<String>, KeepError> {
    let rows = conn.rows("SELECT words FROM common_reason ORDER BY number", args![]).await?;
    rows.iter().map(|row| Ok(row.text("words")?.to_owned())).collect()
}

pub(super) async fn put(tx: &mut Tx, offers: &[Offer], reasons: &[String]) -> Result<(), KeepError> {
    for one in offers {
        tx.run_one(
            "INSERT INTO visit_type (kind, offered, length_min) VALUES ($1, $2, $3)
             ON CONFLICT (kind) DO UPDATE SET offered = excluded.offered, length_min = excluded.length_min",
            args![one.kind.code(), i64::from(one.offered), one.length_min],
        )
        .await?;
    }
    tx.run("DELETE FROM common_reason", args![]).await?;
    for (number, words) in (1_i64..).zip(reasons.iter().take(REASONS_MAX)) {
        let sql = "INSERT INTO common_reason (number, words) VALUES ($1, $2)";
        tx.run_one(sql, args![number, words]).await?;
    }
    Ok(())
}

fn usual_min(kind: Kind) -> i64 {
    match kind {
        Kind::First => 30,
        Kind::FollowUp => 20,
        Kind::Urgent => 15,
        Kind::Group => 45,
    }
}
