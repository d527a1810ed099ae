//! Two charts of one person: found by likeness, compared side by side, put together, and taken apart again.
//!
//! Owns the tables `patient_merge` and `patient_apart` and the pages `/patients/alike...`. The desk decides
//! on demographics alone: nothing else of either chart is shown. Refuses two who were not born on the same
//! day, and while somebody waits or is in a room. What the trail says of the chart that is gone stays where
//! it is; whoever asks for the one gets the other.

mod pages;
pub mod rules;
mod store;
#[cfg(test)]
mod tests;

pub use store::{formerly, leads_to, must_stand};

pub(crate) use store::is_lately_from_elsewhere;

use keep::{BoxFuture, Handed, KeepError, Tx};
use policy::Act;
use std::sync::Arc;
use vocabulary::PatientId;
use web::{Routes, Rule};

/// What a slice to the right must see to when two charts become one, or two again. Runs in the transaction of
/// the act.
pub trait Follow: Send + Sync {
    /// Before anything moves. `false` when something under way forbids it now.
    fn may_move<'a>(
        &'a self,
        tx: &'a mut Tx,
        pair: (PatientId, PatientId),
    ) -> BoxFuture<'a, Result<bool, KeepError>>;

    /// Before a merge is taken back: what was written since for what `moved`, and goes back with it. Whatever
    /// the wrong person could come in by ends.
    fn written_since<'a>(
        &'a self,
        tx: &'a mut Tx,
        moved: &'a [Handed],
    ) -> BoxFuture<'a, Result<Vec<Handed>, KeepError>>;

    /// After everything has moved.
    fn moved<'a>(
        &'a self,
        tx: &'a mut Tx,
        pair: (PatientId, PatientId),
    ) -> BoxFuture<'a, Result<(), KeepError>>;
}

/// Plugged into the site: `ctx.plugged::<Followers>()`.
#[derive(Default)]
pub struct Followers(Vec<Arc<dyn Follow>>);

impl Followers {
    pub fn with(mut self, one: impl Follow + 'static) -> Followers {
        self.0.push(Arc::new(one));
        self
    }
}

pub fn routes() -> Routes {
    let rule = Rule::Act(Act::MergePatients);
    Routes::new()
        .get("/patients/alike", rule, pages::list)
        .get("/patients/alike/{one}/{other}", rule, pages::compare)
        .post("/patients/alike/{one}/{other}", rule, pages::merge)
        .post("/patients/alike/{one}/{other}/apart", rule, pages::apart)
        .post("/patients/merges/{id}/undo", rule, pages::undo)
}
