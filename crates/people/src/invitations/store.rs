//! SQL of the table `invitation`.

use super::code::{CODE_INDEX, EntryCode};
use super::rules::{Purpose, Standing, State};
use crate::sessions::{self, rules::Kind};
use keep::{Conn, Handed, Hint, KeepError, Row, Tx, args};
use vocabulary::{InvitationId, Lang, ParticipantId, PatientId, Secret, SessionId, UnixMillis, VisitId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub purpose: Purpose,
    /// The random number in addresses and cookie name.
    pub door: String,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub patient: PatientId,
    /// Keyed hash of the code; none where the birth date is asked.
    pub entry_code: Option<Vec<u8>>,
    pub standing: Standing,
    pub opened_session: Option<SessionId>,
    pub version: i64,
}

/// Makes the invitation of one participant. The secret goes into the link `/i#secret` and is kept nowhere.
/// The caller's entry in the trail names the act and who did it.
pub async fn issue(
    tx: &mut Tx,
    visit: VisitId,
    participant: ParticipantId,
    patient: PatientId,
    expires_at: UnixMillis,
) -> Result<Secret, KeepError> {
    insert(tx, &New { purpose: Purpose::Visit, visit, participant, patient, expires_at }).await
}

/// Somebody whose birth date is on no file.
pub struct Stranger {
    pub visit: VisitId,
    pub participant: ParticipantId,
    /// Whose visit it is.
    pub patient: PatientId,
    pub lang: Lang,
}

/// The same for a stranger. The code is shown once to whoever invites.
pub async fn issue_with_code(
    tx: &mut Tx,
    of: &Stranger,
    expires_at: UnixMillis,
) -> Result<(Secret, EntryCode), KeepError> {
    let code = EntryCode::new(tx.entropy());
    let Stranger { visit, participant, patient, lang } = *of;
    let new = New { purpose: Purpose::Visit, visit, participant, patient, expires_at };
    Ok((insert_with(tx, &new, Some((&code, lang))).await?, code))
}

/// The visit is at another time: the links of this participant that still stand hold until then.
pub async fn extend(
    tx: &mut Tx,
    participant: ParticipantId,
    expires_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run(
        "UPDATE invitation SET expires_at = $2, version = version + 1
         WHERE participant = $1 AND purpose = 'visit' AND state IN ('issued', 'opened', 'proven')",
        args![participant, expires_at],
    )
    .await?;
    Ok(())
}

/// A new link for the same participant. The old ones open nothing any more, and who came by them is signed
/// out.
pub async fn reissue(
    tx: &mut Tx,
    visit: VisitId,
    participant: ParticipantId,
    patient: PatientId,
    expires_at: UnixMillis,
) -> Result<Secret, KeepError> {
    withdraw(tx, participant).await?;
    issue(tx, visit, participant, patient, expires_at).await
}

/// Takes back every invitation of this participant and ends the guest sessions that came by them.
pub async fn withdraw(tx: &mut Tx, participant: ParticipantId) -> Result<(), KeepError> {
    tx.run(
        "UPDATE invitation SET state = 'withdrawn', version = version + 1
         WHERE participant = $1 AND purpose = 'visit' AND state <> 'withdrawn'",
        args![participant],
    )
    .await?;
    sessions::end_of_guest(tx, participant).await
}

/// The visit is cancelled: its links say so, and who came by one is signed out.
pub async fn cancel(tx: &mut Tx, participant: ParticipantId) -> Result<(), KeepError> {
    tx.run(
        "UPDATE invitation SET state = 'cancelled', version = version + 1
         WHERE participant = $1 AND purpose = 'visit' AND state IN ('issued', 'opened', 'proven')",
        args![participant],
    )
    .await?;
    sessions::end_of_guest(tx, participant).await
}

/// The visit takes place after all: the same links open again, and ask for the second fact again.
pub async fn restore(tx: &mut Tx, participant: ParticipantId) -> Result<(), KeepError> {
    tx.run(
        "UPDATE invitation SET state = 'issued', opened_session = NULL, version = version + 1
         WHERE participant = $1 AND purpose = 'visit' AND state = 'cancelled'",
        args![participant],
    )
    .await?;
    Ok(())
}

/// Takes back every link that asks for this patient's own birth date, to visits and to the portal, and ends
/// the sessions that came by one. Companions' links stand.
pub(crate) async fn withdraw_own(tx: &mut Tx, patient: PatientId) -> Result<(), KeepError> {
    let theirs = tx
        .rows(
            "SELECT id FROM session WHERE kind = 'guest' AND ended_at IS NULL AND door IN
                 (SELECT door FROM invitation WHERE patient = $1 AND entry_code IS NULL) ORDER BY id",
            args![patient],
        )
        .await?;
    for row in &theirs {
        sessions::end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    tx.run(
        "UPDATE invitation SET state = 'withdrawn', version = version + 1
         WHERE patient = $1 AND entry_code IS NULL AND state <> 'withdrawn'",
        args![patient],
    )
    .await?;
    Ok(())
}

/// This visit goes back to the patient it was of. Gives its invitations and guest sessions; links that are
/// not among the `known` ones went to somebody else and open nothing any more, and who came by one with a
/// birth date is signed out.
pub async fn give_back(tx: &mut Tx, visit: VisitId, known: &[Handed]) -> Result<Vec<Handed>, KeepError> {
    let mut all = Vec::new();
    let sql = "SELECT id, entry_code FROM invitation WHERE visit = $1 ORDER BY id";
    for row in &tx.rows(sql, args![visit]).await? {
        let one = Handed { table: "invitation".into(), row: row.text("id")?.to_owned() };
        if row.opt_blob("entry_code")?.is_none() && !known.contains(&one) {
            let sql = "UPDATE invitation SET state = 'withdrawn', version = version + 1 WHERE id = $1";
            tx.run_one(sql, args![&one.row]).await?;
        }
        all.push(one);
    }
    let came = tx
        .rows(
            "SELECT s.id, i.entry_code FROM session s JOIN invitation i ON i.door = s.door
             WHERE s.visit = $1 AND s.kind = 'guest' ORDER BY s.id",
            args![visit],
        )
        .await?;
    for row in &came {
        if row.opt_blob("entry_code")?.is_none() {
            sessions::end(tx, row.parsed("id", SessionId::parse)?).await?;
        }
        all.push(Handed { table: "session".into(), row: row.text("id")?.to_owned() });
    }
    Ok(all)
}

/// The newest invitation to the visit, for what the desk sees of it.
pub async fn newest(conn: &mut Conn, participant: ParticipantId) -> Result<Option<Invitation>, KeepError> {
    let row = conn
        .row(
            "SELECT id, purpose, door, visit, participant, patient, entry_code, state, tries, expires_at,
                 opened_session, version
             FROM invitation WHERE participant = $1 AND purpose = 'visit' ORDER BY issued_at DESC, id DESC",
            args![participant],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub async fn by_door(conn: &mut Conn, door: &str) -> Result<Option<Invitation>, KeepError> {
    let row = conn
        .row(
            "SELECT id, purpose, door, visit, participant, patient, entry_code, state, tries, expires_at,
                 opened_session, version
             FROM invitation WHERE door = $1",
            args![door],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) async fn by_id(conn: &mut Conn, id: InvitationId) -> Result<Option<Invitation>, KeepError> {
    let row = conn
        .row(
            "SELECT id, purpose, door, visit, participant, patient, entry_code, state, tries, expires_at,
                 opened_session, version
             FROM invitation WHERE id = $1",
            args![id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(super) async fn by_secret(conn: &mut Conn, index: Vec<u8>) -> Result<Option<Invitation>, KeepError> {
    let row = conn
        .row(
            "SELECT id, purpose, door, visit, participant, patient, entry_code, state, tries, expires_at,
                 opened_session, version
             FROM invitation WHERE secret_index = $1",
            args![index],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) struct New {
    pub purpose: Purpose,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub patient: PatientId,
    pub expires_at: UnixMillis,
}

pub(crate) async fn insert(tx: &mut Tx, new: &New) -> Result<Secret, KeepError> {
    insert_with(tx, new, None).await
}

async fn insert_with(tx: &mut Tx, new: &New, by: Option<(&EntryCode, Lang)>) -> Result<Secret, KeepError> {
    let (now, secret) = (tx.now(), Secret::new(tx.entropy()));
    let id = InvitationId::new(now, tx.entropy());
    let mut number = [0; 8];
    tx.entropy().fill(&mut number);
    let door: String = number.iter().map(|byte| format!("{byte:02x}")).collect();
    let index = tx.blind(SECRET_INDEX.0, SECRET_INDEX.1, &secret.reveal());
    let lang = by.map(|(_, lang)| lang.code());
    let code = by.map(|(code, _)| tx.blind(CODE_INDEX.0, CODE_INDEX.1, &code.with(id)));
    tx.run(
        "INSERT INTO invitation (id, secret_index, purpose, door, visit, participant, patient, state, tries,
             issued_at, expires_at, entry_code, lang, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, 1)",
        args![
            id,
            index,
            new.purpose.code(),
            door,
            new.visit,
            new.participant,
            new.patient,
            State::Issued.code(),
            now,
            new.expires_at,
            code,
            lang,
        ],
    )
    .await?;
    Ok(secret)
}

/// Binds the invitation to the device that holds `session`.
pub(super) async fn bind(
    tx: &mut Tx,
    invitation: &Invitation,
    state: State,
    session: SessionId,
) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE invitation SET state = $3, opened_session = $4, version = version + 1
         WHERE id = $1 AND version = $2",
        args![invitation.id, invitation.version, state.code(), session],
    )
    .await?;
    tx.hint(Hint::Visit(invitation.visit));
    Ok(())
}

/// Counts a wrong second fact. The last one locks the invitation and ends its session.
pub(super) async fn count_wrong(tx: &mut Tx, invitation: &Invitation, locks: bool) -> Result<(), KeepError> {
    let state = if locks { State::Locked } else { invitation.standing.state };
    tx.run_one(
        "UPDATE invitation SET state = $3, tries = tries + 1, version = version + 1
         WHERE id = $1 AND version = $2",
        args![invitation.id, invitation.version, state.code()],
    )
    .await?;
    if let (true, Some(session)) = (locks, invitation.opened_session) {
        sessions::end(tx, session).await?;
        tx.hint(Hint::Visit(invitation.visit));
    }
    Ok(())
}

/// Its own guest signed out: the link opens again, here or elsewhere, and asks for the second fact again.
pub(crate) async fn release(tx: &mut Tx, door: &str) -> Result<(), KeepError> {
    tx.run(
        "UPDATE invitation SET state = 'issued', opened_session = NULL, version = version + 1
         WHERE door = $1 AND state IN ('opened', 'proven')",
        args![door],
    )
    .await?;
    Ok(())
}

/// Whether this token's session is the one the invitation is bound to, alive or not, and whether it proved
/// the second fact. The device is known by it even after the session went to sleep.
pub(super) async fn bound_session(
    conn: &mut Conn,
    invitation: &Invitation,
    token_index: Vec<u8>,
) -> Result<Option<sessions::Session>, KeepError> {
    let found = sessions::by_token(conn, token_index).await?;
    Ok(found.filter(|session| session.kind == Kind::Guest && Some(session.id) == invitation.opened_session))
}

pub(super) const SECRET_INDEX: (&str, &str) = ("invitation", "secret_index");

pub(super) fn read(row: &Row) -> Result<Invitation, KeepError> {
    Ok(Invitation {
        id: row.parsed("id", InvitationId::parse)?,
        purpose: row.parsed("purpose", Purpose::parse)?,
        door: row.text("door")?.to_owned(),
        visit: row.parsed("visit", VisitId::parse)?,
        participant: row.parsed("participant", ParticipantId::parse)?,
        patient: row.parsed("patient", PatientId::parse)?,
        entry_code: row.opt_blob("entry_code")?.map(<[u8]>::to_vec),
        standing: Standing {
            state: row.parsed("state", State::parse)?,
            tries: row.int("tries")?,
            expires_at: row.time("expires_at")?,
        },
        opened_session: row.opt_parsed("opened_session", SessionId::parse)?,
        version: row.int("version")?,
    })
}
