//! SQL of the tables `break_glass` and `break_glass_review`.

use super::Shown;
use super::rules::{OPEN_MS, Outcome, Reason, Span};
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{BreakGlassId, Health, PatientId, PersonId, UnixMillis};

/// More that wait than this are not a list anybody reads; the oldest come first.
const WAITING_MAX: i64 = 200;
/// The newest reviewed ones below it.
const REVIEWED_SHOWN: i64 = 20;
/// Rows are never sealed anew.
const VERSION: i64 = 1;

macro_rules! openings {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.patient, b.person, b.reason, b.opened_at, b.ends_at, b.closed_at, r.reviewer,
                 r.outcome, r.words, r.at
             FROM break_glass b LEFT JOIN break_glass_review r ON r.opening = b.id",
            $rest
        )
    };
}

/// One use, as far as it stands in the clear.
#[derive(Clone)]
pub struct Opening {
    pub id: BreakGlassId,
    pub patient: PatientId,
    pub person: PersonId,
    pub span: Span,
    pub review: Option<Review>,
    reason: Vec<u8>,
}

#[derive(Clone)]
pub struct Review {
    pub reviewer: PersonId,
    pub outcome: Outcome,
    pub at: UnixMillis,
    words: Vec<u8>,
}

pub async fn open(
    tx: &mut Tx,
    (patient, person): (PatientId, PersonId),
    (reason, words): (Reason, &str),
) -> Result<Opening, KeepError> {
    let id = BreakGlassId::new(tx.now(), tx.entropy());
    let row = id.text();
    let span = Span { opened: tx.now(), ends: tx.now().plus_ms(OPEN_MS), closed: None };
    let sealed = tx.seal_text(&reason_place(&row, patient), &format!("{}\n{words}", reason.code()))?;
    tx.run(
        "INSERT INTO break_glass (id, patient, person, reason, opened_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, patient, person, &sealed[..], span.opened, span.ends],
    )
    .await?;
    Ok(Opening { id, patient, person, span, review: None, reason: sealed })
}

/// What of this person's openings of this chart is not over.
pub async fn close(tx: &mut Tx, patient: PatientId, person: PersonId) -> Result<(), KeepError> {
    let closed = tx
        .run(
            "UPDATE break_glass SET closed_at = $3
             WHERE patient = $1 AND person = $2 AND ends_at > $3 AND closed_at IS NULL",
            args![patient, person, tx.now()],
        )
        .await?;
    if closed == 0 { Err(KeepError::NotFound) } else { Ok(()) }
}

pub async fn is_open(
    conn: &mut Conn,
    patient: PatientId,
    person: PersonId,
    now: UnixMillis,
) -> Result<bool, KeepError> {
    Ok(opened(conn, patient, person, now).await?.is_some())
}

/// What the pages of this chart say while it stands open for this person.
pub async fn shown(
    conn: &mut Conn,
    patient: PatientId,
    person: PersonId,
    now: UnixMillis,
) -> Result<Option<Shown>, KeepError> {
    let span = opened(conn, patient, person, now).await?;
    Ok(span.map(|span| Shown {
        ends_at: span.ends,
        minutes: span.minutes_left(now),
        end: format!("/patients/{}/emergency/end", patient.text()),
    }))
}

/// Waiting for a review, oldest first; `before` leaves out what was opened at that moment or later.
pub async fn unreviewed(conn: &mut Conn, before: UnixMillis) -> Result<Vec<Opening>, KeepError> {
    let sql = openings!(" WHERE r.opening IS NULL AND b.opened_at < $1 ORDER BY b.opened_at, b.id LIMIT $2");
    conn.rows(sql, args![before, WAITING_MAX]).await?.iter().map(read).collect()
}

pub async fn reviewed(conn: &mut Conn) -> Result<Vec<Opening>, KeepError> {
    let sql = openings!(" WHERE r.opening IS NOT NULL ORDER BY r.at DESC, b.id LIMIT $1");
    conn.rows(sql, args![REVIEWED_SHOWN]).await?.iter().map(read).collect()
}

pub async fn load(conn: &mut Conn, id: BreakGlassId) -> Result<Opening, KeepError> {
    let sql = openings!(" WHERE b.id = $1");
    conn.row(sql, args![id]).await?.as_ref().map(read).transpose()?.ok_or(KeepError::NotFound)
}

/// The picked reason and the words for it.
pub fn reason(view: &Viewing, access: &Access, of: &Opening) -> Result<(Reason, Health), KeepError> {
    let text = view.unseal_text(access, &reason_place(&of.id.text(), of.patient), &of.reason)?;
    let (code, words) = text.reveal().split_once('\n').ok_or(KeepError::Shape("break_glass.reason"))?;
    let reason = Reason::parse(code).ok_or(KeepError::Shape("break_glass.reason"))?;
    Ok((reason, Health::new(words.to_owned())))
}

pub async fn review(
    tx: &mut Tx,
    of: &Opening,
    reviewer: PersonId,
    (outcome, words): (Outcome, &str),
) -> Result<(), KeepError> {
    let row = of.id.text();
    let sealed = tx.seal_text(&words_place(&row, of.patient), words)?;
    tx.run_one(
        "INSERT INTO break_glass_review (opening, reviewer, outcome, words, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (opening) DO NOTHING",
        args![of.id, reviewer, outcome.code(), sealed, tx.now()],
    )
    .await
}

pub fn review_words(view: &Viewing, access: &Access, of: &Opening) -> Result<Option<Health>, KeepError> {
    let place = of.id.text();
    let open = |review: &Review| view.unseal_text(access, &words_place(&place, of.patient), &review.words);
    of.review.as_ref().map(open).transpose()
}

async fn opened(
    conn: &mut Conn,
    patient: PatientId,
    person: PersonId,
    now: UnixMillis,
) -> Result<Option<Span>, KeepError> {
    let row = conn
        .row(
            "SELECT opened_at, ends_at, closed_at FROM break_glass
             WHERE patient = $1 AND person = $2 AND ends_at > $3 AND closed_at IS NULL
             ORDER BY ends_at DESC LIMIT 1",
            args![patient, person, now],
        )
        .await?;
    let span = row.as_ref().map(span).transpose()?;
    Ok(span.filter(|span| span.is_open(now)))
}

fn read(row: &Row) -> Result<Opening, KeepError> {
    let review = match row.opt_parsed("reviewer", PersonId::parse)? {
        None => None,
        Some(reviewer) => Some(Review {
            reviewer,
            outcome: row.parsed("outcome", Outcome::parse)?,
            at: row.time("at")?,
            words: row.blob("words")?.to_vec(),
        }),
    };
    Ok(Opening {
        id: row.parsed("id", BreakGlassId::parse)?,
        patient: row.parsed("patient", PatientId::parse)?,
        person: row.parsed("person", PersonId::parse)?,
        span: span(row)?,
        reason: row.blob("reason")?.to_vec(),
        review,
    })
}

fn span(row: &Row) -> Result<Span, KeepError> {
    let closed = row.opt_time("closed_at")?;
    Ok(Span { opened: row.time("opened_at")?, ends: row.time("ends_at")?, closed })
}

fn reason_place(row: &str, patient: PatientId) -> Place<'_> {
    let owner = Owner::Patient(patient);
    Place { table: "break_glass", column: "reason", row, version: VERSION, owner }
}

fn words_place(row: &str, patient: PatientId) -> Place<'_> {
    let owner = Owner::Patient(patient);
    Place { table: "break_glass_review", column: "words", row, version: VERSION, owner }
}
