//! SQL of the table `vendor`.

use super::rules::{HALF_DAY_MS, SERVICES, STATES, Standing, is_filed, known};
use crate::ids::VendorId;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Arg, Conn, KeepError, Row, Tx, Viewing, args};
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
    /// When the newest signed paper was filed.
    pub paper: Option<UnixMillis>,
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
            filed: is_filed(self.signed, self.paper),
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
                   (SELECT max(a.filed_at) FROM vendor_agreement a WHERE a.vendor = vendor.id) AS paper_at
               FROM vendor ORDER BY created_at DESC, id LIMIT $1";
    let rows = viewing.rows(sql, args![LIST_MAX]).await?;
    rows.iter().map(|row| read(viewing, access, row)).collect()
}

/// Vendors that are active at a moment, with a signed paper of an agreement that counts and has not run out,
/// or with none needed: of one id and of one service, where these are not empty. A paper that was filed
/// before the day the agreement was signed anew is the old one's.
const IN_FORCE: &str = "SELECT CAST(count(*) AS BIGINT) AS n FROM vendor WHERE state = 'active'
    AND (agreement_ends_at IS NULL OR agreement_ends_at > $1)
    AND (effective_at IS NULL OR effective_at <= $1 + $2)
    AND (agreement_at IS NULL OR EXISTS (SELECT 1 FROM vendor_agreement a WHERE a.vendor = vendor.id
        AND a.filed_at + $2 >= vendor.agreement_at))
    AND ($3 = '' OR id = $3) AND ($4 = '' OR service = $4)";

async fn in_force(conn: &mut Conn, id: &str, service: &str, at: UnixMillis) -> Result<i64, KeepError> {
    count(conn, IN_FORCE, args![at, HALF_DAY_MS, id, service]).await
}

async fn count(conn: &mut Conn, sql: &'static str, args: Vec<Arg>) -> Result<i64, KeepError> {
    conn.row(sql, args).await?.ok_or(KeepError::Shape("a count without a row"))?.int("n")
}

/// Vendors in force, and all active ones.
pub async fn covered(conn: &mut Conn, now: UnixMillis) -> Result<(i64, i64), KeepError> {
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM vendor WHERE state = 'active'";
    let active = count(conn, sql, args![]).await?;
    Ok((in_force(conn, "", "", now).await?, active))
}

/// Whether this vendor is in force at that moment.
pub async fn is_in_force(conn: &mut Conn, id: VendorId, at: UnixMillis) -> Result<bool, KeepError> {
    Ok(in_force(conn, &id.text(), "", at).await? > 0)
}

/// Whether this vendor is in force at that moment, and listed for this service, one of `rules::SERVICES`.
pub async fn serves_as(
    conn: &mut Conn,
    (id, service): (VendorId, &'static str),
    at: UnixMillis,
) -> Result<bool, KeepError> {
    Ok(in_force(conn, &id.text(), service, at).await? > 0)
}

/// Whether this vendor is an agency of interpreters, in force at that moment.
pub async fn is_agency(conn: &mut Conn, id: VendorId, at: UnixMillis) -> Result<bool, KeepError> {
    serves_as(conn, (id, "interpreting"), at).await
}

/// Whether any vendor for this service, one of `rules::SERVICES`, is in force today.
pub async fn serves(conn: &mut Conn, service: &'static str, now: UnixMillis) -> Result<bool, KeepError> {
    Ok(in_force(conn, "", service, now).await? > 0)
}

pub(super) async fn one(viewing: &mut Viewing, access: &Access, id: VendorId) -> Result<Vendor, KeepError> {
    let sql = "SELECT id, service, state, agreement_at, effective_at, agreement_ends_at, words, version,
                   (SELECT max(a.filed_at) FROM vendor_agreement a WHERE a.vendor = vendor.id) AS paper_at
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
        paper: row.opt_time("paper_at")?,
        words: open(viewing, access, "vendor", row)?,
        version: row.int("version")?,
    })
}
