//! How often one address may try a link or a second fact: a token bucket per address, in memory.
//!
//! It slows guessing down and never locks anybody out for good. Forgets everything at a restart, which is
//! fine: a secret has 256 bits, and the tries of a second fact are counted in the database.

use axum::Extension;
use axum::extract::ConnectInfo;
use keep::{BoxFuture, KeepError, Tx};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::{MINUTE_MS, SECOND_MS, UnixMillis, VisitId, neighbourhood};
use web::Failure;

/// A whole waiting room behind one address may come at once.
const BURST: i64 = 60;
/// 20 a minute for one address.
const PER_MINUTE: i64 = 20;
const REFILL_MS: i64 = MINUTE_MS / PER_MINUTE;
/// More addresses than this and the ones that were quiet longest are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// Plugged into the site: `ctx.plugged::<Limits>()`.
#[derive(Default)]
pub struct Limits {
    /// By address: the moment at which its bucket will be full again.
    full_at: Mutex<HashMap<IpAddr, UnixMillis>>,
    hears: Option<Arc<dyn HearsOfLocks>>,
}

/// What a slice to the right makes of a link that locks. Runs in the transaction that locks it.
pub trait HearsOfLocks: Send + Sync {
    fn locked<'a>(&'a self, tx: &'a mut Tx, visit: VisitId) -> BoxFuture<'a, Result<(), KeepError>>;
}

/// Where a request came from, as the listener saw it. Headers that claim otherwise are not believed.
pub type From = Option<Extension<ConnectInfo<SocketAddr>>>;

impl Limits {
    pub fn heard_by(one: impl HearsOfLocks + 'static) -> Limits {
        Limits { hears: Some(Arc::new(one)), ..Limits::default() }
    }

    pub(super) async fn locked(&self, tx: &mut Tx, visit: VisitId) -> Result<(), KeepError> {
        match &self.hears {
            Some(one) => one.locked(tx, visit).await,
            None => Ok(()),
        }
    }

    /// Takes one try. Requests without an address (tests, a socket in the file system) share one bucket.
    pub fn take(&self, from: &From, now: UnixMillis) -> Result<(), Failure> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= ADDRESSES_MAX {
            forget(&mut full_at, now);
        }
        let slot = full_at.entry(source(from)).or_insert(now);
        let next = take(*slot, now).map_err(|retry_after_s| Failure::TooMany { retry_after_s })?;
        *slot = next;
        Ok(())
    }
}

/// A bucket is the moment at which it will be full again; one try moves that moment by one refill.
fn take(full_at: UnixMillis, now: UnixMillis) -> Result<UnixMillis, u64> {
    let next = full_at.max(now).plus_ms(REFILL_MS);
    let over_ms = next.since(now) - BURST * REFILL_MS;
    if over_ms <= 0 { Ok(next) } else { Err(u64::try_from(over_ms / SECOND_MS + 1).unwrap_or(1)) }
}

/// First those whose bucket is full; if that was nobody, everybody: an attacker with that many addresses
/// gains a burst and nothing else.
fn forget(full_at: &mut HashMap<IpAddr, UnixMillis>, now: UnixMillis) {
    full_at.retain(|_, at| *at > now);
    if full_at.len() >= ADDRESSES_MAX {
        full_at.clear();
    }
}

/// The network a request came from.
pub(crate) fn source(from: &From) -> IpAddr {
    let address = from.as_ref().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |Extension(info)| info.0.ip());
    neighbourhood(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn from(address: &str) -> From {
        Some(Extension(ConnectInfo(SocketAddr::new(address.parse().unwrap(), 1))))
    }

    #[test]
    fn an_address_that_tries_too_often_waits_and_then_goes_on() {
        let limits = Limits::default();
        let here = from("192.0.2.1");
        for _ in 0..BURST {
            assert!(limits.take(&here, NOW).is_ok());
        }
        assert_eq!(limits.take(&here, NOW), Err(Failure::TooMany { retry_after_s: 4 }));
        assert!(limits.take(&from("192.0.2.2"), NOW).is_ok(), "another address is not slowed down");
        let later = NOW.plus_ms(REFILL_MS);
        assert!(limits.take(&here, later).is_ok());
        assert!(limits.take(&here, later).is_err());
    }

    #[test]
    fn the_list_of_addresses_stays_bounded() {
        let limits = Limits::default();
        for n in 0..u32::try_from(ADDRESSES_MAX * 2).unwrap() {
            let address = IpAddr::V4(n.to_be_bytes().into());
            limits.take(&Some(Extension(ConnectInfo(SocketAddr::new(address, 1)))), NOW).unwrap();
        }
        assert!(limits.full_at.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
