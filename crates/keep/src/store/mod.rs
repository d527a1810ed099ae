//! The store: the only place that names a database engine or the library that speaks to it.
//!
//! Owns connections, transactions, steps of the schema and the column register. Refuses to decide anything,
//! and to open a sealed value: it moves bytes. One writer at a time, a few readers that cannot write. The
//! engine is SQLite, bundled, or a Postgres server.

mod conn;
mod dialect;
mod fault;
mod migrate;
mod postgres;
mod register;
mod sqlite;
mod value;
mod watch;

#[cfg(test)]
mod on_a_server;
#[cfg(test)]
pub(crate) mod tests;

pub use conn::Conn;
pub use postgres::Server;
pub use register::{Class, Column, Register, register};
pub use value::{Arg, Null, Row, ToArg};

pub(crate) use dialect::Dialect;
pub(crate) use fault::Around;
pub(crate) use watch::Changed;

use crate::{KeepError, Schema};
use conn::Link;
use sqlx::any::AnyConnectOptions;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Connection, Decode, Row as _, Type};
use std::path::PathBuf;
use std::sync::Arc;

/// Readers at the same time; more would only queue for the two cores a practice's machine has.
const READERS: u32 = 4;

/// A writer that has waited this long is told the store is busy. Longer hides a writer that never ends.
const WAIT_MS: u64 = 10_000;

/// Where one database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum At {
    File(PathBuf),
    Server(Server),
}

/// Whether the writer is told which rows it changes: where there is a trail to say it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    Rows,
    Nothing,
}

/// One database: its writer and its readers.
pub(crate) struct Engine {
    writer: AnyPool,
    readers: AnyPool,
    dialect: Dialect,
    around: Arc<Around>,
}

impl At {
    fn dialect(&self) -> Dialect {
        match self {
            At::File(_) => Dialect::Sqlite,
            At::Server(_) => Dialect::Postgres,
        }
    }

    fn options(&self) -> Result<AnyConnectOptions, KeepError> {
        match self {
            At::File(file) => sqlite::options(file),
            At::Server(server) => server.options(),
        }
    }
}

impl Engine {
    /// Brings the tables up to the newest step on one connection, and only then opens the pools: a statement
    /// prepared before a change of the schema would be stale.
    pub async fn open(
        at: &At,
        schemas: &[Schema],
        watch: Watch,
        around: Arc<Around>,
    ) -> Result<Engine, KeepError> {
        sqlx::any::install_default_drivers();
        let (options, dialect) = (at.options()?, at.dialect());
        let fault = |error: sqlx::Error| match dialect {
            Dialect::Sqlite => around.fault(&error),
            Dialect::Postgres => postgres::unreachable(&error),
        };
        let mut first = options.connect().await.map_err(fault)?;
        let prepared = prepare(&mut first, dialect, schemas, &around).await;
        first.close().await.map_err(fault)?;
        let register = prepared?;
        let watching = match watch {
            Watch::Rows => dialect.watch_on_connection(&register.watched()),
            Watch::Nothing => String::new(),
        };
        let (writer, readers) = match dialect {
            Dialect::Sqlite => (sqlite::writer(watching), sqlite::readers()),
            Dialect::Postgres => (postgres::writer(watching), postgres::readers()),
        };
        let writer = writer.connect_with(options.clone()).await.map_err(fault)?;
        let readers = readers.connect_with(options).await.map_err(fault)?;
        Ok(Engine { writer, readers, dialect, around })
    }

    pub async fn read(&self) -> Result<Conn, KeepError> {
        let held = self.readers.acquire().await.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Reader(held), self.around.clone()))
    }

    /// Waits for the one writer. Never call it while holding another transaction.
    pub async fn begin(&self) -> Result<Conn, KeepError> {
        let held = self.writer.begin_with(self.dialect.begin_write()).await;
        let held = held.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Open(held), self.around.clone()))
    }

    /// A reader whose statements all see the same moment.
    pub async fn snapshot(&self) -> Result<Conn, KeepError> {
        let held = self.readers.begin_with(self.dialect.begin_snapshot()).await;
        let held = held.map_err(|error| self.around.fault(&error))?;
        Ok(Conn::new(Link::Open(held), self.around.clone()))
    }

    /// Leaves no old page in the log of a file. Keys lie in files alone: no server promises as much.
    pub async fn empty_log(&self) -> Result<(), KeepError> {
        match self.dialect {
            Dialect::Sqlite => sqlite::empty_log(&self.writer, &self.around).await,
            Dialect::Postgres => Err(KeepError::Shape("the log of a database server cannot be emptied")),
        }
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Runs this on a connection of its own, as a stranger to the program would. For tests.
pub(crate) async fn behind(at: &At, sql: String) -> Result<(), KeepError> {
    let lawless = match at.dialect() {
        Dialect::Sqlite => "PRAGMA foreign_keys = OFF; PRAGMA busy_timeout = 5000;",
        Dialect::Postgres => "SET session_replication_role = replica;",
    };
    let work = async {
        let mut conn = at.options().map_err(|_| sqlx::Error::PoolClosed)?.connect().await?;
        sqlx::raw_sql(lawless).execute(&mut conn).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await?;
        conn.close().await
    };
    work.await.map_err(|error| KeepError::Setup(error.to_string()))
}

async fn prepare(
    conn: &mut AnyConnection,
    dialect: Dialect,
    schemas: &[Schema],
    around: &Around,
) -> Result<Register, KeepError> {
    match dialect {
        Dialect::Sqlite => sqlite::check(conn, around).await?,
        Dialect::Postgres => postgres::check(conn, around).await?,
    }
    migrate::run(conn, dialect, schemas, around).await?;
    let register = register(schemas)?;
    register.compare(conn, dialect, around).await?;
    Ok(register)
}

/// The first column of the only row.
async fn one<T>(conn: &mut AnyConnection, sql: &'static str) -> Result<T, sqlx::Error>
where
    T: for<'r> Decode<'r, Any> + Type<Any>,
{
    sqlx::query(sql).fetch_one(conn).await?.try_get(0)
}
