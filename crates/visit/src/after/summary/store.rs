//! SQL of the table `summary`, and publishing: the row, the closed visit and the notice in one transaction.

use crate::after::sheet;
use crate::before::booking::{Dress, patient_of, post_notice};
use crate::before::rules::{VisitEvent, VisitState};
use crate::before::store::{VisitRow, set_visit_state, still_of};
use keep::{Conn, Entry, Hint, KeepError, Object, Owner, Place, Tx, Viewing, args};
use policy::Access;
use vocabulary::{
    DAY_MS, Health, Lang, PatientId, PersonId, Principal, Secret, SummaryId, UnixMillis, VisitId,
};

/// A notice's link opens the portal this long.
const NOTICE_MS: i64 = 14 * DAY_MS;
const FIRST_VERSION: i64 = 1;

/// A published summary, opened. Cannot be printed: it holds no `Debug`.
pub struct Written {
    pub id: SummaryId,
    pub visit: VisitId,
    pub author: Option<PersonId>,
    pub body: Health,
    pub lang: Lang,
    pub at: UnixMillis,
}

/// Writes the summary and closes the visit. The entry is for the commit with `Act::WriteSummary`.
/// `KeepError::Conflict` when there is one already, nothing has happened yet, or
/// the visit is another patient's by now.
pub async fn write(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    (body, lang): (&str, Lang),
) -> Result<(SummaryId, Entry), KeepError> {
    still_of(tx, (visit.id, visit.patient)).await?;
    let closed = visit.state.step(VisitEvent::Close).map_err(|_| KeepError::Conflict)?;
    let now = tx.now();
    let id = SummaryId::new(now, tx.entropy());
    let row = id.text();
    let sealed = tx.seal_text(&body_place(&row, visit.patient), body)?;
    let author = match access.who() {
        Principal::Staff { person, .. } => Some(*person),
        _ => None,
    };
    tx.run_one(
        "INSERT INTO summary (id, visit, patient, author, body, lang, at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![&row, visit.id, visit.patient, author, sealed, lang.code(), now, FIRST_VERSION],
    )
    .await?;
    if visit.state == VisitState::MovedToPhone {
        sheet::raise_after_phone(tx, visit).await?;
    }
    if closed != visit.state {
        set_visit_state(tx, visit, closed, now).await?;
    }
    tx.hint(Hint::Visit(visit.id));
    Ok((id, Entry::new(Object::of("summary", row)).detail("lang", lang.code())))
}

/// Writes it and mails the way to it. Gives the secret of the notice's link, and whether a letter went out.
pub async fn publish(
    tx: &mut Tx,
    access: &Access,
    visit: &VisitRow,
    words: (&str, Lang),
    dress: Dress<'_>,
) -> Result<(Secret, Entry), KeepError> {
    let (_, entry) = write(tx, access, visit, words).await?;
    let participant = patient_of(tx, visit).await?;
    let ends = tx.now().plus_ms(NOTICE_MS);
    let secret = people::notices::issue(tx, visit.id, participant.id, visit.patient, ends).await?;
    let mailed = post_notice(tx, access, visit.patient, &secret, dress).await?;
    Ok((secret, entry.detail("mailed", mailed.to_string())))
}

/// The summary of this visit, if there is one. `access`: `Act::ReadSummary`.
pub async fn read(view: &mut Viewing, access: &Access, visit: VisitId) -> Result<Option<Written>, KeepError> {
    let row = view
        .row(
            "SELECT id, visit, patient, author, body, lang, at, version FROM summary WHERE visit = $1",
            args![visit],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let patient = row.parsed("patient", PatientId::parse)?;
    let place = body_place(row.text("id")?, patient);
    Ok(Some(Written {
        id: row.parsed("id", SummaryId::parse)?,
        visit,
        author: row.opt_parsed("author", PersonId::parse)?,
        body: view.unseal_text(access, &place, row.blob("body")?)?,
        lang: row.parsed("lang", Lang::parse)?,
        at: row.time("at")?,
    }))
}

/// Who wrote it and when; its words stay sealed.
pub async fn written(
    conn: &mut Conn,
    visit: VisitId,
) -> Result<Option<(Option<PersonId>, UnixMillis)>, KeepError> {
    let row = conn.row("SELECT author, at FROM summary WHERE visit = $1", args![visit]).await?;
    row.map(|row| Ok((row.opt_parsed("author", PersonId::parse)?, row.time("at")?))).transpose()
}

fn body_place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "summary", column: "body", row, version: FIRST_VERSION, owner: Owner::Patient(patient) }
}
