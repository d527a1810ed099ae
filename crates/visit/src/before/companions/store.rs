//! SQL of the table `companion`. Name and address are sealed under the key of the patient whose visit it is.

use super::rules::Companion;
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, Lang, ParticipantId, PatientId};

/// What a letter needs.
pub(super) struct Contact {
    pub email: Option<Health>,
    pub lang: Lang,
}

pub(super) async fn insert(
    tx: &mut Tx,
    (participant, patient): (ParticipantId, PatientId),
    new: &Companion,
) -> Result<(), KeepError> {
    let row = participant.text();
    let name = tx.seal_text(&place(&row, patient, "name"), &new.name)?;
    let email = new.email.as_deref().map(|email| tx.seal_text(&place(&row, patient, "email"), email));
    tx.run_one(
        "INSERT INTO companion (participant, patient, lang, name, email) VALUES ($1, $2, $3, $4, $5)",
        args![participant, patient, new.lang.code(), name, email.transpose()?],
    )
    .await
}

/// None for patients and staff, who have their names elsewhere.
pub async fn name(
    view: &mut Viewing,
    access: &Access,
    (participant, patient): (ParticipantId, PatientId),
) -> Result<Option<Health>, KeepError> {
    let Some(row) = row_of(view, participant).await? else { return Ok(None) };
    view.unseal_text(access, &place(&participant.text(), patient, "name"), row.blob("name")?).map(Some)
}

pub async fn lang_of(conn: &mut Conn, participant: ParticipantId) -> Result<Option<Lang>, KeepError> {
    let row = row_of(conn, participant).await?;
    row.map(|row| row.parsed("lang", Lang::parse)).transpose()
}

pub(super) async fn contact(
    view: &mut Viewing,
    access: &Access,
    (participant, patient): (ParticipantId, PatientId),
) -> Result<Option<Contact>, KeepError> {
    let Some(row) = row_of(view, participant).await? else { return Ok(None) };
    let text = participant.text();
    let sealed = row.opt_blob("email")?;
    let email = sealed.map(|sealed| view.unseal_text(access, &place(&text, patient, "email"), sealed));
    Ok(Some(Contact { email: email.transpose()?, lang: row.parsed("lang", Lang::parse)? }))
}

async fn row_of(conn: &mut Conn, participant: ParticipantId) -> Result<Option<Row>, KeepError> {
    conn.row(
        "SELECT participant, lang, name, email FROM companion WHERE participant = $1",
        args![participant],
    )
    .await
}

/// Written once, at the invitation.
fn place<'a>(row: &'a str, patient: PatientId, column: &'static str) -> Place<'a> {
    Place { table: "companion", column, row, version: 1, owner: Owner::Patient(patient) }
}
