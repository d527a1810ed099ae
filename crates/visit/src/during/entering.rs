//! Somebody's page opens its socket: who they are, where they stand, and their first messages.

use super::acts::Cause;
use super::problem::Trouble;
use super::rules::{self, Event};
use super::seat::{Attached, Seat};
use super::visit_task::VisitTask;
use super::way_in::Pass;
use super::wire::{Ended, Role, Stage, ToPage, VisitFacts, Welcome};
use crate::before::companions;
use crate::before::rules::{Part, ParticipantState as S, VisitState};
use crate::before::store::ParticipantRow;
use keep::{KeepError, Object, Viewing};
use people::{patients, staff};
use policy::{Access, Act};
use vocabulary::{Lang, ParticipantId, PatientId};

impl VisitTask {
    /// The newest page of a person wins; an older one is told so and closed.
    pub(super) async fn enter(
        &mut self,
        pass: Pass,
        after: Option<u64>,
        socket: Attached,
    ) -> Result<(), Trouble> {
        let id = pass.participant;
        // The page that let them come has just written.
        self.reload().await?;
        let one = self.visit.people.get(&id).ok_or(Trouble::NotYours)?;
        let is_host = one.role == Role::Host;
        let act = match one.role {
            role if role.leads() => Act::OpenRoom,
            _ if one.state.holds_a_place() => Act::JoinRoom,
            _ => Act::EnterLobby,
        };
        let cause = Cause::entering(id, act);
        let access = self.decide_as(&pass.who, &cause).await?;
        let clinician = self.learn_names(&access, pass.lang).await.map_err(|_| Trouble::TryAgain)?;
        if is_host {
            self.failed_go_out().await?;
        }
        let step = rules::step(&self.visit, Event::Enters(id), self.now());
        if let Err(Trouble::OtherChecks) = step {
            self.apply(Event::TurnedAway(id), Cause::program_of(id)).await?;
        }
        let step = step?;
        self.commit(&step, &access, &cause).await.map_err(|_| Trouble::TryAgain)?;
        self.take_seat(pass, socket).await;
        let stage = stage(step.visit.people.get(&id).map(|one| one.state), step.visit.state.is_over());
        let welcome = self.welcome(id, stage, clinician);
        self.tell(id, &welcome).await;
        if let (Some(after), Some(seat)) = (after, self.seats.get_mut(&id)) {
            seat.repeat(after, stage == Stage::Room);
        }
        self.perform(step).await?;
        self.tell_coming().await;
        if !matches!(stage, Stage::Lobby | Stage::Room) {
            self.close_behind(id, stage).await;
        }
        Ok(())
    }

    async fn take_seat(&mut self, pass: Pass, socket: Attached) {
        let (id, now) = (pass.participant, self.now());
        self.tell_problem(id, Trouble::Superseded, None).await;
        match self.seats.get_mut(&id) {
            Some(seat) => {
                seat.pass = pass;
                seat.socket = Some(socket);
                (seat.coming, seat.crowd) = (None, None);
            }
            None => {
                let mut seat = Seat::new(pass, now);
                seat.socket = Some(socket);
                self.seats.insert(id, seat);
            }
        }
    }

    fn welcome(&self, id: ParticipantId, stage: Stage, clinician: String) -> ToPage {
        let seat = &self.seats[&id];
        let settings = self.parts.keep.settings();
        let house = &settings.house_rules;
        let lasting = !matches!(stage, Stage::Left | Stage::Removed | Stage::Ended);
        ToPage::Welcome(Welcome {
            you: id,
            role: self.visit.people.get(&id).map_or(Role::Supporter, |one| one.role),
            name: self.name(id),
            lang: seat.pass.lang,
            visit: VisitFacts {
                id: self.row.id,
                starts_at: self.row.starts_at,
                length_min: self.row.length_min,
                clinician,
                practice: settings.face.name.clone(),
                phone: settings.face.phone.clone(),
                by_phone: house.phone_fallback,
                sound_only: house.audio_only,
            },
            resume: if lasting { seat.pass.resume.reveal() } else { String::new() },
            stage,
            elsewhere: seat.pass.door.as_ref().map(|door| format!("/g/{door}/other-device")),
            demo: self.parts.demo,
        })
    }

    async fn close_behind(&mut self, id: ParticipantId, stage: Stage) {
        if stage == Stage::Ended {
            let ended = ToPage::Ended(self.ended(id));
            self.tell(id, &ended).await;
        }
        self.seats.remove(&id);
    }

    /// The practice calls the patient, or who acts for them: nobody else waits for it.
    pub(super) fn ended(&self, id: ParticipantId) -> Ended {
        let part = self.rows.get(&id).map(|row| row.part);
        let is_called = matches!(part, Some(Part::Patient | Part::Representative));
        let by_phone = is_called && self.row.state == VisitState::MovedToPhone;
        Ended { next: self.next_of(id), by_phone }
    }

    /// Where somebody goes when the visit is over.
    pub(super) fn next_of(&self, id: ParticipantId) -> String {
        match self.seats.get(&id).and_then(|seat| seat.pass.door.as_ref()) {
            Some(door) if self.rows.get(&id).is_some_and(|row| row.part.comes_by_code()) => {
                format!("/g/{door}/after")
            }
            Some(door) => format!("/g/{door}/survey"),
            None => format!("/visits/{}", self.row.id.text()),
        }
    }

    /// Opens the names of everybody in this visit, under the view of whoever enters. Gives the clinician's.
    pub(super) async fn learn_names(&mut self, access: &Access, lang: Lang) -> Result<String, KeepError> {
        let object = Object::of("visit", self.row.id.text()).patient(self.row.patient).visit(self.row.id);
        let mut viewing = self.parts.keep.view(access, object).await?;
        for row in self.rows.values() {
            if !self.names.contains_key(&row.id) {
                let name = match name_of(&mut viewing, access, (row, self.row.patient)).await? {
                    Some(name) => name,
                    None => self.parts.catalog.words(lang).t(&format!("during-role-{}", row.part.code())),
                };
                self.names.insert(row.id, name);
            }
        }
        let clinician = staff::shown_name(&mut viewing, access, self.row.clinician).await?;
        Ok(clinician.reveal().to_owned())
    }

    pub(super) fn name(&self, id: ParticipantId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }
}

/// The patient's, of the staff's list, or what was written down when a supporter or interpreter was invited.
async fn name_of(
    viewing: &mut Viewing,
    access: &Access,
    (row, patient): (&ParticipantRow, PatientId),
) -> Result<Option<String>, KeepError> {
    let name = match (row.patient, row.person) {
        (Some(patient), _) => patients::name(viewing, access, patient).await?,
        (None, Some(person)) => staff::shown_name(viewing, access, person).await?,
        (None, None) => match companions::name(viewing, access, (row.id, patient)).await? {
            Some(name) => name,
            None => return Ok(None),
        },
    };
    Ok(Some(name.reveal().to_owned()))
}

fn stage(state: Option<S>, over: bool) -> Stage {
    match state {
        Some(S::Removed) => Stage::Removed,
        _ if over => Stage::Ended,
        Some(S::Waiting) => Stage::Lobby,
        Some(state) if state.holds_a_place() => Stage::Room,
        _ => Stage::Left,
    }
}
