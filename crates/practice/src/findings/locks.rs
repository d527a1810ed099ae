//! A link that locks is a finding of the visit it leads to.

use super::{Kind, Source, raise};
use keep::{BoxFuture, KeepError, Tx};
use people::invitations::HearsOfLocks;
use vocabulary::VisitId;

/// Plugged into the site with `people::invitations::Limits`.
pub struct LockedLinks;

impl HearsOfLocks for LockedLinks {
    fn locked<'a>(&'a self, tx: &'a mut Tx, visit: VisitId) -> BoxFuture<'a, Result<(), KeepError>> {
        Box::pin(async move { raise(tx, Kind::LinkLocked, Source::Visit(visit)).await.map(|_| ()) })
    }
}
