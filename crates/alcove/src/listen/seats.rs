//! How many connections are held at once, in all and by one address.
//!
//! A /64 of IPv6 is one address (RFC 6177). When all seats are taken, new callers wait in the system's queue;
//! when an address has its share, its next connection is closed.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vocabulary::neighbourhood;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub connections: usize,
    pub per_address: usize,
}

pub struct Seats {
    places: Arc<Semaphore>,
    per_address: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// Given back when dropped.
pub struct Seat {
    _place: OwnedSemaphorePermit,
    of: Option<(Arc<Seats>, IpAddr)>,
}

impl Seats {
    pub fn new(limits: Limits) -> Arc<Seats> {
        let places = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
        Arc::new(Seats { places, per_address: limits.per_address, taken: Mutex::default() })
    }

    /// Waits until there is room for one more connection.
    pub async fn place(&self) -> OwnedSemaphorePermit {
        self.places.clone().acquire_owned().await.expect("the seats are never closed")
    }

    /// `None` when this address has its share.
    pub fn sit(self: &Arc<Seats>, place: OwnedSemaphorePermit, from: IpAddr) -> Option<Seat> {
        let from = neighbourhood(from);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(from).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        Some(Seat { _place: place, of: Some((self.clone(), from)) })
    }

    pub fn shared(&self, place: OwnedSemaphorePermit) -> Seat {
        Seat { _place: place, of: None }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((seats, from)) = &self.of else { return };
        let mut taken = seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(from) {
            *count -= 1;
            if *count == 0 {
                taken.remove(from);
            }
        }
    }
}
