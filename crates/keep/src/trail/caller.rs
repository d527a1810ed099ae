//! Where a person acts from: address and device, for the entries of whoever has come in over the web.
//!
//! The web layer runs each request inside [`Caller::during`]. What a session was last seen with also stands
//! in the entries that its sockets cause later.

use super::entry::Body;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

tokio::task_local! {
    static CALLER: Caller;
}

/// Sessions remembered at once. Beyond it all are forgotten, and their next request brings them back.
const CALLERS: usize = 10_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    pub address: Option<IpAddr>,
    /// What the browser says it is; cut to a line.
    pub device: String,
}

impl Caller {
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        CALLER.scope(self, work).await
    }

    /// Where the request comes from that is being answered; nothing outside of one.
    pub fn here() -> Caller {
        CALLER.try_with(Caller::clone).unwrap_or_default()
    }
}

#[derive(Default)]
pub(crate) struct Callers(Mutex<HashMap<String, Caller>>);

impl Callers {
    /// Puts into the entry where its actor acts from, as far as anybody knows.
    pub fn fill(&self, body: &mut Body) {
        let here = CALLER.try_with(Caller::clone).ok().filter(|_| body.who.kind != "system");
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = &body.who.session;
        if let Some(caller) = &here
            && !session.is_empty()
        {
            if known.len() >= CALLERS {
                known.clear();
            }
            known.insert(session.clone(), caller.clone());
        }
        let Some(caller) = here.or_else(|| known.get(session).cloned()) else { return };
        body.who.address = caller.address.map(|address| address.to_string()).unwrap_or_default();
        let line = caller.device.chars().filter(|c| !c.is_control());
        body.who.device = line.take(super::form::DEVICE_CHARS).collect();
    }
}
