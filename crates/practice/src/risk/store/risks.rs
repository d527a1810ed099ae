//! The table `risk`: the register.

use crate::ids::RiskId;
use crate::risk::rules::{Level, Rating, Register, RiskState, Treatment};
use crate::sealed_words::{FIRST_VERSION, open, seal};
use keep::{Conn, KeepError, Row, Tx, Viewing, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use vocabulary::{PersonId, UnixMillis};

/// One entry of the register without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    pub id: RiskId,
    pub number: i64,
    pub threat: String,
    pub vulnerability: String,
    pub came_from: String,
    pub state: RiskState,
    pub rating: Rating,
    pub treatment: Option<Treatment>,
    pub owner: Option<PersonId>,
    pub due_at: Option<UnixMillis>,
    pub residual: Option<Level>,
    pub accepted_by: Option<PersonId>,
    pub accepted_at: Option<UnixMillis>,
    pub closed_by: Option<PersonId>,
    pub closed_at: Option<UnixMillis>,
    pub version: i64,
}

/// What was written about it. No `Debug`: it is sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    pub what: String,
    pub override_reason: String,
    pub plan: String,
    pub evidence: String,
    pub acceptance: String,
    pub signed_name: String,
}

const LIST_MAX: i64 = 1_000;

impl Risk {
    /// Its day has passed and work is left: one that was signed for or closed waits for nothing.
    pub fn is_late(&self, now: UnixMillis) -> bool {
        let waits = matches!(self.state, RiskState::Open | RiskState::Treated);
        waits && self.due_at.is_some_and(|due| due <= now)
    }

    /// As the rules look at it when `by` wants to close it.
    pub fn register(&self, story: &Story, by: Option<PersonId>) -> Register {
        Register {
            rating: self.rating,
            treatment: self.treatment,
            has_plan: !story.plan.trim().is_empty(),
            has_owner: self.owner.is_some(),
            has_due: self.due_at.is_some(),
            has_evidence: !story.evidence.trim().is_empty(),
            residual: self.residual,
            accepted: self.accepted_at.is_some(),
            closed_by_owner: by.is_some() && by == self.owner,
        }
    }
}

/// A new entry of the register, not rated yet. The number is the next free one.
pub async fn add(
    tx: &mut Tx,
    pair: (&str, &str),
    came_from: &str,
    story: &Story,
) -> Result<(RiskId, i64), KeepError> {
    let id = RiskId::new(tx.now(), tx.entropy());
    let row = tx.row("SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS last FROM risk", args![]).await?;
    let number = row.ok_or(KeepError::Shape("risk.number"))?.int("last")? + 1;
    let words = seal(tx, "risk", &id.text(), FIRST_VERSION, story)?;
    tx.run(
        "INSERT INTO risk (id, number, threat, vulnerability, came_from, state, words, created_at, version)
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8)",
        args![id.text(), number, pair.0, pair.1, came_from, words, tx.now(), FIRST_VERSION],
    )
    .await?;
    Ok((id, number))
}

/// Writes over version `risk.version`; a conflict says somebody was first.
pub async fn write(tx: &mut Tx, risk: &Risk, story: &Story) -> Result<(), KeepError> {
    let (id, version) = (risk.id.text(), risk.version);
    let words = seal(tx, "risk", &id, version + 1, story)?;
    tx.run_one(
        "UPDATE risk SET state = $1, likelihood = $2, impact = $3, level_override = $4, treatment = $5,
             owner = $6, due_at = $7, residual = $8, words = $9, accepted_by = $10, accepted_at = $11,
             closed_by = $12, closed_at = $13, version = $14
         WHERE id = $15 AND version = $16",
        args![
            risk.state.code(),
            risk.rating.likelihood.map(Level::code),
            risk.rating.impact.map(Level::code),
            risk.rating.level_override.map(Level::code),
            risk.treatment.map(Treatment::code),
            risk.owner,
            risk.due_at,
            risk.residual.map(Level::code),
            words,
            risk.accepted_by,
            risk.accepted_at,
            risk.closed_by,
            risk.closed_at,
            version + 1,
            id,
            version,
        ],
    )
    .await
}

/// The days of all entries that wait for work.
pub async fn days(conn: &mut Conn) -> Result<Vec<UnixMillis>, KeepError> {
    let sql = "SELECT due_at FROM risk WHERE state IN ('open', 'treated') AND due_at IS NOT NULL
               ORDER BY due_at, id LIMIT $1";
    conn.rows(sql, args![LIST_MAX]).await?.iter().map(|row| row.time("due_at")).collect()
}

/// The whole register with its words, closed entries too, by number.
pub async fn all(viewing: &mut Viewing, access: &Access) -> Result<Vec<(Risk, Story)>, KeepError> {
    let rows = viewing
        .rows(
            "SELECT id, number, threat, vulnerability, came_from, state, likelihood, impact, level_override,
                 treatment, owner, due_at, residual, accepted_by, accepted_at, closed_by, closed_at, version,
                 words FROM risk ORDER BY number LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    rows.iter().map(|row| Ok((read(row)?, open(viewing, access, "risk", row)?))).collect()
}

/// What this person is to do, with its words, the earliest day first.
pub async fn open_of(
    viewing: &mut Viewing,
    access: &Access,
    owner: PersonId,
) -> Result<Vec<(Risk, Story)>, KeepError> {
    let rows = viewing
        .rows(
            "SELECT id, number, threat, vulnerability, came_from, state, likelihood, impact, level_override,
                 treatment, owner, due_at, residual, accepted_by, accepted_at, closed_by, closed_at, version,
                 words FROM risk WHERE owner = $1 AND state IN ('open', 'treated')
             ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, number LIMIT $2",
            args![owner, LIST_MAX],
        )
        .await?;
    rows.iter().map(|row| Ok((read(row)?, open(viewing, access, "risk", row)?))).collect()
}

/// One entry with its words.
pub async fn one(viewing: &mut Viewing, access: &Access, id: RiskId) -> Result<(Risk, Story), KeepError> {
    let row = viewing
        .row(
            "SELECT id, number, threat, vulnerability, came_from, state, likelihood, impact, level_override,
                 treatment, owner, due_at, residual, accepted_by, accepted_at, closed_by, closed_at, version,
                 words FROM risk WHERE id = $1",
            args![id.text()],
        )
        .await?;
    let row = row.ok_or(KeepError::NotFound)?;
    Ok((read(&row)?, open(viewing, access, "risk", &row)?))
}

fn read(row: &Row) -> Result<Risk, KeepError> {
    Ok(Risk {
        id: row.parsed("id", RiskId::parse)?,
        number: row.int("number")?,
        threat: row.text("threat")?.to_owned(),
        vulnerability: row.text("vulnerability")?.to_owned(),
        came_from: row.text("came_from")?.to_owned(),
        state: row.parsed("state", RiskState::parse)?,
        rating: Rating {
            likelihood: row.opt_parsed("likelihood", Level::parse)?,
            impact: row.opt_parsed("impact", Level::parse)?,
            level_override: row.opt_parsed("level_override", Level::parse)?,
        },
        treatment: row.opt_parsed("treatment", Treatment::parse)?,
        owner: row.opt_parsed("owner", PersonId::parse)?,
        due_at: row.opt_time("due_at")?,
        residual: row.opt_parsed("residual", Level::parse)?,
        accepted_by: row.opt_parsed("accepted_by", PersonId::parse)?,
        accepted_at: row.opt_time("accepted_at")?,
        closed_by: row.opt_parsed("closed_by", PersonId::parse)?,
        closed_at: row.opt_time("closed_at")?,
        version: row.int("version")?,
    })
}
