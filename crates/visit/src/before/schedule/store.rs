//! The visits of a day or a week as the filter wants them, and the SQL of the table `visit_site`.

use super::Filter;
use crate::before::store::{Span, VISITS_MAX, VisitRow, visits_in};
use keep::{Conn, KeepError, Tx, args};
use vocabulary::{SiteId, UnixMillis, VisitId};

/// What a page shows of a time, in the order of the times.
pub(crate) struct Listed {
    pub visits: Vec<VisitRow>,
    /// There are more; the page says so.
    pub cut: bool,
}

/// The visits that start in these days and pass the filter. The bound grows with the number of days.
pub(crate) async fn visits_of(
    conn: &mut Conn,
    filter: &Filter,
    ((from, until), days): ((UnixMillis, UnixMillis), i64),
) -> Result<Listed, KeepError> {
    let most = VISITS_MAX * days;
    // One more than is shown tells whether there is more.
    let span = Span {
        from,
        until,
        clinician: filter.with.map(|who| (who, filter.now)),
        site: filter.site,
        most: most + 1,
    };
    let mut visits = visits_in(conn, span).await?;
    let shown = usize::try_from(most).unwrap_or(usize::MAX);
    let cut = visits.len() > shown;
    visits.truncate(shown);
    Ok(Listed { visits, cut })
}

/// How many visits of this time take place, however many they are: of one person those that the list shows.
pub(super) async fn count_of(
    conn: &mut Conn,
    filter: &Filter,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<i64, KeepError> {
    let (only, now) = (filter.with.map(|person| person.text()).unwrap_or_default(), filter.now);
    let site = filter.site.map(|site| site.text()).unwrap_or_default();
    let row = conn
        .row(
            "SELECT count(*) AS n FROM visit WHERE starts_at >= $1 AND starts_at < $2
                 AND state NOT IN ('cancelled', 'no_show') AND ($3 = '' OR clinician = $4
                     OR id IN (SELECT visit FROM participant
                               WHERE person = $5 AND role = 'deputy' AND state <> 'removed'
                                   AND id NOT IN (SELECT participant FROM delegate_seat)
                                   AND id NOT IN (SELECT participant FROM check_seat WHERE until_at <= $8))
                     OR clinician IN (SELECT clinician FROM delegate
                               WHERE person = $9 AND from_at <= starts_at AND until_at > starts_at
                                   AND from_at <= $10 AND until_at > $11 AND ended_at IS NULL))
                 AND ($6 = '' OR id IN (SELECT visit FROM visit_site WHERE site = $7))",
            args![from, until, &only, &only, &only, &site, &site, now, &only, now, now],
        )
        .await?;
    row.ok_or(KeepError::NotFound)?.int("n")
}

pub(crate) async fn put_site(tx: &mut Tx, visit: VisitId, site: SiteId) -> Result<(), KeepError> {
    tx.run_one("INSERT INTO visit_site (visit, site) VALUES ($1, $2)", args![visit, site]).await
}

/// Where the visit counts; `None` when nobody said.
/// At this site from now on, or at none.
pub(crate) async fn set_site(tx: &mut Tx, visit: VisitId, site: Option<SiteId>) -> Result<(), KeepError> {
    tx.run("DELETE FROM visit_site WHERE visit = $1", args![visit]).await?;
    match site {
        Some(site) => put_site(tx, visit, site).await,
        None => Ok(()),
    }
}

pub(crate) async fn site_of(conn: &mut Conn, visit: VisitId) -> Result<Option<SiteId>, KeepError> {
    let row = conn.row("SELECT site FROM visit_site WHERE visit = $1", args![visit]).await?;
    row.map(|row| row.parsed("site", SiteId::parse)).transpose()
}
