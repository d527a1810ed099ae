//! SQL of the table `interpreting`.

use super::rules::{Grounds, Lay};
use crate::before::rules::ParticipantState;
use keep::{Conn, KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use practice::ids::InterpreterId;
use practice::interpreters::is_qualified;
use vocabulary::{FindingId, MINUTE_MS, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

/// More than a room holds, and more than anybody works in a season.
const ROWS_MAX: i64 = 200;
/// No visit is planned longer; only those that begin this close before can still run.
const LONGEST_MIN: i64 = 24 * 60;

/// Somebody of the register who is booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Booked {
    pub participant: ParticipantId,
    pub interpreter: InterpreterId,
    pub tongue: String,
    pub reference: String,
    /// In the register, qualified and covered when the visit begins.
    pub is_qualified: bool,
}

pub(super) struct New<'a> {
    pub visit: VisitId,
    pub patient: PatientId,
    pub participant: Option<ParticipantId>,
    pub interpreter: Option<InterpreterId>,
    pub tongue: &'a str,
    pub reference: &'a str,
    pub grounds: Option<Grounds>,
    pub is_minor: bool,
    pub confirmed_by: Option<InterpreterId>,
    pub lay: Option<&'a Lay>,
    pub by: PersonId,
}

/// The caller's entry in the trail names the act.
pub(super) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<String, KeepError> {
    let id = FindingId::new(tx.now(), tx.entropy()).text();
    let words = match new.lay {
        Some(lay) => {
            let json =
                serde_json::to_vec(lay).map_err(|_| KeepError::Shape("words that JSON cannot hold"))?;
            Some(tx.seal(&place(&id, new.patient), &json)?)
        }
        None => None,
    };
    tx.run_one(
        "INSERT INTO interpreting (id, visit, patient, participant, interpreter, tongue, reference, grounds,
             is_minor, confirmed_by, words, by_person, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            &id,
            new.visit,
            new.patient,
            new.participant,
            new.interpreter.map(InterpreterId::text),
            new.tongue,
            new.reference,
            new.grounds.map(Grounds::code),
            i64::from(new.is_minor),
            new.confirmed_by.map(InterpreterId::text),
            words,
            new.by,
            tx.now(),
        ],
    )
    .await?;
    Ok(id)
}

/// Those of the register who are expected still.
pub(crate) async fn of_visit(conn: &mut Conn, visit: VisitId) -> Result<Vec<Booked>, KeepError> {
    let rows = conn
        .rows(
            "SELECT i.participant, i.interpreter, i.tongue, i.reference, v.starts_at
             FROM interpreting i JOIN participant p ON p.id = i.participant JOIN visit v ON v.id = i.visit
             WHERE i.visit = $1 AND i.interpreter IS NOT NULL AND p.state <> $2 ORDER BY i.at, i.id LIMIT $3",
            args![visit, ParticipantState::Removed.code(), ROWS_MAX],
        )
        .await?;
    let mut booked = Vec::new();
    for row in &rows {
        let interpreter = row.parsed("interpreter", InterpreterId::parse)?;
        booked.push(Booked {
            participant: row.parsed("participant", ParticipantId::parse)?,
            interpreter,
            tongue: row.text("tongue")?.to_owned(),
            reference: row.text("reference")?.to_owned(),
            is_qualified: is_qualified(conn, interpreter, row.time("starts_at")?).await?,
        });
    }
    Ok(booked)
}

/// Whether this participant, who came as an interpreter, may interpret at that moment.
pub(crate) async fn may_come(
    conn: &mut Conn,
    participant: ParticipantId,
    at: UnixMillis,
) -> Result<bool, KeepError> {
    let sql = "SELECT interpreter FROM interpreting
               WHERE participant = $1 AND interpreter IS NOT NULL LIMIT 1";
    let Some(row) = conn.row(sql, args![participant]).await? else { return Ok(false) };
    is_qualified(conn, row.parsed("interpreter", InterpreterId::parse)?, at).await
}

/// Whether somebody of the register is booked who interprets into this language, and may.
pub(crate) async fn covers(conn: &mut Conn, visit: VisitId, tongue: &str) -> Result<bool, KeepError> {
    Ok(of_visit(conn, visit).await?.iter().any(|one| one.is_qualified && one.tongue == tongue))
}

/// An exception as it was recorded. Names somebody: no `Debug`.
pub(crate) struct Made {
    pub id: String,
    pub tongue: String,
    pub grounds: Grounds,
    pub is_minor: bool,
    pub confirmed_by: Option<InterpreterId>,
    pub lay: Lay,
    pub by: PersonId,
    pub at: UnixMillis,
    pub ended_at: Option<UnixMillis>,
}

/// All exceptions of this visit, the oldest first.
pub(crate) async fn exceptions(
    view: &mut Viewing,
    access: &Access,
    (visit, patient): (VisitId, PatientId),
) -> Result<Vec<Made>, KeepError> {
    let rows = view
        .rows(
            "SELECT id, tongue, grounds, is_minor, confirmed_by, words, by_person, at, ended_at
             FROM interpreting WHERE visit = $1 AND grounds IS NOT NULL ORDER BY at, id LIMIT $2",
            args![visit, ROWS_MAX],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let id = row.text("id")?.to_owned();
            let json = view.unseal(access, &place(&id, patient), row.blob("words")?)?;
            Ok(Made {
                tongue: row.text("tongue")?.to_owned(),
                grounds: row.parsed("grounds", Grounds::parse)?,
                is_minor: row.flag("is_minor")?,
                confirmed_by: row.opt_parsed("confirmed_by", InterpreterId::parse)?,
                lay: serde_json::from_slice(&json).map_err(|_| KeepError::Shape("words that are no JSON"))?,
                by: row.parsed("by_person", PersonId::parse)?,
                at: row.time("at")?,
                ended_at: row.opt_time("ended_at")?,
                id,
            })
        })
        .collect()
}

/// `KeepError::Conflict` when it is no exception of this visit, or has ended.
pub(super) async fn end(tx: &mut Tx, visit: VisitId, id: &str) -> Result<(), KeepError> {
    let sql = "UPDATE interpreting SET ended_at = $1
               WHERE id = $2 AND visit = $3 AND grounds IS NOT NULL AND ended_at IS NULL";
    tx.run_one(sql, args![tx.now(), id, visit]).await
}

/// Somebody of the register has come: what stood on an emergency alone, in a language they are booked for, is
/// over (45 CFR 92.201(e)(2)(i)).
pub(crate) async fn arrived(tx: &mut Tx, who: ParticipantId, visit: VisitId) -> Result<(), KeepError> {
    let sql = "UPDATE interpreting SET ended_at = $1
               WHERE visit = $2 AND grounds = 'emergency' AND ended_at IS NULL
                 AND tongue IN (SELECT tongue FROM interpreting WHERE participant = $3)";
    tx.run(sql, args![tx.now(), visit, who]).await.map(|_| ())
}

/// Other visits that this interpreter is booked for and that take place in this time.
pub(crate) async fn at_that_time(
    conn: &mut Conn,
    interpreter: InterpreterId,
    (from, length_min): (UnixMillis, i64),
    except: VisitId,
) -> Result<Vec<VisitId>, KeepError> {
    let (until, earliest) = (from.plus_ms(length_min * MINUTE_MS), from.plus_ms(-LONGEST_MIN * MINUTE_MS));
    let rows = conn
        .rows(
            "SELECT v.id FROM interpreting i JOIN participant p ON p.id = i.participant
             JOIN visit v ON v.id = i.visit
             WHERE i.interpreter = $1 AND v.id <> $2 AND p.state <> $3
                 AND v.state IN ('booked', 'open', 'waiting', 'live')
                 AND v.starts_at > $4 AND v.starts_at < $5 AND v.starts_at + v.length_min * 60000 > $6
             ORDER BY v.starts_at, v.id LIMIT $7",
            args![
                interpreter.text(),
                except,
                ParticipantState::Removed.code(),
                earliest,
                until,
                from,
                ROWS_MAX
            ],
        )
        .await?;
    rows.iter().map(|row| row.parsed("id", VisitId::parse)).collect()
}

/// One job, without a word of whose visit it is.
pub(super) struct Job {
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub tongue: String,
    pub reference: String,
    /// Past, also where nobody came.
    pub over: bool,
    pub cancelled: bool,
    /// It goes on by phone: the practice brings them on the line.
    pub by_phone: bool,
}

/// The jobs of one interpreter from that moment on, the next first.
pub(super) async fn jobs(
    conn: &mut Conn,
    interpreter: InterpreterId,
    from: UnixMillis,
) -> Result<Vec<Job>, KeepError> {
    let rows = conn
        .rows(
            "SELECT v.starts_at, v.length_min, v.state, p.state AS part_state, i.tongue, i.reference
             FROM interpreting i JOIN participant p ON p.id = i.participant JOIN visit v ON v.id = i.visit
             WHERE i.interpreter = $1 AND v.starts_at >= $2 ORDER BY v.starts_at, v.id LIMIT $3",
            args![interpreter.text(), from, ROWS_MAX],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let state = row.text("state")?;
            let taken_off = row.text("part_state")? == ParticipantState::Removed.code();
            Ok(Job {
                starts_at: row.time("starts_at")?,
                length_min: row.int("length_min")?,
                tongue: row.text("tongue")?.to_owned(),
                reference: row.text("reference")?.to_owned(),
                cancelled: taken_off || state == "cancelled",
                by_phone: state == "moved_to_phone",
                over: matches!(state, "ended" | "closed" | "broken_off" | "no_show"),
            })
        })
        .collect()
}

fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "interpreting", column: "words", row, version: 1, owner: Owner::Patient(patient) }
}
