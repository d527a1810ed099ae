//! SQL of the tables `preference`, `message_code` and `errand`.

use super::rules::{Preferences, Way};
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{JobId, PatientId, PersonId, UnixMillis};
use zeroize::Zeroizing;

/// Errands on one page; whoever works through them sees the next.
pub const ERRANDS_MAX: i64 = 200;
/// Of a patient's changes, what the page tells of.
const CHANGES_MAX: i64 = 20;

/// What stands today, with the row it stands in.
#[derive(Clone, Default)]
pub struct Standing {
    pub asked: Preferences,
    /// Empty when nothing was ever said.
    pub row: String,
}

pub struct Errand {
    pub id: JobId,
    pub patient: PatientId,
    /// Kind of message: the end of a word's key.
    pub about: String,
    pub way: Way,
    pub made_at: UnixMillis,
}

/// When somebody changed it, and who.
pub struct Change {
    pub at: UnixMillis,
    /// `None`: the patient.
    pub by: Option<PersonId>,
}

pub async fn standing(open: &mut Viewing, access: &Access, id: PatientId) -> Result<Standing, KeepError> {
    let sql = "SELECT id, words FROM preference WHERE patient = $1 ORDER BY said_at DESC, id DESC LIMIT 1";
    let Some(row) = open.row(sql, args![id]).await? else { return Ok(Standing::default()) };
    let name = row.text("id")?.to_owned();
    let words = open.unseal(access, &place(&name, id), row.blob("words")?)?;
    let asked = serde_json::from_slice(&words).map_err(|_| KeepError::Shape("preference.words"))?;
    Ok(Standing { asked, row: name })
}

/// A change is a row of its own; `by` is the account that wrote it down, or nobody for the patient.
pub async fn say(
    tx: &mut Tx,
    patient: PatientId,
    asked: &Preferences,
    by: Option<PersonId>,
) -> Result<(), KeepError> {
    let at = match newest_at(tx, patient).await? {
        // Two within one millisecond keep their order.
        Some(before) => tx.now().max(before.plus_ms(1)),
        None => tx.now(),
    };
    let id = JobId::new(tx.now(), tx.entropy()).text();
    let words = serde_json::to_vec(asked).map(Zeroizing::new);
    let words = words.map_err(|_| KeepError::Shape("preferences that JSON cannot hold"))?;
    let sealed = tx.seal(&place(&id, patient), &words)?;
    let by = by.map_or_else(|| BY_PATIENT.to_owned(), |by| by.text());
    tx.run(
        "INSERT INTO preference (id, patient, words, confidential, said_at, said_by, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        args![id, patient, sealed, i64::from(asked.is_confidential()), at, by],
    )
    .await
    .map(|_| ())
}

pub async fn changes(conn: &mut Conn, patient: PatientId) -> Result<Vec<Change>, KeepError> {
    let sql = "SELECT said_at, said_by FROM preference WHERE patient = $1
               ORDER BY said_at DESC, id DESC LIMIT $2";
    let rows = conn.rows(sql, args![patient, CHANGES_MAX]).await?;
    rows.iter().map(change).collect()
}

/// Who wrote down the wishes that stood at that moment, and when.
pub async fn said(conn: &mut Conn, patient: PatientId, at: UnixMillis) -> Result<Option<Change>, KeepError> {
    let sql = "SELECT said_at, said_by FROM preference WHERE patient = $1 AND said_at <= $2
               ORDER BY said_at DESC, id DESC LIMIT 1";
    conn.row(sql, args![patient, at]).await?.map(|row| change(&row)).transpose()
}

fn change(row: &Row) -> Result<Change, KeepError> {
    Ok(Change { at: row.time("said_at")?, by: PersonId::parse(row.text("said_by")?) })
}

/// Two charts become one: if the chart that goes asked for confidential addresses and the one that stays did
/// not, its wishes stand from now on. Nobody is written to where they asked not to be because of a merge.
pub async fn before_merge(tx: &mut Tx, (gone, stays): (PatientId, PatientId)) -> Result<(), KeepError> {
    let sql = "SELECT id, confidential FROM preference WHERE patient = $1
               ORDER BY said_at DESC, id DESC LIMIT 1";
    let Some(theirs) = tx.row(sql, args![gone]).await? else { return Ok(()) };
    let ours = tx.row(sql, args![stays]).await?;
    let kept = ours.map(|row| row.int("confidential")).transpose()?;
    // Of two that stand beside each other the one that stays counts, unless only the other is confidential.
    let wins = theirs.int("confidential")? == 1 && kept != Some(1);
    let Some(ours_at) = newest_at(tx, stays).await? else { return Ok(()) };
    if wins {
        let sql = "UPDATE preference SET said_at = $2 WHERE id = $1";
        let at = tx.now().max(ours_at.plus_ms(1));
        return tx.run_one(sql, args![theirs.text("id")?, at]).await;
    }
    let sql = "UPDATE preference SET said_at = $2 WHERE patient = $1 AND said_at > $2";
    tx.run(sql, args![gone, ours_at.plus_ms(-1)]).await.map(|_| ())
}

async fn newest_at(conn: &mut Conn, patient: PatientId) -> Result<Option<UnixMillis>, KeepError> {
    let sql = "SELECT max(said_at) AS newest FROM preference WHERE patient = $1";
    let row = conn.row(sql, args![patient]).await?.ok_or(KeepError::Shape("preference.said_at"))?;
    row.opt_time("newest")
}

/// The code of a message, kept as a keyed hash.
pub async fn put_code(tx: &mut Tx, code: &str) -> Result<(), KeepError> {
    let id = JobId::new(tx.now(), tx.entropy());
    let index = tx.blind(CODE_INDEX.0, CODE_INDEX.1, code);
    let sql = "INSERT INTO message_code (id, code_index, made_at) VALUES ($1, $2, $3)";
    tx.run(sql, args![id, index, tx.now()]).await.map(|_| ())
}

pub async fn knows_code(conn: &mut Conn, index: Vec<u8>) -> Result<bool, KeepError> {
    Ok(conn.row("SELECT id FROM message_code WHERE code_index = $1", args![index]).await?.is_some())
}

pub async fn put_errand(tx: &mut Tx, patient: PatientId, about: &str, way: Way) -> Result<(), KeepError> {
    let id = JobId::new(tx.now(), tx.entropy());
    tx.run(
        "INSERT INTO errand (id, patient, about, way, made_at) VALUES ($1, $2, $3, $4, $5)",
        args![id, patient, about, way.code(), tx.now()],
    )
    .await
    .map(|_| ())
}

/// The oldest first.
pub async fn errands(conn: &mut Conn) -> Result<Vec<Errand>, KeepError> {
    let sql = "SELECT id, patient, about, way, made_at FROM errand WHERE done_at IS NULL
               ORDER BY made_at, id LIMIT $1";
    let rows = conn.rows(sql, args![ERRANDS_MAX]).await?;
    rows.iter()
        .map(|row| {
            Ok(Errand {
                id: row.parsed("id", JobId::parse)?,
                patient: row.parsed("patient", PatientId::parse)?,
                about: row.text("about")?.to_owned(),
                way: row.parsed("way", Way::parse)?,
                made_at: row.time("made_at")?,
            })
        })
        .collect()
}

/// Gives whom it was about. `Conflict` when a colleague was first.
pub async fn settle(tx: &mut Tx, id: JobId, by: PersonId) -> Result<PatientId, KeepError> {
    let sql = "UPDATE errand SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL";
    tx.run_one(sql, args![id, tx.now(), by]).await?;
    let row = tx.row("SELECT patient FROM errand WHERE id = $1", args![id]).await?;
    row.ok_or(KeepError::NotFound)?.parsed("patient", PatientId::parse)
}

pub const CODE_INDEX: (&str, &str) = ("message_code", "code_index");
const BY_PATIENT: &str = "patient";

fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "preference", column: "words", row, version: 1, owner: Owner::Patient(patient) }
}
