//! SQL of the tables `room_register` and `room_check`.

use super::RoomId;
use super::rules::{Measured, Standing, standing};
use crate::before::check_in::answers::Verdict;
use keep::{Conn, KeepError, Row, Tx, args};
use vocabulary::{FindingId, PersonId, UnixMillis};

#[derive(Clone, Debug)]
pub struct Room {
    pub id: RoomId,
    pub name: String,
    pub is_here: bool,
    pub version: i64,
    pub newest: Option<Check>,
}

#[derive(Clone, Copy, Debug)]
pub struct Check {
    pub person: PersonId,
    pub at: UnixMillis,
    pub measured: Measured,
}

impl Room {
    pub fn standing(&self, now: UnixMillis) -> Standing {
        standing(self.newest.as_ref().map(|check| (&check.measured, check.at)), now)
    }
}

/// All of them by name, each with its newest check.
pub async fn all(conn: &mut Conn) -> Result<Vec<Room>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, name, state, version FROM room_register ORDER BY lower(name), id LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    let mut rooms = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.parsed("id", RoomId::parse)?;
        rooms.push(Room {
            id,
            name: row.text("name")?.to_owned(),
            is_here: row.text("state")? == "here",
            version: row.int("version")?,
            newest: checks(conn, id, 1).await?.pop(),
        });
    }
    Ok(rooms)
}

/// Absent when nobody ever added it.
pub async fn load(conn: &mut Conn, id: RoomId) -> Result<Room, KeepError> {
    all(conn).await?.into_iter().find(|room| room.id == id).ok_or(KeepError::NotFound)
}

/// The newest first.
pub async fn checks(conn: &mut Conn, room: RoomId, limit: i64) -> Result<Vec<Check>, KeepError> {
    let rows = conn
        .rows(
            "SELECT person, at, luma, noise_db, light, noise, closes, unheard, no_machines FROM room_check
             WHERE room = $1 ORDER BY at DESC, id DESC LIMIT $2",
            args![room.text(), limit],
        )
        .await?;
    rows.iter().map(check_of).collect()
}

fn check_of(row: &Row) -> Result<Check, KeepError> {
    Ok(Check {
        person: row.parsed("person", PersonId::parse)?,
        at: UnixMillis(row.int("at")?),
        measured: Measured {
            luma: row.int("luma")?,
            noise_db: row.int("noise_db")?,
            light: row.parsed("light", Verdict::parse)?,
            noise: row.parsed("noise", Verdict::parse)?,
            closes: row.flag("closes")?,
            unheard: row.flag("unheard")?,
            no_machines: row.flag("no_machines")?,
        },
    })
}

pub async fn add(tx: &mut Tx, name: &str) -> Result<RoomId, KeepError> {
    let id = RoomId::new(tx.now(), tx.entropy());
    tx.run_one(
        "INSERT INTO room_register (id, name, state, version) VALUES ($1, $2, 'here', 1)",
        args![id.text(), name],
    )
    .await?;
    Ok(id)
}

/// A conflict says that somebody was first.
pub async fn set_here(tx: &mut Tx, room: &Room, here: bool) -> Result<(), KeepError> {
    let state = if here { "here" } else { "gone" };
    tx.run_one(
        "UPDATE room_register SET state = $1, version = version + 1 WHERE id = $2 AND version = $3",
        args![state, room.id.text(), room.version],
    )
    .await
}

pub async fn add_check(tx: &mut Tx, room: RoomId, person: PersonId, it: &Measured) -> Result<(), KeepError> {
    let (id, now) = (FindingId::new(tx.now(), tx.entropy()), tx.now());
    tx.run_one(
        "INSERT INTO room_check (id, room, person, at, luma, noise_db, light, noise, closes, unheard,
             no_machines)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id.text(),
            room.text(),
            person,
            now,
            it.luma,
            it.noise_db,
            it.light.code(),
            it.noise.code(),
            it.closes,
            it.unheard,
            it.no_machines,
        ],
    )
    .await
}

const LIST_MAX: i64 = 400;
