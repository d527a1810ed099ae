//! SQL of the table `finding`.

use super::rules::{Group, Kind, Source, small_ones_last};
use keep::{Conn, Entry, KeepError, Object, Row, Tx, args};
use policy::{Act, Facts, decide};
use std::collections::HashSet;
use vocabulary::{FindingId, Principal, UnixMillis, VisitId};

/// More than a practice of this size holds in a season.
const VISITS_MAX: i64 = 20_000;

/// Raises a finding inside the transaction that showed it. The program raises it, so the trail gets an
/// entry of its own that names neither patient nor staff.
pub async fn raise(tx: &mut Tx, kind: Kind, source: Source) -> Result<FindingId, KeepError> {
    let program =
        decide(&Principal::System, &Facts::default(), Act::RaiseFinding).map_err(|_| KeepError::Proof)?;
    let id = FindingId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO finding (id, kind, source, visit, state, at, version)
         VALUES ($1, $2, $3, $4, 'new', $5, 1)",
        args![id, kind.code(), source.code(), source.visit(), tx.now()],
    )
    .await?;
    tx.note(&program, Entry::new(Object::of("finding", id.text())).detail("kind", kind.code()));
    Ok(id)
}

/// Whether this visit has shown that before.
pub async fn has_shown(conn: &mut Conn, visit: VisitId, kind: Kind) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM finding WHERE visit = $1 AND kind = $2 LIMIT 1";
    Ok(conn.row(sql, args![visit, kind.code()]).await?.is_some())
}

/// Open findings by kind: the newest kind first, then the small groups, whose place says nothing.
pub async fn groups(conn: &mut Conn) -> Result<Vec<Group>, KeepError> {
    let rows = conn
        .rows(
            "SELECT kind, CAST(count(*) AS BIGINT) AS findings, max(at) AS newest FROM finding
             WHERE state = 'new' GROUP BY kind ORDER BY max(at) DESC, kind",
            args![],
        )
        .await?;
    rows.iter().map(group).collect::<Result<_, _>>().map(small_ones_last)
}

fn group(row: &Row) -> Result<Group, KeepError> {
    Ok(Group {
        kind: row.parsed("kind", Kind::parse)?,
        count: row.int("findings")?,
        newest: row.time("newest")?,
    })
}

/// Everything found since then by kind, closed findings too, the most frequent first,
/// then the small groups.
pub async fn since(conn: &mut Conn, from: UnixMillis) -> Result<Vec<Group>, KeepError> {
    let rows = conn
        .rows(
            "SELECT kind, CAST(count(*) AS BIGINT) AS findings, max(at) AS newest FROM finding
             WHERE at > $1 GROUP BY kind ORDER BY count(*) DESC, kind",
            args![from],
        )
        .await?;
    rows.iter().map(group).collect::<Result<_, _>>().map(small_ones_last)
}

/// Visits on which one of these showed since then, closed findings too; the newest ones when there are very
/// many.
pub async fn visits_with(
    conn: &mut Conn,
    kinds: &[Kind],
    since: UnixMillis,
) -> Result<HashSet<VisitId>, KeepError> {
    let mut visits = HashSet::new();
    for kind in kinds {
        let rows = conn
            .rows(
                "SELECT visit FROM finding WHERE kind = $1 AND at > $2 AND visit IS NOT NULL
                 ORDER BY at DESC LIMIT $3",
                args![kind.code(), since, VISITS_MAX],
            )
            .await?;
        for row in &rows {
            visits.insert(row.parsed("visit", VisitId::parse)?);
        }
    }
    Ok(visits)
}

/// Closes the open findings of one kind that somebody has read: they became a risk, or there was a reason
/// why not. What came after `seen` stays open. Gives how many they were.
pub async fn close(tx: &mut Tx, kind: Kind, seen: UnixMillis) -> Result<u64, KeepError> {
    tx.run(
        "UPDATE finding SET state = 'closed', version = version + 1
         WHERE state = 'new' AND kind = $1 AND at <= $2",
        args![kind.code(), seen],
    )
    .await
}
