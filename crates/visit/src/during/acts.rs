//! From an event of the live visit to a permission, and from a step to a commit with its entry.

use super::problem::Trouble;
use super::rules::{self, Event, Step, Write};
use super::visit_task::{VisitTask, Whose};
use super::wire::FromPage;
use crate::after::sheet;
use crate::before::rules::{Part, ParticipantState, VisitState};
use crate::before::store::{
    ParticipantRow, facts_of, set_locked, set_participant, set_spoken, set_visit_state,
};
use crate::before::{consent, delegates, identity, licence};
use keep::{Entry, Hint, KeepError, Object, Tx};
use people::contact::{self, Dress};
use people::sessions;
use policy::{Access, Act, Facts, Refusal, decide};
use std::collections::BTreeMap;
use vocabulary::{Lang, MINUTE_MS, ParticipantId, Principal, UnixMillis};

/// Who makes something happen, as which act, to whom.
#[derive(Clone, Copy, Debug)]
pub struct Cause {
    by: Option<ParticipantId>,
    act: Act,
    whom: Option<ParticipantId>,
    /// In the trail even when no row changes.
    recorded: bool,
}

impl Cause {
    /// The program itself: lost connections, other pages' changes, time.
    pub fn program() -> Cause {
        Cause { by: None, act: Act::KeepVisit, whom: None, recorded: false }
    }

    /// The same, of one person: they have no right to be there, or none any more.
    pub(super) fn program_of(whom: ParticipantId) -> Cause {
        Cause { whom: Some(whom), ..Cause::program() }
    }

    pub fn entering(by: ParticipantId, act: Act) -> Cause {
        Cause { by: Some(by), act, whom: Some(by), recorded: false }
    }

    pub fn of(by: ParticipantId, message: &FromPage) -> Cause {
        let (act, whom) = match message {
            FromPage::Admit(whom) => (Act::Admit, Some(whom.participant)),
            FromPage::Remove(whom) => (Act::Remove, Some(whom.participant)),
            FromPage::BackToLobby(whom) => (Act::BackToLobby, Some(whom.participant)),
            FromPage::Lock(_) => (Act::Lock, None),
            FromPage::End(_) => (Act::End, None),
            FromPage::Say(_) => (Act::MessageLobby, None),
            FromPage::Compared(whom) => (Act::CompareCode, Some(whom.participant)),
            FromPage::Found(_) => (Act::Admit, None),
            FromPage::Knock(_)
            | FromPage::Door(_)
            | FromPage::Seal(_)
            | FromPage::Note(_)
            | FromPage::Log(_) => (Act::RelayBlob, None),
            FromPage::Media(_) | FromPage::Draw(_) => (Act::ShowMedia, None),
            FromPage::Leave(_) => (Act::LeaveVisit, Some(by)),
            FromPage::Offer(_) | FromPage::Hello(_) | FromPage::Language(_) | FromPage::Alive(_) => {
                (Act::JoinRoom, Some(by))
            }
        };
        Cause { by: Some(by), act, whom, recorded: act == Act::MessageLobby }
    }

    /// Refusals of these are worth an entry: somebody wanted to change who is where.
    fn is_about_people(&self) -> bool {
        matches!(
            self.act,
            Act::Admit | Act::Remove | Act::BackToLobby | Act::Lock | Act::End | Act::CompareCode
        )
    }
}

impl VisitTask {
    /// Asks the policy with what the rows say now. The socket is the person's own open room document.
    pub(super) async fn decide(&self, cause: &Cause) -> Result<Access, Trouble> {
        let Some(by) = cause.by else {
            let facts = self.facts_for_program();
            return decide(&Principal::System, &facts, cause.act).map_err(|_| Trouble::TryAgain);
        };
        let who = self.seats.get(&by).ok_or(Trouble::NotYours)?.pass.who;
        self.decide_as(&who, cause).await
    }

    pub(super) async fn decide_as(&self, who: &Principal, cause: &Cause) -> Result<Access, Trouble> {
        match self.decided(who, cause).await? {
            Ok(access) => Ok(access),
            Err(refusal) => {
                let why = match refusal {
                    Refusal::SignIn => "sign_in",
                    Refusal::SecondFact => "second_fact",
                    Refusal::NotYours => "not_yours",
                    Refusal::OnlyFromRoom => "only_from_room",
                    Refusal::ProveAgain => "prove_again",
                };
                self.note_refusal(who, cause, why).await;
                Err(Trouble::NotYours)
            }
        }
    }

    /// The same without a word in the trail: for what nobody has asked for.
    pub(super) async fn decided(
        &self,
        who: &Principal,
        cause: &Cause,
    ) -> Result<Result<Access, Refusal>, Trouble> {
        let now = self.now();
        let mut conn = self.parts.keep.read().await.map_err(|_| Trouble::TryAgain)?;
        let facts = facts_of(&mut conn, who, &self.row, now).await.map_err(|_| Trouble::TryAgain)?;
        Ok(decide(who, &Facts { from_room: true, ..facts }, cause.act))
    }

    /// What the rules of the visit make of an event. Nobody is admitted on a consent that has lapsed, or was
    /// taken back, since they came to wait (R58), nor from a state that no licence covers (R88).
    pub(super) async fn judge(&self, event: &Event, now: UnixMillis) -> Result<Step, Trouble> {
        let step = rules::step(&self.visit, event.clone(), now)?;
        if let Event::From(_, FromPage::Admit(whom)) = event {
            if !self.may_look_again() {
                self.identity_stands(whom.participant).await?;
            }
            self.consent_stands(whom.participant, now).await?;
        }
        Ok(step)
    }

    /// Before the host is there and with no other guest inside, whoever leads may look at somebody once more.
    fn may_look_again(&self) -> bool {
        self.visit.state.can_begin() && self.guests_inside().is_empty()
    }

    fn guests_inside(&self) -> Vec<ParticipantId> {
        let people = self.visit.people.iter();
        let inside = people.filter(|(_, one)| one.state.holds_a_place() && !one.role.leads());
        inside.map(|(id, _)| *id).collect()
    }

    /// The host meets nobody whose check has failed: they wait again (R83).
    pub(super) async fn failed_go_out(&mut self) -> Result<(), Trouble> {
        for id in self.guests_inside() {
            match self.identity_stands(id).await {
                Err(Trouble::IdentityFailed) => {
                    self.apply(Event::SentBack(id), Cause::program_of(id)).await?
                }
                other => other?,
            }
        }
        Ok(())
    }

    /// Whoever was checked and was not who they said, or had no right to be there, stays outside (R83).
    async fn identity_stands(&self, whom: ParticipantId) -> Result<(), Trouble> {
        let mut conn = self.parts.keep.read().await.map_err(|_| Trouble::TryAgain)?;
        let newest = identity::newest(&mut conn, whom).await.map_err(|_| Trouble::TryAgain)?;
        let failed = newest.is_some_and(|it| it.outcome == identity::rules::Outcome::Failed);
        if failed { Err(Trouble::IdentityFailed) } else { Ok(()) }
    }

    async fn consent_stands(&self, whom: ParticipantId, now: UnixMillis) -> Result<(), Trouble> {
        if self.rows.get(&whom).is_some_and(|row| row.part.accompanies()) {
            return Ok(());
        }
        let settings = self.parts.keep.settings();
        let mut conn = self.parts.keep.read().await.map_err(|_| Trouble::TryAgain)?;
        let standing = consent::for_visit(&mut conn, &self.row, (&settings.house_rules, now)).await;
        let standing = standing.map_err(|_| Trouble::TryAgain)?;
        if !standing.lets_in() {
            return Err(Trouble::ConsentMissing);
        }
        let licensed = licence::for_visit(&mut conn, &self.row, now).await.map_err(|_| Trouble::TryAgain)?;
        if licensed.lets_in() { Ok(()) } else { Err(Trouble::LicenceMissing) }
    }

    /// A rule of the visit said no.
    pub(super) async fn refused(&self, cause: &Cause, trouble: Trouble) {
        let who = cause.by.and_then(|by| self.seats.get(&by)).map(|seat| seat.pass.who);
        if let Some(who) = who.filter(|_| cause.is_about_people()) {
            self.note_refusal(&who, cause, trouble.code()).await;
        }
    }

    async fn note_refusal(&self, who: &Principal, cause: &Cause, why: &str) {
        let object = self.object(cause);
        if self.parts.keep.refused(who, cause.act, object, why).await.is_err() {
            tracing::error!(visit = self.row.id.short(), "a refusal could not be put into the trail");
        }
    }

    /// All writes of a step and its entry, or nothing.
    pub(super) async fn commit(
        &mut self,
        step: &Step,
        access: &Access,
        cause: &Cause,
    ) -> Result<(), KeepError> {
        if step.writes.is_empty() && !cause.recorded {
            return Ok(());
        }
        let now = self.now();
        let mut tx = self.parts.keep.begin().await?;
        let mut row = self.row.clone();
        let mut rows = self.rows.clone();
        let mut entry = Entry::new(self.object(cause));
        for write in &step.writes {
            match write {
                Write::Participant(id, state) => {
                    let old = rows.get(id).ok_or(KeepError::NotFound)?;
                    let state = &identity::seats::ended(&mut tx, old, *state).await?;
                    let new = set_participant(
                        &mut tx,
                        old,
                        *state,
                        identity::seats::counts_from((&row, old), *state, now),
                    )
                    .await?;
                    let returns = *state == ParticipantState::Waiting && old.state.holds_a_place();
                    if returns && cause.whom != Some(*id) {
                        entry = entry.detail("returned", id.text());
                    } else if cause.whom == Some(*id) || (cause.by.is_none() && cause.whom.is_none()) {
                        entry = entry.detail("state", state.code());
                    }
                    rows.insert(*id, new);
                }
                Write::Spoken(id, code) => {
                    let old = rows.get(id).ok_or(KeepError::NotFound)?;
                    let new = set_spoken(&mut tx, old, *code, now).await?;
                    entry = entry.detail("spoken_code", code.code());
                    rows.insert(*id, new);
                }
                Write::Visit(state) => {
                    if *state == VisitState::Live && row.started_at.is_none() {
                        for met in rows.values_mut().filter(|it| it.person.is_none()) {
                            if met.state.holds_a_place() {
                                *met = identity::seats::meets_host(&mut tx, met, now).await?;
                            }
                        }
                    }
                    row = set_visit_state(&mut tx, &row, *state, now).await?;
                    entry = entry.detail("visit_state", state.code());
                    if *state == VisitState::Live && self.tell_turn(&mut tx, access, &rows).await? {
                        entry = entry.detail("turn", "text");
                    }
                }
                Write::Locked(locked) => {
                    row = set_locked(&mut tx, &row, *locked).await?;
                    entry = entry.detail("locked", if *locked { "yes" } else { "no" });
                }
            }
        }
        if row.state.is_over() && !self.row.state.is_over() {
            sheet::raise(&mut tx, row.id, &self.parts.keep.settings()).await?;
        }
        tx.hint(Hint::Visit(row.id));
        tx.commit(access, entry).await?;
        (self.row, self.rows) = (row, rows);
        Ok(())
    }

    /// The host is there, and the patient waits with a phone that is locked: a text, where they asked for
    /// texts and one may go now (R104). Whoever has the lobby open hears it there.
    async fn tell_turn(
        &self,
        tx: &mut Tx,
        access: &Access,
        rows: &BTreeMap<ParticipantId, ParticipantRow>,
    ) -> Result<bool, KeepError> {
        let away = |id: &ParticipantId| self.seats.get(id).is_none_or(|seat| seat.socket.is_none());
        let waits =
            |row: &ParticipantRow| row.part == Part::Patient && row.state == ParticipantState::Waiting;
        if !rows.iter().any(|(id, row)| waits(row) && away(id)) {
            return Ok(false);
        }
        let settings = self.parts.keep.settings();
        let words = self.parts.catalog.words(Lang::En);
        let dress = Dress { face: &settings.face, words: &words, texting: &self.parts.texting };
        contact::turn_text(tx, access, self.row.patient, dress).await
    }

    /// An open lobby or room counts as activity, so that a long visit signs nobody out (R17).
    pub(super) async fn mark_sessions(&mut self) {
        let now = self.now();
        let idle_min = self.parts.keep.settings().house_rules.staff_idle_min.max(1);
        let every = (idle_min * MINUTE_MS / 3).clamp(MARK_MIN_MS, MARK_MAX_MS);
        let due: Vec<ParticipantId> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.socket.is_some() && now.since(seat.marked_at) >= every)
            .map(|(id, _)| *id)
            .collect();
        if due.is_empty() || self.mark(&due).await.is_ok() {
            return;
        }
        tracing::warn!(visit = self.row.id.short(), "sessions could not be marked as active");
    }

    /// At midnight of an authority's last day nobody presses anything: each tick asks about whoever may
    /// come by one.
    pub(super) async fn ask_authorities(&mut self) {
        let by_code = |id: &ParticipantId| self.rows.get(id).is_some_and(|row| row.part.comes_by_code());
        let theirs = self.seats.iter().filter(|(id, _)| by_code(id));
        for session in theirs.map(|(_, seat)| seat.pass.session).collect::<Vec<_>>() {
            self.sessions_changed(Some(Whose::Session(session))).await;
        }
        self.end_checks().await;
    }

    /// Nobody presses anything either when the half hour of a check is over.
    async fn end_checks(&mut self) {
        let leads = |id: &ParticipantId| self.rows.get(id).is_some_and(|row| row.part == Part::Deputy);
        let inside = self.visit.people.iter().filter(|(id, one)| one.state.holds_a_place() && leads(id));
        let deputies: Vec<ParticipantId> = inside.map(|(id, _)| *id).collect();
        if deputies.is_empty() {
            return;
        }
        let Ok(mut conn) = self.parts.keep.read().await else { return };
        let Ok(checks) = identity::seats::of_visit(&mut conn, self.row.id).await else { return };
        let (now, mut over) = (self.now(), Vec::new());
        for id in deputies.into_iter().filter(|id| checks.is_over(*id, now)) {
            let Some(person) = self.rows.get(&id).and_then(|row| row.person) else { continue };
            let (pair, times) = ((self.row.clinician, person), (now, self.row.starts_at));
            // Who is a delegate by now leads without the seat, also where that cannot be asked.
            if let Ok(false) = delegates::is_delegate(&mut conn, pair, times).await {
                over.push(id);
            }
        }
        drop(conn);
        for id in over {
            self.tell_problem(id, Trouble::CheckOver, None).await;
            // The next tick asks again.
            self.apply(Event::SeatOver(id), Cause::program_of(id)).await.ok();
        }
    }

    async fn mark(&mut self, due: &[ParticipantId]) -> Result<(), KeepError> {
        let seats = due.iter().filter_map(|id| self.seats.get(id));
        let alive: Vec<_> = seats.map(|seat| seat.pass.session).collect();
        sessions::touch(&self.parts.keep, &alive).await?;
        let now = self.now();
        for id in due {
            if let Some(seat) = self.seats.get_mut(id) {
                seat.marked_at = now;
            }
        }
        Ok(())
    }

    fn object(&self, cause: &Cause) -> Object {
        // A named participant of another visit is named in no entry.
        let whom = cause.whom.filter(|whom| self.rows.contains_key(whom));
        let object = match whom {
            Some(whom) => Object::of("participant", whom.text()),
            None => Object::of("visit", self.row.id.text()),
        };
        object.patient(self.row.patient).visit(self.row.id)
    }

    fn facts_for_program(&self) -> Facts {
        Facts { patient: Some(self.row.patient), visit: Some(self.row.id), ..Facts::default() }
    }
}

/// Marks of activity: a third of the idle limit, within these.
const MARK_MIN_MS: i64 = 20_000;
const MARK_MAX_MS: i64 = 4 * MINUTE_MS;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::during::tests::callers::sample;
    use std::fmt::Write;

    /// Which permission each message of a page asks for. What the act needs is in `policy`'s matrix.
    #[test]
    fn the_acts_of_socket_messages_are_the_committed_ones() {
        let one = ParticipantId::from_bytes([7; 16]);
        let mut now =
            String::from("Every message of a page and its act. Accept a change with ALCOVE_ACCEPT=1.\n\n");
        for kind in FromPage::KINDS {
            let body = sample(kind, &one.text());
            let message = FromPage::read(kind, body).unwrap_or_else(|_| panic!("a sample of {kind}"));
            writeln!(now, "{kind:<16} act {}", Cause::of(one, &message).act.code()).unwrap();
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/messages.txt");
        if std::env::var_os("ALCOVE_ACCEPT").is_some() {
            std::fs::write(path, &now).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), now);
    }
}
