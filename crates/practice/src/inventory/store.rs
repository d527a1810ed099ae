//! SQL of the tables `asset` and `flow`.

use super::rules::{self, Words};
use crate::ids::{AssetId, FlowId};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::UnixMillis;

const ASSETS_READ: i64 = rules::ASSETS_MAX as i64;
const FLOWS_READ: i64 = rules::FLOWS_MAX as i64;

/// No `Debug`: its words are sealed.
#[derive(Clone)]
pub struct Asset {
    pub id: AssetId,
    pub kind: &'static str,
    pub words: Words,
    pub reviewed_at: UnixMillis,
    pub version: i64,
}

#[derive(Clone)]
pub struct Flow {
    pub id: FlowId,
    pub from: AssetId,
    pub to: AssetId,
    pub words: FlowWords,
    pub reviewed_at: UnixMillis,
    pub version: i64,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FlowWords {
    pub what: String,
    pub protection: String,
}

pub(super) async fn add(tx: &mut Tx, kind: &'static str, words: &Words) -> Result<AssetId, KeepError> {
    let id = AssetId::new(tx.now(), tx.entropy());
    let sealed = seal(tx, "asset", &id.text(), FIRST_VERSION, words)?;
    tx.run(
        "INSERT INTO asset (id, kind, state, words, reviewed_at, version)
         VALUES ($1, $2, 'here', $3, $4, $5)",
        args![id.text(), kind, sealed, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok(id)
}

/// Writes over version `seen`, and is a look at it. A conflict says somebody was first.
pub(super) async fn write(
    tx: &mut Tx,
    (id, seen): (AssetId, i64),
    kind: &'static str,
    words: &Words,
) -> Result<(), KeepError> {
    let sealed = seal(tx, "asset", &id.text(), seen + 1, words)?;
    tx.run_one(
        "UPDATE asset SET kind = $1, words = $2, reviewed_at = $3, version = $4
         WHERE id = $5 AND version = $6 AND state = 'here'",
        args![kind, sealed, tx.now(), seen + 1, id.text(), seen],
    )
    .await
}

/// Gone with every way to and from it. The rows stay, as the documentation rule wants.
pub(super) async fn end(tx: &mut Tx, id: AssetId) -> Result<(), KeepError> {
    tx.run_one("UPDATE asset SET state = 'gone' WHERE id = $1 AND state = 'here'", args![id.text()]).await?;
    let sql = "UPDATE flow SET state = 'gone' WHERE (from_asset = $1 OR to_asset = $1) AND state = 'here'";
    tx.run(sql, args![id.text()]).await.map(|_| ())
}

pub(super) async fn add_flow(
    tx: &mut Tx,
    (from, to): (AssetId, AssetId),
    words: &FlowWords,
) -> Result<FlowId, KeepError> {
    let id = FlowId::new(tx.now(), tx.entropy());
    let sealed = seal(tx, "flow", &id.text(), FIRST_VERSION, words)?;
    tx.run(
        "INSERT INTO flow (id, from_asset, to_asset, state, words, reviewed_at, version)
         VALUES ($1, $2, $3, 'here', $4, $5, $6)",
        args![id.text(), from.text(), to.text(), sealed, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok(id)
}

/// Writes over version `seen`, and is a look at it.
pub(super) async fn write_flow(
    tx: &mut Tx,
    (id, seen): (FlowId, i64),
    words: &FlowWords,
) -> Result<(), KeepError> {
    let sealed = seal(tx, "flow", &id.text(), seen + 1, words)?;
    tx.run_one(
        "UPDATE flow SET words = $1, reviewed_at = $2, version = $3
         WHERE id = $4 AND version = $5 AND state = 'here'",
        args![sealed, tx.now(), seen + 1, id.text(), seen],
    )
    .await
}

pub(super) async fn end_flow(tx: &mut Tx, id: FlowId) -> Result<(), KeepError> {
    tx.run_one("UPDATE flow SET state = 'gone' WHERE id = $1 AND state = 'here'", args![id.text()]).await
}

/// Somebody says that all of it is right today.
pub(super) async fn look_at_all(tx: &mut Tx) -> Result<u64, KeepError> {
    let assets = tx.run("UPDATE asset SET reviewed_at = $1 WHERE state = 'here'", args![tx.now()]).await?;
    let flows = tx.run("UPDATE flow SET reviewed_at = $1 WHERE state = 'here'", args![tx.now()]).await?;
    Ok(assets + flows)
}

/// What there is, by kind and age.
pub async fn assets(viewing: &mut Viewing, access: &Access) -> Result<Vec<Asset>, KeepError> {
    let sql = "SELECT id, kind, words, reviewed_at, version FROM asset WHERE state = 'here'
               ORDER BY kind, id LIMIT $1";
    let rows = viewing.rows(sql, args![ASSETS_READ]).await?;
    rows.iter().map(|row| read(viewing, access, row)).collect()
}

pub(super) async fn one(viewing: &mut Viewing, access: &Access, id: AssetId) -> Result<Asset, KeepError> {
    let sql = "SELECT id, kind, words, reviewed_at, version FROM asset WHERE id = $1 AND state = 'here'";
    let row = viewing.row(sql, args![id.text()]).await?.ok_or(KeepError::NotFound)?;
    read(viewing, access, &row)
}

pub async fn flows(viewing: &mut Viewing, access: &Access) -> Result<Vec<Flow>, KeepError> {
    let sql = "SELECT id, from_asset, to_asset, words, reviewed_at, version FROM flow WHERE state = 'here'
               ORDER BY id LIMIT $1";
    let rows = viewing.rows(sql, args![FLOWS_READ]).await?;
    rows.iter()
        .map(|row| {
            Ok(Flow {
                id: row.parsed("id", FlowId::parse)?,
                from: row.parsed("from_asset", AssetId::parse)?,
                to: row.parsed("to_asset", AssetId::parse)?,
                words: open(viewing, access, "flow", row)?,
                reviewed_at: row.time("reviewed_at")?,
                version: row.int("version")?,
            })
        })
        .collect()
}

/// How many entries there are.
pub(super) async fn counts(conn: &mut Conn) -> Result<(usize, usize), KeepError> {
    let sql = "SELECT (SELECT CAST(count(*) AS BIGINT) FROM asset WHERE state = 'here') AS assets,
                      (SELECT CAST(count(*) AS BIGINT) FROM flow WHERE state = 'here') AS flows";
    let row = conn.row(sql, args![]).await?.ok_or(KeepError::Shape("a count without a row"))?;
    Ok((row.int("assets")? as usize, row.int("flows")? as usize))
}

/// The look that is longest ago; none while there is nothing.
pub async fn oldest_look(conn: &mut Conn) -> Result<Option<UnixMillis>, KeepError> {
    let sql = "SELECT min(reviewed_at) AS oldest FROM (
                   SELECT reviewed_at FROM asset WHERE state = 'here'
                   UNION ALL SELECT reviewed_at FROM flow WHERE state = 'here') AS looks";
    conn.row(sql, args![]).await?.map_or(Ok(None), |row| row.opt_time("oldest"))
}

/// How many assets were looked at in time, and how many there are.
pub async fn reviewed(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN reviewed_at > $1
             THEN 1 ELSE 0 END), 0) AS BIGINT) AS part FROM asset WHERE state = 'here'";
    let row = conn.row(sql, args![now.plus_ms(-rules::LOOK_AGAIN_MS)]).await?;
    let row = row.ok_or(KeepError::Shape("a count without a row"))?;
    Ok((row.int("part")?, row.int("whole")?))
}

fn read(viewing: &Viewing, access: &Access, row: &Row) -> Result<Asset, KeepError> {
    Ok(Asset {
        id: row.parsed("id", AssetId::parse)?,
        kind: row.parsed("kind", rules::kind)?,
        words: open(viewing, access, "asset", row)?,
        reviewed_at: row.time("reviewed_at")?,
        version: row.int("version")?,
    })
}
