//! A media server without packets.

use crate::during::Media;
use ::media::{JoinError, Kind, MediaEvent, PeerKey, PeerReport, RoomKey, Size, SlotMap};
use keep::BoxFuture;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::sync::broadcast;
use vocabulary::VisitId;

/// Connects everybody at once and shows each the others in the order they came.
#[derive(Default)]
pub struct FakeMedia {
    rooms: Mutex<HashMap<RoomKey, Vec<PeerKey>>>,
    drawn: Mutex<Vec<(PeerKey, Vec<Size>)>>,
    events: Mutex<Option<broadcast::Sender<MediaEvent>>>,
}

impl FakeMedia {
    pub fn peers(&self, visit: VisitId) -> usize {
        self.rooms.lock().unwrap().get(&RoomKey(visit.bytes())).map_or(0, Vec::len)
    }

    pub fn drawn(&self) -> Vec<Vec<Size>> {
        self.drawn.lock().unwrap().iter().map(|(_, sizes)| sizes.clone()).collect()
    }

    fn sender(&self) -> broadcast::Sender<MediaEvent> {
        self.events.lock().unwrap().get_or_insert_with(|| broadcast::channel(64).0).clone()
    }

    fn show(&self, room: RoomKey) {
        let peers = self.rooms.lock().unwrap().get(&room).cloned().unwrap_or_default();
        for peer in &peers {
            let others = peers.iter().filter(|other| *other != peer).enumerate();
            let map =
                others.map(|(slot, publisher)| SlotMap { slot, kind: Kind::Video, publisher: *publisher });
            self.sender().send(MediaEvent::Slots { room, peer: *peer, map: map.collect() }).ok();
        }
    }
}

impl Media for FakeMedia {
    fn join(&self, room: RoomKey, peer: PeerKey, offer: String) -> BoxFuture<'_, Result<String, JoinError>> {
        if !offer.starts_with("v=0") {
            return Box::pin(async { Err(JoinError::NotSdp) });
        }
        let mut rooms = self.rooms.lock().unwrap();
        let peers = rooms.entry(room).or_default();
        // As the real one: a peer that joins again takes its own place.
        peers.retain(|one| *one != peer);
        peers.push(peer);
        drop(rooms);
        self.sender().send(MediaEvent::Connected { room, peer }).ok();
        self.show(room);
        Box::pin(async { Ok("v=0 answer".to_owned()) })
    }

    fn draw(&self, peer: PeerKey, sizes: Vec<Size>) -> BoxFuture<'_, ()> {
        let rooms = self.rooms.lock().unwrap();
        let rooms = rooms.iter().filter(|(_, peers)| peers.contains(&peer));
        for (room, other) in rooms.flat_map(|(room, peers)| peers.iter().map(move |other| (*room, *other))) {
            let sizes = sizes.first().copied().into_iter().collect();
            if other != peer {
                self.sender().send(MediaEvent::Sizes { room, peer: other, sizes }).ok();
            }
        }
        self.drawn.lock().unwrap().push((peer, sizes));
        Box::pin(async {})
    }

    fn leave(&self, peer: PeerKey) -> BoxFuture<'_, ()> {
        self.rooms.lock().unwrap().values_mut().for_each(|peers| peers.retain(|one| *one != peer));
        Box::pin(async {})
    }

    fn close_room(&self, room: RoomKey) -> BoxFuture<'_, ()> {
        self.rooms.lock().unwrap().remove(&room);
        Box::pin(async {})
    }

    fn report(&self, _: RoomKey) -> BoxFuture<'_, Vec<PeerReport>> {
        Box::pin(async { Vec::new() })
    }

    fn events(&self) -> broadcast::Receiver<MediaEvent> {
        self.sender().subscribe()
    }
}
