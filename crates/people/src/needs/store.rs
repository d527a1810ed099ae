//! SQL of the table `need`.

use super::rules::{EXTRA_TIME, Needs};
use keep::{Conn, KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use vocabulary::{FindingId, PatientId, PersonId, UnixMillis};

/// The caller's entry in the trail names the act.
pub async fn add(
    tx: &mut Tx,
    (patient, by): (PatientId, Option<PersonId>),
    needs: &Needs,
) -> Result<(), KeepError> {
    let newest = "SELECT max(at) AS newest FROM need WHERE patient = $1";
    let row = tx.row(newest, args![patient]).await?.ok_or(KeepError::Shape("need.at"))?;
    // Two within one millisecond keep their order.
    let at = row.opt_time("newest")?.map_or(tx.now(), |before| tx.now().max(before.plus_ms(1)));
    let id = FindingId::new(tx.now(), tx.entropy()).text();
    let json = serde_json::to_vec(needs).map_err(|_| KeepError::Shape("needs that JSON cannot hold"))?;
    let words = tx.seal(&place(&id, patient), &json)?;
    tx.run_one(
        "INSERT INTO need (id, patient, words, by_person, at) VALUES ($1, $2, $3, $4, $5)",
        args![&id, patient, words, by, at],
    )
    .await
}

/// The newest; none when nobody has asked.
pub async fn of_patient(
    view: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<Option<Needs>, KeepError> {
    let sql = "SELECT id, words FROM need WHERE patient = $1 ORDER BY at DESC, id DESC LIMIT 1";
    let Some(row) = view.row(sql, args![patient]).await? else { return Ok(None) };
    let json = view.unseal(access, &place(row.text("id")?, patient), row.blob("words")?)?;
    serde_json::from_slice(&json).map(Some).map_err(|_| KeepError::Shape("needs that are no JSON"))
}

/// Who wrote down what was known at that moment, none for the patient, and when.
pub async fn said(
    conn: &mut Conn,
    patient: PatientId,
    at: UnixMillis,
) -> Result<Option<(Option<PersonId>, UnixMillis)>, KeepError> {
    let sql = "SELECT by_person, at FROM need WHERE patient = $1 AND at <= $2
               ORDER BY at DESC, id DESC LIMIT 1";
    let row = conn.row(sql, args![patient, at]).await?;
    row.map(|row| Ok((row.opt_parsed("by_person", PersonId::parse)?, row.time("at")?))).transpose()
}

/// Whether the patient asked for more time (R101).
pub async fn wants_more_time(
    view: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<bool, KeepError> {
    let needs = of_patient(view, access, patient).await?;
    Ok(needs.is_some_and(|needs| is_slower(&needs)))
}

/// Somebody asked for more time (R101).
pub(super) fn is_slower(needs: &Needs) -> bool {
    needs.aids.iter().any(|aid| aid == EXTRA_TIME)
}

fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "need", column: "words", row, version: 1, owner: Owner::Patient(patient) }
}
