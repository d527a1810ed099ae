//! SQL of the table `survey`. There is no reading of single answers here: pages count, nobody looks over
//! shoulders.

use super::LOW;
use crate::before::store::VisitRow;
use keep::{Conn, Entry, KeepError, Object, Owner, Place, Tx, args};
use practice::findings::{self, Kind, Source};
use vocabulary::{Health, SurveyId, VisitId};

/// What was answered. Cannot be printed: it holds somebody's own words.
pub struct Answers {
    /// 1 to 5.
    pub comfort: i64,
    pub privacy: i64,
    pub words: Option<Health>,
}

pub async fn is_answered(conn: &mut Conn, visit: VisitId) -> Result<bool, KeepError> {
    Ok(conn.row("SELECT id FROM survey WHERE visit = $1", args![visit]).await?.is_some())
}

/// Writes the answers and, when they are low, their findings. The entry is for the commit with
/// `Act::AnswerSurvey`. `KeepError::Conflict` when it was answered before.
pub async fn record(tx: &mut Tx, visit: &VisitRow, answers: &Answers) -> Result<Entry, KeepError> {
    if is_answered(tx, visit.id).await? {
        return Err(KeepError::Conflict);
    }
    let now = tx.now();
    let id = SurveyId::new(now, tx.entropy());
    let row = id.text();
    let place = |column| Place {
        table: "survey",
        column,
        row: &row,
        version: 1,
        owner: Owner::Patient(visit.patient),
    };
    let comfort = tx.seal_text(&place("comfort"), &answers.comfort.to_string())?;
    let privacy = tx.seal_text(&place("privacy"), &answers.privacy.to_string())?;
    let words = answers.words.as_ref().map(|words| tx.seal_text(&place("words"), words.reveal()));
    let words = words.transpose()?;
    tx.run_one(
        "INSERT INTO survey (id, visit, patient, comfort, privacy, words, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![&row, visit.id, visit.patient, comfort, privacy, words, now],
    )
    .await?;
    if answers.comfort <= LOW {
        findings::raise(tx, Kind::NotComfortable, Source::Survey).await?;
    }
    if answers.privacy <= LOW {
        findings::raise(tx, Kind::NotPrivate, Source::Survey).await?;
    }
    Ok(Entry::new(Object::of("survey", row)))
}
