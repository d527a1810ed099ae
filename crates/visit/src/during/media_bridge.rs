//! What the live visit asks of the media server. The product plugs in `media::Sfu`; tests plug in their own.

use super::problem::{self, Trouble};
use super::visit_task::{VisitTask, room_key};
use super::wire::{self, Answer, ToPage};
use keep::BoxFuture;
use media::{JoinError, MediaEvent, PeerKey, PeerReport, RoomKey, Sfu, Size};
use std::time::Duration;
use tokio::sync::broadcast;
use vocabulary::ParticipantId;

/// Rooms and peers are opaque to it. A peer key is made afresh for every offer, so that late news about an
/// old connection is never taken for news about the present one.
pub trait Media: Send + Sync {
    /// Answers an offer with the server's description.
    fn join(&self, room: RoomKey, peer: PeerKey, offer: String) -> BoxFuture<'_, Result<String, JoinError>>;
    /// How large this connection's video slots are drawn, from the first one.
    fn draw(&self, peer: PeerKey, sizes: Vec<Size>) -> BoxFuture<'_, ()>;
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

    fn draw(&self, peer: PeerKey, sizes: Vec<Size>) -> BoxFuture<'_, ()> {
        Box::pin(Sfu::draw(self, peer, sizes))
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

impl VisitTask {
    /// A second offer takes the place of the first connection, if it works; a bad one costs nothing.
    pub(super) async fn start_media(&mut self, id: ParticipantId, sdp: String) -> Result<(), Trouble> {
        let before = self.peers.get(&id).copied();
        let peer = before.unwrap_or_else(|| {
            let mut key = [0; 16];
            self.parts.keep.entropy().fill(&mut key);
            PeerKey(key)
        });
        self.peers.insert(id, peer);
        let joining = self.parts.media.join(room_key(self.row.id), peer, sdp);
        match tokio::time::timeout(MEDIA_ANSWERS_WITHIN, joining).await {
            Ok(Ok(sdp)) => {
                // A page that has made another offer meanwhile waits for the answer to that one.
                let seq_of = self.seats.get(&id).map_or(0, |seat| seat.heard);
                self.tell(id, &ToPage::Answer(Answer { sdp, seq_of })).await;
                Ok(())
            }
            Ok(Err(error)) => {
                if before.is_none() {
                    self.peers.remove(&id);
                }
                Err(problem::of_media(error))
            }
            Err(_) => {
                self.stop_media(id).await;
                Err(Trouble::MediaFull)
            }
        }
    }

    /// Not of a person without a connection: their page says it again once it has one.
    pub(super) async fn pass_sizes(&self, id: ParticipantId, sizes: &[wire::Size]) {
        let Some(peer) = self.peers.get(&id) else { return };
        let sizes = sizes.iter().map(|size| Size::from(*size)).collect();
        self.parts.media.draw(*peer, sizes).await;
    }

    pub(super) async fn stop_media(&mut self, id: ParticipantId) {
        if let Some(peer) = self.peers.remove(&id) {
            self.parts.media.leave(peer).await;
        }
    }
}

impl From<wire::Size> for Size {
    fn from(size: wire::Size) -> Size {
        match size {
            wire::Size::Small => Size::Small,
            wire::Size::Medium => Size::Medium,
            wire::Size::Large => Size::Large,
        }
    }
}

impl From<Size> for wire::Size {
    fn from(size: Size) -> wire::Size {
        match size {
            Size::Small => wire::Size::Small,
            Size::Medium => wire::Size::Medium,
            Size::Large => wire::Size::Large,
        }
    }
}

/// The media server answers in milliseconds; everybody in the visit waits while it does not.
const MEDIA_ANSWERS_WITHIN: Duration = Duration::from_secs(3);

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
            picture: media::Picture::default(),
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
