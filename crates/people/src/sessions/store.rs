//! SQL of the table `session`.

use super::cookies::Jar;
use super::origin;
use super::pace::is_longer;
use super::rules::{self, How, Kind, Life, SESSIONS_MAX};
use crate::{representatives, staff};
use axum::http::HeaderValue;
use keep::{Conn, Hint, Keep, KeepError, Row, Tx, args};
use policy::HouseRules;
use vocabulary::{
    Lang, ParticipantId, PatientId, PersonId, Principal, RepresentativeId, Roles, SECOND_MS, Secret,
    SessionId, UnixMillis, VisitId,
};

/// A session that has just begun: the one moment its token is known.
pub struct Started {
    pub session: SessionId,
    pub token: Secret,
    pub jar: Jar,
    max_age_s: i64,
}

impl Started {
    /// The value of `Set-Cookie`.
    pub fn cookie(&self) -> HeaderValue {
        self.jar.set(&self.token, self.max_age_s)
    }
}

/// The seat a guest session is for.
pub struct Guest<'a> {
    pub door: &'a str,
    pub visit: VisitId,
    pub participant: ParticipantId,
    pub patient: PatientId,
    /// The second fact was proven.
    pub known: bool,
    /// The invitation is over then; the device still remembers whose it was until then.
    pub until: UnixMillis,
}

/// A session as the database holds it, with what its account says now.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub kind: Kind,
    pub life: Life,
    /// Keyed: whether it may be quiet for longer.
    pub(super) pace: Option<Vec<u8>>,
    pub person: Option<PersonId>,
    pub participant: Option<ParticipantId>,
    pub visit: Option<VisitId>,
    pub patient: Option<PatientId>,
    pub representative: Option<RepresentativeId>,
    /// From when until when the representative acts for the patient (R74).
    pub authority: Option<(UnixMillis, UnixMillis)>,
    pub door: Option<String>,
    pub known: bool,
    pub roles: Roles,
    pub account_active: bool,
    pub lang: Option<Lang>,
    /// The newest proof of who it is; of a guest, the second fact.
    pub proved: Option<UnixMillis>,
}

/// One line of "where you are signed in".
#[derive(Clone, Debug)]
pub struct Signed {
    pub id: SessionId,
    pub how: How,
    pub since: UnixMillis,
    pub last_seen: UnixMillis,
}

impl Session {
    pub fn is_alive(&self, keep: &Keep, now: UnixMillis) -> bool {
        let acts = |(begins, ends)| representatives::rules::holds(begins, ends, now);
        let authorised = self.kind != Kind::Representative || self.authority.is_some_and(acts);
        let house = &keep.settings().house_rules;
        self.account_active && authorised && rules::is_alive(self.kind, &self.life(keep), house, now)
    }

    /// Its four moments, and whether somebody asked for more time, which the key alone can tell.
    pub(super) fn life(&self, keep: &Keep) -> Life {
        let longer = self.pace.as_ref().is_some_and(|pace| is_longer(keep, self.id, pace));
        Life { longer, ..self.life }
    }

    /// Whoever this session speaks for.
    pub fn principal(&self) -> Option<Principal> {
        let session = self.id;
        match self.kind {
            Kind::Staff => Some(Principal::Staff { person: self.person?, session, roles: self.roles }),
            Kind::Guest => Some(Principal::Guest {
                participant: self.participant?,
                visit: self.visit?,
                session,
                known: self.known,
            }),
            Kind::Patient => Some(Principal::Patient { patient: self.patient?, session }),
            Kind::Representative => Some(Principal::Representative {
                representative: self.representative?,
                patient: self.patient?,
                session,
            }),
        }
    }
}

pub async fn start_staff(
    tx: &mut Tx,
    house: &HouseRules,
    person: PersonId,
    how: How,
) -> Result<Started, KeepError> {
    let active = staff::load(tx, person).await?.is_some_and(|person| person.state == staff::State::Active);
    if !active {
        return Err(KeepError::NotFound);
    }
    let now = tx.now();
    let ends = Kind::Staff.ends_at(house, now);
    let proved = (how != How::Provider).then_some(now);
    let row = NewSession { person: Some(person), how, proved, ..NewSession::of(Kind::Staff, ends) };
    let started = insert(tx, &row, Jar::Staff, ends).await?;
    origin::put(tx, started.session).await?;
    let alive = tx
        .rows(
            "SELECT id FROM session WHERE person = $1 AND kind = 'staff' AND ended_at IS NULL AND ends_at > $2
             ORDER BY created_at DESC, id DESC",
            args![person, now],
        )
        .await?;
    end_beyond(tx, &alive).await?;
    Ok(started)
}

/// A guest has one session per invitation: whoever starts the next ends the one before with `end`.
pub async fn start_guest(tx: &mut Tx, house: &HouseRules, guest: &Guest<'_>) -> Result<Started, KeepError> {
    let ends = Kind::Guest.ends_at(house, tx.now()).min(guest.until);
    let row = NewSession {
        door: Some(guest.door),
        participant: Some(guest.participant),
        visit: Some(guest.visit),
        patient: Some(guest.patient),
        known: guest.known,
        proved: guest.known.then(|| tx.now()),
        ..NewSession::of(Kind::Guest, ends)
    };
    insert(tx, &row, Jar::Guest(guest.door.to_owned()), guest.until).await
}

/// Ends a session before its time; sockets hear of it when the transaction has committed.
pub async fn end(tx: &mut Tx, id: SessionId) -> Result<(), KeepError> {
    tx.run("UPDATE session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", args![id, tx.now()])
        .await?;
    tx.hint(Hint::Session(id));
    Ok(())
}

/// Ends every session of a member of staff but `except`, and tells the sockets of the account.
pub async fn end_of_staff(
    tx: &mut Tx,
    person: PersonId,
    except: Option<SessionId>,
) -> Result<usize, KeepError> {
    let rows = tx
        .rows("SELECT id FROM session WHERE person = $1 AND ended_at IS NULL ORDER BY id", args![person])
        .await?;
    let mut ended = 0;
    for row in &rows {
        let id = row.parsed("id", SessionId::parse)?;
        if Some(id) != except {
            end(tx, id).await?;
            ended += 1;
        }
    }
    tx.hint(Hint::Account(person));
    Ok(ended)
}

/// Where this member of staff is signed in now, newest first.
pub async fn of_staff(
    conn: &mut Conn,
    house: &HouseRules,
    person: PersonId,
    now: UnixMillis,
) -> Result<Vec<Signed>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, how, created_at, last_seen_at, ends_at FROM session
             WHERE person = $1 AND kind = 'staff' AND ended_at IS NULL AND ends_at > $2
             ORDER BY created_at DESC, id DESC",
            args![person, now],
        )
        .await?;
    let mut signed = Vec::new();
    for row in &rows {
        let (last_seen, ends) = (row.time("last_seen_at")?, row.time("ends_at")?);
        if rules::is_alive(Kind::Staff, &Life { last_seen, ends, ended: None, longer: false }, house, now) {
            let since = row.time("created_at")?;
            let (id, how) = (row.parsed("id", SessionId::parse)?, row.parsed("how", How::parse)?);
            signed.push(Signed { id, how, since, last_seen });
        }
    }
    Ok(signed)
}

/// By which proof this session began.
pub async fn how(conn: &mut Conn, id: SessionId) -> Result<Option<How>, KeepError> {
    let row = conn.row("SELECT how FROM session WHERE id = $1", args![id]).await?;
    row.as_ref().map(|row| row.parsed("how", How::parse)).transpose()
}

/// A fresh proof: the session goes on under a new token, so that one copied before is worth nothing.
pub async fn prove_again(tx: &mut Tx, id: SessionId) -> Result<Started, KeepError> {
    let session = load(tx, id).await?.ok_or(KeepError::NotFound)?;
    let (now, token) = (tx.now(), Secret::new(tx.entropy()));
    let index = tx.blind(TOKEN_INDEX.0, TOKEN_INDEX.1, &token.reveal());
    tx.run_one(
        "UPDATE session SET token_index = $2, proved_at = $3 WHERE id = $1 AND ended_at IS NULL",
        args![id, index, now],
    )
    .await?;
    let max_age_s = session.life.ends.since(now) / SECOND_MS;
    Ok(Started { session: id, token, jar: Jar::Staff, max_age_s })
}

/// Ends whatever session this participant still has.
pub async fn end_of_guest(tx: &mut Tx, participant: ParticipantId) -> Result<(), KeepError> {
    let rows = tx
        .rows(
            "SELECT id FROM session WHERE participant = $1 AND ended_at IS NULL ORDER BY id",
            args![participant],
        )
        .await?;
    for row in &rows {
        end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    Ok(())
}

pub async fn load(conn: &mut Conn, id: SessionId) -> Result<Option<Session>, KeepError> {
    let row = conn
        .row(
            "SELECT s.id, s.kind, s.person, s.door, s.participant, s.visit, s.patient, s.known,
                 s.last_seen_at, s.ends_at, s.ended_at, s.proved_at, p.roles, p.state, p.lang AS person_lang,
                 COALESCE(i.lang, q.lang) AS patient_lang, s.representative, r.begins_at,
                 r.ends_at AS acts_until, x.pace
             FROM session s LEFT JOIN person p ON p.id = s.person LEFT JOIN patient q ON q.id = s.patient
                 LEFT JOIN invitation i ON i.door = s.door
                 LEFT JOIN representative r ON r.id = s.representative AND r.patient = s.patient
                 LEFT JOIN session_pace x ON x.session = s.id
             WHERE s.id = $1",
            args![id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// Whether this session still speaks for its person: sockets ask after every `Hint::Session` and
/// `Hint::Account`.
pub async fn is_alive(
    conn: &mut Conn,
    keep: &Keep,
    id: SessionId,
    now: UnixMillis,
) -> Result<bool, KeepError> {
    Ok(load(conn, id).await?.is_some_and(|session| session.is_alive(keep, now)))
}

pub(crate) async fn by_token(conn: &mut Conn, index: Vec<u8>) -> Result<Option<Session>, KeepError> {
    let row = conn
        .row(
            "SELECT s.id, s.kind, s.person, s.door, s.participant, s.visit, s.patient, s.known,
                 s.last_seen_at, s.ends_at, s.ended_at, s.proved_at, p.roles, p.state, p.lang AS person_lang,
                 COALESCE(i.lang, q.lang) AS patient_lang, s.representative, r.begins_at,
                 r.ends_at AS acts_until, x.pace
             FROM session s LEFT JOIN person p ON p.id = s.person LEFT JOIN patient q ON q.id = s.patient
                 LEFT JOIN invitation i ON i.door = s.door
                 LEFT JOIN representative r ON r.id = s.representative AND r.patient = s.patient
                 LEFT JOIN session_pace x ON x.session = s.id
             WHERE s.token_index = $1",
            args![index],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

pub(crate) const TOKEN_INDEX: (&str, &str) = ("session", "token_index");

pub(super) struct NewSession<'a> {
    pub(super) kind: Kind,
    pub(super) ends: UnixMillis,
    pub(super) person: Option<PersonId>,
    pub(super) door: Option<&'a str>,
    pub(super) participant: Option<ParticipantId>,
    pub(super) visit: Option<VisitId>,
    pub(super) patient: Option<PatientId>,
    pub(super) representative: Option<RepresentativeId>,
    pub(super) known: bool,
    pub(super) how: How,
    /// When they proved who they are.
    pub(super) proved: Option<UnixMillis>,
}

impl NewSession<'_> {
    pub(super) fn of(kind: Kind, ends: UnixMillis) -> Self {
        let known = kind == Kind::Staff;
        NewSession {
            kind,
            ends,
            person: None,
            door: None,
            participant: None,
            visit: None,
            patient: None,
            representative: None,
            known,
            how: How::Invitation,
            proved: None,
        }
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewSession<'_>,
    jar: Jar,
    cookie_until: UnixMillis,
) -> Result<Started, KeepError> {
    let (now, token) = (tx.now(), Secret::new(tx.entropy()));
    let session = SessionId::new(now, tx.entropy());
    let index = tx.blind(TOKEN_INDEX.0, TOKEN_INDEX.1, &token.reveal());
    tx.run(
        "INSERT INTO session (id, token_index, kind, person, door, participant, visit, patient, known,
             created_at, last_seen_at, ends_at, how, proved_at, representative)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13, $14)",
        args![
            session,
            index,
            new.kind.code(),
            new.person,
            new.door,
            new.participant,
            new.visit,
            new.patient,
            new.known,
            now,
            new.ends,
            new.how.code(),
            new.proved,
            new.representative,
        ],
    )
    .await?;
    Ok(Started { session, token, jar, max_age_s: cookie_until.since(now) / SECOND_MS })
}

/// `newest_first` are the account's live sessions; the oldest ones beyond the limit end.
pub(super) async fn end_beyond(tx: &mut Tx, newest_first: &[Row]) -> Result<(), KeepError> {
    for row in newest_first.iter().skip(SESSIONS_MAX) {
        end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Session, KeepError> {
    let kind = row.parsed("kind", Kind::parse)?;
    let state = row.opt_parsed("state", staff::State::parse)?;
    let person_lang = row.opt_parsed("person_lang", Lang::parse)?;
    Ok(Session {
        id: row.parsed("id", SessionId::parse)?,
        kind,
        life: Life {
            last_seen: row.time("last_seen_at")?,
            ends: row.time("ends_at")?,
            ended: row.opt_time("ended_at")?,
            longer: false,
        },
        pace: row.opt_blob("pace")?.map(<[u8]>::to_vec),
        person: row.opt_parsed("person", PersonId::parse)?,
        participant: row.opt_parsed("participant", ParticipantId::parse)?,
        visit: row.opt_parsed("visit", VisitId::parse)?,
        patient: row.opt_parsed("patient", PatientId::parse)?,
        representative: row.opt_parsed("representative", RepresentativeId::parse)?,
        authority: row.opt_time("begins_at")?.zip(row.opt_time("acts_until")?),
        door: row.opt_text("door")?.map(str::to_owned),
        known: row.flag("known")?,
        roles: row.opt_parsed("roles", Roles::parse)?.unwrap_or(Roles::NONE),
        account_active: kind != Kind::Staff || state == Some(staff::State::Active),
        proved: row.opt_time("proved_at")?,
        // A representative reads in the language of their browser.
        lang: match kind {
            Kind::Representative => None,
            _ => person_lang.or(row.opt_parsed("patient_lang", Lang::parse)?),
        },
    })
}
