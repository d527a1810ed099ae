//! What the practice's pages said to the lobby reaches those who wait: read from the store whenever the visit
//! is looked at again, so that nothing is lost when the program starts anew.

use super::problem::Trouble;
use super::rules::Event;
use super::visit_task::VisitTask;
use crate::before::lobby_messages::{said_count, to_lobby};
use keep::{KeepError, Object};
use policy::Access;

impl VisitTask {
    /// `None` when nothing is new; then nothing is opened.
    pub(super) async fn words_for_lobby(&self, access: &Access) -> Result<Option<Event>, Trouble> {
        self.new_words(access).await.map_err(|_| Trouble::TryAgain)
    }

    async fn new_words(&self, access: &Access) -> Result<Option<Event>, KeepError> {
        let known = self.visit.heard;
        let said = said_count(&mut *self.parts.keep.read().await?, self.row.id).await?;
        if said <= known {
            return Ok(None);
        }
        let object = Object::of("visit", self.row.id.text()).patient(self.row.patient).visit(self.row.id);
        let mut view = self.parts.keep.view(access, object).await?;
        to_lobby(&mut view, access, (&self.row, known)).await.map(|words| Some(Event::Words(words)))
    }
}
