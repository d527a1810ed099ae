//! Hints between tasks of this process: "look again". A hint carries no content and may be lost; whatever
//! must happen is a row in the store.

use tokio::sync::broadcast;
use vocabulary::{PatientId, PersonId, SessionId, VisitId};

/// A receiver that falls further behind than this loses the oldest hints, and must look at everything again.
const BUS_HINTS: usize = 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Something about this visit changed.
    Visit(VisitId),
    /// This session ended or changed.
    Session(SessionId),
    /// This account was disabled or its roles changed: sockets and media must let go of it. Or its licences
    /// changed: whoever waits for them is told.
    Account(PersonId),
    /// Somebody who acts for this patient may no longer, or only until another time.
    Authority(PatientId),
    /// A letter waits.
    Outbox,
    Settings,
}

#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Hint>);

impl Bus {
    pub(crate) fn new() -> Bus {
        Bus(broadcast::channel(BUS_HINTS).0)
    }

    /// Publishing to nobody is fine.
    pub fn publish(&self, hint: Hint) {
        self.0.send(hint).ok();
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.0.subscribe()
    }
}
