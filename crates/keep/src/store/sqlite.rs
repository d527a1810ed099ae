//! SQLite: one bundled engine, one file, in WAL mode with `synchronous=FULL`. Refuses a file that is damaged
//! and an engine that could damage it.

use super::{Around, READERS, WAIT_MS, one};
use crate::KeepError;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// A reader in the middle of its work holds on to the log; it has this often, this long, to finish.
const EMPTYING_TRIES: u32 = 100;
const EMPTYING_PAUSE: Duration = Duration::from_millis(50);

/// First release without the WAL-reset corruption (fixed 13 March 2026).
const OLDEST: (u32, u32, u32) = (3, 51, 3);

const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 5000;
    PRAGMA temp_store = MEMORY;";

/// Whether the engine and the file can be trusted with data.
pub(super) async fn check(conn: &mut AnyConnection, around: &Around) -> Result<(), KeepError> {
    let fault = |error: sqlx::Error| around.fault(&error);
    sqlx::raw_sql(PRAGMAS).execute(&mut *conn).await.map_err(fault)?;
    let version = one::<String>(conn, "SELECT sqlite_version()").await.map_err(fault)?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST {
        return Err(KeepError::Setup(format!(
            "SQLite {version} can damage its log: build with 3.51.3 or newer"
        )));
    }
    if one::<String>(conn, "PRAGMA quick_check(1)").await.map_err(fault)? != "ok" {
        return Err(KeepError::Setup(
            "the database file is damaged: stop here and restore the newest backup".into(),
        ));
    }
    Ok(())
}

/// `watching` is said once on its one connection.
pub(super) fn writer(watching: String) -> AnyPoolOptions {
    pool(1, watching)
}

pub(super) fn readers() -> AnyPoolOptions {
    pool(READERS, "PRAGMA query_only = ON;".into())
}

/// Writes the log into the file and cuts it to nothing, so that no old page lies in it any more.
pub(super) async fn empty_log(writer: &AnyPool, around: &Around) -> Result<(), KeepError> {
    for _ in 0..EMPTYING_TRIES {
        let mut held = writer.acquire().await.map_err(|error| around.fault(&error))?;
        let busy = one::<i64>(&mut held, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        if busy.map_err(|error| around.fault(&error))? == 0 {
            return Ok(());
        }
        drop(held);
        tokio::time::sleep(EMPTYING_PAUSE).await;
    }
    Err(KeepError::Busy)
}

/// A connection of the pool lives as long as the pool: nothing on this machine ever hangs up on it.
fn pool(connections: u32, more: String) -> AnyPoolOptions {
    let more: Arc<str> = more.into();
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_millis(WAIT_MS))
        .after_connect(move |conn, _| Box::pin(set_up(conn, more.clone())))
}

async fn set_up(conn: &mut AnyConnection, more: Arc<str>) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(PRAGMAS).execute(&mut *conn).await?;
    sqlx::raw_sql(AssertSqlSafe(&*more)).execute(conn).await.map(|_| ())
}

pub(super) fn options(file: &Path) -> Result<AnyConnectOptions, KeepError> {
    let unusable = || KeepError::Setup("the data folder's path must be plain text without % ? or #".into());
    let path = file.to_str().filter(|path| !path.contains(['%', '?', '#'])).ok_or_else(unusable)?;
    let options =
        AnyConnectOptions::from_str(&format!("sqlite://{path}?mode=rwc")).map_err(|_| unusable())?;
    Ok(options.disable_statement_logging())
}
