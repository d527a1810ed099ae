//! What the live visit asks of the media server. The product plugs in `media::Sfu`; tests plug in their own.

use keep::BoxFuture;
use media::{JoinError, MediaEvent, PeerKey, PeerReport, RoomKey, Sfu};
use tokio::sync::broadcast;

/// Rooms and peers are opaque to it. A peer key is made afresh for every offer, so that late news about an
/// old connection is never taken for news about the present one.
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

#[cfg(test)]
mod tests {
    use super::*;
    use ::media::SfuConfig;
    use std::sync::Arc;

    #[tokio::test]
    async fn the_real_media_server_answers_a_browser_through_the_bridge() {
        let config = SfuConfig {
            udp: "127.0.0.1:0".parse().unwrap(),
            udp_enabled: true,
            public: Vec::new(),
            tcp_public: Vec::new(),
        };
        let media: Arc<dyn Media> = Arc::new(Sfu::start(config).unwrap());
        let (room, peer) = (RoomKey([1; 16]), PeerKey([2; 16]));
        let offer = include_str!("../../../media/src/sim/chromium-offer.sdp").to_owned();
        let answer = media.join(room, peer, offer).await.unwrap();
        assert!(answer.contains("a=ice-lite") && answer.contains("127.0.0.1"));
        assert_eq!(media.report(room).await.len(), 1);
        media.leave(peer).await;
        assert!(media.report(room).await.is_empty());
        assert_eq!(media.join(room, peer, "v=1".into()).await, Err(JoinError::NotSdp));
    }
}
