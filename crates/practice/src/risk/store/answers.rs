//! The table `answer`.

use crate::ids::{AnalysisId, AnswerId};
use crate::risk::bank::{Area, bank};
use crate::risk::rules::{AnswerState, Choice, Trigger};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{PersonId, UnixMillis};

/// An answer without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub id: AnswerId,
    pub question: String,
    pub choice: Option<Choice>,
    pub state: AnswerState,
    pub reopened_by: Option<Trigger>,
    pub flagged: bool,
    pub asked_of: Option<PersonId>,
    pub due_at: Option<UnixMillis>,
    pub answered_by: Option<PersonId>,
    pub answered_at: Option<UnixMillis>,
    pub version: i64,
}

impl Answer {
    /// Counts for progress: chosen, and not made stale by a change.
    pub fn stands(&self) -> bool {
        self.choice.is_some() && self.state == AnswerState::Answered
    }
}

/// What was written beside the choice. No `Debug`: it is sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remarks {
    pub note: String,
    pub evidence: String,
    /// The evidence's own date, YYYY-MM-DD.
    pub evidence_date: String,
}

/// Everything a save writes.
pub struct Saved {
    pub choice: Option<Choice>,
    pub flagged: bool,
    pub asked_of: Option<PersonId>,
    pub due_at: Option<UnixMillis>,
    pub remarks: Remarks,
    pub by: PersonId,
    /// When this choice was made; one that is carried forward keeps its day.
    pub answered_at: UnixMillis,
}

const COLUMNS_MAX: i64 = 1_000;

/// All answers of an analysis, in the order of the bank's ids.
pub async fn of(conn: &mut Conn, analysis: AnalysisId) -> Result<Vec<Answer>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, question, choice, state, reopened_by, flagged, asked_of, due_at, answered_by,
                 answered_at, version FROM answer WHERE analysis = $1 ORDER BY question LIMIT $2",
            args![analysis.text(), COLUMNS_MAX],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// All answers of an analysis with their words, in the order of the bank's ids.
pub async fn with_words(
    viewing: &mut Viewing,
    access: &Access,
    analysis: AnalysisId,
) -> Result<Vec<(Answer, Remarks)>, KeepError> {
    let rows = viewing
        .rows(
            "SELECT id, question, choice, state, reopened_by, flagged, asked_of, due_at, answered_by,
                 answered_at, version, words FROM answer WHERE analysis = $1 ORDER BY question LIMIT $2",
            args![analysis.text(), COLUMNS_MAX],
        )
        .await?;
    rows.iter().map(|row| Ok((read(row)?, open(viewing, access, "answer", row)?))).collect()
}

/// One answer with its words.
pub async fn one(
    viewing: &mut Viewing,
    access: &Access,
    analysis: AnalysisId,
    question: &str,
) -> Result<Option<(Answer, Remarks)>, KeepError> {
    let row = viewing
        .row(
            "SELECT id, question, choice, state, reopened_by, flagged, asked_of, due_at, answered_by,
                 answered_at, version, words FROM answer WHERE analysis = $1 AND question = $2",
            args![analysis.text(), question],
        )
        .await?;
    row.map(|row| Ok((read(&row)?, open(viewing, access, "answer", &row)?))).transpose()
}

/// Writes over version `seen` of the answer; 0 is "there was none". A conflict says somebody was first.
pub async fn save(
    tx: &mut Tx,
    analysis: AnalysisId,
    question: &str,
    seen: i64,
    saved: &Saved,
) -> Result<(), KeepError> {
    let found = tx
        .row(
            "SELECT id, version FROM answer WHERE analysis = $1 AND question = $2",
            args![analysis.text(), question],
        )
        .await?;
    let (id, version) = match &found {
        Some(row) => (row.parsed("id", AnswerId::parse)?, row.int("version")?),
        None => (AnswerId::new(tx.now(), tx.entropy()), FIRST_VERSION - 1),
    };
    if version != seen {
        return Err(KeepError::Conflict);
    }
    let words = seal(tx, "answer", &id.text(), version + 1, &saved.remarks)?;
    let answered = saved.choice.map(|_| saved.answered_at);
    let by = saved.choice.map(|_| saved.by);
    if found.is_none() {
        tx.run(
            "INSERT INTO answer (id, analysis, question, state, flagged, words, version)
             VALUES ($1, $2, $3, 'answered', 0, $4, 1)",
            args![id.text(), analysis.text(), question, words.clone()],
        )
        .await?;
    }
    tx.run_one(
        "UPDATE answer SET choice = $1, state = 'answered', reopened_by = NULL, flagged = $2, asked_of = $3,
             due_at = $4, words = $5, answered_by = $6, answered_at = $7, version = $8 WHERE id = $9",
        args![
            saved.choice.map(Choice::code),
            saved.flagged,
            saved.asked_of,
            saved.due_at,
            words,
            by,
            answered,
            version + 1,
            id.text(),
        ],
    )
    .await
}

/// Marks the answers of these areas as stale. The words stay, so their version does too.
pub async fn reopen(
    tx: &mut Tx,
    analysis: AnalysisId,
    areas: &[Area],
    why: Trigger,
) -> Result<u64, KeepError> {
    let mut reopened = 0;
    for area in areas {
        for question in bank().of_area(*area) {
            reopened += tx
                .run(
                    "UPDATE answer SET state = 'reopened', reopened_by = $1
                     WHERE analysis = $2 AND question = $3 AND choice IS NOT NULL",
                    args![why.code(), analysis.text(), question.id.as_str()],
                )
                .await?;
        }
    }
    Ok(reopened)
}

/// The questions of the open analysis that were passed on to this person.
pub async fn asked_of(conn: &mut Conn, person: PersonId) -> Result<Vec<(AnalysisId, Answer)>, KeepError> {
    let rows = conn
        .rows(
            "SELECT a.id, a.analysis, a.question, a.choice, a.state, a.reopened_by, a.flagged, a.asked_of,
                 a.due_at, a.answered_by, a.answered_at, a.version
             FROM answer a JOIN analysis n ON n.id = a.analysis
             WHERE a.asked_of = $1 AND n.state = 'draft'
             ORDER BY CASE WHEN a.due_at IS NULL THEN 1 ELSE 0 END, a.due_at, a.question LIMIT $2",
            args![person, COLUMNS_MAX],
        )
        .await?;
    rows.iter().map(|row| Ok((row.parsed("analysis", AnalysisId::parse)?, read(row)?))).collect()
}

fn read(row: &Row) -> Result<Answer, KeepError> {
    Ok(Answer {
        id: row.parsed("id", AnswerId::parse)?,
        question: row.text("question")?.to_owned(),
        choice: row.opt_parsed("choice", Choice::parse)?,
        state: row.parsed("state", AnswerState::parse)?,
        reopened_by: row.opt_parsed("reopened_by", Trigger::parse)?,
        flagged: row.flag("flagged")?,
        asked_of: row.opt_parsed("asked_of", PersonId::parse)?,
        due_at: row.opt_time("due_at")?,
        answered_by: row.opt_parsed("answered_by", PersonId::parse)?,
        answered_at: row.opt_time("answered_at")?,
        version: row.int("version")?,
    })
}
