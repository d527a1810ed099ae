//! SQL of the table `care_team`.

use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{PatientId, PersonId, UnixMillis};

/// A team larger than this is not listed in full.
const MEMBERS_MAX: i64 = 100;
/// A clinician with more patients than this sees the newest ones listed; search by name finds the others.
const PATIENTS_MAX: i64 = 20_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub approver: PersonId,
    pub since: UnixMillis,
    pub ends_at: UnixMillis,
}

/// Grants, renews or shortens: the newest grant counts. The caller's entry in the trail names the act.
pub async fn put(
    tx: &mut Tx,
    patient: PatientId,
    person: PersonId,
    approver: PersonId,
    ends_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO care_team (id, patient, person, approver, since, ends_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1)
         ON CONFLICT (id) DO UPDATE SET approver = excluded.approver, ends_at = excluded.ends_at,
             version = care_team.version + 1",
        args![format!("{}.{}", patient.text(), person.text()), patient, person, approver, tx.now(), ends_at],
    )
    .await?;
    Ok(())
}

/// At `ends_at` itself a membership is over.
pub async fn is_member(
    conn: &mut Conn,
    patient: PatientId,
    person: PersonId,
    now: UnixMillis,
) -> Result<bool, KeepError> {
    let row = conn
        .row(
            "SELECT id FROM care_team WHERE patient = $1 AND person = $2 AND ends_at > $3",
            args![patient, person, now],
        )
        .await?;
    Ok(row.is_some())
}

pub async fn members(conn: &mut Conn, patient: PatientId, now: UnixMillis) -> Result<Vec<Member>, KeepError> {
    let rows = conn
        .rows(
            "SELECT person, approver, since, ends_at FROM care_team WHERE patient = $1 AND ends_at > $2
             ORDER BY since, person LIMIT $3",
            args![patient, now, MEMBERS_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// Whose charts this person may open now.
pub async fn patients_of(
    conn: &mut Conn,
    person: PersonId,
    now: UnixMillis,
) -> Result<Vec<PatientId>, KeepError> {
    let rows = conn
        .rows(
            "SELECT patient FROM care_team WHERE person = $1 AND ends_at > $2 ORDER BY since DESC LIMIT $3",
            args![person, now, PATIENTS_MAX],
        )
        .await?;
    rows.iter().map(|row| row.parsed("patient", PatientId::parse)).collect()
}

fn read(row: &Row) -> Result<Member, KeepError> {
    Ok(Member {
        person: row.parsed("person", PersonId::parse)?,
        approver: row.parsed("approver", PersonId::parse)?,
        since: row.time("since")?,
        ends_at: row.time("ends_at")?,
    })
}
