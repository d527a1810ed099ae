//! The practice's own rooms: which there are, what light and noise were measured in each, by whom, and when
//! the next look is due.
//!
//! Owns the tables `room_register` and `room_check` and the pages under `/practice/rooms`. Refuses two rooms
//! of one name, and a check without a measurement. A room that is taken out keeps its checks and can come
//! back.

mod pages;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;

use policy::Act;
use vocabulary::{Entropy, FindingId, UnixMillis};
use web::{Routes, Rule};

/// One room of the practice, of the same random form as all ids. It stands here until another slice names
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomId(FindingId);

impl RoomId {
    pub fn new(now: UnixMillis, entropy: &dyn Entropy) -> RoomId {
        RoomId(FindingId::new(now, entropy))
    }

    pub fn parse(text: &str) -> Option<RoomId> {
        FindingId::parse(text).map(RoomId)
    }

    /// For SQL and addresses.
    pub fn text(self) -> String {
        self.0.text()
    }

    /// When the room was added: the first 48 bits of its id (RFC 9562, 5.7).
    pub fn made_at(self) -> UnixMillis {
        let mut ms = [0; 8];
        ms[2..].copy_from_slice(&self.0.bytes()[..6]);
        UnixMillis(i64::from_be_bytes(ms))
    }
}

pub fn routes() -> Routes {
    let change = Rule::Act(Act::ChangeRooms);
    Routes::new()
        .get("/practice/rooms", Rule::Act(Act::SeeRooms), pages::list)
        .post("/practice/rooms", change, pages::add)
        .get("/practice/rooms/{id}", Rule::Act(Act::SeeRooms), pages::one)
        .post("/practice/rooms/{id}/check", Rule::Act(Act::CheckRoom), pages::check)
        .post("/practice/rooms/{id}/gone", change, pages::gone)
        .post("/practice/rooms/{id}/back", change, pages::back)
}
