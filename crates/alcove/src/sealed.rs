//! The sealed start: the doors are open, the keys are not. Until the operator unlocks, the pages are
//! `web::sealed` and the control socket takes one order, to unlock. And `alcove unlock`, which gives it.
//!
//! Refuses to try a key that came over the network: the socket lies in the data folder, which nobody but the
//! program's own account and root can enter.

use crate::ambient::SystemClock;
use crate::house::{Failure, Places};
use crate::operator::{self, Hears, Order};
use crate::{kit, log};
use keep::vault::{self, RootKey};
use keep::{BoxFuture, Entry, Keep, Object};
use policy::{Act, Facts, decide};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::mpsc;
use vocabulary::Principal;

/// Waits for the order that opens the practice.
pub async fn until_unlocked(places: &Places) -> Result<Keep, Failure> {
    let (opened, mut arrived) = mpsc::channel(1);
    let lock = Arc::new(Lock { places: places.clone(), opened, failed: AtomicU32::new(0) });
    let control = places.control();
    tokio::select! {
        ended = operator::listen(&control, lock) => {
            ended?;
            Err(Failure::Other("the control socket closed while the practice was sealed".into()))
        }
        keep = arrived.recv() => keep.ok_or(Failure::Other("nobody can unlock any more".into())),
    }
}

/// `alcove unlock`: the words of the root key's file, or two shares of the kit, from standard input.
pub async fn unlock(folder: &Path) -> Result<(), Failure> {
    let places = Places::existing(folder)?;
    let typed = kit::read_shares()?;
    match operator::tell(&places.control(), &Order::Unlock { with: typed.to_string() }).await? {
        Some(said) => {
            log::say(&said);
            Ok(())
        }
        None => Err(Failure::Other("nothing is sealed here: start `alcove serve` first".into())),
    }
}

struct Lock {
    places: Places,
    opened: mpsc::Sender<Keep>,
    /// Tries in vain since the start.
    failed: AtomicU32,
}

impl Hears for Lock {
    fn hear<'a>(&'a self, order: Order, by: &'a str) -> BoxFuture<'a, Result<String, Failure>> {
        Box::pin(async move {
            let Order::Unlock { with } = order else {
                return Err(Failure::Other("the practice is sealed: `alcove unlock` comes first".into()));
            };
            let keep = match self.open(&with, by).await {
                Ok(keep) => keep,
                Err(failure) => {
                    // The trail is sealed as well: until it opens, the log alone can keep this.
                    let tries = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
                    tracing::warn!(by, tries, "somebody tried to unlock the practice, in vain");
                    return Err(failure);
                }
            };
            self.opened.send(keep).await.map_err(|_| Failure::Other("it was unlocked already".into()))?;
            Ok("The practice is unlocked.".into())
        })
    }
}

impl Lock {
    async fn open(&self, typed: &str, by: &str) -> Result<Keep, Failure> {
        let (root, with) = key(typed)?;
        let keep = self.places.open_with(&root, Arc::new(SystemClock::default())).await?;
        let access = decide(&Principal::System, &Facts::default(), Act::Unlock)
            .map_err(|_| Failure::Other("the program may not unlock the practice".into()))?;
        let failed = self.failed.load(Ordering::Relaxed).to_string();
        let entry = Entry::new(Object::of("practice", "")).detail("by", by).detail("with", with);
        keep.begin().await?.commit(&access, entry.detail("failed_before", failed)).await?;
        Ok(keep)
    }
}

/// The key, and what it was made of.
fn key(typed: &str) -> Result<(RootKey, &'static str), Failure> {
    match RootKey::parse(typed) {
        Some(root) => Ok((root, "root key")),
        None => {
            let opened = vault::open_kit(typed).map_err(|fault| Failure::Other(fault.to_string()));
            opened.map(|root| (root, "two shares"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keep::testing::TempFolder;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_sealed_practice_takes_one_order_and_only_its_own_key() {
        let temp = TempFolder::new();
        let (places, _) = Places::existing_or_new(temp.path()).unwrap();
        let keep = places.open(Arc::new(SystemClock::default())).await.unwrap();
        let installed = keep.trail_key();
        keep.close().await;
        drop(keep);
        let root = std::fs::read_to_string(&places.root_key).unwrap();
        std::fs::remove_file(&places.root_key).unwrap();

        let waiting = tokio::spawn({
            let places = places.clone();
            async move { until_unlocked(&places).await.map_err(|failure| failure.to_string()) }
        });
        let control = places.control();
        while tokio::net::UnixStream::connect(&control).await.is_err() {
            tokio::task::yield_now().await;
        }
        let said = async |order: Order| operator::tell(&control, &order).await.map(Option::unwrap);
        let unlock = |with: &str| Order::Unlock { with: with.to_owned() };
        let refused = async |order| said(order).await.err().unwrap().to_string();
        assert!(refused(Order::Verify { deep: false }).await.contains("sealed"));
        assert!(refused(unlock("open sesame")).await.contains("6 lines"));
        assert!(refused(unlock(&"0".repeat(64))).await.contains("does not open"));
        assert!(said(unlock(&root)).await.unwrap().contains("unlocked"));
        let keep = waiting.await.unwrap().unwrap();
        assert_eq!(keep.trail_key(), installed);
        let told = told_of_unlocking(&keep).await;
        assert_eq!(told, ["root key", "2"], "in the trail");
    }

    /// With what, and after how many tries in vain.
    async fn told_of_unlocking(keep: &Keep) -> Vec<String> {
        let official = Principal::Staff {
            person: vocabulary::PersonId::new(keep.clock().now(), keep.entropy()),
            session: vocabulary::SessionId::new(keep.clock().now(), keep.entropy()),
            roles: vocabulary::Roles::NONE.with(vocabulary::Role::SecurityOfficial),
        };
        let access = decide(&official, &Facts::default(), Act::ReadTrail).unwrap();
        let mut view = keep.view(&access, Object::of("trail", "")).await.unwrap();
        let search = keep::trail::Search { limit: 20, ..Default::default() };
        let events = keep::trail::entries(&mut view, &access, search).await.unwrap();
        let mut bodies = events.into_iter().filter_map(|event| event.body);
        let unlocked = bodies.find(|body| body.act == Act::Unlock.code()).unwrap();
        ["with", "failed_before"].map(|key| unlocked.details[key].clone()).to_vec()
    }
}
