//! SQL of the tables `report_key` and `signed_report`.

use super::proof::{FORMAT, Proof, Sealed, Statement, from_hex, hex, rfc3339, sha256, sign};
use super::renewal::Key;
use crate::ids::{AnalysisId, RiskId};
use crate::risk::rules::{Level, RiskState, Treatment};
use crate::risk::store::analyses::{self, About, Analysis};
use crate::risk::store::risks::Risk;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Owner, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{FileId, PersonId, UnixMillis};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// What the frozen files are kept as.
const PAGE: &str = "risk_report";
const PDF: &str = "risk_report_pdf";
const KEY: &str = "practice";
/// More keys than a practice ever replaces.
const KEYS_MAX: i64 = 200;

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Seed {
    /// 32 bytes, hexadecimal.
    seed: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Words {
    signed_as: String,
    /// The practice's name on that day.
    practice: String,
    /// Ed25519 over the statement, hexadecimal.
    statement_signature: String,
}

/// The bytes of a report, and who froze them under which name.
pub struct Frozen<'a> {
    pub html: Vec<u8>,
    pub pdf: Option<Vec<u8>>,
    pub by: PersonId,
    pub signed_as: &'a str,
    /// The practice's name.
    pub practice: &'a str,
}

/// The public part of the installation's key.
pub async fn key(conn: &mut Conn) -> Result<Option<String>, KeepError> {
    let row = conn.row("SELECT public_key FROM report_key WHERE id = $1", args![KEY]).await?;
    row.map(|row| row.text("public_key").map(str::to_owned)).transpose()
}

/// Whether reports of this practice are signed under this key.
pub(super) async fn is_key(conn: &mut Conn, public_key: &str) -> Result<bool, KeepError> {
    Ok(keys(conn).await?.iter().any(|key| key.public == public_key))
}

/// The key that signs, then those that did, the newest first.
pub(super) async fn keys(conn: &mut Conn) -> Result<Vec<Key>, KeepError> {
    let now = "SELECT public_key, made_at FROM report_key WHERE id = $1";
    let past = "SELECT id AS public_key, made_at, ended_at FROM past_report_key
                ORDER BY ended_at DESC, id LIMIT $1";
    let mut all = Vec::new();
    for row in conn.rows(now, args![KEY]).await? {
        let public = row.text("public_key")?.to_owned();
        all.push(Key { public, made_at: row.time("made_at")?, ended_at: None });
    }
    for row in conn.rows(past, args![KEYS_MAX]).await? {
        let public = row.text("public_key")?.to_owned();
        all.push(Key { public, made_at: row.time("made_at")?, ended_at: Some(row.time("ended_at")?) });
    }
    Ok(all)
}

/// Another key signs from now on; the private part of the old one is written over. Gives the new public part.
pub(super) async fn replace_key(tx: &mut Tx) -> Result<String, KeepError> {
    let sql = "SELECT public_key, made_at, version FROM report_key WHERE id = $1";
    let row = tx.row(sql, args![KEY]).await?.ok_or(KeepError::NotFound)?;
    let version = row.int("version")?;
    tx.run(
        "INSERT INTO past_report_key (id, made_at, ended_at) VALUES ($1, $2, $3)",
        args![row.text("public_key")?, row.time("made_at")?, tx.now()],
    )
    .await?;
    let (public, words) = fresh_key(tx, version + 1)?;
    tx.run_one(
        "UPDATE report_key SET public_key = $1, words = $2, made_at = $3, version = $4
         WHERE id = $5 AND version = $6",
        args![&public, words, tx.now(), version + 1, KEY, version],
    )
    .await?;
    Ok(public)
}

/// Public part, and the private one sealed.
fn fresh_key(tx: &mut Tx, version: i64) -> Result<(String, Vec<u8>), KeepError> {
    let mut bytes = [0; 32];
    tx.entropy().fill(&mut bytes);
    let (public, _) = sign(&bytes, b"").ok_or(KeepError::Shape("report_key"))?;
    let words = seal(tx, "report_key", KEY, version, &Seed { seed: hex(&bytes) })?;
    bytes.zeroize();
    Ok((public, words))
}

pub async fn make_key(tx: &mut Tx) -> Result<String, KeepError> {
    let (public, words) = fresh_key(tx, FIRST_VERSION)?;
    tx.run(
        "INSERT INTO report_key (id, public_key, words, made_at, version) VALUES ($1, $2, $3, $4, $5)",
        args![KEY, &public, words, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok(public)
}

/// Keeps the bytes, signs them and the statement about them, and closes the analysis. Gives the hashes of
/// page and PDF.
pub async fn freeze(
    tx: &mut Tx,
    access: &Access,
    (analysis, about): (&Analysis, &About),
    frozen: Frozen<'_>,
) -> Result<(String, Option<String>), KeepError> {
    let seed = seed(tx, access).await?;
    let signed = |bytes: &[u8]| sign(&seed, bytes).ok_or(KeepError::Shape("report_key"));
    let (public, html_signature) = signed(&frozen.html)?;
    let html_sha256 = sha256(&frozen.html);
    let html = tx.put_file(Owner::Practice, PAGE, frozen.html).await?;
    let (mut pdf, mut pdf_sha256, mut pdf_signature) = (None, None, None);
    if let Some(bytes) = frozen.pdf {
        pdf_signature = Some(signed(&bytes)?.1);
        pdf_sha256 = Some(sha256(&bytes));
        pdf = Some(tx.put_file(Owner::Practice, PDF, bytes).await?);
    }
    let at = tx.now();
    let stated = Statement {
        format: FORMAT,
        report: analysis.number,
        practice: frozen.practice,
        signed_as: frozen.signed_as,
        signed_at: &rfc3339(at),
        public_key: &public,
        html_sha256: &html_sha256,
        pdf_sha256: pdf_sha256.as_deref(),
    };
    let stated = stated.text().ok_or(KeepError::Shape("signed_report"))?;
    let said = Words {
        signed_as: frozen.signed_as.to_owned(),
        practice: frozen.practice.to_owned(),
        statement_signature: signed(&stated)?.1,
    };
    analyses::sign(tx, analysis, about, (html, &html_sha256), (frozen.by, at)).await?;
    let id = analysis.id.text();
    let words = seal(tx, "signed_report", &id, FIRST_VERSION, &said)?;
    tx.run(
        "INSERT INTO signed_report (id, public_key, html_signature, pdf, pdf_sha256, pdf_signature, words,
             version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![id, public, html_signature, pdf, pdf_sha256.clone(), pdf_signature, words, FIRST_VERSION],
    )
    .await?;
    Ok((html_sha256, pdf_sha256))
}

/// The private part.
async fn seed(tx: &mut Tx, access: &Access) -> Result<Zeroizing<Vec<u8>>, KeepError> {
    let row = tx.row("SELECT id, words, version FROM report_key WHERE id = $1", args![KEY]).await?;
    let held: Seed = open(tx, access, "report_key", &row.ok_or(KeepError::NotFound)?)?;
    from_hex(&held.seed).map(Zeroizing::new).ok_or(KeepError::Shape("report_key"))
}

/// Public key and signature, hexadecimal, of bytes that leave the house under the report key.
pub async fn sign_bytes(tx: &mut Tx, access: &Access, bytes: &[u8]) -> Result<(String, String), KeepError> {
    sign(&seed(tx, access).await?, bytes).ok_or(KeepError::Shape("report_key"))
}

/// A risk as it stands, or stood when an analysis was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stood {
    pub risk: RiskId,
    pub state: RiskState,
    pub level: Option<Level>,
    /// What was left after the work; none while nobody has said.
    pub residual: Option<Level>,
    pub treatment: Option<Treatment>,
    pub overdue: bool,
}

impl Stood {
    pub fn of(risk: &Risk, now: UnixMillis) -> Stood {
        Stood {
            risk: risk.id,
            state: risk.state,
            level: risk.rating.level(),
            residual: risk.residual,
            treatment: risk.treatment,
            overdue: risk.is_late(now),
        }
    }

    /// The level that is left: after the work where somebody has said so, else the one before it.
    pub fn left(&self) -> Option<Level> {
        self.residual.or(self.level)
    }
}

/// Keeps how the register stands now, beside the analysis that is being signed.
pub async fn keep_register(tx: &mut Tx, analysis: AnalysisId, register: &[Risk]) -> Result<(), KeepError> {
    for one in register.iter().map(|risk| Stood::of(risk, tx.now())).collect::<Vec<_>>() {
        let id = format!("{}/{}", analysis.text(), one.risk.text());
        tx.run(
            "INSERT INTO signed_risk (id, analysis, risk, state, level, residual, treatment, overdue)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                id,
                analysis.text(),
                one.risk.text(),
                one.state.code(),
                one.level.map(Level::code),
                one.residual.map(Level::code),
                one.treatment.map(Treatment::code),
                one.overdue
            ],
        )
        .await?;
    }
    Ok(())
}

/// The register as it stood when this analysis was signed.
pub async fn register_of(conn: &mut Conn, analysis: AnalysisId) -> Result<Vec<Stood>, KeepError> {
    let sql = "SELECT risk, state, level, residual, treatment, overdue FROM signed_risk WHERE analysis = $1
               ORDER BY risk LIMIT $2";
    let rows = conn.rows(sql, args![analysis.text(), REGISTER_MAX]).await?;
    rows.iter()
        .map(|row| {
            Ok(Stood {
                risk: row.parsed("risk", RiskId::parse)?,
                state: row.parsed("state", RiskState::parse)?,
                level: row.opt_parsed("level", Level::parse)?,
                residual: row.opt_parsed("residual", Level::parse)?,
                treatment: row.opt_parsed("treatment", Treatment::parse)?,
                overdue: row.flag("overdue")?,
            })
        })
        .collect()
}

/// As many as the register lists.
const REGISTER_MAX: i64 = 2_000;

/// What proves this analysis, and the file of its PDF; none for one from before reports had statements.
pub(super) async fn signed(
    viewing: &mut Viewing,
    access: &Access,
    analysis: &Analysis,
) -> Result<Option<(Proof, Option<FileId>)>, KeepError> {
    let sql = "SELECT id, public_key, html_signature, pdf, pdf_sha256, pdf_signature, words, version
               FROM signed_report WHERE id = $1";
    let Some(row) = viewing.row(sql, args![analysis.id.text()]).await? else { return Ok(None) };
    let words: Words = open(viewing, access, "signed_report", &row)?;
    let (Some(at), Some(sha256)) = (analysis.signed_at, analysis.report_sha256.clone()) else {
        return Ok(None);
    };
    if words.statement_signature.is_empty() {
        return Ok(None);
    }
    let pdf = match (row.opt_text("pdf_sha256")?, row.opt_text("pdf_signature")?) {
        (Some(sha256), Some(signature)) => {
            Some(Sealed { sha256: sha256.to_owned(), signature: signature.to_owned() })
        }
        _ => None,
    };
    let proof = Proof {
        format: FORMAT.into(),
        report: analysis.number,
        practice: words.practice,
        signed_as: words.signed_as,
        signed_at: rfc3339(at),
        public_key: row.text("public_key")?.to_owned(),
        html: Sealed { sha256, signature: row.text("html_signature")?.to_owned() },
        pdf,
        statement_signature: words.statement_signature,
    };
    Ok(Some((proof, row.opt_parsed("pdf", FileId::parse)?)))
}
