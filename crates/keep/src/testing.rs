//! A fresh practice in a temporary folder, for the tests of every crate. It removes itself with the last handle.

use crate::store::Around;
use crate::{Config, Keep, Schema, vault};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use vocabulary::UnixMillis;
use vocabulary::testing::{TestClock, TestEntropy};

/// Saturday 21 November 2026, 15:00 in New York.
pub const START: UnixMillis = UnixMillis(1_795_291_200_000);

/// A new, empty practice with the given tables. The clock stands still at [`START`]; randomness is repeatable
/// and differs from call to call.
pub async fn keep(schemas: &[Schema]) -> (Keep, Arc<TestClock>) {
    let temp = TempFolder::new();
    let config = temp.config();
    let clock = Arc::new(TestClock::at(START));
    let entropy = Arc::new(TestEntropy::seeded(temp.seed));
    vault::create_root(&config.root_key, &*entropy).expect("the folder is new, so there is no root key");
    let around = Around { clock: clock.clone(), entropy };
    let keep = Keep::open_in(&config, schemas, around, Some(temp)).await;
    (keep.expect("a practice opens in an empty folder"), clock)
}

/// A folder of its own, removed when dropped.
pub struct TempFolder {
    path: PathBuf,
    seed: u64,
}

impl TempFolder {
    #[expect(clippy::new_without_default, reason = "making a folder is no default")]
    pub fn new() -> TempFolder {
        static CALLS: AtomicU64 = AtomicU64::new(1);
        let seed = CALLS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("alcove-test-{}-{seed}", std::process::id()));
        // A process with the same number may have died here long ago.
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).expect("the machine has a writable temporary folder");
        TempFolder { path, seed }
    }

    pub fn config(&self) -> Config {
        Config { folder: self.path.join("data"), root_key: self.path.join("root.key") }
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.path).ok();
    }
}
