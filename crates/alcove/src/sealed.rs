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
use keep::{BoxFuture, Keep};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Waits for the order that opens the practice.
pub async fn until_unlocked(places: &Places) -> Result<Keep, Failure> {
    let (opened, mut arrived) = mpsc::channel(1);
    let lock = Arc::new(Lock { places: places.clone(), opened });
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
}

impl Hears for Lock {
    fn hear<'a>(&'a self, order: Order, _: &'a str) -> BoxFuture<'a, Result<String, Failure>> {
        Box::pin(async move {
            let Order::Unlock { with } = order else {
                return Err(Failure::Other("the practice is sealed: `alcove unlock` comes first".into()));
            };
            let root = key(&with)?;
            let keep = self.places.open_with(&root, Arc::new(SystemClock::default())).await?;
            self.opened.send(keep).await.map_err(|_| Failure::Other("it was unlocked already".into()))?;
            Ok("The practice is unlocked.".into())
        })
    }
}

fn key(typed: &str) -> Result<RootKey, Failure> {
    match RootKey::parse(typed) {
        Some(root) => Ok(root),
        None => vault::open_kit(typed).map_err(|fault| Failure::Other(fault.to_string())),
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
    }
}
