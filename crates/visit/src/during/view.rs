//! What one person may see of a live visit. Pure. The one place that decides what reaches whom.
//!
//! In the lobby: the own position and words for the lobby. In the room: the room, and for who leads the
//! queue. Everybody else, everything else: nothing.

use super::rules::{Someone, Visit};
use super::wire::{Lobby, Size, Slot};
use crate::before::rules::ParticipantState as S;
use vocabulary::{MINUTE_MS, ParticipantId, UnixMillis};

#[derive(Clone, Debug, PartialEq)]
pub enum View {
    Lobby(Lobby),
    Room(RoomView),
    Queue(Vec<InQueue>),
    /// Room and queue at once, for whoever leads.
    Both(RoomView, Vec<InQueue>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct RoomView {
    pub people: Vec<InRoom>,
    pub locked: bool,
    pub slots: Vec<Slot>,
    pub sizes: Vec<Size>,
    pub since: UnixMillis,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InRoom {
    pub id: ParticipantId,
    pub mic: bool,
    pub camera: bool,
    pub connected: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InQueue {
    pub id: ParticipantId,
    pub since: UnixMillis,
    pub here: bool,
}

pub fn view(visit: &Visit, id: ParticipantId, now: UnixMillis) -> Option<View> {
    let me = visit.people.get(&id).filter(|me| me.here && !visit.state.is_over())?;
    if me.state == S::Waiting {
        return Some(View::Lobby(lobby(visit, id, now)));
    }
    if !me.state.holds_a_place() {
        return None;
    }
    let room = room(visit, me);
    Some(if me.role.leads() { View::Both(room, queue(visit)) } else { View::Room(room) })
}

impl View {
    /// What of `sees` is news to somebody who has `seen`, in the order it is told.
    pub fn changes(seen: Option<View>, sees: Option<View>) -> Vec<View> {
        let Some(sees) = sees else { return Vec::new() };
        let (old_room, old_queue) = match seen {
            Some(View::Both(room, queue)) => (Some(room), Some(queue)),
            Some(View::Room(room)) => (Some(room), None),
            Some(same) if same == sees => return Vec::new(),
            _ => (None, None),
        };
        match sees {
            View::Both(room, queue) => {
                let room = (old_room.as_ref() != Some(&room)).then_some(View::Room(room));
                let queue = (old_queue.as_ref() != Some(&queue)).then_some(View::Queue(queue));
                room.into_iter().chain(queue).collect()
            }
            View::Room(room) if old_room.as_ref() == Some(&room) => Vec::new(),
            other => vec![other],
        }
    }
}

/// Who waits, the longest first.
pub fn queue(visit: &Visit) -> Vec<InQueue> {
    let mut waiting: Vec<InQueue> = visit
        .people
        .iter()
        .filter(|(_, one)| one.state == S::Waiting)
        .map(|(id, one)| InQueue { id: *id, since: one.waiting_since, here: one.here })
        .collect();
    waiting.sort_by_key(|one| (one.since, one.id));
    waiting
}

fn lobby(visit: &Visit, id: ParticipantId, now: UnixMillis) -> Lobby {
    let ahead = queue(visit).iter().position(|one| one.id == id).unwrap_or(0);
    let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
    Lobby {
        position: ahead.saturating_add(1),
        ahead,
        expected_wait_min: wait(visit, now),
        said: visit.said.clone(),
    }
}

/// Until the visit's time; afterwards nobody can know, and nothing is better than a guess.
fn wait(visit: &Visit, now: UnixMillis) -> Option<i64> {
    let left = visit.starts_at.since(now);
    (visit.since.is_none() && left > 0).then(|| (left + MINUTE_MS - 1) / MINUTE_MS)
}

fn room(visit: &Visit, me: &Someone) -> RoomView {
    let inside = |id: &ParticipantId| visit.people.get(id).is_some_and(|one| one.state.holds_a_place());
    let people = visit.people.iter().filter(|(id, _)| inside(id)).map(|(id, one)| InRoom {
        id: *id,
        mic: one.mic,
        camera: one.camera,
        connected: one.here && one.flowing,
    });
    RoomView {
        people: people.collect(),
        locked: visit.locked,
        slots: me.slots.iter().copied().filter(|slot| inside(&slot.participant)).collect(),
        sizes: me.sizes.clone(),
        since: visit.since.unwrap_or_default(),
    }
}
