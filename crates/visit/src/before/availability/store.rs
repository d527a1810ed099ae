//! SQL of the tables `open_hours` and `day_off`. Days stand there as `2026-12-24`, which sorts as days do.

use super::rules::{self, Fit, Hours, Off, Wanted};
use crate::before::booking::when;
use jiff::civil::Date;
use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{MINUTE_MS, PersonId, SiteId, UnixMillis};

/// More spans of a week, or entries of days off that are not over, than this nobody has.
pub(super) const ROWS_MAX: i64 = 200;

/// Whether a visit fits into this clinician's hours, on the practice's clock.
pub(crate) async fn fit(
    conn: &mut Conn,
    clinician: PersonId,
    (time, site): ((UnixMillis, i64), Option<SiteId>),
    zone: &str,
) -> Result<Fit, KeepError> {
    let Some(wanted) = wanted(time, site, zone) else { return Ok(Fit::Fits) };
    let (hours, off) = (hours_of(conn, clinician).await?, off_of(conn, clinician, wanted.day).await?);
    Ok(rules::fit(&hours, &off, wanted))
}

/// Clinicians who see nobody on this day.
pub(crate) async fn who_is_away(conn: &mut Conn, day: Date) -> Result<Vec<PersonId>, KeepError> {
    let day = day.to_string();
    let rows = conn
        .rows(
            "SELECT DISTINCT clinician FROM day_off WHERE first_day <= $1 AND last_day >= $2
             ORDER BY clinician LIMIT $3",
            args![&day, &day, ROWS_MAX],
        )
        .await?;
    rows.iter().map(|row| row.parsed("clinician", PersonId::parse)).collect()
}

pub(super) async fn hours_of(conn: &mut Conn, clinician: PersonId) -> Result<Vec<Hours>, KeepError> {
    let rows = conn
        .rows(
            "SELECT weekday, from_min, until_min, site FROM open_hours WHERE clinician = $1
             ORDER BY weekday, from_min LIMIT $2",
            args![clinician, ROWS_MAX],
        )
        .await?;
    rows.iter().map(read_hours).collect()
}

/// Those that are not over before this day.
pub(super) async fn off_of(conn: &mut Conn, clinician: PersonId, since: Date) -> Result<Vec<Off>, KeepError> {
    let rows = conn
        .rows(
            "SELECT first_day, last_day FROM day_off WHERE clinician = $1 AND last_day >= $2
             ORDER BY first_day LIMIT $3",
            args![clinician, since.to_string(), ROWS_MAX],
        )
        .await?;
    let day = |row: &Row, column| row.parsed(column, when::read_day);
    rows.iter().map(|row| Ok(Off { first: day(row, "first_day")?, last: day(row, "last_day")? })).collect()
}

/// How many visits of this clinician are still to come in this time.
pub(super) async fn booked_in(
    conn: &mut Conn,
    clinician: PersonId,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<i64, KeepError> {
    let sql = "SELECT count(*) AS n FROM visit WHERE clinician = $1 AND starts_at >= $2 AND starts_at < $3
                   AND state IN ('booked', 'open', 'waiting', 'live')";
    let row = conn.row(sql, args![clinician, from, until]).await?;
    row.ok_or(KeepError::NotFound)?.int("n")
}

/// Visits to come of this clinician that fit neither their hours nor their days off, the next first.
pub(super) async fn misfits(
    conn: &mut Conn,
    clinician: PersonId,
    (hours, off): (&[Hours], &[Off]),
    (now, zone): (UnixMillis, &str),
) -> Result<Vec<UnixMillis>, KeepError> {
    let rows = conn
        .rows(
            "SELECT v.starts_at, v.length_min, s.site FROM visit v LEFT JOIN visit_site s ON s.visit = v.id
             WHERE v.clinician = $1 AND v.starts_at >= $2 AND v.state IN ('booked', 'open', 'waiting')
             ORDER BY v.starts_at, v.id LIMIT $3",
            args![clinician, now, ROWS_MAX],
        )
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let starts_at = row.time("starts_at")?;
        let site = row.opt_parsed("site", SiteId::parse)?;
        let asked = wanted((starts_at, row.int("length_min")?), site, zone);
        if asked.is_some_and(|asked| rules::fit(hours, off, asked) == Fit::OutsideHours) {
            found.push(starts_at);
        }
    }
    Ok(found)
}

pub(super) async fn add_hours(tx: &mut Tx, clinician: PersonId, new: &Hours) -> Result<(), KeepError> {
    tx.run_one(
        "INSERT INTO open_hours (clinician, weekday, from_min, until_min, site) VALUES ($1, $2, $3, $4, $5)",
        args![clinician, new.weekday, new.from_min, new.until_min, new.site],
    )
    .await
}

pub(super) async fn remove_hours(
    tx: &mut Tx,
    clinician: PersonId,
    (weekday, from_min): (i64, i64),
) -> Result<u64, KeepError> {
    tx.run(
        "DELETE FROM open_hours WHERE clinician = $1 AND weekday = $2 AND from_min = $3",
        args![clinician, weekday, from_min],
    )
    .await
}

/// A second entry from the same day on replaces the first: the caller makes sure that it is no shorter.
pub(super) async fn put_off(tx: &mut Tx, clinician: PersonId, off: Off) -> Result<(), KeepError> {
    let (first, last) = (off.first.to_string(), off.last.to_string());
    tx.run_one(
        "INSERT INTO day_off (clinician, first_day, last_day) VALUES ($1, $2, $3)
         ON CONFLICT (clinician, first_day) DO UPDATE SET last_day = excluded.last_day",
        args![clinician, first, last],
    )
    .await
}

pub(super) async fn remove_off(tx: &mut Tx, clinician: PersonId, first: Date) -> Result<u64, KeepError> {
    let first = first.to_string();
    tx.run("DELETE FROM day_off WHERE clinician = $1 AND first_day = $2", args![clinician, first]).await
}

fn wanted((starts_at, length_min): (UnixMillis, i64), site: Option<SiteId>, zone: &str) -> Option<Wanted> {
    let day = when::day_of(starts_at, zone).ok()?;
    let on_the_wall = |at| when::fields(at, zone).ok().and_then(|(_, hour)| rules::minutes(&hour));
    let ends_at = starts_at.plus_ms(length_min * MINUTE_MS);
    let midnights = if when::day_of(ends_at, zone).ok()? == day { 0 } else { 24 * 60 };
    let (from_min, until_min) = (on_the_wall(starts_at)?, on_the_wall(ends_at)? + midnights);
    Some(Wanted { day, from_min, until_min, site })
}

fn read_hours(row: &Row) -> Result<Hours, KeepError> {
    Ok(Hours {
        weekday: row.int("weekday")?,
        from_min: row.int("from_min")?,
        until_min: row.int("until_min")?,
        site: row.opt_parsed("site", SiteId::parse)?,
    })
}
