//! SQL of the table `interpreter`.

use super::rules::{BASES, CODE_LENGTH, New, OF_AGENCY, Words, code};
use crate::ids::{InterpreterId, VendorId};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use crate::vendors;
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use people::needs::TONGUES;
use policy::Access;
use vocabulary::{Entropy, PersonId, UnixMillis};

const LIST_MAX: i64 = 500;

/// No `Debug`: its words are sealed.
#[derive(Clone)]
pub struct Interpreter {
    pub id: InterpreterId,
    pub tongues: Vec<&'static str>,
    pub basis: &'static str,
    pub basis_ends_at: Option<UnixMillis>,
    pub terms_at: UnixMillis,
    /// They come from an agency, and its vendor record is not in force at the moment that was asked about.
    pub uncovered: bool,
    pub ended: bool,
    pub words: Words,
}

impl Interpreter {
    /// In the register, covered, and qualified: `at` is the moment they were loaded for.
    pub fn is_qualified(&self, at: UnixMillis) -> bool {
        !self.ended && !self.uncovered && self.basis_ends_at.is_none_or(|ends| at < ends)
    }

    pub fn speaks(&self, tongue: &str) -> bool {
        self.tongues.contains(&tongue)
    }
}

/// What an entry holds beside its form.
pub struct Entered {
    pub by: PersonId,
    pub basis_ends_at: Option<UnixMillis>,
    pub terms_at: UnixMillis,
    pub vendor: Option<VendorId>,
    pub code: String,
}

/// A new code for somebody's list of jobs.
pub fn new_code(entropy: &dyn Entropy) -> String {
    let mut random = [0; CODE_LENGTH];
    entropy.fill(&mut random);
    code(random)
}

/// The caller's entry in the trail names the act.
pub async fn add(tx: &mut Tx, new: &New, more: &Entered) -> Result<InterpreterId, KeepError> {
    let id = InterpreterId::new(tx.now(), tx.entropy());
    let words = seal(tx, "interpreter", &id.text(), FIRST_VERSION, &new.words)?;
    let index = tx.blind("interpreter", "code_index", &more.code);
    tx.run_one(
        "INSERT INTO interpreter (id, tongues, basis, basis_ends_at, terms_at, vendor, code_index, words,
             entered_by, entered_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            id.text(),
            new.tongues.join(" "),
            new.basis,
            more.basis_ends_at,
            more.terms_at,
            more.vendor.map(VendorId::text),
            index,
            words,
            more.by,
            tx.now(),
            FIRST_VERSION,
        ],
    )
    .await?;
    Ok(id)
}

/// The old code opens nothing any more. `KeepError::Conflict` when they are not in the register.
pub(super) async fn renew(tx: &mut Tx, id: InterpreterId, code: &str) -> Result<(), KeepError> {
    let index = tx.blind("interpreter", "code_index", code);
    let sql = "UPDATE interpreter SET code_index = $1 WHERE id = $2 AND ended_at IS NULL";
    tx.run_one(sql, args![index, id.text()]).await
}

/// `KeepError::Conflict` when they were taken out before.
pub(super) async fn end(tx: &mut Tx, id: InterpreterId) -> Result<(), KeepError> {
    let sql = "UPDATE interpreter SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
    tx.run_one(sql, args![tx.now(), id.text()]).await
}

/// Everybody who was not taken out, those whose qualification has ended with them.
pub(super) async fn list(
    view: &mut Viewing,
    access: &Access,
    at: UnixMillis,
) -> Result<Vec<Interpreter>, KeepError> {
    let sql = "SELECT id, tongues, basis, basis_ends_at, terms_at, vendor, words, ended_at, version
               FROM interpreter WHERE ended_at IS NULL ORDER BY entered_at, id LIMIT $1";
    let mut all = Vec::new();
    for row in view.rows(sql, args![LIST_MAX]).await? {
        all.push(read(view, access, &row, at).await?);
    }
    Ok(all)
}

/// Everybody who may interpret at that moment, today or later, as far as is known.
pub async fn qualified(
    view: &mut Viewing,
    access: &Access,
    at: UnixMillis,
) -> Result<Vec<Interpreter>, KeepError> {
    Ok(list(view, access, at).await?.into_iter().filter(|one| one.is_qualified(at)).collect())
}

/// One of the register as they stand at that moment, also when they were taken out of it.
pub async fn load(
    view: &mut Viewing,
    access: &Access,
    (id, at): (InterpreterId, UnixMillis),
) -> Result<Option<Interpreter>, KeepError> {
    let sql = "SELECT id, tongues, basis, basis_ends_at, terms_at, vendor, words, ended_at, version
               FROM interpreter WHERE id = $1";
    let Some(row) = view.row(sql, args![id.text()]).await? else { return Ok(None) };
    read(view, access, &row, at).await.map(Some)
}

/// Whether somebody of the register may interpret at that moment: not taken out by then, qualified, and
/// covered by the agreement with their agency where they come from one.
pub async fn is_qualified(conn: &mut Conn, id: InterpreterId, at: UnixMillis) -> Result<bool, KeepError> {
    let sql = "SELECT vendor, basis FROM interpreter WHERE id = $1 AND (ended_at IS NULL OR ended_at > $2)
                   AND (basis_ends_at IS NULL OR basis_ends_at > $2)";
    let Some(row) = conn.row(sql, args![id.text(), at]).await? else { return Ok(false) };
    is_covered(conn, &row, at).await
}

async fn is_covered(conn: &mut Conn, row: &Row, at: UnixMillis) -> Result<bool, KeepError> {
    match row.opt_parsed("vendor", VendorId::parse)? {
        Some(vendor) => vendors::is_agency(conn, vendor, at).await,
        None => Ok(row.text("basis")? != OF_AGENCY),
    }
}

/// Whether this code is theirs, while they are in the register.
pub async fn with_code(conn: &mut Conn, id: InterpreterId, index: Vec<u8>) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM interpreter WHERE id = $1 AND code_index = $2 AND ended_at IS NULL";
    Ok(conn.row(sql, args![id.text(), index]).await?.is_some())
}

async fn read(
    view: &mut Viewing,
    access: &Access,
    row: &Row,
    at: UnixMillis,
) -> Result<Interpreter, KeepError> {
    let spoken = row.text("tongues")?;
    let known = |code: &'static str| spoken.split_whitespace().any(|one| one == code);
    let uncovered = !is_covered(view, row, at).await?;
    Ok(Interpreter {
        id: row.parsed("id", InterpreterId::parse)?,
        tongues: TONGUES.iter().copied().filter(|code| known(code)).collect(),
        basis: row.parsed("basis", |code| BASES.iter().copied().find(|it| *it == code))?,
        basis_ends_at: row.opt_time("basis_ends_at")?,
        terms_at: row.time("terms_at")?,
        uncovered,
        ended: row.opt_time("ended_at")?.is_some(),
        words: open(view, access, "interpreter", row)?,
    })
}
