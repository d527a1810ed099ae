//! SQL of the table `second_device`. Secret and short code are made from the row's id under the
//! installation's key: the first device can show them again, and no copy of the database has them.

use super::rules::{self, Standing};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keep::{Conn, Keep, KeepError, Row, Tx, args};
use vocabulary::{EnrolmentId, InvitationId, Secret, SessionId, UnixMillis};

pub struct Picture {
    pub id: EnrolmentId,
    pub invitation: InvitationId,
    pub standing: Standing,
}

/// A new picture on this device; those from before lead nowhere.
pub async fn issue(
    tx: &mut Tx,
    keep: &Keep,
    (invitation, from): (InvitationId, SessionId),
    life_ms: i64,
) -> Result<EnrolmentId, KeepError> {
    let now = tx.now();
    let sql = "UPDATE second_device SET over_at = $2 WHERE invitation = $1 AND over_at IS NULL";
    tx.run(sql, args![invitation, now]).await?;
    let id = EnrolmentId::new(now, tx.entropy());
    let index = index(keep, &secret(keep, id));
    tx.run(
        "INSERT INTO second_device (id, invitation, from_session, secret_index, tries, issued_at, expires_at,
             taken) VALUES ($1, $2, $3, $4, 0, $5, $6, 0)",
        args![id, invitation, from, index, now, now.plus_ms(life_ms)],
    )
    .await?;
    Ok(id)
}

/// What the picture leads to.
pub fn secret(keep: &Keep, id: EnrolmentId) -> String {
    URL_SAFE_NO_PAD.encode(keep.blind(SECRET.0, SECRET.1, &format!("picture of {}", id.text())))
}

pub fn code(keep: &Keep, id: EnrolmentId) -> String {
    rules::code(&keep.blind(SECRET.0, SECRET.1, &format!("code of {}", id.text())))
}

/// The picture that this device shows now, while it still leads somewhere.
pub async fn shown(conn: &mut Conn, from: SessionId, now: UnixMillis) -> Result<Option<Picture>, KeepError> {
    let row = conn
        .row(
            "SELECT id, invitation, from_session, tries, expires_at, over_at FROM second_device
             WHERE from_session = $1 AND over_at IS NULL AND expires_at > $2 AND tries < $3
             ORDER BY issued_at DESC LIMIT 1",
            args![from, now, rules::TRIES_MAX],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whether another device went on after this session.
pub async fn went_on(conn: &mut Conn, from: SessionId) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM second_device WHERE from_session = $1 AND taken = 1";
    Ok(conn.row(sql, args![from]).await?.is_some())
}

/// A secret that cannot be one is looked up all the same: forged, mistyped and absent cost alike.
pub async fn by_secret(conn: &mut Conn, keep: &Keep, typed: &str) -> Result<Option<Picture>, KeepError> {
    let spelled = Secret::parse(typed).map_or_else(String::new, |secret| secret.reveal());
    let row = conn
        .row(
            "SELECT id, invitation, from_session, tries, expires_at, over_at FROM second_device
             WHERE secret_index = $1",
            args![index(keep, &spelled)],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// `Conflict` when it was used or replaced meanwhile.
pub async fn count_wrong(tx: &mut Tx, picture: &Picture) -> Result<(), KeepError> {
    let sql = "UPDATE second_device SET tries = tries + 1 WHERE id = $1 AND tries = $2 AND over_at IS NULL";
    tx.run_one(sql, args![picture.id, picture.standing.tries]).await
}

/// `Conflict` when it was used or replaced meanwhile: one goes on.
pub async fn take(tx: &mut Tx, picture: &Picture) -> Result<(), KeepError> {
    let sql = "UPDATE second_device SET over_at = $2, taken = 1 WHERE id = $1 AND over_at IS NULL";
    tx.run_one(sql, args![picture.id, tx.now()]).await
}

fn index(keep: &Keep, secret: &str) -> Vec<u8> {
    keep.blind(SECRET.0, SECRET.1, secret)
}

fn read(row: &Row) -> Result<Picture, KeepError> {
    Ok(Picture {
        id: row.parsed("id", EnrolmentId::parse)?,
        invitation: row.parsed("invitation", InvitationId::parse)?,
        standing: Standing {
            from: row.parsed("from_session", SessionId::parse)?,
            tries: row.int("tries")?,
            expires_at: row.time("expires_at")?,
            over_at: row.opt_time("over_at")?,
        },
    })
}

const SECRET: (&str, &str) = ("second_device", "secret_index");
