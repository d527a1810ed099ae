//! SQL of the table `care_team`.

use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{PatientId, PersonId, UnixMillis};

/// A team larger than this is not listed in full.
const MEMBERS_MAX: i64 = 100;
/// More on one list than an official works through in a sitting.
const TO_CONFIRM_MAX: i64 = 200;
/// A clinician with more patients than this sees the newest ones listed; search by name finds the others.
const PATIENTS_MAX: i64 = 20_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub patient: PatientId,
    pub person: PersonId,
    pub approver: PersonId,
    pub since: UnixMillis,
    pub confirmed_by: PersonId,
    pub confirmed_at: UnixMillis,
    pub ends_at: UnixMillis,
}

/// Grants, renews or shortens: the newest grant counts, and whoever comes back begins anew. Members who book
/// for themselves stay, and their next confirmation by somebody else stays due when it was (R12). The
/// caller's entry in the trail names the act.
pub async fn put(
    tx: &mut Tx,
    patient: PatientId,
    person: PersonId,
    approver: PersonId,
    ends_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO care_team (id, patient, person, approver, since, confirmed_by, confirmed_at, ends_at,
             version) VALUES ($1, $2, $3, $4, $5, $4, $5, $6, 1)
         ON CONFLICT (id) DO UPDATE SET approver = excluded.approver,
             since = CASE WHEN care_team.ends_at <= excluded.since THEN excluded.since
                 ELSE care_team.since END,
             confirmed_by = CASE WHEN care_team.ends_at > excluded.since
                 AND excluded.approver = care_team.person
                 THEN care_team.confirmed_by ELSE excluded.confirmed_by END,
             confirmed_at = CASE WHEN care_team.ends_at > excluded.since
                 AND excluded.approver = care_team.person
                 THEN care_team.confirmed_at ELSE excluded.confirmed_at END,
             ends_at = excluded.ends_at, version = care_team.version + 1",
        args![id(patient, person), patient, person, approver, tx.now(), ends_at],
    )
    .await?;
    Ok(())
}

/// Still needed, until then. `Conflict` when they are no member by now.
pub async fn confirm(
    tx: &mut Tx,
    (patient, person): (PatientId, PersonId),
    by: PersonId,
    ends_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE care_team SET confirmed_by = $2, confirmed_at = $3, ends_at = $4, version = version + 1
         WHERE id = $1 AND ends_at > $3",
        args![id(patient, person), by, tx.now(), ends_at],
    )
    .await
}

/// From now on they are no member. `Conflict` when they are none already.
pub async fn end(tx: &mut Tx, patient: PatientId, person: PersonId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE care_team SET ends_at = $2, version = version + 1 WHERE id = $1 AND ends_at > $2",
        args![id(patient, person), tx.now()],
    )
    .await
}

/// Members whose place was last confirmed at this moment or before, the longest ago first.
pub async fn to_confirm(
    conn: &mut Conn,
    confirmed: UnixMillis,
    now: UnixMillis,
) -> Result<Vec<Member>, KeepError> {
    let rows = conn
        .rows(
            "SELECT patient, person, approver, since, confirmed_by, confirmed_at, ends_at FROM care_team
             WHERE confirmed_at <= $1 AND ends_at > $2 ORDER BY confirmed_at, id LIMIT $3",
            args![confirmed, now, TO_CONFIRM_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
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
            "SELECT patient, person, approver, since, confirmed_by, confirmed_at, ends_at FROM care_team
             WHERE patient = $1 AND ends_at > $2 ORDER BY since, person LIMIT $3",
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
        patient: row.parsed("patient", PatientId::parse)?,
        person: row.parsed("person", PersonId::parse)?,
        approver: row.parsed("approver", PersonId::parse)?,
        since: row.time("since")?,
        confirmed_by: row.parsed("confirmed_by", PersonId::parse)?,
        confirmed_at: row.time("confirmed_at")?,
        ends_at: row.time("ends_at")?,
    })
}

fn id(patient: PatientId, person: PersonId) -> String {
    format!("{}.{}", patient.text(), person.text())
}
