//! SQL of the table `vendor`.

use super::rules::{SERVICES, STATES, Standing, known};
use crate::ids::VendorId;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::UnixMillis;

const LIST_MAX: i64 = 500;

/// No `Debug`: its words are sealed.
#[derive(Clone)]
pub struct Vendor {
    pub id: VendorId,
    pub service: &'static str,
    pub state: &'static str,
    pub signed: Option<UnixMillis>,
    pub effective: Option<UnixMillis>,
    pub ends: Option<UnixMillis>,
    /// A signed paper is kept.
    pub filed: bool,
    pub words: Words,
    pub version: i64,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    pub name: String,
    pub plan: String,
    /// What it is for.
    pub purpose: String,
    pub gets: String,
    /// Why it is no business associate; empty when it is one.
    pub reason: String,
}

impl Vendor {
    pub fn standing(&self) -> Standing {
        Standing {
            active: self.state == "active",
            signed: self.signed,
            effective: self.effective,
            ends: self.ends,
            filed: self.filed,
            has_reason: !self.words.reason.trim().is_empty(),
        }
    }
}

pub(super) async fn add(tx: &mut Tx, vendor: &Vendor) -> Result<(), KeepError> {
    let words = seal(tx, "vendor", &vendor.id.text(), FIRST_VERSION, &vendor.words)?;
    tx.run(
        "INSERT INTO vendor (id, service, state, agreement_at, agreement_ends_at, words, created_at, version,
             effective_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            vendor.id.text(),
            vendor.service,
            vendor.state,
            vendor.signed,
            vendor.ends,
            words,
            tx.now(),
            FIRST_VERSION,
            vendor.effective,
        ],
    )
    .await
    .map(|_| ())
}

/// Writes over version `vendor.version`; a conflict says somebody was first.
pub(super) async fn write(tx: &mut Tx, vendor: &Vendor) -> Result<(), KeepError> {
    let version = vendor.version + 1;
    let words = seal(tx, "vendor", &vendor.id.text(), version, &vendor.words)?;
    tx.run_one(
        "UPDATE vendor SET service = $1, state = $2, agreement_at = $3, agreement_ends_at = $4, words = $5,
             version = $6, effective_at = $7
         WHERE id = $8 AND version = $9",
        args![
            vendor.service,
            vendor.state,
            vendor.signed,
            vendor.ends,
            words,
            version,
            vendor.effective,
            vendor.id.text(),
            vendor.version,
        ],
    )
    .await
}

/// All of them, the newest first.
pub async fn list(viewing: &mut Viewing, access: &Access) -> Result<Vec<Vendor>, KeepError> {
    let sql = "SELECT id, service, state, agreement_at, effective_at, agreement_ends_at, words, version,
                   (SELECT count(*) FROM vendor_agreement a WHERE a.vendor = vendor.id
                       AND a.filed_at >= coalesce(vendor.agreement_at, 0)) AS papers
               FROM vendor ORDER BY created_at DESC, id LIMIT $1";
    let rows = viewing.rows(sql, args![LIST_MAX]).await?;
    rows.iter().map(|row| read(viewing, access, row)).collect()
}

/// Active vendors whose agreement has not run out, and all active ones. None becomes active without one.
pub async fn covered(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql =
        "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(coalesce(sum(CASE WHEN agreement_ends_at IS NULL
             OR agreement_ends_at > $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS part
         FROM vendor WHERE state = 'active'";
    let row = conn.row(sql, args![now]).await?.ok_or(KeepError::Shape("a count without a row"))?;
    Ok((row.int("part")?, row.int("whole")?))
}

/// Whether this vendor is active today, with a signed paper of an agreement that has not run out or with none
/// needed. A paper that was filed before the agreement was signed anew is the old one's.
pub async fn is_in_force(conn: &mut Conn, id: VendorId, now: UnixMillis) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM vendor WHERE id = $1 AND state = 'active'
                   AND (agreement_ends_at IS NULL OR agreement_ends_at > $2)
                   AND (effective_at IS NULL OR effective_at <= $2)
                   AND (agreement_at IS NULL
                       OR EXISTS (SELECT 1 FROM vendor_agreement a WHERE a.vendor = vendor.id
                           AND a.filed_at >= vendor.agreement_at))";
    Ok(conn.row(sql, args![id.text(), now]).await?.is_some())
}

/// Whether this vendor is in force at that moment, and listed for this service, one of `rules::SERVICES`.
pub async fn serves_as(
    conn: &mut Conn,
    (id, service): (VendorId, &'static str),
    at: UnixMillis,
) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM vendor WHERE id = $1 AND service = $2";
    Ok(conn.row(sql, args![id.text(), service]).await?.is_some() && is_in_force(conn, id, at).await?)
}

/// Whether this vendor is an agency of interpreters, in force at that moment.
pub async fn is_agency(conn: &mut Conn, id: VendorId, at: UnixMillis) -> Result<bool, KeepError> {
    serves_as(conn, (id, "interpreting"), at).await
}

/// Whether any vendor for this service, one of `rules::SERVICES`, is in force today.
pub async fn serves(conn: &mut Conn, service: &'static str, now: UnixMillis) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM vendor WHERE service = $1 AND state = 'active'
                   AND (agreement_ends_at IS NULL OR agreement_ends_at > $2)
                   AND (effective_at IS NULL OR effective_at <= $2)
                   AND (agreement_at IS NULL
                       OR EXISTS (SELECT 1 FROM vendor_agreement a WHERE a.vendor = vendor.id
                           AND a.filed_at >= vendor.agreement_at)) LIMIT 1";
    Ok(conn.row(sql, args![service, now]).await?.is_some())
}

pub(super) async fn one(viewing: &mut Viewing, access: &Access, id: VendorId) -> Result<Vendor, KeepError> {
    let sql = "SELECT id, service, state, agreement_at, effective_at, agreement_ends_at, words, version,
                   (SELECT count(*) FROM vendor_agreement a WHERE a.vendor = vendor.id
                       AND a.filed_at >= coalesce(vendor.agreement_at, 0)) AS papers
               FROM vendor WHERE id = $1";
    let row = viewing.row(sql, args![id.text()]).await?.ok_or(KeepError::NotFound)?;
    read(viewing, access, &row)
}

fn read(viewing: &Viewing, access: &Access, row: &Row) -> Result<Vendor, KeepError> {
    Ok(Vendor {
        id: row.parsed("id", VendorId::parse)?,
        service: row.parsed("service", |code| known(&SERVICES, code))?,
        state: row.parsed("state", |code| known(&STATES, code))?,
        signed: row.opt_time("agreement_at")?,
        effective: row.opt_time("effective_at")?,
        ends: row.opt_time("agreement_ends_at")?,
        filed: row.int("papers")? > 0,
        words: open(viewing, access, "vendor", row)?,
        version: row.int("version")?,
    })
}
