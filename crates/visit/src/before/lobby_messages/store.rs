//! SQL of the table `lobby_message`. The words are sealed under the key of the patient whose visit it is.

use crate::before::store::VisitRow;
use keep::{Conn, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, JobId, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

/// More messages than this one visit does not hold: further ones are refused.
pub(super) const MESSAGES_MAX: i64 = 100;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Practice(PersonId),
    Lobby(ParticipantId),
}

/// One message. Holds words, so it has no `Debug`.
pub(crate) struct Message {
    pub from: From,
    pub words: Health,
    pub at: UnixMillis,
}

/// Writes one message. `false` when the visit holds as many as it may.
pub(crate) async fn say(tx: &mut Tx, visit: &VisitRow, from: From, words: &str) -> Result<bool, KeepError> {
    if count(tx, visit.id).await? >= MESSAGES_MAX {
        return Ok(false);
    }
    let row = JobId::new(tx.now(), tx.entropy()).text();
    let body = tx.seal_text(&place(&row, visit.patient), words)?;
    let (person, participant) = match from {
        From::Practice(person) => (Some(person), None),
        From::Lobby(participant) => (None, Some(participant)),
    };
    let now = tx.now();
    tx.run_one(
        "INSERT INTO lobby_message (id, visit, patient, participant, person, body, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![row, visit.id, visit.patient, participant, person, body, now],
    )
    .await?;
    Ok(true)
}

/// All of one visit, oldest first.
pub(super) async fn of_visit(
    view: &mut Viewing,
    access: &Access,
    visit: &VisitRow,
) -> Result<Vec<Message>, KeepError> {
    let rows = view
        .rows(
            "SELECT id, participant, person, body, at FROM lobby_message WHERE visit = $1
             ORDER BY at, id LIMIT $2",
            args![visit.id, MESSAGES_MAX],
        )
        .await?;
    rows.iter().map(|row| read(view, access, (row, visit.patient))).collect()
}

/// What the practice said to this lobby, after the first `known` of it.
pub(crate) async fn to_lobby(
    view: &mut Viewing,
    access: &Access,
    (visit, known): (&VisitRow, usize),
) -> Result<Vec<(Health, UnixMillis)>, KeepError> {
    let all = of_visit(view, access, visit).await?;
    let theirs = all.into_iter().filter(|one| matches!(one.from, From::Practice(_)));
    Ok(theirs.skip(known).map(|one| (one.words, one.at)).collect())
}

/// How many words from the lobby nobody of the practice has answered yet.
pub(crate) async fn unanswered(conn: &mut Conn, visit: VisitId) -> Result<i64, KeepError> {
    let row = conn
        .row(
            "SELECT count(*) AS n FROM lobby_message m WHERE m.visit = $1 AND m.person IS NULL
                 AND NOT EXISTS (SELECT a.id FROM lobby_message a WHERE a.visit = $2
                     AND a.person IS NOT NULL AND (a.at > m.at OR (a.at = m.at AND a.id > m.id)))",
            args![visit, visit],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// How many the practice said.
pub(crate) async fn said_count(conn: &mut Conn, visit: VisitId) -> Result<usize, KeepError> {
    let sql = "SELECT count(*) AS n FROM lobby_message WHERE visit = $1 AND person IS NOT NULL";
    let n = conn.row(sql, args![visit]).await?.map_or(Ok(0), |row| row.int("n"))?;
    Ok(usize::try_from(n).unwrap_or(0))
}

async fn count(conn: &mut Conn, visit: VisitId) -> Result<i64, KeepError> {
    let sql = "SELECT count(*) AS n FROM lobby_message WHERE visit = $1";
    conn.row(sql, args![visit]).await?.map_or(Ok(0), |row| row.int("n"))
}

fn read(view: &Viewing, access: &Access, (row, patient): (&Row, PatientId)) -> Result<Message, KeepError> {
    let id = row.text("id")?;
    let from = match row.opt_parsed("person", PersonId::parse)? {
        Some(person) => From::Practice(person),
        None => From::Lobby(row.parsed("participant", ParticipantId::parse)?),
    };
    let words = view.unseal_text(access, &place(id, patient), row.blob("body")?)?;
    Ok(Message { from, words, at: row.time("at")? })
}

/// Written once.
fn place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "lobby_message", column: "body", row, version: 1, owner: Owner::Patient(patient) }
}
