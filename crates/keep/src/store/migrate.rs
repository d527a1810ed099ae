//! Applies the numbered steps of each slice, each in a transaction of its own, on the one connection that is
//! open at that time. Refuses a database that is newer than the program, and a released step that was edited.

use super::dialect::Dialect;
use super::fault::Around;
use super::postgres;
use crate::{KeepError, Schema, Step};
use aws_lc_rs::digest;
use sqlx::AnyConnection;
use sqlx::{Connection, Row as _};
use std::collections::HashMap;

const STEPS_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_step (
    owner TEXT NOT NULL, number BIGINT NOT NULL, digest BYTEA NOT NULL, applied_at BIGINT NOT NULL,
    PRIMARY KEY (owner, number))";

pub(super) async fn run(
    conn: &mut AnyConnection,
    dialect: Dialect,
    schemas: &[Schema],
    around: &Around,
) -> Result<(), KeepError> {
    let made = sqlx::raw_sql(STEPS_TABLE).execute(&mut *conn).await;
    made.map_err(|error| match dialect {
        Dialect::Sqlite => around.fault(&error),
        Dialect::Postgres => postgres::unreachable(&error),
    })?;
    let applied = applied(conn, around).await?;
    for schema in schemas {
        let newest = schema.steps.last().map_or(0, |step| step.number);
        if applied.keys().any(|(owner, number)| owner == schema.owner && *number > i64::from(newest)) {
            return Err(KeepError::Setup(format!(
                "the database is newer than this program in {}: start the newer program again",
                schema.owner
            )));
        }
        for (before, step) in schema.steps.iter().enumerate() {
            if step.number as usize != before + 1 {
                return Err(KeepError::Shape("steps of a schema count from 1 without gaps"));
            }
            match applied.get(&(schema.owner.to_owned(), i64::from(step.number))) {
                None => apply(conn, dialect, schema.owner, step, around).await?,
                Some(digest) if *digest == digest_of(step) => {}
                Some(_) => {
                    return Err(KeepError::Setup(format!(
                        "step {} of {} was edited after it was applied: add a new step instead",
                        step.number, schema.owner
                    )));
                }
            }
        }
    }
    Ok(())
}

async fn applied(
    conn: &mut AnyConnection,
    around: &Around,
) -> Result<HashMap<(String, i64), Vec<u8>>, KeepError> {
    let read = async {
        let rows = sqlx::query("SELECT owner, number, digest FROM schema_step").fetch_all(conn).await?;
        rows.iter()
            .map(|row| Ok(((row.try_get("owner")?, row.try_get("number")?), row.try_get("digest")?)))
            .collect::<Result<_, sqlx::Error>>()
    };
    read.await.map_err(|error| around.fault(&error))
}

async fn apply(
    conn: &mut AnyConnection,
    dialect: Dialect,
    owner: &'static str,
    step: &Step,
    around: &Around,
) -> Result<(), KeepError> {
    let work = async {
        let mut tx = conn.begin_with(dialect.begin_write()).await?;
        sqlx::raw_sql(step.sql).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO schema_step (owner, number, digest, applied_at) VALUES ($1, $2, $3, $4)")
            .bind(owner)
            .bind(i64::from(step.number))
            .bind(digest_of(step))
            .bind(around.clock.now().0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    };
    // A schema holds no values, so here the engine's own words help and harm nobody.
    work.await.map_err(|error| {
        KeepError::Setup(format!("step {} ({}) of {owner} failed: {error}", step.number, step.name))
    })
}

fn digest_of(step: &Step) -> Vec<u8> {
    digest::digest(&digest::SHA256, step.sql.as_bytes()).as_ref().to_vec()
}
