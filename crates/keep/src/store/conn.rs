//! One connection as slices see it: statements in, rows out.

use super::fault::Around;
use super::value::{Arg, Row, bind};
use crate::KeepError;
use sqlx::AnyConnection;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AssertSqlSafe, SqlSafeStr, SqlStr, Transaction};
use std::sync::Arc;

/// Reads through a reader or through the open transaction. Only `Tx` can write.
pub struct Conn {
    link: Link,
    around: Arc<Around>,
    /// A failed statement ends its transaction: Postgres goes on with nothing after one, so neither do we.
    failed: bool,
}

pub(super) enum Link {
    Reader(PoolConnection<Any>),
    Open(Transaction<'static, Any>),
}

impl Conn {
    /// All rows of the answer. Say `LIMIT` where it could be long.
    pub async fn rows(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, KeepError> {
        self.ask(sql.into_sql_str(), args).await
    }

    /// The first row, if there is one.
    pub async fn row(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, KeepError> {
        Ok(self.ask(sql.into_sql_str(), args).await?.into_iter().next())
    }

    pub(super) fn new(link: Link, around: Arc<Around>) -> Conn {
        Conn { link, around, failed: false }
    }

    /// Only for names that come from the column register, never from a request.
    pub(crate) async fn rows_by_register(
        &mut self,
        sql: String,
        args: Vec<Arg>,
    ) -> Result<Vec<Row>, KeepError> {
        self.ask(AssertSqlSafe(sql).into_sql_str(), args).await
    }

    pub(crate) async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, KeepError> {
        self.tell(sql.into_sql_str(), args).await
    }

    /// As `rows_by_register`, for a change.
    pub(crate) async fn run_by_register(&mut self, sql: String, args: Vec<Arg>) -> Result<u64, KeepError> {
        self.tell(AssertSqlSafe(sql).into_sql_str(), args).await
    }

    async fn tell(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<u64, KeepError> {
        let bound = bind(args)?;
        let done = sqlx::query_with(sql, bound).execute(self.link.raw()).await;
        self.settle(done).map(|done| done.rows_affected())
    }

    /// The one way to make a transaction last. `Tx::commit`, the key store and a copy call it.
    pub(crate) async fn commit(self) -> Result<(), KeepError> {
        if self.failed {
            return Err(self.around.broken("a transaction was committed after a statement of it had failed"));
        }
        match self.link {
            Link::Open(open) => open.commit().await.map_err(|error| self.around.fault(&error)),
            Link::Reader(_) => Err(KeepError::Shape("a reader has nothing to commit")),
        }
    }

    async fn ask(&mut self, sql: SqlStr, args: Vec<Arg>) -> Result<Vec<Row>, KeepError> {
        let bound = bind(args)?;
        let found = sqlx::query_with(sql, bound).fetch_all(self.link.raw()).await;
        let read = found.and_then(|rows| Row::read_all(&rows));
        self.settle(read)
    }

    fn settle<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, KeepError> {
        result.map_err(|error| {
            self.failed = true;
            self.around.fault(&error)
        })
    }
}

impl Link {
    fn raw(&mut self) -> &mut AnyConnection {
        match self {
            Link::Reader(held) => held,
            Link::Open(open) => open,
        }
    }
}
