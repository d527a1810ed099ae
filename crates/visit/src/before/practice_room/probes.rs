//! Which browsers are on the media server to try it, and for how long.
//!
//! Each has a room of its own with two connections of its own: one sends, one gets the same back.
//! Bounds: a few at a time, fewer of them strangers, one of each session, and a minute and a half each.

use crate::during::Media;
use ::media::{JoinError, PeerKey, RoomKey};
use keep::Keep;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use vocabulary::Principal;

/// Plugged into the site.
pub struct Probes {
    media: Arc<dyn Media>,
    strangers: Arc<Semaphore>,
    known: Arc<Semaphore>,
    open: Arc<Mutex<HashMap<String, Open>>>,
}

/// Dropped: the watcher hears it and closes the room.
struct Open {
    whose: Option<String>,
    place: Arc<OwnedSemaphorePermit>,
    _stop: oneshot::Sender<()>,
}

/// Who wants to try.
#[derive(Clone, Debug)]
pub struct Comer {
    /// Has a visit or works here, and has proven it.
    pub is_known: bool,
    /// Of a seat or a session: trying anew ends the try before. None of strangers.
    pub whose: Option<String>,
}

impl Comer {
    pub fn of(who: &Principal) -> Comer {
        match who {
            Principal::Guest { participant, known, .. } => {
                Comer { is_known: *known, whose: Some(participant.text()) }
            }
            Principal::Staff { session, .. }
            | Principal::Patient { session, .. }
            | Principal::Representative { session, .. } => {
                Comer { is_known: true, whose: Some(session.text()) }
            }
            Principal::Anonymous | Principal::System => Comer { is_known: false, whose: None },
        }
    }
}

/// The server's answers to both offers, and the name to end it by.
#[derive(Debug, serde::Serialize)]
pub struct Begun {
    pub id: String,
    pub send: String,
    pub receive: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// As many as there may be: try again in a moment.
    Full,
    /// The offer is none, or the media server said no.
    Offer,
}

impl Probes {
    pub fn new(media: Arc<dyn Media>) -> Probes {
        Probes {
            media,
            strangers: Arc::new(Semaphore::new(STRANGERS_MAX)),
            known: Arc::new(Semaphore::new(KNOWN_MAX)),
            open: Arc::default(),
        }
    }

    /// Joins both connections to a fresh room. Strangers have places of their own, so that they take none
    /// from people who have a visit.
    pub async fn begin(
        &self,
        keep: &Keep,
        comer: Comer,
        (send, receive): (String, String),
    ) -> Result<Begun, Refused> {
        let places = if comer.is_known { &self.known } else { &self.strangers };
        let place = match self.end_of(&comer) {
            Some(own) => own,
            None => Arc::new(places.clone().try_acquire_owned().map_err(|_| Refused::Full)?),
        };
        let mut keys = [[0; 16]; 3];
        keys.iter_mut().for_each(|key| keep.entropy().fill(key));
        let [room, sender, receiver] = keys;
        let room = RoomKey(room);
        let id: String = room.0.iter().map(|byte| format!("{byte:02x}")).collect();
        // Before joining: whoever goes away half-way leaves no peer behind.
        self.watch(id.clone(), room, (comer.whose, place));
        let joined = async {
            let send = self.media.join(room, PeerKey(sender), send).await?;
            let receive = self.media.join(room, PeerKey(receiver), receive).await?;
            Ok::<_, JoinError>((send, receive))
        };
        match joined.await {
            Ok((send, receive)) => Ok(Begun { id, send, receive }),
            Err(why) => {
                self.end(&id);
                Err(if why == JoinError::Busy { Refused::Full } else { Refused::Offer })
            }
        }
    }

    /// Whoever knows the name may end it. An unknown one is over already.
    pub fn end(&self, id: &str) {
        // The watcher hears that its sender is gone.
        self.lock().remove(id);
    }

    /// The place of the try that this one ends.
    fn end_of(&self, comer: &Comer) -> Option<Arc<OwnedSemaphorePermit>> {
        let whose = comer.whose.as_ref()?;
        let mut open = self.lock();
        let id = open.iter().find(|(_, one)| one.whose.as_ref() == Some(whose)).map(|(id, _)| id.clone())?;
        open.remove(&id).map(|one| one.place)
    }

    fn watch(&self, id: String, room: RoomKey, (whose, place): (Option<String>, Arc<OwnedSemaphorePermit>)) {
        let (stop, stopped) = oneshot::channel();
        self.lock().insert(id.clone(), Open { whose, place: place.clone(), _stop: stop });
        let (media, open) = (self.media.clone(), self.open.clone());
        tokio::spawn(async move {
            tokio::time::timeout(PROBE_LASTS, stopped).await.ok();
            open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            media.close_room(room).await;
            drop(place);
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// At once, of people nobody knows.
pub const STRANGERS_MAX: usize = 4;
/// At once, of guests, patients and staff.
pub const KNOWN_MAX: usize = 24;
/// Longer than a check takes and than anybody looks at themselves.
pub const PROBE_LASTS: Duration = Duration::from_secs(90);
