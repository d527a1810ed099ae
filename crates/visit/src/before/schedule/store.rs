//! SQL of the table `visit_site`.

use super::Filter;
use crate::before::store::{Span, VISITS_MAX, VisitRow, visits_in};
use keep::{Conn, KeepError, Tx, args};
use std::collections::HashSet;
use vocabulary::{SiteId, UnixMillis, VisitId};

/// The visits that start in this time and pass the filter, in the order of their times.
pub(crate) async fn visits_of(
    conn: &mut Conn,
    filter: &Filter,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<Vec<VisitRow>, KeepError> {
    let mut all = visits_in(conn, Span { from, until, clinician: filter.with }).await?;
    if let Some(site) = filter.site {
        let there = at_site(conn, site, (from, until)).await?;
        all.retain(|visit| there.contains(&visit.id));
    }
    Ok(all)
}

pub(crate) async fn put_site(tx: &mut Tx, visit: VisitId, site: SiteId) -> Result<(), KeepError> {
    tx.run_one("INSERT INTO visit_site (visit, site) VALUES ($1, $2)", args![visit, site]).await
}

async fn at_site(
    conn: &mut Conn,
    site: SiteId,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<HashSet<VisitId>, KeepError> {
    let rows = conn
        .rows(
            "SELECT s.visit FROM visit_site s JOIN visit v ON v.id = s.visit
             WHERE s.site = $1 AND v.starts_at >= $2 AND v.starts_at < $3 ORDER BY s.visit LIMIT $4",
            args![site, from, until, VISITS_MAX],
        )
        .await?;
    rows.iter().map(|row| row.parsed("visit", VisitId::parse)).collect()
}
