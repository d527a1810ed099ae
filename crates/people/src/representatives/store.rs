//! SQL of the tables `representative` and `representative_refusal`. Names, contacts and reasons are sealed
//! under the patient's own key.

use super::rules::{self, Authority, Evidence, Identity, New};
use crate::portal_keys::Whose;
use keep::{Conn, Hint, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::{Access, Scope};
use vocabulary::{Health, PatientId, PersonId, RepresentativeId, UnixMillis};

/// More people than ever act for one patient, those of the past with them.
const LIST_MAX: i64 = 100;
/// Rows are never sealed anew: only their end moves.
const VERSION: i64 = 1;

/// Opened: no `Debug`.
pub struct Representative {
    pub id: RepresentativeId,
    pub name: Health,
    pub contact: Option<Health>,
    pub authority: Authority,
    pub identity: Identity,
    pub evidence: Evidence,
    pub seen_by: PersonId,
    pub seen_at: UnixMillis,
    pub scope: Scope,
    pub begins_at: UnixMillis,
    pub ends_at: UnixMillis,
}

/// Somebody who may not act for the patient. Opened: no `Debug`.
pub struct Refusal {
    pub id: RepresentativeId,
    pub name: Health,
    pub contact: Option<Health>,
    pub reason: Health,
    pub refused_by: PersonId,
    pub refused_at: UnixMillis,
}

/// What is said about somebody who is refused.
pub struct Refused {
    pub name: String,
    pub contact: Option<String>,
    pub reason: String,
}

/// The caller's entry in the trail names the act, as for everything below.
pub async fn add(
    tx: &mut Tx,
    patient: PatientId,
    seen_by: PersonId,
    new: &New,
) -> Result<RepresentativeId, KeepError> {
    let id = RepresentativeId::new(tx.now(), tx.entropy());
    let row = id.text();
    let name = tx.seal_text(&place(PEOPLE, patient, &row, "name"), &new.name)?;
    let contact = new.contact.as_deref();
    let contact =
        contact.map(|text| tx.seal_text(&place(PEOPLE, patient, &row, "contact"), text)).transpose()?;
    tx.run(
        "INSERT INTO representative (id, patient, authority, name, contact, identity, evidence, seen_by,
             seen_at, scope, begins_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            id,
            patient,
            new.authority.code(),
            name,
            contact,
            new.identity.code(),
            new.evidence.code(),
            seen_by,
            tx.now(),
            new.scope.text(),
            new.begins_at,
            new.ends_at,
        ],
    )
    .await?;
    Ok(id)
}

/// Rooms they are in hear of it. `Conflict` when it is over already: whoever comes back shows their
/// evidence anew.
pub async fn put_end(
    tx: &mut Tx,
    (patient, id): (PatientId, RepresentativeId),
    ends_at: UnixMillis,
) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE representative SET ends_at = $3 WHERE id = $1 AND patient = $2 AND ends_at > $4",
        args![id, patient, ends_at, tx.now()],
    )
    .await?;
    tx.hint(Hint::Authority(patient));
    Ok(())
}

/// What this representative may see and do for this patient at this moment; nothing before its beginning and
/// from its end on.
pub async fn scope_at(
    conn: &mut Conn,
    (patient, id): (PatientId, RepresentativeId),
    now: UnixMillis,
) -> Result<Option<Scope>, KeepError> {
    let row = conn
        .row(
            "SELECT scope, begins_at, ends_at FROM representative WHERE id = $1 AND patient = $2",
            args![id, patient],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let holds = rules::holds(row.time("begins_at")?, row.time("ends_at")?, now);
    Ok(Some(row.parsed("scope", Scope::parse)?).filter(|_| holds))
}

/// Whether somebody who came in by a way of their own may still: a patient always, whoever acts for one while
/// their authority holds.
pub(crate) async fn may_come_in(conn: &mut Conn, whose: Whose, now: UnixMillis) -> Result<bool, KeepError> {
    match whose.representative {
        Some(one) => Ok(scope_at(conn, (whose.patient, one), now).await?.is_some()),
        None => Ok(true),
    }
}

/// `NotFound` when nobody of this id was ever recorded for this patient.
pub async fn one(
    open: &mut Viewing,
    access: &Access,
    (patient, id): (PatientId, RepresentativeId),
) -> Result<Representative, KeepError> {
    let all = list(open, access, patient).await?;
    all.into_iter().find(|one| one.id == id).ok_or(KeepError::NotFound)
}

/// The newest first.
pub async fn list(
    open: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<Vec<Representative>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, authority, name, contact, identity, evidence, seen_by, seen_at, scope, begins_at,
                 ends_at FROM representative WHERE patient = $1 ORDER BY ends_at DESC, id LIMIT $2",
            args![patient, LIST_MAX],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let opened = Sealed { table: PEOPLE, patient, row, access };
        all.push(Representative {
            id: row.parsed("id", RepresentativeId::parse)?,
            name: opened.needed(open, "name")?,
            contact: opened.text(open, "contact")?,
            authority: row.parsed("authority", Authority::parse)?,
            identity: row.parsed("identity", Identity::parse)?,
            evidence: row.parsed("evidence", Evidence::parse)?,
            seen_by: row.parsed("seen_by", PersonId::parse)?,
            seen_at: row.time("seen_at")?,
            scope: row.parsed("scope", Scope::parse)?,
            begins_at: row.time("begins_at")?,
            ends_at: row.time("ends_at")?,
        });
    }
    Ok(all)
}

pub async fn refuse(
    tx: &mut Tx,
    patient: PatientId,
    by: PersonId,
    new: &Refused,
) -> Result<RepresentativeId, KeepError> {
    let id = RepresentativeId::new(tx.now(), tx.entropy());
    let row = id.text();
    let name = tx.seal_text(&place(REFUSALS, patient, &row, "name"), &new.name)?;
    let contact = new.contact.as_deref();
    let contact =
        contact.map(|text| tx.seal_text(&place(REFUSALS, patient, &row, "contact"), text)).transpose()?;
    let reason = tx.seal_text(&place(REFUSALS, patient, &row, "reason"), &new.reason)?;
    tx.run(
        "INSERT INTO representative_refusal (id, patient, name, contact, reason, refused_by, refused_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, patient, name, contact, reason, by, tx.now()],
    )
    .await?;
    Ok(id)
}

/// Those in force.
pub async fn refusals(
    open: &mut Viewing,
    access: &Access,
    patient: PatientId,
) -> Result<Vec<Refusal>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, name, contact, reason, refused_by, refused_at FROM representative_refusal
             WHERE patient = $1 AND lifted_at IS NULL ORDER BY refused_at DESC, id LIMIT $2",
            args![patient, LIST_MAX],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        let opened = Sealed { table: REFUSALS, patient, row, access };
        all.push(Refusal {
            id: row.parsed("id", RepresentativeId::parse)?,
            name: opened.needed(open, "name")?,
            contact: opened.text(open, "contact")?,
            reason: opened.needed(open, "reason")?,
            refused_by: row.parsed("refused_by", PersonId::parse)?,
            refused_at: row.time("refused_at")?,
        });
    }
    Ok(all)
}

/// The colleague who refused somebody of this name or contact for this patient: whoever wants to add them
/// asks that colleague first (R76).
pub async fn refused_by(
    open: &mut Viewing,
    access: &Access,
    patient: PatientId,
    named: (&str, Option<&str>),
) -> Result<Option<PersonId>, KeepError> {
    let all = refusals(open, access, patient).await?;
    let same = |one: &&Refusal| {
        let refused = (one.name.reveal(), one.contact.as_ref().map(|contact| contact.reveal()));
        rules::may_be_same(named, refused)
    };
    Ok(all.iter().find(same).map(|one| one.refused_by))
}

/// Whether somebody was refused for this patient, and it was not taken back. Opens nothing.
pub(crate) async fn refuses_somebody(conn: &mut Conn, patient: PatientId) -> Result<bool, KeepError> {
    let sql = "SELECT id FROM representative_refusal WHERE patient = $1 AND lifted_at IS NULL LIMIT 1";
    Ok(conn.row(sql, args![patient]).await?.is_some())
}

/// Every authority of this patient is over now. Gives how many there were.
pub(crate) async fn end_all(tx: &mut Tx, patient: PatientId) -> Result<u64, KeepError> {
    let sql = "UPDATE representative SET ends_at = $2 WHERE patient = $1 AND ends_at > $2";
    tx.hint(Hint::Authority(patient));
    tx.run(sql, args![patient, tx.now()]).await
}

pub async fn lift(
    tx: &mut Tx,
    (patient, id): (PatientId, RepresentativeId),
    by: PersonId,
) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE representative_refusal SET lifted_by = $3, lifted_at = $4
         WHERE id = $1 AND patient = $2 AND lifted_at IS NULL",
        args![id, patient, by, tx.now()],
    )
    .await
}

const PEOPLE: &str = "representative";
const REFUSALS: &str = "representative_refusal";

/// One row of a patient, and the proof that opens it.
struct Sealed<'a> {
    table: &'static str,
    patient: PatientId,
    row: &'a Row,
    access: &'a Access,
}

impl Sealed<'_> {
    fn text(&self, open: &mut Viewing, column: &'static str) -> Result<Option<Health>, KeepError> {
        let place = place(self.table, self.patient, self.row.text("id")?, column);
        let sealed = self.row.opt_blob(column)?;
        sealed.map(|sealed| open.unseal_text(self.access, &place, sealed)).transpose()
    }

    fn needed(&self, open: &mut Viewing, column: &'static str) -> Result<Health, KeepError> {
        self.text(open, column)?.ok_or(KeepError::Shape(self.table))
    }
}

fn place<'a>(table: &'static str, patient: PatientId, row: &'a str, column: &'static str) -> Place<'a> {
    Place { table, column, row, version: VERSION, owner: Owner::Patient(patient) }
}
