//! Ways in that a slice to the right gave to somebody who acts for a patient: they end with a lost phone too.

use keep::{BoxFuture, KeepError, Tx};
use std::sync::Arc;
use vocabulary::RepresentativeId;

/// Runs in the transaction of the act.
pub trait WaysIn: Send + Sync {
    /// Nothing this representative was sent lets anybody in any more, and who came in by it is signed out.
    fn end<'a>(
        &'a self,
        tx: &'a mut Tx,
        representative: RepresentativeId,
    ) -> BoxFuture<'a, Result<(), KeepError>>;
}

/// Plugged into the site: `ctx.plugged::<Elsewhere>()`.
#[derive(Default)]
pub struct Elsewhere(Option<Arc<dyn WaysIn>>);

impl Elsewhere {
    pub fn at(one: impl WaysIn + 'static) -> Elsewhere {
        Elsewhere(Some(Arc::new(one)))
    }

    pub(super) async fn end(&self, tx: &mut Tx, representative: RepresentativeId) -> Result<(), KeepError> {
        match &self.0 {
            Some(ways) => ways.end(tx, representative).await,
            None => Ok(()),
        }
    }
}
