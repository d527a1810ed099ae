//! One live visit: a task that owns the reducer's state, the seats and the bridge to media, and takes one
//! thing after the other from a bounded inbox.
//!
//! Refuses to acknowledge before the store has it: `acts` commits, then the state moves, then people are
//! told.

use super::acts::Cause;
use super::files::{Ask, Shelf, Told};
use super::live::Parts;
use super::problem::Trouble;
use super::rules::{self, Effect, Event, Someone, Step, Visit};
use super::seat::{Attached, Seat};
use super::view::InQueue;
use super::way_in::{self, Pass};
use super::wire::{FromPage, Language, Nothing, Role, ToPage};
use crate::before::badges::Seen;
use crate::before::store::{ParticipantRow, VisitRow, load_visit, participants};
use ::media::{MediaEvent, PeerKey, RoomKey};
use keep::KeepError;
use keep::files::Piece;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use vocabulary::{IncidentId, ParticipantId, PersonId, SessionId, UnixMillis, VisitId};

pub enum Input {
    Enter(Box<Enter>),
    Message {
        id: ParticipantId,
        socket: u64,
        seq: u64,
        message: FromPage,
    },
    Gone {
        id: ParticipantId,
        socket: u64,
    },
    Media(MediaEvent),
    /// Events of the media server were missed.
    Recount,
    /// A page changed something of this visit.
    LookAgain,
    /// A session or account ended or changed; `None` when nobody knows which.
    Sessions(Option<Whose>),
    Queue(oneshot::Sender<Vec<InQueue>>),
    File {
        pass: Box<Pass>,
        ask: Ask,
        reply: oneshot::Sender<Result<Told, Trouble>>,
    },
}

pub struct Enter {
    pub pass: Pass,
    pub after: Option<u64>,
    pub socket: Attached,
    pub reply: oneshot::Sender<Result<(), Trouble>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Session(SessionId),
    Account(PersonId),
}

/// State of one live visit. Holds names, so it has no `Debug`.
pub struct VisitTask {
    pub(super) parts: Arc<Parts>,
    pub(super) visit: Visit,
    pub(super) row: VisitRow,
    pub(super) rows: BTreeMap<ParticipantId, ParticipantRow>,
    pub(super) seats: BTreeMap<ParticipantId, Seat>,
    pub(super) names: HashMap<ParticipantId, String>,
    /// What the badges of people who wait are made of.
    pub(super) seen: HashMap<ParticipantId, Seen>,
    /// Connections to the media server, the present one of each person.
    pub(super) peers: BTreeMap<ParticipantId, PeerKey>,
    pub(super) shelf: Shelf<Arc<Piece>>,
    quiet_since: UnixMillis,
}

/// Runs until nobody has been here for a while. `Err` when the visit could not be loaded.
pub async fn run(parts: Arc<Parts>, id: VisitId, mut inbox: mpsc::Receiver<Input>) -> Result<(), KeepError> {
    let mut task = VisitTask::load(parts, id).await?;
    task.apply(Event::Tick, Cause::program()).await.ok();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            input = inbox.recv() => match input {
                Some(input) => task.take(input).await,
                None => break,
            },
            _ = tick.tick() => {
                task.tick().await;
                if task.is_quiet() {
                    // Whoever still sends finds the inbox closed and asks for a new task.
                    break;
                }
            }
        }
    }
    Ok(())
}

impl VisitTask {
    async fn load(parts: Arc<Parts>, id: VisitId) -> Result<VisitTask, KeepError> {
        let mut conn = parts.keep.read().await?;
        let row = load_visit(&mut conn, id).await?;
        let people = participants(&mut conn, id).await?;
        drop(conn);
        let mut visit = Visit::new(row.state, row.locked, row.starts_at, row.started_at);
        for one in &people {
            if let Some(role) = Role::of(one.part.relation()) {
                let since = one.arrived_at.unwrap_or(row.starts_at);
                let spoken = one.spoken.map(|(code, _)| code);
                visit.people.insert(one.id, Someone { spoken, ..Someone::new(role, one.state, since) });
            }
        }
        let quiet_since = parts.keep.clock().now();
        Ok(VisitTask {
            parts,
            visit,
            row,
            rows: people.into_iter().map(|one| (one.id, one)).collect(),
            seats: BTreeMap::new(),
            names: HashMap::new(),
            seen: HashMap::new(),
            peers: BTreeMap::new(),
            shelf: Shelf::default(),
            quiet_since,
        })
    }

    async fn take(&mut self, input: Input) {
        match input {
            Input::Enter(enter) => {
                let Enter { pass, after, socket, reply } = *enter;
                // A socket that went away meanwhile sends `Gone` next.
                reply.send(self.enter(pass, after, socket).await).ok();
            }
            Input::Message { id, socket, seq, message } => self.message(id, (socket, seq), message).await,
            Input::Gone { id, socket } => {
                if let Some(seat) = self.seats.get_mut(&id).filter(|seat| seat.is_at(socket)) {
                    seat.socket = None;
                    self.apply(Event::LosesSocket(id), Cause::program()).await.ok();
                }
            }
            Input::Media(event) => self.media(event).await,
            Input::Recount => self.recount().await,
            Input::LookAgain => self.look_again().await,
            Input::Sessions(whose) => {
                self.sessions_changed(whose).await;
                self.licences_changed(whose).await;
            }
            Input::Queue(reply) => {
                reply.send(super::view::queue(&self.visit)).ok();
            }
            Input::File { pass, ask, reply } => {
                // A page that has hung up meanwhile asks again.
                reply.send(self.file(&pass, ask).await).ok();
            }
        }
    }

    /// One message of somebody in the visit. A refusal is told to them and nobody else.
    async fn message(&mut self, id: ParticipantId, (socket, seq): (u64, u64), message: FromPage) {
        let Some(seat) = self.seats.get_mut(&id).filter(|seat| seat.is_at(socket)) else { return };
        seat.heard = seq;
        if matches!(message, FromPage::Alive(_)) {
            seat.refused = 0;
            return self.tell(id, &ToPage::Alive(Nothing {})).await;
        }
        let cause = Cause::of(id, &message);
        let lang = if let FromPage::Language(Language { lang }) = &message { Some(*lang) } else { None };
        let outcome = self.apply(Event::From(id, message), cause).await;
        if let (Ok(()), Some(lang)) = (outcome, lang) {
            self.speak(id, lang).await;
        }
        if let Err(trouble) = outcome {
            self.tell_problem(id, trouble, Some(seq)).await;
        }
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.refused = match outcome {
            Ok(()) => 0,
            // To lose a race is no mistake.
            Err(Trouble::EpochTaken) => seat.refused,
            Err(_) => seat.refused + 1,
        };
        if seat.refused >= REFUSED_IN_A_ROW {
            seat.refused = 0;
            self.tell_problem(id, Trouble::TooMany, None).await;
            if let Some(seat) = self.seats.get_mut(&id) {
                seat.socket = None;
            }
        }
    }

    /// The one way anything happens: reduce, commit, move on, tell.
    pub(super) async fn apply(&mut self, event: Event, cause: Cause) -> Result<(), Trouble> {
        let access = self.decide(&cause).await?;
        let now = self.now();
        let step = match self.judge(&event, now).await {
            Ok(step) => step,
            Err(trouble) => {
                self.refused(&cause, trouble).await;
                return Err(trouble);
            }
        };
        match self.commit(&step, &access, &cause).await {
            Ok(()) => self.perform(step).await,
            Err(KeepError::Conflict) => {
                // A page was faster. Take over what it wrote and judge again, once.
                self.reload().await?;
                let step = self.judge(&event, now).await?;
                self.commit(&step, &access, &cause).await.map_err(|_| Trouble::TryAgain)?;
                self.perform(step).await
            }
            Err(_) => Err(Trouble::TryAgain),
        }
    }

    /// Moves to the committed state and does what follows from it.
    pub(super) async fn perform(&mut self, step: Step) -> Result<(), Trouble> {
        self.visit = step.visit;
        let mut refused = None;
        let mut effects = VecDeque::from(step.effects);
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Tell(id, notice) => {
                    let message = self.draw(id, notice).await;
                    self.tell(id, &message).await;
                }
                Effect::Answer(id, notice) => {
                    let message = self.draw(id, notice).await;
                    if let Some(seat) = self.seats.get_mut(&id) {
                        seat.answer(&message);
                    }
                }
                Effect::StartMedia(id, sdp) => refused = self.start_media(id, sdp).await.err(),
                Effect::Draw(id, sizes) => self.pass_sizes(id, &sizes).await,
                Effect::StopMedia(id) => self.stop_media(id).await,
                Effect::CloseRoom => {
                    self.shelf = Shelf::default();
                    self.peers.clear();
                    self.parts.media.close_room(room_key(self.row.id)).await;
                }
                Effect::Close(id) => {
                    if let Some(seat) = self.seats.get_mut(&id) {
                        seat.socket = None;
                        seat.forget();
                    }
                }
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// Never recurses: a socket that is lost here is taken out of the state at the next tick.
    pub(super) async fn tell(&mut self, id: ParticipantId, message: &ToPage) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        if matches!(message, ToPage::Returned(_) | ToPage::Removed(_) | ToPage::Left(_) | ToPage::Ended(_)) {
            seat.forget();
        }
        if !seat.tell(message) {
            tracing::info!(visit = self.row.id.short(), participant = id.short(), "a socket read too slowly");
        }
    }

    pub(super) async fn tell_problem(&mut self, id: ParticipantId, trouble: Trouble, seq: Option<u64>) {
        let Some(seat) = self.seats.get(&id) else { return };
        let words = self.parts.catalog.words(seat.pass.lang);
        let incident = (trouble == Trouble::TryAgain).then(|| {
            let incident = IncidentId::new(self.now(), self.parts.keep.entropy());
            tracing::error!(incident = incident.short(), visit = self.row.id.short(), "a message failed");
            incident
        });
        let problem = ToPage::Problem(trouble.told(&words, seq, incident));
        self.tell(id, &problem).await;
    }

    /// Looks at the rows again and takes over what pages have written.
    pub(super) async fn look_again(&mut self) {
        if self.reload().await.is_err() {
            tracing::warn!(visit = self.row.id.short(), "a visit could not be looked at again");
        }
        self.tell_coming().await;
    }

    pub(super) async fn reload(&mut self) -> Result<(), Trouble> {
        let (row, people) = self.read_rows().await.map_err(|_| Trouble::TryAgain)?;
        self.row = row;
        let mut events = vec![Event::VisitIs { state: self.row.state, starts_at: self.row.starts_at }];
        for one in people {
            if let Some(role) = Role::of(one.part.relation()) {
                let since = one.arrived_at.unwrap_or(self.row.starts_at);
                events.push(Event::Known { id: one.id, role, state: one.state, waiting_since: since });
            }
            self.rows.insert(one.id, one);
        }
        self.seen.clear();
        let cause = Cause::program();
        let access = self.decide(&cause).await?;
        for event in events.into_iter().chain(self.words_for_lobby(&access).await?) {
            let step = rules::step(&self.visit, event, self.now())?;
            self.commit(&step, &access, &cause).await.map_err(|_| Trouble::TryAgain)?;
            self.perform(step).await?;
        }
        Ok(())
    }

    async fn read_rows(&self) -> Result<(VisitRow, Vec<ParticipantRow>), KeepError> {
        let mut conn = self.parts.keep.read().await?;
        let row = load_visit(&mut conn, self.row.id).await?;
        let people = participants(&mut conn, self.row.id).await?;
        Ok((row, people))
    }

    pub(super) async fn sessions_changed(&mut self, whose: Option<Whose>) {
        let concerned: Vec<(ParticipantId, SessionId)> = self
            .seats
            .iter()
            .filter(|(_, seat)| whose.is_none_or(|whose| concerns(&seat.pass, whose)))
            .map(|(id, seat)| (*id, seat.pass.session))
            .collect();
        for (id, session) in concerned {
            match way_in::principal(&self.parts.keep, session).await {
                Ok(Some((who, _))) => {
                    if let Some(seat) = self.seats.get_mut(&id) {
                        seat.pass.who = who;
                    }
                }
                Ok(None) => {
                    self.tell_problem(id, Trouble::SignedOut, None).await;
                    self.apply(Event::CutOff(id), Cause::program()).await.ok();
                    self.seats.remove(&id);
                }
                // The next hint or tick asks again; to end a visit because the store hiccups helps nobody.
                Err(_) => tracing::warn!(participant = id.short(), "a session could not be looked at"),
            }
        }
    }

    async fn tick(&mut self) {
        let lost: Vec<ParticipantId> = self.seats_without_socket();
        for id in lost {
            self.apply(Event::LosesSocket(id), Cause::program()).await.ok();
        }
        self.apply(Event::Tick, Cause::program()).await.ok();
        self.ask_authorities().await;
        self.mark_sessions().await;
        self.tidy_files();
        if self.seats.values().any(|seat| seat.socket.is_some()) || !self.peers.is_empty() {
            self.quiet_since = self.now();
        }
    }

    fn seats_without_socket(&self) -> Vec<ParticipantId> {
        let lost = |id: &ParticipantId| self.seats.get(id).is_none_or(|seat| seat.socket.is_none());
        self.visit.people.iter().filter(|(id, one)| one.here && lost(id)).map(|(id, _)| *id).collect()
    }

    fn is_quiet(&self) -> bool {
        self.now().since(self.quiet_since) >= QUIET_MS
    }

    pub(super) fn now(&self) -> UnixMillis {
        self.parts.keep.clock().now()
    }
}

pub fn room_key(id: VisitId) -> RoomKey {
    RoomKey(id.bytes())
}

fn concerns(pass: &Pass, whose: Whose) -> bool {
    use vocabulary::Principal;
    match (whose, &pass.who) {
        (Whose::Session(session), _) => pass.session == session,
        (Whose::Account(account), Principal::Staff { person, .. }) => *person == account,
        (Whose::Account(_), _) => false,
    }
}

/// Whoever is refused this often in a row is closed; they may come back.
pub const REFUSED_IN_A_ROW: u32 = 10;
/// Expected waits, people who stay away and sockets that were lost are looked at this often.
const TICK: Duration = Duration::from_secs(5);
/// A task nobody has a socket at ends; the next hello loads the visit again.
const QUIET_MS: i64 = 60_000;
