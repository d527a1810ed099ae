//! The handle everybody holds: opening a practice's folder, and the ways into it.

use crate::bus::Bus;
use crate::files::{Files, Passing};
use crate::settings::{self, Settings};
use crate::store::{Around, At, Conn, Dialect, Engine, Register, Server, Watch, register};
use crate::testing::TempFolder;
use crate::trail::{self, Body, Callers, Entry, Head, Object, Outcome};
use crate::tx::{Reader, Tx};
use crate::vault::{KEYS_DB, RootKey, Vault};
use crate::view::Views;
use crate::{KeepError, Schema, schema};
use policy::Act;
use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vocabulary::{Clock, Entropy, Principal};

/// Where a practice lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Keys and files, and the records unless a server has them. Made when missing, for this user alone.
    pub folder: PathBuf,
    /// The server that has the records.
    pub database: Option<Server>,
    /// The root key: outside the folder, mode 0600. `vault::create_root` makes one.
    pub root_key: PathBuf,
}

/// One practice's data, open. Cheap to clone.
#[derive(Clone)]
pub struct Keep(Arc<Inner>);

struct Inner {
    config: Config,
    engine: Engine,
    vault: Vault,
    around: Arc<Around>,
    register: Register,
    bus: Bus,
    settings: RwLock<Arc<Settings>>,
    newest_trail: Mutex<Option<(u64, [u8; 32])>>,
    views: Views,
    callers: Callers,
    files: Files,
    passing: Arc<Passing>,
    /// Held while the program runs: two programs on one folder would sign two trails.
    _lock: File,
    /// Set by tests alone: removes the folder with the last handle.
    _temp: Option<TempFolder>,
}

/// The database of everything but keys.
const RECORDS: &str = "alcove.db";

/// Whether a practice lies here. Opening makes one where none is, which only whoever begins one may do: an
/// empty folder in the place of a disk that is not mounted is no practice.
pub fn holds_practice(config: &Config) -> bool {
    let there = |name| config.folder.join(name).is_file();
    there(KEYS_DB) && (config.database.is_some() || there(RECORDS))
}

impl Config {
    pub(crate) fn records(&self) -> At {
        match &self.database {
            Some(server) => At::Server(server.clone()),
            None => At::File(self.folder.join(RECORDS)),
        }
    }
}

impl Keep {
    /// Opens the folder, brings the schema up to date and compares it with the column register.
    pub async fn open(
        config: &Config,
        schemas: &[Schema],
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Keep, KeepError> {
        Keep::open_in(config, schemas, Around { clock, entropy }, None).await
    }

    /// The same with a root key that does not lie in its file: typed in, or put together from the kit.
    pub async fn open_with(
        config: &Config,
        root: &RootKey,
        schemas: &[Schema],
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Keep, KeepError> {
        Keep::open_under(config, root, schemas, Around { clock, entropy }, None).await
    }

    pub(crate) async fn open_in(
        config: &Config,
        schemas: &[Schema],
        around: Around,
        temp: Option<TempFolder>,
    ) -> Result<Keep, KeepError> {
        make_folder(&config.folder)?;
        let root = RootKey::read(&config.root_key, &config.folder)?;
        Keep::open_under(config, &root, schemas, around, temp).await
    }

    async fn open_under(
        config: &Config,
        root: &RootKey,
        schemas: &[Schema],
        around: Around,
        temp: Option<TempFolder>,
    ) -> Result<Keep, KeepError> {
        let around = Arc::new(around);
        make_folder(&config.folder)?;
        let lock = lock(&config.folder)?;
        let all: Vec<Schema> = schema::OWN.into_iter().chain(schemas.iter().copied()).collect();
        let engine = Engine::open(&config.records(), &all, Watch::Rows, around.clone()).await?;
        let mut conn = engine.read().await?;
        let first = trail::first_body(&mut conn).await?;
        let vault = Vault::open(&config.folder, root.key(), first.as_deref(), around.clone()).await?;
        let settings = settings::load(&mut conn).await?;
        let head = Head::load(&mut conn).await?;
        drop(conn);
        let keep = Keep(Arc::new(Inner {
            config: config.clone(),
            register: register(&all)?,
            files: Files::open(&config.folder)?,
            passing: Passing::open(&config.folder)?,
            bus: Bus::new(),
            settings: RwLock::new(Arc::new(settings)),
            newest_trail: Mutex::new(head.map(|head| head.mark())),
            views: Views::default(),
            callers: Callers::default(),
            engine,
            vault,
            around,
            _lock: lock,
            _temp: temp,
        }));
        keep.finish_shredding().await?;
        Ok(keep)
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.0.around.clock
    }

    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.around.entropy
    }

    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    pub fn settings(&self) -> Arc<Settings> {
        self.0.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Plain columns, without a trace.
    pub async fn read(&self) -> Result<Reader, KeepError> {
        Ok(Reader::new(self.0.engine.read().await?))
    }

    /// The single writer. Dropped without a commit, it has done nothing. Never hold two, and never wait for
    /// the network while holding one: everybody else waits too.
    pub async fn begin(&self) -> Result<Tx, KeepError> {
        Ok(Tx::new(self.clone(), self.write_conn().await?))
    }

    /// Puts a refused attempt into the trail (R35). `why` is a word of the code, not of the person. Of
    /// strangers only the first 120 in a minute have an entry each; the next entry says how many had none.
    pub async fn refused(
        &self,
        who: &Principal,
        act: Act,
        object: Object,
        why: &str,
    ) -> Result<(), KeepError> {
        let mut entry = Entry::new(object).outcome(Outcome::Refused).detail("why", why);
        if *who == Principal::Anonymous {
            match self.views().stranger(self.clock().now()) {
                None => return Ok(()),
                Some(0) => {}
                Some(silent) => entry = entry.detail("not_written_before", silent.to_string()),
            }
        }
        let tx = self.begin().await?;
        let mut body = Body::about(who, act, &entry);
        self.callers().fill(&mut body);
        tx.commit_refusal(body).await
    }

    /// The form in which a looked-up value stands in a blind column. Normalise first: only equal text is
    /// equal.
    pub fn blind(&self, table: &str, column: &str, normalised: &str) -> Vec<u8> {
        self.0.vault.blind(table, column, normalised)
    }

    /// The Ed25519 key that checkpoints of the trail verify under.
    pub fn trail_key(&self) -> Vec<u8> {
        self.0.vault.public_key()
    }

    /// Closes the files in order. Dropping the last handle does the same a little later.
    pub async fn close(&self) {
        self.0.engine.close().await;
        self.0.vault.close().await;
    }

    pub(crate) async fn snapshot(&self) -> Result<Conn, KeepError> {
        self.0.engine.snapshot().await
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }

    pub(crate) fn passing(&self) -> &Arc<Passing> {
        &self.0.passing
    }

    pub(crate) fn register(&self) -> &Register {
        &self.0.register
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.0.engine.dialect()
    }

    pub(crate) fn callers(&self) -> &Callers {
        &self.0.callers
    }

    pub(crate) fn views(&self) -> &Views {
        &self.0.views
    }

    pub(crate) async fn read_conn(&self) -> Result<Conn, KeepError> {
        self.0.engine.read().await
    }

    pub(crate) async fn write_conn(&self) -> Result<Conn, KeepError> {
        self.0.engine.begin().await
    }

    pub(crate) fn broken(&self, what: &str) -> KeepError {
        self.0.around.broken(what)
    }

    /// Size and root of the longest trail this program has written or found.
    pub(crate) fn newest_trail(&self) -> Option<(u64, [u8; 32])> {
        *self.0.newest_trail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn saw_trail(&self, head: &Head) {
        let mut newest = self.0.newest_trail.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = head.mark();
        if newest.is_none_or(|(size, _)| size < mark.0) {
            *newest = Some(mark);
        }
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }
}

fn make_folder(folder: &Path) -> Result<(), KeepError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
        KeepError::Setup(format!("cannot make the data folder {}: {error}", folder.display()))
    })
}

pub(crate) fn lock(folder: &Path) -> Result<File, KeepError> {
    let path = folder.join("lock");
    let open = File::options().write(true).create(true).truncate(false).open(&path);
    let file = open.map_err(|error| KeepError::Setup(format!("cannot open {}: {error}", path.display())))?;
    file.try_lock().map_err(|_| {
        KeepError::Setup(format!("another program works on {}: stop it first", folder.display()))
    })?;
    Ok(file)
}
