//! Postgres, for a practice that keeps its records on a server. Refuses a server that would sort text
//! otherwise than SQLite does or lose what it acknowledged, a network on which others could listen, and a
//! second program on the same records: only the connection that holds the lock is the writer, so a lost lock
//! is a lost writer and never two of them.

use super::{Around, READERS, WAIT_MS, one};
use crate::KeepError;
use serde::Deserialize;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AnyConnection, ConnectOptions, Connection};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use vocabulary::{Clock, Entropy};

/// Where the records are on a server, and what opens it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Server {
    address: String,
    password: Option<String>,
}

const OLDEST: i64 = 150_000;
/// Text in the order of its bytes, as SQLite sorts it. It also spares a practice the broken indexes that a
/// new C library brings to databases in another order.
const ORDERS: [&str; 4] = ["C", "POSIX", "C.UTF-8", "C.utf8"];

const CAREFUL: &str = "SET synchronous_commit = on; SET client_min_messages = warning;
    SET lock_timeout = '5s'; SET bytea_output = 'hex'; SET standard_conforming_strings = on;";
const READ_ONLY: &str = "SET default_transaction_read_only = on;";

/// The number is ours alone; the schema's name tells apart practices that share a database.
const LOCK: &str = "SELECT CASE WHEN pg_try_advisory_lock(1634493302, hashtext(current_schema()))
    THEN 1 ELSE 0 END";
/// A program that was killed holds its lock until the server has noticed.
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

const SHAPE: &str = "write it as `postgres://alcove@localhost/alcove`, or for a socket on this machine \
    `postgres:///alcove?host=/run/postgresql`; without it the records are a file in the data folder";

impl Server {
    /// `postgres://user@host/database`. Anything but this machine must show a certificate for its name.
    pub fn parse(url: &str) -> Result<Server, KeepError> {
        let wrong = |why: &str| Err(KeepError::Setup(format!("database: {why}")));
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return wrong(SHAPE);
        }
        let authority = url.split("//").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        if user.contains(':') || url.contains("password=") {
            return wrong(
                "keep the password out of the address: `database_password_file` names its file, or set \
                 ALCOVE_DATABASE_PASSWORD",
            );
        }
        let Ok(options) = PgConnectOptions::from_str(url) else { return wrong(SHAPE) };
        let host = options.get_host();
        let loopback = host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) || host == "localhost";
        let near = options.get_socket().is_some() || host.starts_with('/') || loopback;
        if !near && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
            return wrong(
                "a server on another machine must prove who it is: add `?sslmode=verify-full` and, when it \
                 has a certificate of your own, `&sslrootcert=/path/of/ca.pem`",
            );
        }
        Ok(Server { address: url.to_owned(), password: None })
    }

    #[must_use]
    pub fn with_password(self, password: &str) -> Server {
        Server { password: Some(password.to_owned()), ..self }
    }

    /// Without the password.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether a new practice can begin there: the server suits, and nothing is in the database yet.
    pub async fn suits_new(&self, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<(), KeepError> {
        sqlx::any::install_default_drivers();
        let around = Around { clock, entropy };
        let mut conn = self.options()?.connect().await.map_err(|error| unreachable(&error))?;
        check(&mut conn, &around).await?;
        let tables = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')
            AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
        let tables = one::<i64>(&mut conn, tables).await.map_err(|error| around.fault(&error))?;
        conn.close().await.map_err(|error| around.fault(&error))?;
        match tables {
            0 => Ok(()),
            _ => Err(KeepError::Setup("database: this one has tables already: make a new one".into())),
        }
    }

    /// The same, but the tables of the schema `name`: what a test has for its own.
    pub(crate) fn in_schema(&self, name: &str) -> Server {
        let address = format!("{}{}options=-csearch_path%3D{name}", self.address, self.mark());
        Server { address, ..self.clone() }
    }

    pub(super) fn options(&self) -> Result<AnyConnectOptions, KeepError> {
        let written = self.password.iter().flat_map(|password| password.bytes());
        let written: String = written.map(|byte| format!("%{byte:02X}")).collect();
        let url = match self.password {
            Some(_) => format!("{}{}password={written}", self.address, self.mark()),
            None => self.address.clone(),
        };
        let options = AnyConnectOptions::from_str(&url);
        let options = options.map_err(|_| KeepError::Setup(format!("database: {SHAPE}")))?;
        Ok(options.disable_statement_logging())
    }

    fn mark(&self) -> char {
        if self.address.contains('?') { '&' } else { '?' }
    }

    /// Makes the schema that [`Server::in_schema`] names.
    pub(crate) async fn make_schema(&self, name: &str) -> Result<(), KeepError> {
        self.tell(format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await
    }

    /// Takes it away again, and with it whatever transaction stands open in its tables.
    pub(crate) async fn drop_schema(&self, name: &str) -> Result<(), KeepError> {
        let holds = format!(
            "SELECT DISTINCT held.pid FROM pg_locks held JOIN pg_class ON pg_class.oid = held.relation \
             WHERE relnamespace = '{name}'::regnamespace AND held.pid <> pg_backend_pid()"
        );
        let end = format!("SELECT pg_terminate_backend(pid, 1000) FROM ({holds}) held");
        self.tell(format!("SET lock_timeout = '2s'; {end}; DROP SCHEMA {name} CASCADE")).await
    }

    async fn tell(&self, sql: String) -> Result<(), KeepError> {
        let work = async {
            sqlx::any::install_default_drivers();
            let mut conn = self.options().map_err(|_| sqlx::Error::PoolClosed)?.connect().await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await?;
            conn.close().await
        };
        work.await.map_err(|error| unreachable(&error))
    }
}

impl TryFrom<String> for Server {
    type Error = KeepError;

    fn try_from(url: String) -> Result<Server, KeepError> {
        Server::parse(&url)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// Whether the server can be trusted with data; takes the lock for as long as this connection lives.
pub(super) async fn check(conn: &mut AnyConnection, around: &Around) -> Result<(), KeepError> {
    let fault = |error: sqlx::Error| around.fault(&error);
    let setup = |why: String| Err(KeepError::Setup(format!("database: {why}")));
    sqlx::raw_sql(CAREFUL).execute(&mut *conn).await.map_err(fault)?;
    let version = one::<String>(conn, "SHOW server_version_num").await.map_err(fault)?;
    if version.parse::<i64>().unwrap_or(0) < OLDEST {
        return setup("this server is older than Postgres 15: use a newer one".into());
    }
    if one::<i64>(conn, "SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END").await.map_err(fault)? == 1 {
        return setup("this server only follows another one: name the one that takes changes".into());
    }
    let encoding = one::<String>(conn, "SHOW server_encoding").await.map_err(fault)?;
    let order = "SELECT CASE WHEN datlocprovider = 'b' THEN 'C' WHEN datlocprovider = 'i' THEN 'icu'
        ELSE CAST(datcollate AS TEXT) END FROM pg_database WHERE datname = current_database()";
    let order = one::<String>(conn, order).await.map_err(fault)?;
    if encoding != "UTF8" || !ORDERS.contains(&order.as_str()) {
        return setup(format!(
            "this one is in {encoding} and sorts text by {order}; make one with `createdb --template \
             template0 --encoding UTF8 --locale C NAME`"
        ));
    }
    let schema = "SELECT CASE WHEN current_schema() IS NULL THEN 0 ELSE 1 END";
    if one::<i64>(conn, schema).await.map_err(fault)? == 0 {
        return setup("its search_path names no schema that is there: make the schema first".into());
    }
    if one::<String>(conn, "SHOW fsync").await.map_err(fault)? != "on" {
        tracing::warn!("the database server runs with fsync off: a power cut loses records");
    }
    match lock(conn).await.map_err(fault)? {
        true => Ok(()),
        false => setup("another program works on these records: stop it first".into()),
    }
}

async fn lock(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    for _ in 0..LOCK_TRIES {
        if one::<i64>(conn, LOCK).await? == 1 {
            return Ok(true);
        }
        tokio::time::sleep(LOCK_PAUSE).await;
    }
    Ok(false)
}

/// One connection that lives as long as it can and has the lock. When the server goes away, the next one
/// begins with taking the lock again.
pub(super) fn writer(watching: String) -> AnyPoolOptions {
    let watching: Arc<str> = watching.into();
    pool(1).after_connect(move |conn, _| {
        let watching = watching.clone();
        Box::pin(async move {
            sqlx::raw_sql(CAREFUL).execute(&mut *conn).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(&*watching)).execute(&mut *conn).await?;
            match lock(conn).await? {
                true => Ok(()),
                false => Err(sqlx::Error::Configuration("another program holds the records".into())),
            }
        })
    })
}

pub(super) fn readers() -> AnyPoolOptions {
    pool(READERS).after_connect(|conn, _| {
        Box::pin(async move {
            sqlx::raw_sql(CAREFUL).execute(&mut *conn).await?;
            sqlx::raw_sql(READ_ONLY).execute(conn).await.map(|_| ())
        })
    })
}

/// A server hangs up when it is started again, so every connection is tried before it is used.
fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(true)
        .acquire_timeout(Duration::from_millis(WAIT_MS))
}

/// Why the first connection failed, and what to change. The server's own words may quote the address.
pub(super) fn unreachable(error: &sqlx::Error) -> KeepError {
    let why = match error {
        sqlx::Error::Io(error) => format!(
            "cannot reach the server ({}): is it running, are host and port right, and does it listen there?",
            error.kind()
        ),
        sqlx::Error::Tls(_) => "the server's certificate is not to be trusted: name its authority with \
             `sslrootcert`, and the host as the certificate names it"
            .into(),
        sqlx::Error::PoolTimedOut => {
            "the server does not answer, or another program has just taken the records".into()
        }
        sqlx::Error::Database(error) => refused(error.code().as_deref().unwrap_or("unknown")),
        _ => "the server answered what no Postgres answers: is the port right?".into(),
    };
    KeepError::Setup(format!("database: {why}"))
}

/// By SQLSTATE (Postgres, appendix A).
fn refused(code: &str) -> String {
    let why = match code {
        "28P01" => {
            "the server refuses the password: see `database_password_file` or ALCOVE_DATABASE_PASSWORD"
        }
        "28000" => "the server lets this user in from here by no rule: look at its pg_hba.conf and the user",
        "3D000" => {
            "the server has no such database: `createdb --template template0 --encoding UTF8 --locale C NAME`"
        }
        "42501" => {
            "this user may not make tables there: let it own the database, `ALTER DATABASE .. OWNER TO`"
        }
        "53300" => "the server has no connection left: alcove needs 6, see its max_connections",
        "57P03" => "the server is starting or stopping: try again in a moment",
        "25006" => "this server takes no changes: name the one that does",
        _ => return format!("the server refuses with code {code}: see its log"),
    };
    why.into()
}
