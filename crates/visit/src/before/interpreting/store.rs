//! SQL of the table `interpreting`. Who interprets, and when it ended, stands in readable columns; the
//! language, the agency's number and every word about an exception lie sealed under the patient's own key.

use super::rules::{Grounds, Lay};
use crate::before::rules::ParticipantState;
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::{Access, Act, Facts, decide};
use practice::ids::InterpreterId;
use practice::interpreters::is_qualified;
use serde::{Deserialize, Serialize};
use vocabulary::{FindingId, MINUTE_MS, ParticipantId, PatientId, PersonId, Principal, UnixMillis, VisitId};

/// More than a room holds, and more than anybody works in a season.
const ROWS_MAX: i64 = 200;
/// No visit is planned longer; only those that begin this close before can still run.
const LONGEST_MIN: i64 = 24 * 60;

/// What is sealed of a row: a named patient's language, and why somebody else interprets, are data about
/// their health care. Holds names, so it has no `Debug`.
#[derive(Serialize, Deserialize)]
pub(crate) struct Said {
    pub tongue: String,
    /// The agency's number of the job; empty for none.
    pub reference: String,
    /// None of whoever is booked from the register.
    exception: Option<Exception>,
}

#[derive(Serialize, Deserialize)]
struct Exception {
    grounds: String,
    is_minor: bool,
    /// The entry of the interpreter through whom a private request was made.
    confirmed_by: Option<String>,
    lay: Lay,
}

/// Somebody of the register who is booked.
pub(crate) struct Booked {
    pub participant: ParticipantId,
    pub interpreter: InterpreterId,
    /// In the register, qualified and covered when the visit begins.
    pub is_qualified: bool,
    sealed: Sealed,
}

impl Booked {
    pub fn said(&self, view: &Viewing, access: &Access) -> Result<Said, KeepError> {
        self.sealed.open(view, access)
    }
}

pub(super) struct New<'a> {
    pub visit: VisitId,
    pub patient: PatientId,
    pub participant: Option<ParticipantId>,
    pub interpreter: Option<InterpreterId>,
    pub tongue: &'a str,
    pub reference: &'a str,
    pub exception: Option<NewException<'a>>,
    pub by: PersonId,
}

pub(super) struct NewException<'a> {
    pub grounds: Grounds,
    pub is_minor: bool,
    pub confirmed_by: Option<InterpreterId>,
    pub lay: &'a Lay,
}

/// The caller's entry in the trail names the act.
pub(super) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<String, KeepError> {
    let id = FindingId::new(tx.now(), tx.entropy()).text();
    let exception = new.exception.as_ref().map(|it| Exception {
        grounds: it.grounds.code().to_owned(),
        is_minor: it.is_minor,
        confirmed_by: it.confirmed_by.map(InterpreterId::text),
        lay: it.lay.clone(),
    });
    let said = Said { tongue: new.tongue.to_owned(), reference: new.reference.to_owned(), exception };
    let json = serde_json::to_vec(&said).map_err(|_| KeepError::Shape("words that JSON cannot hold"))?;
    let words = tx.seal(&place(&id, new.patient), &json)?;
    tx.run_one(
        "INSERT INTO interpreting (id, visit, patient, participant, interpreter, words, by_person, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            &id,
            new.visit,
            new.patient,
            new.participant,
            new.interpreter.map(InterpreterId::text),
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
            "SELECT i.id, i.patient, i.words, i.participant, i.interpreter, v.starts_at
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
            is_qualified: is_qualified(conn, interpreter, row.time("starts_at")?).await?,
            sealed: Sealed::of(row)?,
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
pub(crate) async fn covers(
    view: &mut Viewing,
    access: &Access,
    (visit, tongue): (VisitId, &str),
) -> Result<bool, KeepError> {
    for one in of_visit(view, visit).await? {
        if one.is_qualified && one.said(view, access)?.tongue == tongue {
            return Ok(true);
        }
    }
    Ok(false)
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
    visit: VisitId,
) -> Result<Vec<Made>, KeepError> {
    let rows = view
        .rows(
            "SELECT id, patient, words, by_person, at, ended_at FROM interpreting
             WHERE visit = $1 AND interpreter IS NULL ORDER BY at, id LIMIT $2",
            args![visit, ROWS_MAX],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let said = Sealed::of(row)?.open(view, access)?;
            let made = said.exception.ok_or(KeepError::Shape("an exception without grounds"))?;
            Ok(Made {
                id: row.text("id")?.to_owned(),
                tongue: said.tongue,
                grounds: Grounds::parse(&made.grounds).ok_or(KeepError::Shape("grounds"))?,
                is_minor: made.is_minor,
                confirmed_by: made.confirmed_by.as_deref().and_then(InterpreterId::parse),
                lay: made.lay,
                by: row.parsed("by_person", PersonId::parse)?,
                at: row.time("at")?,
                ended_at: row.opt_time("ended_at")?,
            })
        })
        .collect()
}

/// `KeepError::Conflict` when it is no exception of this visit, or has ended.
pub(super) async fn end(tx: &mut Tx, visit: VisitId, id: &str) -> Result<(), KeepError> {
    let sql = "UPDATE interpreting SET ended_at = $1
               WHERE id = $2 AND visit = $3 AND interpreter IS NULL AND ended_at IS NULL";
    tx.run_one(sql, args![tx.now(), id, visit]).await
}

/// Somebody of the register has come: what stood on an emergency alone, in a language they are booked for, is
/// over (45 CFR 92.201(e)(2)(i)). The program opens what it has to compare; nobody is shown it.
pub(crate) async fn arrived(
    tx: &mut Tx,
    who: ParticipantId,
    (visit, patient): (VisitId, PatientId),
) -> Result<(), KeepError> {
    let facts = Facts { patient: Some(patient), visit: Some(visit), ..Facts::default() };
    let program = decide(&Principal::System, &facts, Act::KeepVisit).map_err(|_| KeepError::Proof)?;
    let mut spoken = Vec::new();
    for one in of_visit(tx, visit).await?.into_iter().filter(|one| one.participant == who) {
        spoken.push(one.said(tx, &program)?.tongue);
    }
    for made in exceptions(tx, &program, visit).await? {
        let is_over = made.ended_at.is_none() && spoken.contains(&made.tongue);
        if is_over && made.grounds == Grounds::Emergency {
            end(tx, visit, &made.id).await?;
        }
    }
    Ok(())
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
    view: &mut Viewing,
    access: &Access,
    (interpreter, from): (InterpreterId, UnixMillis),
) -> Result<Vec<Job>, KeepError> {
    let rows = view
        .rows(
            "SELECT v.starts_at, v.length_min, v.state, p.state AS part_state, i.id, i.patient, i.words
             FROM interpreting i JOIN participant p ON p.id = i.participant JOIN visit v ON v.id = i.visit
             WHERE i.interpreter = $1 AND v.starts_at >= $2 ORDER BY v.starts_at, v.id LIMIT $3",
            args![interpreter.text(), from, ROWS_MAX],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let state = row.text("state")?;
            let taken_off = row.text("part_state")? == ParticipantState::Removed.code();
            let said = Sealed::of(row)?.open(view, access)?;
            Ok(Job {
                starts_at: row.time("starts_at")?,
                length_min: row.int("length_min")?,
                tongue: said.tongue,
                reference: said.reference,
                cancelled: taken_off || state == "cancelled",
                by_phone: state == "moved_to_phone",
                over: matches!(state, "ended" | "closed" | "broken_off" | "no_show"),
            })
        })
        .collect()
}

/// The sealed words of a row, and where they lie.
struct Sealed {
    row: String,
    patient: PatientId,
    words: Vec<u8>,
}

impl Sealed {
    fn of(row: &Row) -> Result<Sealed, KeepError> {
        Ok(Sealed {
            row: row.text("id")?.to_owned(),
            patient: row.parsed("patient", PatientId::parse)?,
            words: row.blob("words")?.to_vec(),
        })
    }

    fn open(&self, view: &Viewing, access: &Access) -> Result<Said, KeepError> {
        let json = view.unseal(access, &place(&self.row, self.patient), &self.words)?;
        serde_json::from_slice(&json).map_err(|_| KeepError::Shape("words that are no JSON"))
    }
}

fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "interpreting", column: "words", row, version: 1, owner: Owner::Patient(patient) }
}
