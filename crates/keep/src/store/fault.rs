//! Turns the engine's errors into ours. The engine's own words can quote a value, so they are never logged:
//! only what kind of failure it was, and its code.

use crate::{KeepError, error};
use sqlx::error::ErrorKind;
use std::sync::Arc;
use vocabulary::{Clock, Entropy};

/// Time and randomness, as everything in this crate needs them.
pub(crate) struct Around {
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

impl Around {
    pub fn fault(&self, error: &sqlx::Error) -> KeepError {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::PoolTimedOut => KeepError::Busy,
                sqlx::Error::RowNotFound => KeepError::NotFound,
                other => self.broken(what(other)),
            };
        };
        match database.kind() {
            ErrorKind::UniqueViolation => KeepError::Conflict,
            _ if is_busy(database.code().as_deref()) => KeepError::Busy,
            kind => {
                self.broken(&format!("{kind:?}, code {}", database.code().as_deref().unwrap_or("unknown")))
            }
        }
    }

    pub fn broken(&self, what: &str) -> KeepError {
        error::broken(&*self.clock, &*self.entropy, what)
    }
}

/// SQLITE_BUSY (5), SQLITE_LOCKED (6) and their extended forms, which have four digits at most; of Postgres,
/// whose codes have five letters, those that say "again, later".
fn is_busy(code: Option<&str>) -> bool {
    match code {
        Some("40001" | "40P01" | "53300" | "55P03" | "57P01" | "57P03") => true,
        Some(code) if code.len() < 5 => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6)),
        _ => false,
    }
}

fn what(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Configuration(_) => "configuration",
        sqlx::Error::Io(_) => "input or output",
        sqlx::Error::PoolClosed => "the store is closed",
        sqlx::Error::WorkerCrashed => "the engine's thread died",
        sqlx::Error::ColumnNotFound(_) => "no such column",
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "a value of another type",
        sqlx::Error::Encode(_) => "an argument the engine cannot hold",
        _ => "the engine's library",
    }
}
