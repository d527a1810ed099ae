//! The room before the host was ever in it: one deputy, and one person whom they look at. Pure.
//!
//! Refuses a second guest, a group of a deputy beside anybody else's, and a guest who is left alone.

use super::super::problem::Trouble;
use super::super::wire::Role;
use super::event::Notice;
use super::{Next, Someone, Visit};
use crate::before::rules::{ParticipantEvent as P, ParticipantState as S, VisitEvent as V};
use vocabulary::{ParticipantId, UnixMillis};

impl Visit {
    /// The host never came into this room. The store knows it, so a restart forgets nothing of it.
    pub fn is_ahead(&self) -> bool {
        self.since.is_none() && self.state.can_begin()
    }

    fn guests_inside(&self) -> impl Iterator<Item = ParticipantId> {
        let inside = self.people.iter().filter(|(_, one)| one.state.holds_a_place() && !one.role.leads());
        inside.map(|(id, _)| *id)
    }

    /// A deputy, ahead of the host, with one guest at most, and with no group here but one of their own. The
    /// host, who may be on their way, was never in.
    fn may_check(&self, id: ParticipantId) -> bool {
        let is_free = self.group.as_ref().is_none_or(|group| group.is_ahead_by(id));
        self.is_ahead() && self.guests_inside().count() <= 1 && is_free
    }

    /// Another deputy is there, or comes back at once to the group they founded. Who only pressed *open*, now
    /// or before the program was started again, bars nobody's way.
    fn is_taken_from(&self, id: ParticipantId, now: UnixMillis) -> bool {
        let founded = |other| self.group.as_ref().is_some_and(|group| group.is_ahead_by(other));
        let is_here = |other| self.people[&other].here || founded(other);
        self.deputies_inside(now).any(|other| other != id && is_here(other))
    }

    /// Deputies in the room, or gone for as long as a page needs that reloads.
    fn deputies_inside(&self, now: UnixMillis) -> impl Iterator<Item = ParticipantId> {
        let recent = move |one: &Someone| one.here || now.since(one.gone_at) < ALONE_MS;
        let inside =
            move |one: &Someone| one.role == Role::Deputy && one.state.holds_a_place() && recent(one);
        self.people.iter().filter(move |(_, one)| inside(one)).map(|(id, _)| *id)
    }
}

impl Next {
    /// Whose group it is when it is one for a check; none for the host's.
    pub(super) fn founds(&self, id: ParticipantId) -> Result<Option<ParticipantId>, Trouble> {
        match self.visit.people.get(&id).map(|one| one.role) {
            Some(Role::Host) => Ok(None),
            Some(Role::Deputy) if self.visit.may_check(id) => Ok(Some(id)),
            _ => Err(Trouble::NotYours),
        }
    }

    /// Until the host is here one guest is in the room, or none.
    pub(super) fn is_alone_with(&self) -> Result<(), Trouble> {
        let taken = self.visit.is_ahead() && self.visit.guests_inside().next().is_some();
        if taken { Err(Trouble::OneUntilHost) } else { Ok(()) }
    }

    /// One deputy at a time is here ahead of the host: nobody but who founded lets anybody into a check. What
    /// somebody founded who is gone for good ends.
    pub(super) fn comes_ahead(&mut self, id: ParticipantId) -> Result<(), Trouble> {
        let is_deputy = self.visit.people.get(&id).is_some_and(|one| one.role == Role::Deputy);
        if !is_deputy || !self.visit.is_ahead() {
            return Ok(());
        }
        if self.visit.is_taken_from(id, self.now) {
            return Err(Trouble::OtherChecks);
        }
        if self.visit.group.as_ref().is_some_and(|group| !group.is_ahead_by(id)) {
            self.visit.group = None;
        }
        Ok(())
    }

    /// What was compared with whoever checked says nothing of the host; a deputy says it also in the moment
    /// before the host founds. Under keys of the host that outlived a start of the program it counts.
    pub(super) fn is_of_check(&self, by: ParticipantId) -> bool {
        let is_deputy = self.visit.people.get(&by).is_some_and(|one| one.role == Role::Deputy);
        let was_check = is_deputy && (self.visit.is_ahead() || self.visit.checked);
        self.visit.group.as_ref().map_or(was_check, super::Group::is_ahead)
    }

    /// A group for a check is over when whoever founded it is gone, or the host is here.
    pub(super) fn check_is_over(&mut self, gone: Option<ParticipantId>) {
        let ends = |group: &super::Group| gone.map_or(group.is_ahead(), |id| group.is_ahead_by(id));
        if self.visit.group.as_ref().is_some_and(ends) {
            (self.visit.group, self.visit.checked) = (None, true);
        }
    }

    /// They opened the room while somebody else checks in it, and hold no place there.
    pub(super) fn turned_away(&mut self, id: ParticipantId) {
        self.out(id, S::Left, Notice::Left);
    }

    /// The half hour of whoever checks is over.
    pub(super) fn seat_over(&mut self, id: ParticipantId) {
        self.out(id, S::Removed, Notice::Left);
        self.nobody_stays_alone();
    }

    /// Whom a deputy let in ahead of the host does not sit in an empty room: they wait again, as long as they
    /// have waited already. A page that reloads is back sooner.
    pub(super) fn nobody_stays_alone(&mut self) {
        let leads = self.visit.deputies_inside(self.now).next().is_some();
        if leads || !self.visit.is_ahead() {
            return;
        }
        let alone: Vec<ParticipantId> = self.visit.guests_inside().collect();
        for id in alone {
            if let Ok(state) = self.visit.people[&id].state.step(P::BackToLobby) {
                self.set(id, state);
                self.returned(id);
                // Ahead of the host somebody may always arrive.
                self.set_visit(V::Arrive).ok();
            }
        }
    }
}

/// A deputy whose page is gone for longer leaves nobody behind.
pub const ALONE_MS: i64 = 60_000;
