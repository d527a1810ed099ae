//! SQL of the table `patient`. Everything but the language is sealed under the patient's own key.

use super::rules::{BirthDate, NewPatient, normal_email};
use crate::contact::rules::OnFile;
use crate::contact::{self, Preferences};
use crate::{portal_keys, sessions};
use keep::{Conn, Keep, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, Lang, PatientId, SessionId, UnixMillis};

/// One patient, opened. Cannot be printed: it holds no `Debug`.
pub struct Patient {
    pub id: PatientId,
    pub name: Health,
    pub birth_date: BirthDate,
    pub email: Option<Health>,
    pub phone: Option<Health>,
    pub lang: Lang,
    pub aids: Option<Health>,
    pub check_phrase: Option<Health>,
    pub asked: Preferences,
    pub version: i64,
    pub created_at: UnixMillis,
}

/// How a patient is reached today. Confidential addresses stand in the place of those on file (45 CFR
/// 164.522(b)): nobody reads those on file while there are any.
pub struct Contact {
    pub email: Option<Health>,
    pub phone: Option<Health>,
    pub lang: Lang,
    pub check_phrase: Option<Health>,
    pub asked: Preferences,
}

/// Two patients may share an address: a family does.
const SAME_EMAIL_MAX: i64 = 20;

/// The caller's entry in the trail names the act. After the commit the name belongs into `Names` too.
pub async fn add(tx: &mut Tx, new: &NewPatient) -> Result<PatientId, KeepError> {
    let id = PatientId::new(tx.now(), tx.entropy());
    let row = id.text();
    let birth_date = new.birth_date.text();
    let name = seal(tx, id, &row, "name", Some(&new.name))?;
    let birth_date = seal(tx, id, &row, "birth_date", Some(&birth_date))?;
    let email = seal(tx, id, &row, "email", new.email.as_deref())?;
    let email_index =
        new.email.as_deref().map(|email| tx.blind("patient", "email_index", &normal_email(email)));
    let phone = seal(tx, id, &row, "phone", new.phone.as_deref())?;
    let aids = seal(tx, id, &row, "aids", new.aids.as_deref())?;
    let check_phrase = seal(tx, id, &row, "check_phrase", new.check_phrase.as_deref())?;
    tx.run(
        "INSERT INTO patient (id, name, birth_date, email, email_index, phone, lang, aids, check_phrase,
             version, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id,
            name,
            birth_date,
            email,
            email_index,
            phone,
            new.lang.code(),
            aids,
            check_phrase,
            FIRST_VERSION,
            tx.now(),
        ],
    )
    .await?;
    Ok(id)
}

pub async fn load(open: &mut Viewing, access: &Access, id: PatientId) -> Result<Patient, KeepError> {
    let row = row_of(open, id).await?;
    let name = opened(open, access, id, &row, "name")?.ok_or(KeepError::Shape("patient.name"))?;
    let Contact { email, phone, lang, check_phrase, asked } = reached(open, access, id, &row).await?;
    Ok(Patient {
        id,
        name,
        birth_date: opened_birth_date(open, access, id, &row)?,
        email,
        phone,
        lang,
        aids: opened(open, access, id, &row, "aids")?,
        check_phrase,
        asked,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
    })
}

pub async fn name(open: &mut Viewing, access: &Access, id: PatientId) -> Result<Health, KeepError> {
    let row = row_of(open, id).await?;
    opened(open, access, id, &row, "name")?.ok_or(KeepError::Shape("patient.name"))
}

pub async fn birth_date(open: &mut Viewing, access: &Access, id: PatientId) -> Result<BirthDate, KeepError> {
    let row = row_of(open, id).await?;
    opened_birth_date(open, access, id, &row)
}

/// The patient's own words that every message carries, if they chose some.
pub async fn check_phrase(
    open: &mut Viewing,
    access: &Access,
    id: PatientId,
) -> Result<Option<Health>, KeepError> {
    let row = row_of(open, id).await?;
    Ok(reached(open, access, id, &row).await?.check_phrase)
}

pub async fn contact(open: &mut Viewing, access: &Access, id: PatientId) -> Result<Contact, KeepError> {
    let row = row_of(open, id).await?;
    reached(open, access, id, &row).await
}

/// Whether there are an address and a number on file, opened or not.
pub async fn on_file(conn: &mut Conn, id: PatientId) -> Result<OnFile, KeepError> {
    let row = conn.row("SELECT email, phone FROM patient WHERE id = $1", args![id]).await?;
    let row = row.ok_or(KeepError::NotFound)?;
    Ok(OnFile { email: row.opt_blob("email")?.is_some(), phone: row.opt_blob("phone")?.is_some() })
}

/// The one reader of the addresses on file.
async fn reached(
    open: &mut Viewing,
    access: &Access,
    id: PatientId,
    row: &Row,
) -> Result<Contact, KeepError> {
    let asked = contact::standing(open, access, id).await?.asked;
    let said = |text: &str| (!text.is_empty()).then(|| Health::new(text.to_owned()));
    let (email, phone) = match asked.is_confidential() {
        true => (said(&asked.email), said(&asked.phone)),
        false => (opened(open, access, id, row, "email")?, opened(open, access, id, row, "phone")?),
    };
    let check_phrase = match said(&asked.phrase) {
        Some(own) => Some(own),
        None => opened(open, access, id, row, "check_phrase")?,
    };
    Ok(Contact { email, phone, lang: row.parsed("lang", Lang::parse)?, check_phrase, asked })
}

pub async fn lang_of(conn: &mut Conn, id: PatientId) -> Result<Lang, KeepError> {
    let row = conn.row("SELECT lang FROM patient WHERE id = $1", args![id]).await?;
    row.ok_or(KeepError::NotFound)?.parsed("lang", Lang::parse)
}

/// What is left of a patient beside sealed values: the index of their address goes, and they are signed out.
pub async fn before_shredding(tx: &mut Tx, id: PatientId) -> Result<(), KeepError> {
    portal_keys::end(tx, id).await?;
    tx.forget_numbers(Owner::Patient(id)).await?;
    tx.run_one("UPDATE patient SET email_index = NULL WHERE id = $1", args![id]).await?;
    let open = "SELECT id FROM session WHERE patient = $1 AND ended_at IS NULL ORDER BY id";
    for row in &tx.rows(open, args![id]).await? {
        sessions::end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    Ok(())
}

/// Exact match through the blind index.
pub async fn find_by_email(keep: &Keep, conn: &mut Conn, email: &str) -> Result<Vec<PatientId>, KeepError> {
    let index = keep.blind("patient", "email_index", &normal_email(email));
    let rows = conn
        .rows(
            "SELECT id FROM patient
             WHERE email_index = $1
                 AND id NOT IN (SELECT gone FROM patient_merge WHERE undone_at IS NULL)
             ORDER BY id LIMIT $2",
            args![index, SAME_EMAIL_MAX],
        )
        .await?;
    rows.iter().map(|row| row.parsed("id", PatientId::parse)).collect()
}

pub(super) fn place<'a>(id: PatientId, row: &'a str, column: &'static str, version: i64) -> Place<'a> {
    Place { table: "patient", column, row, version, owner: Owner::Patient(id) }
}

async fn row_of(open: &mut Viewing, id: PatientId) -> Result<Row, KeepError> {
    let row = open
        .row(
            "SELECT name, birth_date, email, phone, lang, aids, check_phrase, version, created_at FROM patient
             WHERE id = $1",
            args![id],
        )
        .await?;
    row.ok_or(KeepError::NotFound)
}

fn seal(
    tx: &mut Tx,
    id: PatientId,
    row: &str,
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<Vec<u8>>, KeepError> {
    text.map(|text| tx.seal_text(&place(id, row, column, FIRST_VERSION), text)).transpose()
}

fn opened(
    open: &mut Viewing,
    access: &Access,
    id: PatientId,
    row: &Row,
    column: &'static str,
) -> Result<Option<Health>, KeepError> {
    let (text, version) = (id.text(), row.int("version")?);
    let sealed = row.opt_blob(column)?;
    sealed.map(|sealed| open.unseal_text(access, &place(id, &text, column, version), sealed)).transpose()
}

fn opened_birth_date(
    open: &mut Viewing,
    access: &Access,
    id: PatientId,
    row: &Row,
) -> Result<BirthDate, KeepError> {
    let text = opened(open, access, id, row, "birth_date")?;
    text.and_then(|text| BirthDate::parse(text.reveal())).ok_or(KeepError::Shape("patient.birth_date"))
}

const FIRST_VERSION: i64 = 1;
