//! From what the reducer says to what a page reads: ids get names, roles and words in the reader's language.
//! And from the media server's news to events.

use super::acts::Cause;
use super::problem::Trouble;
use super::rules::{Event, Notice, Payload};
use super::view::{InQueue, RoomView, View};
use super::visit_task::{VisitTask, room_key};
use super::wire::{
    Badge, BlobFrom, Founded, Kind, Knocked, Nothing, Person, Queue, Role, Room, Sealed, Size, Slot, ToPage,
    Tone, Waiting, WelcomeIn,
};
use crate::before::badges::{self, badges};
use ::media::{MediaEvent, PeerKey, PeerReport, SlotMap};
use keep::Object;
use policy::Act;
use vocabulary::ParticipantId;
use web::Words;

impl VisitTask {
    pub(super) async fn draw(&mut self, to: ParticipantId, notice: Notice) -> ToPage {
        match notice {
            Notice::View(View::Lobby(lobby)) => ToPage::Lobby(lobby),
            Notice::View(View::Room(room) | View::Both(room, _)) => ToPage::Room(self.draw_room(to, room)),
            Notice::View(View::Queue(waiting)) => ToPage::Queue(self.draw_queue(to, waiting).await),
            Notice::Admitted => ToPage::Admitted(Nothing {}),
            Notice::Knocked { from, blob } => self.draw_knock(from, text(&blob)),
            Notice::Door { from, blob } => ToPage::Door(BlobFrom { from, blob: text(&blob) }),
            Notice::Founded { group, epoch } => ToPage::Founded(Founded { group: text(&group), epoch }),
            Notice::Sealed { index, epoch, from, commit } => {
                ToPage::Sealed(Sealed { index, epoch, from, commit: text(&commit) })
            }
            Notice::WelcomeIn { blob, group } => {
                ToPage::WelcomeIn(WelcomeIn { blob: text(&blob), group: text(&group) })
            }
            Notice::Note { from, blob } => ToPage::Note(BlobFrom { from, blob: text(&blob) }),
            Notice::Returned => ToPage::Returned(Nothing {}),
            Notice::Removed => ToPage::Removed(Nothing {}),
            Notice::Left => ToPage::Left(Nothing {}),
            Notice::Ended => ToPage::Ended(self.ended(to)),
        }
    }

    fn draw_knock(&self, from: ParticipantId, blob: String) -> ToPage {
        ToPage::Knocked(Knocked { from, name: self.name(from), role: self.role(from), blob })
    }

    fn draw_room(&self, to: ParticipantId, room: RoomView) -> Room {
        let people = room.people.into_iter().map(|one| Person {
            id: one.id,
            name: self.name(one.id),
            role: self.role(one.id),
            mic: one.mic,
            camera: one.camera,
            connected: one.connected,
            you: one.id == to,
        });
        let RoomView { locked, slots, sizes, since, .. } = room;
        Room { people: people.collect(), locked, slots, sizes, since }
    }

    async fn draw_queue(&mut self, to: ParticipantId, waiting: Vec<InQueue>) -> Queue {
        self.learn_about(to, &waiting).await;
        let lang = self.seats.get(&to).map_or_else(Default::default, |seat| seat.pass.lang);
        let (words, now) = (self.parts.catalog.words(lang), self.now());
        let drawn = waiting.into_iter().map(|one| Waiting {
            id: one.id,
            name: self.name(one.id),
            role: self.role(one.id),
            waited_ms: now.since(one.since).max(0),
            badges: self.badges(&one, &words),
        });
        Queue { waiting: drawn.collect() }
    }

    fn badges(&self, one: &InQueue, words: &Words) -> Vec<Badge> {
        let page = (!one.here).then(|| Badge {
            kind: "page".into(),
            text: words.t("during-page-closed"),
            tone: Tone::Warn,
        });
        let seen = self.seen.get(&one.id).map(|seen| badges(seen, words)).unwrap_or_default();
        page.into_iter().chain(seen.into_iter().map(drawn)).collect()
    }

    /// What a leader's list shows of the people in it, opened under the leader's own view.
    async fn learn_about(&mut self, leader: ParticipantId, waiting: &[InQueue]) {
        let known = |one: &InQueue| self.seen.contains_key(&one.id) && self.names.contains_key(&one.id);
        if waiting.iter().all(known) {
            return;
        }
        if self.try_learn_about(leader, waiting).await.is_err() {
            tracing::warn!(visit = self.row.id.short(), "the badges of a queue could not be loaded");
        }
    }

    async fn try_learn_about(&mut self, leader: ParticipantId, waiting: &[InQueue]) -> Result<(), Trouble> {
        let Some(pass) = self.seats.get(&leader).map(|seat| seat.pass.clone()) else { return Ok(()) };
        let access = self.decide_as(&pass.who, &Cause::entering(leader, Act::SeeQueue)).await?;
        self.learn_names(&access, pass.lang).await.map_err(|_| Trouble::TryAgain)?;
        let object = Object::of("visit", self.row.id.text()).patient(self.row.patient).visit(self.row.id);
        let mut viewing = self.parts.keep.view(&access, object).await.map_err(|_| Trouble::TryAgain)?;
        let (house, now) = (self.parts.keep.settings().house_rules.clone(), self.now());
        for one in waiting {
            let Some(row) = self.rows.get(&one.id) else { continue };
            let loaded = badges::load_seen(&mut viewing, &access, (&self.row, row), (&house, now)).await;
            self.seen.insert(one.id, loaded.map_err(|_| Trouble::TryAgain)?);
        }
        Ok(())
    }

    pub(super) async fn media(&mut self, event: MediaEvent) {
        let (peer, of) = match &event {
            MediaEvent::Connected { peer, .. } => (*peer, Event::MediaUp as fn(ParticipantId) -> Event),
            MediaEvent::Disconnected { peer, .. } => (*peer, Event::MediaDown as _),
            MediaEvent::Failed { peer, .. } => (*peer, Event::MediaGone as _),
            MediaEvent::Slots { peer, map, .. } => {
                let (peer, slots) = (*peer, self.slots(map));
                if let Some(id) = self.whose(peer) {
                    self.apply(Event::Slots(id, slots), Cause::program()).await.ok();
                }
                return;
            }
            MediaEvent::Sizes { peer, sizes, .. } => {
                if let Some(id) = self.whose(*peer) {
                    let sizes = sizes.iter().map(|size| Size::from(*size)).collect();
                    self.apply(Event::Sizes(id, sizes), Cause::program()).await.ok();
                }
                return;
            }
        };
        // News about a connection that was replaced is no news.
        let Some(id) = self.whose(peer) else { return };
        if matches!(event, MediaEvent::Failed { .. }) {
            self.peers.remove(&id);
        }
        let here = self.seats.get(&id).is_some_and(|seat| seat.socket.is_some());
        let up = matches!(event, MediaEvent::Connected { .. });
        // The person's own act as long as they are there to act.
        let cause = if up && here { Cause::entering(id, Act::JoinRoom) } else { Cause::program() };
        if self.apply(of(id), cause).await.is_err() {
            tracing::warn!(participant = id.short(), "news of the media server could not be taken in");
        }
    }

    pub(super) async fn recount(&mut self) {
        let reports = self.parts.media.report(room_key(self.row.id)).await;
        let missing: Vec<ParticipantId> = self
            .peers
            .iter()
            .filter(|(_, peer)| !reports.iter().any(|report| report.peer == **peer))
            .map(|(id, _)| *id)
            .collect();
        for id in missing {
            self.peers.remove(&id);
            self.apply(Event::MediaGone(id), Cause::program()).await.ok();
        }
        let room = room_key(self.row.id);
        for PeerReport { peer, connected, slots, sizes } in reports {
            let state = if connected {
                MediaEvent::Connected { room, peer }
            } else {
                MediaEvent::Disconnected { room, peer }
            };
            self.media(state).await;
            self.media(MediaEvent::Slots { room, peer, map: slots }).await;
            self.media(MediaEvent::Sizes { room, peer, sizes }).await;
        }
    }

    fn slots(&self, map: &[SlotMap]) -> Vec<Slot> {
        let drawn = map.iter().filter_map(|one| {
            let kind = match one.kind {
                ::media::Kind::Audio => Kind::Audio,
                ::media::Kind::Video => Kind::Video,
            };
            Some(Slot { slot: u32::try_from(one.slot).ok()?, kind, participant: self.whose(one.publisher)? })
        });
        drawn.collect()
    }

    fn whose(&self, peer: PeerKey) -> Option<ParticipantId> {
        self.peers.iter().find(|(_, known)| **known == peer).map(|(id, _)| *id)
    }

    fn role(&self, id: ParticipantId) -> Role {
        self.visit.people.get(&id).map_or(Role::Supporter, |one| one.role)
    }
}

fn text(payload: &Payload) -> String {
    payload.0.as_ref().to_owned()
}

fn drawn(badge: badges::Badge) -> Badge {
    let tone = match badge.tone {
        "ok" => Tone::Good,
        "warn" => Tone::Warn,
        "bad" => Tone::Bad,
        _ => Tone::Plain,
    };
    Badge { kind: badge.kind.into(), text: badge.text, tone }
}
