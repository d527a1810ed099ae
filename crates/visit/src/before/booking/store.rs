//! SQL of booking: new visits and participants, a new time, and the one sealed column of a visit.

use crate::before::rules::{Kind, Part, ParticipantState, VisitState};
use crate::before::store::VisitRow;
use keep::{Conn, KeepError, Owner, Place, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, MINUTE_MS, ParticipantId, PatientId, PersonId, UnixMillis, VisitId};

/// Longer visits than this are never looked for when two could overlap.
const LONGEST_MIN: i64 = 240;

/// More visits at one time than this are not counted.
const AT_ONCE_MAX: i64 = 100;

/// A visit about to be written.
pub(super) struct NewVisit<'a> {
    pub patient: PatientId,
    pub clinician: PersonId,
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub kind: Kind,
    pub reason: Option<&'a str>,
    pub booked_by: Option<PersonId>,
}

pub(super) async fn insert_visit(tx: &mut Tx, new: &NewVisit<'_>) -> Result<VisitId, KeepError> {
    let now = tx.now();
    let id = VisitId::new(now, tx.entropy());
    let row = id.text();
    let reason = new.reason.map(|text| tx.seal_text(&reason_place(&row, new.patient), text)).transpose()?;
    tx.run_one(
        "INSERT INTO visit (id, patient, clinician, starts_at, length_min, kind, state, reason, locked,
             booked_by, version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, 1, $10)",
        args![
            id,
            new.patient,
            new.clinician,
            new.starts_at,
            new.length_min,
            new.kind.code(),
            VisitState::Booked.code(),
            reason,
            new.booked_by,
            now
        ],
    )
    .await?;
    Ok(id)
}

pub(super) async fn insert_participant(
    tx: &mut Tx,
    visit: VisitId,
    part: Part,
    (person, patient): (Option<PersonId>, Option<PatientId>),
) -> Result<ParticipantId, KeepError> {
    let id = ParticipantId::new(tx.now(), tx.entropy());
    tx.run_one(
        "INSERT INTO participant (id, visit, role, person, patient, state, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1)",
        args![id, visit, part.code(), person, patient, ParticipantState::Invited.code()],
    )
    .await?;
    Ok(id)
}

pub(super) async fn set_time(tx: &mut Tx, row: &VisitRow, starts_at: UnixMillis) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE visit SET starts_at = $1, version = $2 WHERE id = $3 AND version = $4",
        args![starts_at, row.version + 1, row.id, row.version],
    )
    .await
}

/// The other visits of this clinician, and those of this patient, that share a minute with that time.
pub(super) async fn at_that_time(
    conn: &mut Conn,
    (clinician, patient): (PersonId, PatientId),
    (from, length_min): (UnixMillis, i64),
    except: Option<VisitId>,
) -> Result<(Vec<VisitId>, Vec<VisitId>), KeepError> {
    let rows = conn
        .rows(
            "SELECT id, clinician, patient FROM visit WHERE (clinician = $1 OR patient = $2)
                 AND starts_at > $3 AND starts_at < $4 AND starts_at + length_min * 60000 > $5 AND id <> $6
                 AND state IN ('booked', 'open', 'waiting', 'live') ORDER BY id LIMIT $7",
            args![
                clinician,
                patient,
                from.plus_ms(-LONGEST_MIN * MINUTE_MS),
                from.plus_ms(length_min * MINUTE_MS),
                from,
                except.map(|id| id.text()).unwrap_or_default(),
                AT_ONCE_MAX
            ],
        )
        .await?;
    let (mut theirs, mut patients) = (Vec::new(), Vec::new());
    for row in &rows {
        let id = row.parsed("id", VisitId::parse)?;
        if row.parsed("clinician", PersonId::parse)? == clinician {
            theirs.push(id);
        }
        if row.parsed("patient", PatientId::parse)? == patient {
            patients.push(id);
        }
    }
    Ok((theirs, patients))
}

/// How the newest message to this patient fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mailed {
    /// On its way, or there is none.
    Well,
    /// It did not get through yet, and is tried again.
    Delayed,
    /// It was refused for good, or tried too often.
    Bounced,
    /// A text that did not go: refused, stopped by its reader, or held back until it was too late.
    TextLost,
}

pub(super) async fn mailed(conn: &mut Conn, patient: PatientId) -> Result<Mailed, KeepError> {
    let sql = "SELECT channel, state, problem FROM outbox WHERE owner = $1
               ORDER BY made_at DESC, id DESC LIMIT 1";
    let Some(row) = conn.row(sql, args![Owner::Patient(patient).text()]).await? else {
        return Ok(Mailed::Well);
    };
    Ok(match (row.text("state")?, row.opt_text("problem")?) {
        ("failed", _) if row.text("channel")? == "sms" => Mailed::TextLost,
        ("failed", _) => Mailed::Bounced,
        ("waiting", Some(_)) => Mailed::Delayed,
        _ => Mailed::Well,
    })
}

/// Why the patient comes, opened with a proof of `Act::SeeReason`.
pub fn reason(view: &Viewing, access: &Access, visit: &VisitRow) -> Result<Option<Health>, KeepError> {
    if access.act() != policy::Act::SeeReason {
        return Err(KeepError::Proof);
    }
    let Some(sealed) = &visit.reason else { return Ok(None) };
    view.unseal_text(access, &reason_place(&visit.id.text(), visit.patient), sealed).map(Some)
}

/// The reason is written once, at booking, so its place keeps its first number.
fn reason_place(row: &str, patient: PatientId) -> Place<'_> {
    Place { table: "visit", column: "reason", row, version: 1, owner: Owner::Patient(patient) }
}
