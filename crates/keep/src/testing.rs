//! A fresh practice in a temporary folder, for the tests of every crate. It removes itself with the last
//! handle.

use crate::store::{Around, Server};
use crate::{BoxFuture, Carrier, CarryError, Config, Keep, KeepError, Letter, Schema, outbox, vault};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{JobId, UnixMillis};

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

/// Everything that is due leaves now, by a way that takes it all. Answers what left, in its order.
pub async fn posted(keep: &Keep) -> Vec<Letter> {
    let post = Post::default();
    outbox::deliver_due(keep, &post).await.expect("the practice is open");
    post.0.into_inner().expect("no carrier panicked")
}

#[derive(Default)]
struct Post(Mutex<Vec<Letter>>);

impl Carrier for Post {
    fn carry<'a>(&'a self, _: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        self.0.lock().expect("no carrier panicked").push(letter.clone());
        Box::pin(async { Ok(()) })
    }
}

/// A folder of its own, removed when dropped.
pub struct TempFolder {
    path: PathBuf,
    seed: u64,
    database: Option<Server>,
}

impl TempFolder {
    #[expect(clippy::new_without_default, reason = "making a folder is no default")]
    pub fn new() -> TempFolder {
        let seed = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("alcove-test-{}-{seed}", std::process::id()));
        // A process with the same number may have died here long ago.
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).expect("the machine has a writable temporary folder");
        TempFolder { path, seed, database: database(seed) }
    }

    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    pub fn config(&self) -> Config {
        Config {
            folder: self.path.join("data"),
            root_key: self.path.join("root.key"),
            database: self.database.clone(),
        }
    }

    /// Opens the practice in this folder, for tests of what survives a restart. Makes the root key when there
    /// is none.
    pub async fn open(&self, schemas: &[Schema]) -> Result<Keep, KeepError> {
        let config = self.config();
        if !config.root_key.exists() {
            vault::create_root(&config.root_key, &TestEntropy::seeded(self.seed))?;
        }
        self.open_at(&config, schemas).await
    }

    pub async fn open_at(&self, config: &Config, schemas: &[Schema]) -> Result<Keep, KeepError> {
        let seed = NEXT.fetch_add(1, Ordering::Relaxed);
        let around = Around {
            clock: Arc::new(TestClock::at(START)),
            entropy: Arc::new(TestEntropy::seeded(seed << 32)),
        };
        Keep::open_in(config, schemas, around, None).await
    }
}

/// Changes the records behind the program's back, as somebody with the disk or the server could: no key of
/// another table holds them, and nothing is told to anybody.
pub async fn behind(keep: &Keep, sql: String) -> Result<(), KeepError> {
    crate::store::behind(&keep.config().records(), sql).await
}

/// The server on which these tests keep their records, when they do not keep them in files. Each practice has
/// a schema of its own there.
pub const DATABASE: &str = "ALCOVE_TEST_DATABASE";

fn database(seed: u64) -> Option<Server> {
    let server = Server::parse(&std::env::var(DATABASE).ok()?).expect("the address of the test's server");
    let name = schema(seed);
    let (made, at) = (server.clone(), name.clone());
    apart(async move { made.make_schema(&at).await }).expect("the test's server makes a schema");
    Some(server.in_schema(&name))
}

fn schema(seed: u64) -> String {
    format!("test_{}_{seed}", std::process::id())
}

/// Waits for the work on a thread of its own: callers may stand in a runtime, which cannot be waited in.
fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let waiting = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime starts").block_on(work)
    });
    waiting.join().expect("nothing panics there")
}

static NEXT: AtomicU64 = AtomicU64::new(1);

impl Drop for TempFolder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.path).ok();
        // Some thousand practices on one server would fill the disk.
        if let Some(server) = self.database.take() {
            let name = schema(self.seed);
            apart(async move { server.drop_schema(&name).await }).ok();
        }
    }
}
