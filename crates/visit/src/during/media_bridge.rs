//! What the live visit asks of the media server. The product plugs in `media::Sfu`; tests plug in their own.

use keep::BoxFuture;
use media::{JoinError, MediaEvent, PeerKey, PeerReport, RoomKey, Sfu};
use tokio::sync::broadcast;

/// Rooms and peers are opaque to it. A peer key is made afresh for every offer, so that late news about an old
/// connection is never taken for news about the present one.
pub trait Media: Send + Sync {
    /// Answers an offer with the server's description.
    fn join(&self, room: RoomKey, peer: PeerKey, offer: String) -> BoxFuture<'_, Result<String, JoinError>>;
    /// Ends this connection at once.
    fn leave(&self, peer: PeerKey) -> BoxFuture<'_, ()>;
    /// Ends every connection of the room at once.
    fn close_room(&self, room: RoomKey) -> BoxFuture<'_, ()>;
    /// Everybody as they are now, for whoever missed events.
    fn report(&self, room: RoomKey) -> BoxFuture<'_, Vec<PeerReport>>;
    fn events(&self) -> broadcast::Receiver<MediaEvent>;
}

impl Media for Sfu {
    fn join(&self, room: RoomKey, peer: PeerKey, offer: String) -> BoxFuture<'_, Result<String, JoinError>> {
        Box::pin(async move { Ok(Sfu::join(self, room, peer, offer).await?.answer) })
    }

    fn leave(&self, peer: PeerKey) -> BoxFuture<'_, ()> {
        Box::pin(Sfu::leave(self, peer))
    }

    fn close_room(&self, room: RoomKey) -> BoxFuture<'_, ()> {
        Box::pin(Sfu::close_room(self, room))
    }

    fn report(&self, room: RoomKey) -> BoxFuture<'_, Vec<PeerReport>> {
        Box::pin(Sfu::report(self, room))
    }

    fn events(&self) -> broadcast::Receiver<MediaEvent> {
        Sfu::events(self)
    }
}
