//! Whom somebody in the lobby will see, and who else comes (R86): told when they come to wait, and again when
//! a page of the practice has changed it. Nothing is opened for them, and no look of theirs stands in the
//! trail, before somebody else is expected than they were told.

use super::acts::Cause;
use super::problem::Trouble;
use super::rules::Notice;
use super::seat::Crowd;
use super::view::{View, view};
use super::visit_task::{VisitTask, Whose};
use super::wire::{Comer, Coming, Role, ToPage};
use crate::before::check_in::who_comes;
use crate::before::identity::seats;
use crate::before::rules::ParticipantState;
use keep::{KeepError, Object};
use policy::Act;
use vocabulary::{Lang, ParticipantId};

impl VisitTask {
    /// To the patient and whoever acts for them; a companion is told of nobody.
    pub(super) async fn tell_coming(&mut self) {
        let waits = self.visit.people.iter().filter(|(_, one)| {
            let theirs = matches!(one.role, Role::Patient | Role::Representative);
            theirs && one.here && one.state == ParticipantState::Waiting
        });
        let waits: Vec<ParticipantId> = waits.map(|(id, _)| *id).collect();
        if waits.is_empty() {
            return;
        }
        let Ok(crowd) = self.crowd().await else {
            tracing::warn!(visit = self.row.id.short(), "who comes could not be looked at");
            return;
        };
        for id in waits {
            if self.seats.get(&id).is_none_or(|seat| seat.crowd.as_ref() == Some(&crowd)) {
                continue;
            }
            let coming = match self.coming_for(id).await {
                Ok(coming) => coming,
                // They have no right to hear it any more, and have asked for nothing.
                Err(Trouble::NotYours) => continue,
                Err(_) => {
                    tracing::warn!(visit = self.row.id.short(), "who comes could not be told");
                    continue;
                }
            };
            let Some(seat) = self.seats.get_mut(&id) else { continue };
            seat.crowd = Some(crowd.clone());
            if seat.coming.as_ref() != Some(&coming) {
                seat.coming = Some(coming.clone());
                self.tell(id, &ToPage::Coming(coming)).await;
            }
        }
    }

    /// From now on in this language; whatever carries words is told again.
    pub(super) async fn speak(&mut self, id: ParticipantId, lang: Lang) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        (seat.pass.lang, seat.crowd) = (lang, None);
        self.tell_coming().await;
        if let Some(View::Both(_, waiting)) = view(&self.visit, id, self.now()) {
            let message = self.draw(id, Notice::View(View::Queue(waiting))).await;
            self.tell(id, &message).await;
        }
    }

    /// An account of somebody in this visit changed: perhaps where they are licensed.
    pub(super) async fn licences_changed(&mut self, whose: Option<Whose>) {
        let Some(Whose::Account(account)) = whose else { return };
        if self.row.clinician == account || self.rows.values().any(|row| row.person == Some(account)) {
            self.seats.values_mut().for_each(|seat| seat.crowd = None);
            self.tell_coming().await;
        }
    }

    async fn crowd(&self) -> Result<Crowd, KeepError> {
        let mut conn = self.parts.keep.read().await?;
        let checks = seats::of_visit(&mut conn, self.row.id).await?;
        let expected = self.rows.values().filter(|row| checks.expects(row, self.now()));
        Ok((self.row.clinician, expected.map(|row| (row.id, checks.is_for_check(row.id))).collect()))
    }

    async fn coming_for(&self, id: ParticipantId) -> Result<Coming, Trouble> {
        let pass = self.seats.get(&id).ok_or(Trouble::NotYours)?.pass.clone();
        let access = self.decided(&pass.who, &Cause::entering(id, Act::EnterLobby)).await?;
        let access = access.map_err(|_| Trouble::NotYours)?;
        let object = Object::of("visit", self.row.id.text()).patient(self.row.patient).visit(self.row.id);
        let mut viewing = self.parts.keep.view(&access, object).await.map_err(|_| Trouble::TryAgain)?;
        let words = self.parts.catalog.words(pass.lang);
        let comes = who_comes(&mut viewing, &access, (&self.row, false), (&words, self.now())).await;
        let comes = comes.map_err(|_| Trouble::TryAgain)?;
        let others = comes.others.into_iter().map(|(name, part)| Comer { name, part: words.t(part) });
        // On a page of the practice the name is set off by stars.
        let (clinician, host) = (comes.clinician.reveal().to_owned(), comes.host.replace("**", ""));
        Ok(Coming { clinician, host, others: others.collect() })
    }
}
