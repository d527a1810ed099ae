//! All live visits of this program: one task each, found by the visit's id; tickets; and who listens to the
//! bus and the media server for them.

use super::files::{Ask, Told};
use super::media_bridge::Media;
use super::problem::Trouble;
use super::seat;
use super::view::InQueue;
use super::visit_task::{self, Enter, Input, Whose, room_key};
use super::way_in::{self, Opened, Pass, Tickets};
use super::wire::FromPage;
use ::media::{MediaEvent, RoomKey};
use keep::{Hint, Keep};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use vocabulary::{ParticipantId, Secret, VisitId};
use web::Catalog;

/// What every live visit needs of the rest of the program.
pub struct Parts {
    pub keep: Keep,
    pub media: Arc<dyn Media>,
    pub catalog: Arc<Catalog>,
    pub demo: bool,
    /// Whether somebody who waits with a locked phone is told by text.
    pub texting: Arc<people::contact::texting::Texting>,
}

/// A handle; clones speak of the same visits. Plugged into the site: `site.plug(Arc::new(live))`.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    parts: Arc<Parts>,
    tickets: Tickets,
    visits: Mutex<HashMap<VisitId, mpsc::Sender<Input>>>,
    sockets: Arc<Semaphore>,
    /// Pieces of files on their way through memory.
    pieces: Arc<Semaphore>,
    next_socket: AtomicU64,
}

/// A socket's place in its visit.
pub struct Joined {
    pub outlet: seat::Outlet,
    id: ParticipantId,
    socket: u64,
    visit: mpsc::Sender<Input>,
}

impl Live {
    /// Listens from now on. Call it inside the runtime.
    pub fn start(parts: Parts) -> Live {
        let live = Live(Arc::new(Inner {
            parts: Arc::new(parts),
            tickets: Tickets::default(),
            visits: Mutex::default(),
            sockets: Arc::new(Semaphore::new(SOCKETS_MAX)),
            pieces: Arc::new(Semaphore::new(PIECES_AT_ONCE)),
            next_socket: AtomicU64::new(1),
        }));
        tokio::spawn(listen_to_bus(live.clone()));
        tokio::spawn(listen_to_media(live.clone()));
        live
    }

    pub fn keep(&self) -> &Keep {
        &self.0.parts.keep
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// After the commit of the act that let somebody come.
    pub fn ticket(&self, opened: Opened) -> Result<Secret, Trouble> {
        self.0.tickets.issue(self.keep(), opened)
    }

    /// Who waits in the lobby of this visit, the longest first; `None` when nothing of it is live here.
    pub async fn queue(&self, visit: VisitId) -> Option<Vec<InQueue>> {
        let task = self.visits().get(&visit).filter(|task| !task.is_closed()).cloned()?;
        let (reply, answer) = oneshot::channel();
        task.send(Input::Queue(reply)).await.ok()?;
        answer.await.ok()
    }

    pub(super) fn socket_permit(&self) -> Option<OwnedSemaphorePermit> {
        self.0.sockets.clone().try_acquire_owned().ok()
    }

    pub(super) fn file_permit(&self) -> Option<OwnedSemaphorePermit> {
        self.0.pieces.clone().try_acquire_owned().ok()
    }

    /// Asks the visit of this pass, if it is live.
    pub(super) async fn file(&self, pass: Pass, ask: Ask) -> Result<Told, Trouble> {
        let task = self.visits().get(&pass.visit).filter(|task| !task.is_closed()).cloned();
        let (reply, answer) = oneshot::channel();
        let file = Input::File { pass: Box::new(pass), ask, reply };
        task.ok_or(Trouble::NotAdmitted)?.send(file).await.map_err(|_| Trouble::NotAdmitted)?;
        answer.await.map_err(|_| Trouble::NotAdmitted)?
    }

    pub(super) async fn by_ticket(&self, ticket: &str) -> Result<Pass, Trouble> {
        way_in::by_ticket(self.keep(), &self.0.tickets, ticket).await
    }

    pub(super) async fn by_resume(&self, token: &str) -> Result<Pass, Trouble> {
        way_in::by_resume(self.keep(), token).await
    }

    /// A task that just ended leaves a closed inbox behind; the second try finds a new one.
    pub(super) async fn enter(&self, pass: Pass, after: Option<u64>) -> Result<Joined, Trouble> {
        for _ in 0..ENTER_TRIES {
            let visit = self.task(pass.visit)?;
            let number = self.0.next_socket.fetch_add(1, Ordering::Relaxed);
            let (attached, outlet) = seat::connect(number);
            let (reply, answer) = oneshot::channel();
            let enter = Enter { pass: pass.clone(), after, socket: attached, reply };
            if visit.send(Input::Enter(Box::new(enter))).await.is_err() {
                continue;
            }
            match answer.await {
                Ok(Ok(())) => return Ok(Joined { outlet, id: pass.participant, socket: number, visit }),
                Ok(Err(trouble)) => return Err(trouble),
                Err(_) => continue,
            }
        }
        Err(Trouble::TryAgain)
    }

    fn task(&self, id: VisitId) -> Result<mpsc::Sender<Input>, Trouble> {
        let mut visits = self.visits();
        if let Some(task) = visits.get(&id).filter(|task| !task.is_closed()) {
            return Ok(task.clone());
        }
        visits.retain(|_, task| !task.is_closed());
        if visits.len() >= VISITS_LIVE_MAX {
            return Err(Trouble::ServerFull);
        }
        let (sender, inbox) = mpsc::channel(INBOX);
        visits.insert(id, sender.clone());
        let parts = self.0.parts.clone();
        tokio::spawn(async move {
            if visit_task::run(parts, id, inbox).await.is_err() {
                tracing::error!(visit = id.short(), "a visit could not be loaded");
            }
        });
        Ok(sender)
    }

    fn visits(&self) -> std::sync::MutexGuard<'_, HashMap<VisitId, mpsc::Sender<Input>>> {
        self.0.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all(&self) -> Vec<mpsc::Sender<Input>> {
        self.visits().values().cloned().collect()
    }

    fn of_room(&self, room: RoomKey) -> Option<mpsc::Sender<Input>> {
        self.visits().iter().find(|(id, _)| room_key(**id) == room).map(|(_, task)| task.clone())
    }
}

impl Joined {
    /// False when the visit's task is gone: say hello again.
    pub async fn say(&self, seq: u64, message: FromPage) -> bool {
        let (id, socket) = (self.id, self.socket);
        self.visit.send(Input::Message { id, socket, seq, message }).await.is_ok()
    }

    pub async fn gone(&self) {
        let (id, socket) = (self.id, self.socket);
        // A task that has ended has forgotten the socket already.
        self.visit.send(Input::Gone { id, socket }).await.ok();
    }
}

async fn listen_to_bus(live: Live) {
    let mut hints = live.keep().bus().subscribe();
    loop {
        let (whose, visit) = match hints.recv().await {
            Ok(Hint::Session(session)) => (Some(Some(Whose::Session(session))), None),
            Ok(Hint::Account(person)) => (Some(Some(Whose::Account(person))), None),
            Ok(Hint::Visit(visit)) => (None, Some(visit)),
            // Hints were missed, or it is said of whom but not where they are: ask about everybody.
            Ok(Hint::Authority(_)) | Err(RecvError::Lagged(_)) => (Some(None), None),
            Ok(_) => continue,
            Err(RecvError::Closed) => return,
        };
        if let Some(visit) = visit {
            let task = live.visits().get(&visit).cloned();
            if let Some(task) = task {
                deliver(task, Input::LookAgain);
            }
        }
        if let Some(whose) = whose {
            for task in live.all() {
                deliver(task, Input::Sessions(whose));
            }
        }
    }
}

/// One visit that is slow must not keep news from the others. The bus and the media server bound how many
/// wait.
fn deliver(task: mpsc::Sender<Input>, input: Input) {
    if let Err(TrySendError::Full(input)) = task.try_send(input) {
        tokio::spawn(async move { task.send(input).await.ok() });
    }
}

async fn listen_to_media(live: Live) {
    let mut events = live.parts().media.events();
    loop {
        match events.recv().await {
            Ok(event) => {
                let room = match &event {
                    MediaEvent::Connected { room, .. }
                    | MediaEvent::Disconnected { room, .. }
                    | MediaEvent::Failed { room, .. }
                    | MediaEvent::Slots { room, .. }
                    | MediaEvent::Sizes { room, .. } => *room,
                };
                if let Some(task) = live.of_room(room) {
                    deliver(task, Input::Media(event));
                }
            }
            Err(RecvError::Lagged(_)) => {
                for task in live.all() {
                    deliver(task, Input::Recount);
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Sockets of the whole program.
pub const SOCKETS_MAX: usize = 2_000;
/// Visits live at once in this process.
pub const VISITS_LIVE_MAX: usize = 500;
/// Things that may wait for one visit's task; senders wait beyond it.
const INBOX: usize = 256;
const ENTER_TRIES: usize = 3;
/// At most one mebibyte each.
const PIECES_AT_ONCE: usize = 32;
