//! SQL of the table `own_readiness`.

use crate::before::check_in::answers::{Place, Readiness};
use crate::before::rooms::RoomId;
use keep::{Conn, KeepError, Tx, args};
use vocabulary::{FindingId, PersonId, UnixMillis};

#[derive(Clone, Copy, Debug)]
pub struct OwnCheck {
    pub at: UnixMillis,
    pub room: Option<RoomId>,
    pub place: Place,
    pub readiness: Readiness,
}

pub async fn add(
    tx: &mut Tx,
    person: PersonId,
    (room, place, readiness): (Option<RoomId>, &Place, &Readiness),
) -> Result<String, KeepError> {
    let (id, now) = (FindingId::new(tx.now(), tx.entropy()).text(), tx.now());
    let json = |text: Result<String, serde_json::Error>| text.map_err(|_| SHAPE);
    let (place, readiness) = (json(serde_json::to_string(place))?, json(serde_json::to_string(readiness))?);
    tx.run_one(
        "INSERT INTO own_readiness (id, person, at, room, place, readiness) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id.as_str(), person, now, room.map(RoomId::text), place, readiness],
    )
    .await?;
    Ok(id)
}

/// The newest one of this person between two moments, the first included.
pub async fn newest(
    conn: &mut Conn,
    person: PersonId,
    (from, until): (UnixMillis, UnixMillis),
) -> Result<Option<OwnCheck>, KeepError> {
    let row = conn
        .row(
            "SELECT at, room, place, readiness FROM own_readiness
             WHERE person = $1 AND at >= $2 AND at <= $3 ORDER BY at DESC, id DESC LIMIT 1",
            args![person, from, until],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(OwnCheck {
        at: UnixMillis(row.int("at")?),
        room: row.opt_parsed("room", RoomId::parse)?,
        place: serde_json::from_str(row.text("place")?).map_err(|_| SHAPE)?,
        readiness: serde_json::from_str(row.text("readiness")?).map_err(|_| SHAPE)?,
    }))
}

const SHAPE: KeepError = KeepError::Shape("what staff found of their own devices");
