//! SQL of the table `lateness`.

use jiff::civil::Date;
use keep::{Conn, KeepError, Tx, args};
use vocabulary::{PersonId, UnixMillis};

/// More clinicians than this are not late on one day.
const ROWS_MAX: i64 = 500;

pub(super) struct Late {
    pub clinician: PersonId,
    pub minutes: i64,
    pub said_at: UnixMillis,
}

pub(super) async fn of_day(conn: &mut Conn, day: Date) -> Result<Vec<Late>, KeepError> {
    let rows = conn
        .rows(
            "SELECT clinician, minutes, said_at FROM lateness WHERE day = $1
             ORDER BY said_at, clinician LIMIT $2",
            args![day.to_string(), ROWS_MAX],
        )
        .await?;
    let read = |row: &keep::Row| {
        Ok(Late {
            clinician: row.parsed("clinician", PersonId::parse)?,
            minutes: row.int("minutes")?,
            said_at: row.time("said_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Nothing is late any more when `minutes` is 0.
pub(super) async fn put(
    tx: &mut Tx,
    (clinician, day): (PersonId, Date),
    (minutes, by): (i64, PersonId),
) -> Result<(), KeepError> {
    tx.run("DELETE FROM lateness WHERE clinician = $1", args![clinician]).await?;
    if minutes == 0 {
        return Ok(());
    }
    let now = tx.now();
    tx.run_one(
        "INSERT INTO lateness (clinician, day, minutes, said_by, said_at) VALUES ($1, $2, $3, $4, $5)",
        args![clinician, day.to_string(), minutes, by, now],
    )
    .await
}
