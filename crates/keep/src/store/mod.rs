//! The store: the only place that names a database engine or the library that speaks to it.
//!
//! Owns connections, transactions, steps of the schema and the column register. Refuses to decide anything,
//! and to open a sealed value: it moves bytes. One writer at a time (`BEGIN IMMEDIATE`), a few readers that
//! cannot write. The engine is SQLite, bundled, in WAL mode with `synchronous=FULL`.

mod conn;
mod fault;
mod migrate;
mod register;
mod value;

#[cfg(test)]
pub(crate) mod tests;

pub use conn::Conn;
pub use register::{Class, Column, Register, register};
pub use value::{Arg, Null, Row, ToArg};

pub(crate) use fault::Around;

use crate::{KeepError, Schema};
use conn::Link;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Row as _};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Readers at the same time; more would only queue for the two cores a practice's machine has.
const READERS: u32 = 4;

/// A writer that has waited this long is told the store is busy. Longer hides a writer that never ends.
const WAIT_MS: u64 = 10_000;

/// A reader in the middle of its work holds on to the log; it has this often, this long, to finish.
const EMPTYING_TRIES: u32 = 100;
const EMPTYING_PAUSE: Duration = Duration::from_millis(50);

/// First release without the WAL-reset corruption (fixed 13 March 2026).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000;
    PRAGMA temp_store = MEMORY;";

/// One database file: its writer and its readers.
pub(crate) struct Engine {
    writer: AnyPool,
    readers: AnyPool,
    around: Arc<Around>,
}

impl Engine {
    /// Brings the file up to the newest step on one connection, and only then opens the pools: a statement
    /// prepared before a change of the schema would be stale.
    pub async fn open(file: &Path, schemas: &[Schema], around: Arc<Around>) -> Result<Engine, KeepError> {
        sqlx::any::install_default_drivers();
        let options = options(file)?;
        let mut first = options.connect().await.map_err(|error| around.fault(&error))?;
        let prepared = prepare(&mut first, schemas, &around).await;
        first.close().await.map_err(|error| around.fault(&error))?;
        prepared?;
        let writer = pool(1, "").connect_with(options.clone());
        let readers = pool(READERS, "PRAGMA query_only = ON;").connect_with(options);
        Ok(Engine {
            writer: writer.await.map_err(|error| around.fault(&error))?,
            readers: readers.await.map_err(|error| around.fault(&error))?,
            around,
        })
    }

    pub async fn read(&self) -> Result<Conn, KeepError> {
        let held = self.readers.acquire().await.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Reader(held), self.around.clone()))
    }

    /// Waits for the one writer. Never call it while holding another transaction.
    pub async fn begin(&self) -> Result<Conn, KeepError> {
        let held = self.writer.begin_with("BEGIN IMMEDIATE").await;
        let held = held.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Open(held), self.around.clone()))
    }

    /// A reader whose statements all see the same moment.
    pub async fn snapshot(&self) -> Result<Conn, KeepError> {
        let held = self.readers.begin_with("BEGIN").await.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Open(held), self.around.clone()))
    }

    /// Writes the log into the file and cuts it to nothing, so that no old page lies in it any more.
    pub async fn empty_log(&self) -> Result<(), KeepError> {
        for _ in 0..EMPTYING_TRIES {
            let mut held = self.writer.acquire().await.map_err(|error| self.around.fault(&error))?;
            let asked = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *held).await;
            let row = asked.map_err(|error| self.around.fault(&error))?;
            if row.try_get::<i64, _>(0).map_err(|error| self.around.fault(&error))? == 0 {
                return Ok(());
            }
            drop(held);
            tokio::time::sleep(EMPTYING_PAUSE).await;
        }
        Err(KeepError::Busy)
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn prepare(conn: &mut AnyConnection, schemas: &[Schema], around: &Around) -> Result<(), KeepError> {
    let fault = |error: sqlx::Error| around.fault(&error);
    sqlx::raw_sql(PRAGMAS).execute(&mut *conn).await.map_err(fault)?;
    check_version(conn, around).await?;
    let row = sqlx::query("PRAGMA quick_check(1)").fetch_one(&mut *conn).await.map_err(fault)?;
    if row.try_get::<String, _>(0).map_err(fault)? != "ok" {
        return Err(KeepError::Setup(
            "the database file is damaged: stop here and restore the newest backup".into(),
        ));
    }
    migrate::run(conn, schemas, around).await?;
    register(schemas)?.compare(conn, around).await
}

async fn check_version(conn: &mut AnyConnection, around: &Around) -> Result<(), KeepError> {
    let row = sqlx::query("SELECT sqlite_version() AS version").fetch_one(conn).await;
    let row = row.map_err(|error| around.fault(&error))?;
    let version: String = row.try_get("version").map_err(|error| around.fault(&error))?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE {
        return Err(KeepError::Setup(format!(
            "SQLite {version} can damage its log: build with 3.51.3 or newer"
        )));
    }
    Ok(())
}

/// A connection of the pool lives as long as the pool: nothing on this machine ever hangs up on it.
fn pool(connections: u32, more: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_millis(WAIT_MS))
        .after_connect(move |conn, _| Box::pin(set_up(conn, more)))
}

async fn set_up(conn: &mut AnyConnection, more: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(PRAGMAS).execute(&mut *conn).await?;
    sqlx::raw_sql(more).execute(conn).await.map(|_| ())
}

fn options(file: &Path) -> Result<AnyConnectOptions, KeepError> {
    let unusable = || KeepError::Setup("the data folder's path must be plain text without % ? or #".into());
    let path = file.to_str().filter(|path| !path.contains(['%', '?', '#'])).ok_or_else(unusable)?;
    let options =
        AnyConnectOptions::from_str(&format!("sqlite://{path}?mode=rwc")).map_err(|_| unusable())?;
    Ok(options.disable_statement_logging())
}
