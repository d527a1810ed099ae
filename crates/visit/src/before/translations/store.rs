//! SQL of the table `text_approval`.

use super::texts::Critical;
use keep::{Conn, KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{FindingId, PersonId, UnixMillis};

/// Who has read it. No `Debug`: it names somebody.
#[derive(Clone, Serialize, Deserialize)]
pub struct Reader {
    pub name: String,
    pub qualification: String,
}

/// An approval that stands.
pub(super) struct Approval {
    pub id: String,
    pub reader: Reader,
    pub by: Option<PersonId>,
    pub at: UnixMillis,
}

/// The caller's entry in the trail names the act. Answers the row's id.
pub async fn add(
    tx: &mut Tx,
    text: &Critical,
    (reader, by): (&Reader, Option<PersonId>),
) -> Result<String, KeepError> {
    let row = FindingId::new(tx.now(), tx.entropy()).text();
    let json = serde_json::to_vec(reader).map_err(|_| KeepError::Shape("a reader that JSON cannot hold"))?;
    let words = tx.seal(&place(&row), &json)?;
    tx.run_one(
        "INSERT INTO text_approval (id, text_code, text_version, lang, text_hash, words, by_person, at)
         VALUES ($1, $2, $3, 'es', $4, $5, $6, $7)",
        args![&row, text.code, text.version, text.hash(), words, by, tx.now()],
    )
    .await?;
    Ok(row)
}

/// `KeepError::Conflict` when none stands.
pub(super) async fn withdraw(tx: &mut Tx, id: &str) -> Result<(), KeepError> {
    let sql = "UPDATE text_approval SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL";
    tx.run_one(sql, args![tx.now(), id]).await
}

/// Whether somebody has approved exactly these words.
pub(super) async fn is_approved(conn: &mut Conn, text: &Critical) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM text_approval WHERE text_code = $1 AND lang = 'es' AND text_hash = $2
                   AND withdrawn_at IS NULL LIMIT 1";
    Ok(conn.row(sql, args![text.code, text.hash()]).await?.is_some())
}

pub(super) async fn newest(
    view: &mut Viewing,
    access: &Access,
    text: &Critical,
) -> Result<Option<Approval>, KeepError> {
    let sql = "SELECT id, words, by_person, at FROM text_approval
               WHERE text_code = $1 AND lang = 'es' AND text_hash = $2 AND withdrawn_at IS NULL
               ORDER BY at DESC, id DESC LIMIT 1";
    let Some(row) = view.row(sql, args![text.code, text.hash()]).await? else {
        return Ok(None);
    };
    let json = view.unseal(access, &place(row.text("id")?), row.blob("words")?)?;
    let reader = serde_json::from_slice(&json).map_err(|_| KeepError::Shape("a reader that is no JSON"))?;
    Ok(Some(Approval {
        id: row.text("id")?.to_owned(),
        reader,
        by: row.opt_parsed("by_person", PersonId::parse)?,
        at: row.time("at")?,
    }))
}

fn place(row: &str) -> Place<'_> {
    Place { table: "text_approval", column: "words", row, version: 1, owner: Owner::Practice }
}
