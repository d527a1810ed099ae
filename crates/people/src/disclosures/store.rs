//! SQL of the table `disclosure`. Rows are never changed: they are the accounting.

use super::rules::{Purpose, Said};
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{DAY_MS, DisclosureId, PatientId, PersonId, UnixMillis};

/// 45 CFR 164.528(a)(1): the six years before the question. Leap days included.
pub const ACCOUNTED_MS: i64 = 2_192 * DAY_MS;

/// More copies of one patient's chart than this are asked for at the desk.
pub const OF_ONE_MAX: i64 = 500;

/// Rows are never sealed anew by hand.
const VERSION: i64 = 1;

/// A copy that left, before its words are opened.
pub struct Given {
    pub id: DisclosureId,
    pub patient: PatientId,
    pub person: PersonId,
    pub purpose: Purpose,
    pub parts: String,
    pub at: UnixMillis,
    words: Vec<u8>,
}

pub struct New<'a> {
    pub patient: PatientId,
    pub person: PersonId,
    pub purpose: Purpose,
    pub parts: &'a [&'static str],
    pub said: &'a Said,
}

pub async fn add(tx: &mut Tx, new: &New<'_>) -> Result<DisclosureId, KeepError> {
    let id = DisclosureId::new(tx.now(), tx.entropy());
    let sealed = tx.seal_text(&place(&id.text(), new.patient), &new.said.text())?;
    let (purpose, parts) = (new.purpose.code(), new.parts.join(" "));
    tx.run(
        "INSERT INTO disclosure (id, patient, person, purpose, parts, words, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, new.patient, new.person, purpose, parts, sealed, tx.now()],
    )
    .await?;
    Ok(id)
}

/// Of one patient, the newest first.
pub async fn of_patient(
    conn: &mut Conn,
    patient: PatientId,
    now: UnixMillis,
) -> Result<Vec<Given>, KeepError> {
    let sql = "SELECT id, patient, person, purpose, parts, words, at FROM disclosure
         WHERE patient = $1 AND at > $2 ORDER BY at DESC, id DESC LIMIT $3";
    let rows = conn.rows(sql, args![patient, now.plus_ms(-ACCOUNTED_MS), OF_ONE_MAX]).await?;
    rows.iter().map(read).collect()
}

/// Of everybody, the newest first: at most `max` from before this moment.
pub async fn before(conn: &mut Conn, end: UnixMillis, max: i64) -> Result<Vec<Given>, KeepError> {
    let sql = "SELECT id, patient, person, purpose, parts, words, at FROM disclosure
         WHERE at < $1 ORDER BY at DESC, id DESC LIMIT $2";
    conn.rows(sql, args![end, max]).await?.iter().map(read).collect()
}

impl Given {
    pub fn said(&self, open: &Viewing, access: &Access) -> Result<Said, KeepError> {
        let text = open.unseal_text(access, &place(&self.id.text(), self.patient), &self.words)?;
        Ok(Said::parse(text.reveal()))
    }
}

fn read(row: &Row) -> Result<Given, KeepError> {
    Ok(Given {
        id: row.parsed("id", DisclosureId::parse)?,
        patient: row.parsed("patient", PatientId::parse)?,
        person: row.parsed("person", PersonId::parse)?,
        purpose: row.parsed("purpose", Purpose::parse)?,
        parts: row.text("parts")?.to_owned(),
        at: row.time("at")?,
        words: row.blob("words")?.to_vec(),
    })
}

fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "disclosure", column: "words", row, version: VERSION, owner: Owner::Patient(patient) }
}
