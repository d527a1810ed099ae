//! The delivery service of the sealed group (RFC 9750): who is at the door, one ordered log, one commit per
//! epoch. Pure, and in memory only: nothing of it outlives the visit or the program.
//!
//! Refuses to carry anything of the group to somebody without a place, a Welcome too, to take two commits for
//! one epoch, or one of somebody who was never let into the group, and to know what any payload says:
//! admission here and admission into the group are two separate gates.

use super::super::problem::Trouble;
use super::super::wire::{DoorTo, Seal};
use super::{Effect, Next, Notice, Someone, Visit};
use crate::before::rules::ParticipantState as S;
use std::collections::BTreeSet;
use std::sync::Arc;
use vocabulary::ParticipantId;

/// What a page sent and nobody here reads. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(pub Arc<str>);

/// The present group of a visit and the commits it was built by.
#[derive(Clone, PartialEq)]
pub struct Group {
    founded: Payload,
    /// The deputy who founded it for a check, ahead of the host.
    ahead_by: Option<ParticipantId>,
    /// Who founded it, and to whom a Welcome into it was carried. Whom the group has taken out since stays in
    /// here: pages refuse their commits themselves.
    members: BTreeSet<ParticipantId>,
    log: Arc<Vec<Commit>>,
    bytes: usize,
}

#[derive(Clone, PartialEq)]
struct Commit {
    from: ParticipantId,
    commit: Payload,
}

impl Next {
    /// Host and deputies in the room hear of it, now or when they come. The newest of each person counts; the
    /// same once more, as a page that came back sends it, is no news.
    pub(super) fn knock(&mut self, id: ParticipantId, blob: &str) {
        let knock = Some(Payload::of(blob));
        let Some(one) = self.visit.people.get_mut(&id).filter(|one| one.knock != knock) else { return };
        one.knock = knock;
        for leader in self.visit.leaders_inside().filter(|leader| *leader != id).collect::<Vec<_>>() {
            self.effects.extend(self.visit.knock_of(id).map(|notice| Effect::Tell(leader, notice)));
        }
    }

    /// Between whoever leads in the room and whoever wants into the group; nobody else, and nobody is told
    /// who else there is.
    pub(super) fn door(&mut self, from: ParticipantId, door: &DoorTo) -> Result<(), Trouble> {
        let visit = &self.visit;
        let heard: Vec<ParticipantId> = match door.to {
            Some(to) => Some(to).filter(|to| visit.is_door(from, *to)).into_iter().collect(),
            None => visit.leaders_inside().filter(|to| visit.is_door_of(from, *to)).collect(),
        };
        if heard.is_empty() {
            return Err(Trouble::PersonNotHere);
        }
        let blob = Payload::of(&door.blob);
        let told = heard.into_iter().map(|to| Effect::Tell(to, Notice::Door { from, blob: blob.clone() }));
        self.effects.extend(told);
        Ok(())
    }

    /// The host, and for a check a deputy ahead of them; a group that was there before is gone.
    pub(super) fn found(&mut self, id: ParticipantId, group: &str) -> Result<(), Trouble> {
        let ahead_by = self.founds(id)?;
        let (founded, members) = (Payload::of(group), BTreeSet::from([id]));
        let group = Group { founded, ahead_by, members, log: Arc::default(), bytes: 0 };
        let founded = group.notice();
        (self.visit.group, self.visit.checked) = (Some(group), false);
        self.tell_room(None, &founded);
        Ok(())
    }

    /// Compare and set: the first commit for an epoch is the only one.
    pub(super) fn seal(&mut self, from: ParticipantId, seal: Seal) -> Result<(), Trouble> {
        let visit = &mut self.visit;
        let leads = visit.people.get(&from).is_some_and(|one| one.role.leads());
        let welcomed = seal.welcome.as_ref().map(|welcome| welcome.to);
        let group = visit.group.as_mut().ok_or(Trouble::LogGone)?;
        if seal.epoch != group.epoch() {
            return Err(Trouble::EpochTaken);
        }
        // A commit that no page takes would stand in the way of every later one.
        if !group.members.contains(&from) || (welcomed.is_some() && !leads) {
            return Err(Trouble::NotYours);
        }
        // Who waits may be let in by nobody yet: what they were sent now they could open at another time.
        let inside = |to: ParticipantId| visit.people.get(&to).is_some_and(|one| one.state.holds_a_place());
        if welcomed.is_some_and(|to| to == from || !inside(to)) {
            return Err(Trouble::PersonNotHere);
        }
        if group.log.len() >= LOG_ENTRIES || group.bytes + seal.commit.len() > LOG_BYTES {
            return Err(Trouble::LogFull);
        }
        let sealed = group.append(Commit { from, commit: Payload::of(&seal.commit) });
        let founded = group.founded.clone();
        group.members.extend(welcomed);
        self.tell_room(None, &sealed);
        if let Some(welcome) = seal.welcome {
            if let Some(one) = self.visit.people.get_mut(&welcome.to) {
                one.knock = None;
            }
            let notice = Notice::WelcomeIn { blob: Payload::of(&welcome.blob), group: founded };
            self.effects.push(Effect::Tell(welcome.to, notice));
        }
        Ok(())
    }

    pub(super) fn note(&mut self, from: ParticipantId, blob: &str) {
        self.tell_room(Some(from), &Notice::Note { from, blob: Payload::of(blob) });
    }

    /// For whoever asks alone, in order, a page of the log at a time.
    pub(super) fn log(&mut self, id: ParticipantId, after: u64) -> Result<(), Trouble> {
        let group = self.visit.group.as_ref().ok_or(Trouble::LogGone)?;
        let first = usize::try_from(after).unwrap_or(usize::MAX).min(group.log.len());
        let page = (first..group.log.len()).take(LOG_PAGE);
        self.effects.extend(page.filter_map(|at| group.entry(at)).map(|entry| Effect::Answer(id, entry)));
        Ok(())
    }

    /// What somebody who came in just now has to know of the group; after the room itself.
    pub(super) fn show_group(&mut self, before: &Visit, entered: Option<ParticipantId>) {
        let inside = |visit: &Visit, id: &ParticipantId| {
            visit.people.get(id).is_some_and(|one| one.here && one.state.holds_a_place())
        };
        let came = |id: &ParticipantId| entered == Some(*id) || !inside(before, id);
        let ids = self.visit.people.keys().copied();
        for id in ids.filter(|id| inside(&self.visit, id) && came(id)).collect::<Vec<_>>() {
            let founded = self.visit.group.as_ref().map(Group::notice);
            self.effects.extend(founded.map(|notice| Effect::Tell(id, notice)));
            if self.visit.people.get(&id).is_some_and(|one| one.role.leads()) {
                let others = self.visit.people.keys().filter(|other| **other != id);
                let knocks = others.filter_map(|other| self.visit.knock_of(*other));
                self.effects.extend(knocks.map(|knock| Effect::Tell(id, knock)));
            }
        }
    }

    /// Everybody with a place, whether their socket is there or about to come back.
    fn tell_room(&mut self, but: Option<ParticipantId>, notice: &Notice) {
        let inside = self.visit.people.iter().filter(|(_, one)| one.state.holds_a_place());
        let heard = inside.map(|(id, _)| *id).filter(|id| but != Some(*id));
        self.effects.extend(heard.map(|id| Effect::Tell(id, notice.clone())));
    }
}

impl Visit {
    /// Who leads and has come in; whose network is gone for a moment counts.
    fn leaders_inside(&self) -> impl Iterator<Item = ParticipantId> {
        let came = |one: &Someone| one.state.holds_a_place() && one.state != S::Admitted;
        let inside = self.people.iter().filter(move |(_, one)| one.role.leads() && came(one));
        inside.map(|(id, _)| *id)
    }

    fn knock_of(&self, id: ParticipantId) -> Option<Notice> {
        let one = self.people.get(&id).filter(|one| one.is_present())?;
        one.knock.clone().map(|blob| Notice::Knocked { from: id, blob })
    }

    /// The door is one pair of people, either way.
    fn is_door(&self, from: ParticipantId, to: ParticipantId) -> bool {
        self.is_door_of(from, to) || self.is_door_of(to, from)
    }

    /// `wants` waits, or knocks from inside the room; `leads` leads in the room.
    fn is_door_of(&self, wants: ParticipantId, leads: ParticipantId) -> bool {
        let outside = self
            .people
            .get(&wants)
            .is_some_and(|one| one.state == S::Waiting || (one.is_present() && one.knock.is_some()));
        outside && wants != leads && self.leaders_inside().any(|id| id == leads)
    }
}

impl Group {
    /// For a check ahead of the host.
    pub(super) fn is_ahead(&self) -> bool {
        self.ahead_by.is_some()
    }

    pub(super) fn is_ahead_by(&self, id: ParticipantId) -> bool {
        self.ahead_by == Some(id)
    }

    fn epoch(&self) -> u64 {
        self.log.len() as u64
    }

    fn notice(&self) -> Notice {
        Notice::Founded { group: self.founded.clone(), epoch: self.epoch() }
    }

    fn append(&mut self, commit: Commit) -> Notice {
        self.bytes += commit.commit.0.len();
        let notice = commit.notice(self.log.len());
        Arc::make_mut(&mut self.log).push(commit);
        notice
    }

    fn entry(&self, at: usize) -> Option<Notice> {
        self.log.get(at).map(|commit| commit.notice(at))
    }
}

impl Commit {
    fn notice(&self, at: usize) -> Notice {
        let epoch = at as u64;
        Notice::Sealed { index: epoch + 1, epoch, from: self.from, commit: self.commit.clone() }
    }
}

impl Payload {
    fn of(text: &str) -> Payload {
        Payload(text.into())
    }
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Payload(..)")
    }
}

/// Commits of one visit, and their characters in all: a long visit needs a few dozen.
pub const LOG_ENTRIES: usize = 1_024;
pub const LOG_BYTES: usize = 8 * 1024 * 1024;
/// Entries that one `log` is answered with; fewer than a socket may be behind.
pub const LOG_PAGE: usize = 256;
