//! The live visit as one pure reducer: `(state, event, now) -> (state, writes, effects)` or a refusal.
//!
//! Owns who waits, who is in the room, the lock, the capacity and the end. Refuses every act of somebody who
//! does not lead, and to let anything of the room out of it: a person in the lobby sees a `View::Lobby` and
//! nothing else (R37-R39 begin here). Names, languages and sockets are not known here.

mod ahead;
mod event;
mod leaving;
mod sealed;
mod state;

pub use event::{Effect, Event, Notice, Write};
pub use sealed::{Group, Payload};
pub use state::{ROOM_PEOPLE, Someone, Visit};

use super::problem::Trouble;
use super::view::{View, view};
use super::wire::{Compared, DRAWN_SIZES, FromPage, Role, Said, Size, Slot};
use crate::before::rules::{
    ParticipantEvent as P, ParticipantState as S, SpokenCode, VisitEvent as V, VisitState,
};
use state::is_present;
use vocabulary::{ParticipantId, UnixMillis};

pub struct Step {
    pub visit: Visit,
    pub writes: Vec<Write>,
    pub effects: Vec<Effect>,
}

pub fn step(before: &Visit, event: Event, now: UnixMillis) -> Result<Step, Trouble> {
    let mut next = Next { visit: before.clone(), writes: Vec::new(), effects: Vec::new(), now };
    // Whoever entered just now has seen nothing yet.
    let entered = if let Event::Enters(id) = event { Some(id) } else { None };
    next.take(event)?;
    next.show_changes(before, entered);
    next.show_group(before, entered);
    let Next { visit, writes, effects, .. } = next;
    Ok(Step { visit, writes, effects })
}

struct Next {
    visit: Visit,
    writes: Vec<Write>,
    effects: Vec<Effect>,
    now: UnixMillis,
}

impl Next {
    fn take(&mut self, event: Event) -> Result<(), Trouble> {
        match event {
            Event::Known { id, role, state, waiting_since } => self.known(id, role, state, waiting_since),
            Event::VisitIs { state, starts_at } => self.visit_is(state, starts_at),
            Event::Enters(id) => return self.enters(id),
            Event::LosesSocket(id) => self.loses_socket(id),
            Event::CutOff(id) => self.cut_off(id),
            Event::SentBack(id) => return self.back_to_lobby(id),
            Event::SeatOver(id) => self.seat_over(id),
            Event::TurnedAway(id) => self.turned_away(id),
            Event::MediaUp(id) => self.media_up(id),
            Event::MediaDown(id) => self.media_down(id),
            Event::MediaGone(id) => {
                self.stop_media(id);
            }
            Event::Slots(id, slots) => self.slots(id, slots),
            Event::Sizes(id, sizes) => self.sizes(id, sizes),
            Event::From(id, message) => return self.hear(id, message),
            Event::Words(words) => {
                self.visit.heard += words.len();
                words.into_iter().for_each(|(text, at)| self.said(text.reveal().to_owned(), at));
            }
            Event::Tick => self.tick(),
        }
        Ok(())
    }

    fn known(&mut self, id: ParticipantId, role: Role, state: S, waiting_since: UnixMillis) {
        let full = self.visit.people.len() >= PEOPLE_MAX;
        match self.visit.people.get_mut(&id) {
            Some(one) if one.is_present() && !is_present(state) => {
                let had_place = one.state.holds_a_place();
                one.state = state;
                self.farewell(id, had_place, Notice::Left);
                self.nobody_stays_alone();
            }
            Some(one) if one.state.holds_a_place() && state == S::Waiting => {
                one.state = state;
                self.returned(id);
            }
            Some(one) => {
                one.state = state;
                one.waiting_since = waiting_since;
            }
            None if full => {}
            None => {
                self.visit.people.insert(id, Someone::new(role, state, waiting_since));
            }
        }
    }

    fn visit_is(&mut self, state: VisitState, starts_at: UnixMillis) {
        self.visit.starts_at = starts_at;
        if state.is_over() && !self.visit.state.is_over() {
            self.everybody_out();
        }
        self.visit.state = state;
    }

    fn enters(&mut self, id: ParticipantId) -> Result<(), Trouble> {
        let over = self.visit.state.is_over();
        let one = self.visit.people.get_mut(&id).ok_or(Trouble::PersonNotHere)?;
        // Whoever is out stays out: only a page lets somebody come again.
        if over || !one.is_present() {
            return Ok(());
        }
        if one.role.leads() {
            self.comes_ahead(id)?;
            let one = self.visit.people.get_mut(&id).ok_or(Trouble::PersonNotHere)?;
            let opened = one.state.step(P::OpenRoom).map_err(|_| Trouble::NotYours)?;
            let inside = opened.step(P::Connect).map_err(|_| Trouble::NotYours)?;
            one.here = true;
            let host = one.role == Role::Host;
            self.set(id, inside);
            if host {
                self.check_is_over(None);
                self.set_visit(V::HostEnters)?;
                self.visit.since.get_or_insert(self.now);
            }
            return Ok(());
        }
        one.here = true;
        if one.state == S::Away && one.flowing {
            self.set(id, S::InRoom);
        }
        Ok(())
    }

    fn loses_socket(&mut self, id: ParticipantId) {
        let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.here) else { return };
        (one.here, one.gone_at) = (false, self.now);
        if let Ok(away) = one.state.step(P::LoseConnection) {
            self.set(id, away);
        }
    }

    fn tick(&mut self) {
        let now = self.now;
        let stray =
            |one: &Someone| one.flowing && !one.here && now.since(one.gone_at) >= MEDIA_OUTLIVES_SOCKET_MS;
        let ids: Vec<ParticipantId> = self.visit.people.keys().copied().collect();
        for one in self.visit.people.values_mut().filter(|one| !one.here && one.gone_at.0 == 0) {
            // Where they were when the program was started again.
            one.gone_at = now;
        }
        self.nobody_stays_alone();
        for id in ids {
            let one = &self.visit.people[&id];
            if one.state == S::InRoom && !one.here {
                // The program was started again while they were inside.
                self.set(id, S::Away);
            } else if stray(one) {
                self.stop_media(id);
                self.effects.push(Effect::StopMedia(id));
            }
        }
    }

    fn media_up(&mut self, id: ParticipantId) {
        let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.state.holds_a_place()) else {
            return;
        };
        one.flowing = true;
        let here = one.here;
        if let (true, Ok(inside)) = (here, one.state.step(P::Connect)) {
            self.set(id, inside);
        }
    }

    fn media_down(&mut self, id: ParticipantId) {
        if let Some(one) = self.visit.people.get_mut(&id) {
            one.flowing = false;
        }
    }

    fn slots(&mut self, id: ParticipantId, mut slots: Vec<Slot>) {
        slots.truncate(2 * ROOM_PEOPLE);
        if let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.state.holds_a_place()) {
            one.slots = slots;
        }
    }

    fn sizes(&mut self, id: ParticipantId, mut sizes: Vec<Size>) {
        sizes.truncate(DRAWN_SIZES);
        if let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.state.holds_a_place()) {
            one.sizes = sizes;
        }
    }

    fn hear(&mut self, id: ParticipantId, message: FromPage) -> Result<(), Trouble> {
        if self.visit.state.is_over() {
            return Err(Trouble::VisitOver);
        }
        let me = self.visit.people.get(&id).filter(|me| me.here).ok_or(Trouble::NotAdmitted)?;
        let (inside, leads) = (me.state.holds_a_place(), me.role.leads());
        match message {
            FromPage::Hello(_) => return Err(Trouble::Malformed),
            FromPage::Alive(_) | FromPage::Language(_) => {}
            FromPage::Leave(_) => self.leave(id),
            FromPage::Knock(knock) => self.knock(id, &knock.blob),
            FromPage::Door(door) => self.door(id, &door)?,
            _ if !inside => return Err(if leads { Trouble::NotYours } else { Trouble::NotAdmitted }),
            FromPage::Offer(offer) => self.effects.push(Effect::StartMedia(id, offer.sdp)),
            FromPage::Media(media) => {
                if let Some(me) = self.visit.people.get_mut(&id) {
                    (me.mic, me.camera) = (media.mic, media.camera);
                }
            }
            FromPage::Draw(draw) => self.effects.push(Effect::Draw(id, draw.sizes)),
            FromPage::Seal(seal) => self.seal(id, seal)?,
            FromPage::Note(note) => self.note(id, &note.blob),
            FromPage::Log(log) => self.log(id, log.after)?,
            _ if !leads => return Err(Trouble::NotYours),
            FromPage::Found(found) => self.found(id, &found.group)?,
            FromPage::Admit(whom) => self.admit(whom.participant)?,
            FromPage::Remove(whom) => self.remove(id, whom.participant)?,
            FromPage::BackToLobby(whom) => self.back_to_lobby(whom.participant)?,
            FromPage::Lock(lock) if lock.locked != self.visit.locked => {
                self.visit.locked = lock.locked;
                self.writes.push(Write::Locked(lock.locked));
            }
            FromPage::Lock(_) => {}
            FromPage::Say(say) => self.said(say.text.trim().to_owned(), self.now),
            FromPage::Compared(Compared { participant, outcome }) => {
                self.compared(id, participant, outcome.into())?;
            }
            // Before the host was there a deputy leaves: nothing took place that could end.
            FromPage::End(_) if self.visit.state.can_begin() => return Err(Trouble::NotBegun),
            FromPage::End(_) => {
                self.set_visit(V::End)?;
                self.everybody_out();
            }
        }
        Ok(())
    }

    fn said(&mut self, text: String, at: UnixMillis) {
        self.visit.said.push(Said { text, at });
        let over = self.visit.said.len().saturating_sub(SAID_MAX);
        self.visit.said.drain(..over);
    }

    fn admit(&mut self, whom: ParticipantId) -> Result<(), Trouble> {
        let one = self.visit.people.get(&whom).filter(|one| one.state == S::Waiting);
        let one = one.ok_or(Trouble::PersonNotHere)?;
        let (state, here) = (one.state.step(P::Admit).map_err(|_| Trouble::PersonNotHere)?, one.here);
        if self.visit.locked {
            return Err(Trouble::RoomLocked);
        }
        self.is_alone_with()?;
        if self.visit.seats_for(whom) == 0 {
            return Err(Trouble::RoomFull);
        }
        self.set(whom, state);
        if here {
            self.effects.push(Effect::Tell(whom, Notice::Admitted));
        }
        self.lobby_may_be_empty();
        Ok(())
    }

    fn remove(&mut self, by: ParticipantId, whom: ParticipantId) -> Result<(), Trouble> {
        let one = self.visit.people.get(&whom).ok_or(Trouble::PersonNotHere)?;
        if !one.is_present() {
            return Err(Trouble::PersonNotHere);
        }
        if whom == by || one.role == Role::Host {
            return Err(Trouble::NotYours);
        }
        self.out(whom, S::Removed, Notice::Removed);
        self.lobby_may_be_empty();
        Ok(())
    }

    fn back_to_lobby(&mut self, whom: ParticipantId) -> Result<(), Trouble> {
        let one = self.visit.people.get(&whom).filter(|one| one.state.holds_a_place());
        let one = one.ok_or(Trouble::PersonNotHere)?;
        if one.role.leads() {
            return Err(Trouble::NotYours);
        }
        let state = one.state.step(P::BackToLobby).map_err(|_| Trouble::PersonNotHere)?;
        self.set(whom, state);
        self.returned(whom);
        // Without the host the visit is not live: somebody waits again.
        self.set_visit(V::Arrive)
    }

    /// What the page that leads says was heard. Of others only, and never of the host: whoever was checked by
    /// the host has checked the host.
    fn compared(&mut self, by: ParticipantId, whom: ParticipantId, code: SpokenCode) -> Result<(), Trouble> {
        let is_of_check = self.is_of_check(by);
        let one = self.visit.people.get_mut(&whom).filter(|one| one.state.holds_a_place());
        let one = one.ok_or(Trouble::PersonNotHere)?;
        if whom == by || one.role == Role::Host {
            return Err(Trouble::NotYours);
        }
        if is_of_check {
            return Ok(());
        }
        // A page says it again after its line was dead: the same word twice is one.
        if code.counts_after(one.spoken) && one.spoken != Some(code) {
            one.spoken = Some(code);
            self.writes.push(Write::Spoken(whom, code));
        }
        Ok(())
    }

    fn set(&mut self, id: ParticipantId, state: S) {
        if let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.state != state) {
            one.state = state;
            self.writes.push(Write::Participant(id, state));
        }
    }

    fn set_visit(&mut self, event: V) -> Result<(), Trouble> {
        let state = self.visit.state.step(event).map_err(|_| Trouble::VisitOver)?;
        if state != self.visit.state {
            self.visit.state = state;
            self.writes.push(Write::Visit(state));
        }
        Ok(())
    }

    fn lobby_may_be_empty(&mut self) {
        let empty = !self.visit.people.values().any(|one| one.state == S::Waiting);
        if empty && self.visit.state == VisitState::Waiting {
            // Waiting -> Open is always allowed.
            self.set_visit(V::LobbyEmptied).ok();
        }
    }

    /// Whoever sees something else than before is told, each only their own view.
    fn show_changes(&mut self, before: &Visit, entered: Option<ParticipantId>) {
        let ids: Vec<ParticipantId> = self.visit.people.keys().copied().collect();
        for id in ids {
            let seen = view(before, id, before.shown_at).filter(|_| entered != Some(id));
            let sees = view(&self.visit, id, self.now);
            for change in View::changes(seen, sees) {
                self.effects.push(Effect::Tell(id, Notice::View(change)));
            }
        }
        self.visit.shown_at = self.now;
    }
}

/// A page that reloads comes back sooner; whoever is away longer is not heard or seen from outside.
pub const MEDIA_OUTLIVES_SOCKET_MS: i64 = 20_000;
/// People known to one visit at all.
pub const PEOPLE_MAX: usize = crate::before::rules::PARTICIPANTS_MAX;
/// Words for the lobby that somebody who comes later still reads.
pub const SAID_MAX: usize = 20;

#[cfg(test)]
mod tests;
