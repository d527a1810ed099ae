//! SQL of the table `reminder`, and of what waits for whom.

use keep::{Conn, KeepError, Row, Tx, args};
use people::staff;
use vocabulary::{PersonId, Role, UnixMillis};

/// As many lines as one look takes in.
const LINES_MAX: i64 = 5_000;

/// Owners of open entries of the register, and colleagues with a question, due until `until`; `None` for an
/// entry that nobody owns.
pub async fn owners(conn: &mut Conn, until: UnixMillis) -> Result<Vec<Option<PersonId>>, KeepError> {
    let plan = "SELECT owner AS person FROM risk
                WHERE state IN ('open', 'treated') AND due_at <= $1 LIMIT $2";
    let asked = "SELECT a.asked_of AS person FROM answer a JOIN analysis n ON n.id = a.analysis
                 WHERE n.state = 'draft' AND a.asked_of IS NOT NULL AND a.due_at <= $1
                     AND (a.choice IS NULL OR a.state = 'reopened') LIMIT $2";
    let mut found = Vec::new();
    for sql in [plan, asked] {
        let rows = conn.rows(sql, args![until, LINES_MAX]).await?;
        found.extend(rows.iter().map(owner).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// Who can be written to, and who of them hears what the practice owes: the privacy officials or, while none
/// of them is here, the security officials.
pub async fn active(conn: &mut Conn) -> Result<(Vec<PersonId>, Vec<PersonId>), KeepError> {
    let all = staff::list(conn).await?;
    let active = all.iter().filter(|one| one.state == staff::State::Active);
    let of = |role| active.clone().filter(|one| one.roles.has(role)).map(|one| one.id).collect::<Vec<_>>();
    let privacy = of(Role::PrivacyOfficial);
    let officials = if privacy.is_empty() { of(Role::SecurityOfficial) } else { privacy };
    Ok((active.map(|one| one.id).collect(), officials))
}

pub async fn told_on(conn: &mut Conn, day: &str) -> Result<Vec<PersonId>, KeepError> {
    let sql = "SELECT id AS person FROM reminder WHERE day = $1 LIMIT $2";
    conn.rows(sql, args![day, LINES_MAX]).await?.iter().map(person).collect()
}

pub async fn told(tx: &mut Tx, person: PersonId, day: &str) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO reminder (id, day, sent_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET day = excluded.day, sent_at = excluded.sent_at",
        args![person, day, tx.now()],
    )
    .await
    .map(|_| ())
}

/// When the newest went out, and to how many on that day.
pub async fn last(conn: &mut Conn) -> Result<Option<(UnixMillis, i64)>, KeepError> {
    let sql = "SELECT count(*) AS n, max(sent_at) AS at FROM reminder
               WHERE day = (SELECT max(day) FROM reminder)";
    let Some(row) = conn.row(sql, args![]).await? else { return Ok(None) };
    let people = row.int("n")?;
    Ok(row.opt_time("at")?.map(|at| (at, people)))
}

fn person(row: &Row) -> Result<PersonId, KeepError> {
    row.parsed("person", PersonId::parse)
}

fn owner(row: &Row) -> Result<Option<PersonId>, KeepError> {
    row.opt_parsed("person", PersonId::parse)
}
