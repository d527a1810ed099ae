//! The table `analysis`.

use crate::ids::AnalysisId;
use crate::risk::rules::AnalysisState;
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{FileId, PersonId, UnixMillis};

/// An analysis without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    pub id: AnalysisId,
    pub number: i64,
    pub state: AnalysisState,
    pub review_due: Option<UnixMillis>,
    pub started_at: UnixMillis,
    pub signed_at: Option<UnixMillis>,
    pub signed_by: Option<PersonId>,
    pub report: Option<FileId>,
    pub report_sha256: Option<String>,
    pub version: i64,
}

/// The written elements. No `Debug`: they are sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    pub scope: String,
    pub flows: String,
    pub documentation: String,
}

/// More analyses than this are not listed: it is one a year.
const LIST_MAX: i64 = 100;

pub async fn start(tx: &mut Tx, number: i64, about: &About) -> Result<AnalysisId, KeepError> {
    let id = AnalysisId::new(tx.now(), tx.entropy());
    let words = seal(tx, "analysis", &id.text(), FIRST_VERSION, about)?;
    tx.run(
        "INSERT INTO analysis (id, number, state, words, started_at, version)
         VALUES ($1, $2, 'draft', $3, $4, $5)",
        args![id.text(), number, words, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok(id)
}

/// All analyses, the newest first.
pub async fn list(conn: &mut Conn) -> Result<Vec<Analysis>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, number, state, review_due, started_at, signed_at, signed_by, report, report_sha256,
                 version FROM analysis ORDER BY number DESC LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

pub async fn about(open_: &mut Viewing, access: &Access, id: AnalysisId) -> Result<About, KeepError> {
    let row = open_.row("SELECT id, words, version FROM analysis WHERE id = $1", args![id.text()]).await?;
    open(open_, access, "analysis", &row.ok_or(KeepError::NotFound)?)
}

/// Only a draft can change, and only the version the person has seen.
pub async fn write(
    tx: &mut Tx,
    seen: (AnalysisId, i64),
    about: &About,
    review_due: Option<UnixMillis>,
) -> Result<(), KeepError> {
    let (id, version) = seen;
    let words = seal(tx, "analysis", &id.text(), version + 1, about)?;
    tx.run_one(
        "UPDATE analysis SET words = $1, review_due = $2, version = $3
         WHERE id = $4 AND version = $5 AND state = 'draft'",
        args![words, review_due, version + 1, id.text(), version],
    )
    .await
}

/// Freezes a draft: its report is kept, and nothing about it changes any more.
pub async fn sign(
    tx: &mut Tx,
    analysis: &Analysis,
    about: &About,
    frozen: (FileId, &str),
    (by, at): (PersonId, UnixMillis),
) -> Result<(), KeepError> {
    let (id, version) = (analysis.id.text(), analysis.version);
    let words = seal(tx, "analysis", &id, version + 1, about)?;
    tx.run_one(
        "UPDATE analysis SET words = $1, state = 'signed', signed_at = $2, signed_by = $3, report = $4,
             report_sha256 = $5, version = $6
         WHERE id = $7 AND version = $8 AND state = 'draft'",
        args![words, at, by, frozen.0, frozen.1, version + 1, id, version],
    )
    .await
}

fn read(row: &Row) -> Result<Analysis, KeepError> {
    Ok(Analysis {
        id: row.parsed("id", AnalysisId::parse)?,
        number: row.int("number")?,
        state: row.parsed("state", AnalysisState::parse)?,
        review_due: row.opt_time("review_due")?,
        started_at: row.time("started_at")?,
        signed_at: row.opt_time("signed_at")?,
        signed_by: row.opt_parsed("signed_by", PersonId::parse)?,
        report: row.opt_parsed("report", FileId::parse)?,
        report_sha256: row.opt_text("report_sha256")?.map(str::to_owned),
        version: row.int("version")?,
    })
}
