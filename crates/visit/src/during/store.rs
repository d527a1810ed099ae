//! The SQL of resume tokens. Holds their keyed hashes only; whether one still counts is decided by the
//! session.

use keep::{Conn, Keep, KeepError, Tx, args};
use vocabulary::{Lang, ParticipantId, Secret, SessionId, UnixMillis, VisitId};

/// What a resume token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    pub participant: ParticipantId,
    pub visit: VisitId,
    pub session: SessionId,
    pub lang: Lang,
    pub created_at: UnixMillis,
}

/// From now on this token is the participant's only one.
pub async fn put(tx: &mut Tx, token: &Secret, resume: &Resume) -> Result<(), KeepError> {
    let index = tx.blind(TABLE, COLUMN, &token.reveal());
    tx.run(
        "INSERT INTO resume (participant, token_index, visit, session, lang, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (participant) DO UPDATE SET token_index = excluded.token_index,
             session = excluded.session, lang = excluded.lang, created_at = excluded.created_at",
        args![resume.participant, index, resume.visit, resume.session, resume.lang.code(), resume.created_at],
    )
    .await?;
    Ok(())
}

pub async fn find(keep: &Keep, conn: &mut Conn, token: &Secret) -> Result<Option<Resume>, KeepError> {
    let index = keep.blind(TABLE, COLUMN, &token.reveal());
    let row = conn
        .row(
            "SELECT participant, visit, session, lang, created_at FROM resume WHERE token_index = $1",
            args![index],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Resume {
        participant: row.parsed("participant", ParticipantId::parse)?,
        visit: row.parsed("visit", VisitId::parse)?,
        session: row.parsed("session", SessionId::parse)?,
        lang: row.parsed("lang", Lang::parse)?,
        created_at: row.time("created_at")?,
    }))
}

const TABLE: &str = "resume";
const COLUMN: &str = "token_index";
