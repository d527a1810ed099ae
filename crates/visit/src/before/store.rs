//! The SQL of visits and participants, for all three parts of the slice. Decides nothing: states come from
//! `rules.rs`, permission from `policy`. Plain columns only, but for the reason, which stays sealed here.

use super::companions::acting;
use super::delegates;
use super::identity::seats;
use super::rules::{Kind, PARTICIPANTS_MAX, Part, ParticipantState, SpokenCode, VisitState};
use keep::{Conn, KeepError, Row, Tx, args};
use policy::Facts;
use vocabulary::{
    DAY_MS, ParticipantId, PatientId, PersonId, Principal, Relation, Relations, SiteId, UnixMillis, VisitId,
};

/// More visits than this are never shown of one day, or of one patient.
pub const VISITS_MAX: i64 = 400;

#[derive(Clone, Debug)]
pub struct VisitRow {
    pub id: VisitId,
    pub patient: PatientId,
    /// The account that hosts the visit.
    pub clinician: PersonId,
    pub starts_at: UnixMillis,
    pub length_min: i64,
    pub kind: Kind,
    pub state: VisitState,
    /// Sealed. Open it with `booking::reason`, which wants the right proof.
    pub reason: Option<Vec<u8>>,
    pub locked: bool,
    pub booked_by: Option<PersonId>,
    pub version: i64,
    pub created_at: UnixMillis,
    pub started_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
}

#[derive(Clone, Debug)]
pub struct ParticipantRow {
    pub id: ParticipantId,
    pub visit: VisitId,
    pub part: Part,
    pub person: Option<PersonId>,
    pub patient: Option<PatientId>,
    pub state: ParticipantState,
    /// When they last entered the lobby.
    pub arrived_at: Option<UnixMillis>,
    pub admitted_at: Option<UnixMillis>,
    pub left_at: Option<UnixMillis>,
    /// What came of comparing their six digits, and when. The word of the page that leads: the server cannot
    /// hear.
    pub spoken: Option<(SpokenCode, UnixMillis)>,
    pub version: i64,
}

impl ParticipantRow {
    /// Named as a deputy and not taken off again.
    pub fn is_deputy(&self, person: PersonId) -> bool {
        self.person == Some(person) && self.part == Part::Deputy && self.is_expected()
    }

    /// Neither removed nor withdrawn.
    pub fn is_expected(&self) -> bool {
        self.state != ParticipantState::Removed
    }
}

/// Which visits of a time span to list.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: UnixMillis,
    pub until: UnixMillis,
    /// Only the visits this account hosts, is a deputy of, or is a delegate of at this moment.
    pub clinician: Option<(PersonId, UnixMillis)>,
    /// Only the visits that count there.
    pub site: Option<SiteId>,
    /// The first so many, at least 1.
    pub most: i64,
}

impl Span {
    /// All of this time, as many as one day can show.
    pub fn of((from, until): (UnixMillis, UnixMillis)) -> Span {
        Span { from, until, clinician: None, site: None, most: VISITS_MAX }
    }

    /// A day of 24 hours from `from` on.
    pub fn day(from: UnixMillis) -> Span {
        Span::of((from, from.plus_ms(DAY_MS)))
    }
}

/// `KeepError::NotFound` when there is none.
pub async fn load_visit(conn: &mut Conn, id: VisitId) -> Result<VisitRow, KeepError> {
    let row = conn
        .row(
            "SELECT id, patient, clinician, starts_at, length_min, kind, state, reason, locked, booked_by,
                 version, created_at, started_at, ended_at
             FROM visit WHERE id = $1",
            args![id],
        )
        .await?;
    read_visit(&row.ok_or(KeepError::NotFound)?)
}

/// Asked inside the transaction that writes for a visit: it is still this patient's. `Conflict` when their
/// chart became part of another while the writer was busy, for then the other's key seals what belongs to
/// it.
pub(crate) async fn still_of(
    conn: &mut Conn,
    (visit, patient): (VisitId, PatientId),
) -> Result<(), KeepError> {
    let row = conn.row("SELECT patient FROM visit WHERE id = $1", args![visit]).await?;
    let now = row.ok_or(KeepError::NotFound)?.parsed("patient", PatientId::parse)?;
    if now == patient { Ok(()) } else { Err(KeepError::Conflict) }
}

/// Visits that start in the span, in the order of their times.
pub async fn visits_in(conn: &mut Conn, span: Span) -> Result<Vec<VisitRow>, KeepError> {
    let (only, now) = span.clinician.map(|(who, now)| (who.text(), now)).unwrap_or_default();
    let site = span.site.map(|site| site.text()).unwrap_or_default();
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, starts_at, length_min, kind, state, reason, locked, booked_by,
                 version, created_at, started_at, ended_at
             FROM visit WHERE starts_at >= $1 AND starts_at < $2 AND ($3 = '' OR clinician = $4
                 OR id IN (SELECT visit FROM participant
                           WHERE person = $5 AND role = 'deputy' AND state <> 'removed'
                               AND id NOT IN (SELECT participant FROM delegate_seat)
                               AND id NOT IN (SELECT participant FROM check_seat WHERE until_at <= $12))
                 OR clinician IN (SELECT clinician FROM delegate
                           WHERE person = $9 AND from_at <= starts_at AND until_at > starts_at
                               AND from_at <= $10 AND until_at > $11 AND ended_at IS NULL))
                 AND ($6 = '' OR id IN (SELECT visit FROM visit_site WHERE site = $7))
             ORDER BY starts_at, id LIMIT $8",
            args![span.from, span.until, &only, &only, &only, &site, &site, span.most, &only, now, now, now],
        )
        .await?;
    rows.iter().map(read_visit).collect()
}

/// The newest first.
pub async fn visits_of(conn: &mut Conn, patient: PatientId) -> Result<Vec<VisitRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, patient, clinician, starts_at, length_min, kind, state, reason, locked, booked_by,
                 version, created_at, started_at, ended_at
             FROM visit WHERE patient = $1 ORDER BY starts_at DESC, id DESC LIMIT $2",
            args![patient, VISITS_MAX],
        )
        .await?;
    rows.iter().map(read_visit).collect()
}

/// Everybody of this visit, the patient first, then in the order they were added.
pub async fn participants(conn: &mut Conn, visit: VisitId) -> Result<Vec<ParticipantRow>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, visit, role, person, patient, state, arrived_at, admitted_at, left_at, spoken_code,
                 spoken_at, version
             FROM participant WHERE visit = $1
             ORDER BY CASE role WHEN 'patient' THEN 0 ELSE 1 END, id LIMIT $2",
            args![visit, PARTICIPANTS_MAX as i64],
        )
        .await?;
    rows.iter().map(read_participant).collect()
}

/// `KeepError::NotFound` when there is none.
pub async fn participant(conn: &mut Conn, id: ParticipantId) -> Result<ParticipantRow, KeepError> {
    let row = conn
        .row(
            "SELECT id, visit, role, person, patient, state, arrived_at, admitted_at, left_at, spoken_code,
                 spoken_at, version
             FROM participant WHERE id = $1",
            args![id],
        )
        .await?;
    read_participant(&row.ok_or(KeepError::NotFound)?)
}

/// Writes the state that `ParticipantState::step` gave. `KeepError::Conflict` when the row has moved on.
pub async fn set_participant(
    tx: &mut Tx,
    row: &ParticipantRow,
    state: ParticipantState,
    now: UnixMillis,
) -> Result<ParticipantRow, KeepError> {
    use ParticipantState as S;
    let mut next = row.clone();
    next.state = state;
    next.version += 1;
    if state != row.state {
        match state {
            S::Waiting => next.arrived_at = Some(now),
            S::Admitted => next.admitted_at = Some(now),
            S::Left | S::Removed | S::Refused => next.left_at = Some(now),
            _ => {}
        }
    }
    let changed = tx
        .run(
            "UPDATE participant SET state = $1, arrived_at = $2, admitted_at = $3, left_at = $4, version = $5
             WHERE id = $6 AND version = $7",
            args![
                next.state.code(),
                next.arrived_at,
                next.admitted_at,
                next.left_at,
                next.version,
                row.id,
                row.version
            ],
        )
        .await?;
    if changed == 1 { Ok(next) } else { Err(KeepError::Conflict) }
}

/// Writes what was said of somebody's six digits. `KeepError::Conflict` when the row has moved on.
pub async fn set_spoken(
    tx: &mut Tx,
    row: &ParticipantRow,
    code: SpokenCode,
    now: UnixMillis,
) -> Result<ParticipantRow, KeepError> {
    let next = ParticipantRow { spoken: Some((code, now)), version: row.version + 1, ..row.clone() };
    let changed = tx
        .run(
            "UPDATE participant SET spoken_code = $1, spoken_at = $2, version = $3
             WHERE id = $4 AND version = $5",
            args![code.code(), now, next.version, row.id, row.version],
        )
        .await?;
    if changed == 1 { Ok(next) } else { Err(KeepError::Conflict) }
}

/// Writes the state that `VisitState::step` gave. `KeepError::Conflict` when the row has moved on.
pub async fn set_visit_state(
    tx: &mut Tx,
    row: &VisitRow,
    state: VisitState,
    now: UnixMillis,
) -> Result<VisitRow, KeepError> {
    let mut next = row.clone();
    next.state = state;
    next.version += 1;
    if state == VisitState::Live && row.started_at.is_none() {
        next.started_at = Some(now);
    }
    if !state.is_over() {
        next.ended_at = None;
    } else if row.ended_at.is_none() {
        next.ended_at = Some(now);
    }
    let changed = tx
        .run(
            "UPDATE visit SET state = $1, started_at = $2, ended_at = $3, version = $4
             WHERE id = $5 AND version = $6",
            args![next.state.code(), next.started_at, next.ended_at, next.version, row.id, row.version],
        )
        .await?;
    if changed == 1 { Ok(next) } else { Err(KeepError::Conflict) }
}

/// Another account hosts the visit.
pub(crate) async fn set_clinician(tx: &mut Tx, row: &VisitRow, clinician: PersonId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE visit SET clinician = $1, version = $2 WHERE id = $3 AND version = $4",
        args![clinician, row.version + 1, row.id, row.version],
    )
    .await
}

/// `locked`: the host lets nobody else in.
pub async fn set_locked(tx: &mut Tx, row: &VisitRow, locked: bool) -> Result<VisitRow, KeepError> {
    let next = VisitRow { locked, version: row.version + 1, ..row.clone() };
    let changed = tx
        .run(
            "UPDATE visit SET locked = $1, version = $2 WHERE id = $3 AND version = $4",
            args![locked, next.version, row.id, row.version],
        )
        .await?;
    if changed == 1 { Ok(next) } else { Err(KeepError::Conflict) }
}

/// What this principal is to the visit and its patient now.
pub async fn relations_of(
    conn: &mut Conn,
    who: &Principal,
    visit: &VisitRow,
    now: UnixMillis,
) -> Result<Relations, KeepError> {
    match who {
        Principal::Anonymous | Principal::System => Ok(Relations::NONE),
        Principal::Patient { patient, .. } if *patient == visit.patient => {
            Ok(Relations::NONE.with(Relation::Patient))
        }
        // Their authority gives it: `facts_of`.
        Principal::Patient { .. } | Principal::Representative { .. } => Ok(Relations::NONE),
        Principal::Guest { participant, visit: of, .. } => {
            if *of != visit.id {
                return Ok(Relations::NONE);
            }
            let found = participants(conn, visit.id).await?;
            let own = found.iter().find(|row| row.id == *participant);
            let relation = own.filter(|row| row.person.is_none()).map(|row| row.part.relation());
            Ok(relation.map_or(Relations::NONE, |relation| Relations::NONE.with(relation)))
        }
        Principal::Staff { person, .. } => staff_relations(conn, *person, visit, now).await,
    }
}

/// The facts for a decision about this visit.
pub async fn facts_of(
    conn: &mut Conn,
    who: &Principal,
    visit: &VisitRow,
    now: UnixMillis,
) -> Result<Facts, KeepError> {
    let relations = relations_of(conn, who, visit, now).await?;
    if let Principal::Guest { participant, .. } = who
        && let Some(authority) = acting::facts_of(conn, *participant, now).await?
    {
        // Once the authority is over, or when it is of another patient, they are nothing to this visit (R74).
        let holds = authority.relations != Relations::NONE && authority.patient == Some(visit.patient);
        let relations = if holds { relations } else { Relations::NONE };
        return Ok(Facts { relations, visit: Some(visit.id), ..authority });
    }
    let standing = people::standing::of(conn, who, visit.patient, now).await?;
    let relations = if let Principal::Representative { .. } = who { standing.relations } else { relations };
    Ok(Facts { relations, visit: Some(visit.id), ..standing })
}

async fn staff_relations(
    conn: &mut Conn,
    person: PersonId,
    visit: &VisitRow,
    now: UnixMillis,
) -> Result<Relations, KeepError> {
    let mut relations = Relations::NONE;
    if people::care_team::is_member(conn, visit.patient, person, now).await? {
        relations = relations.with(Relation::CareTeam);
    }
    if visit.clinician == person {
        return Ok(relations.with(Relation::Host));
    }
    let found = participants(conn, visit.id).await?;
    let named = match found.iter().find(|row| row.is_deputy(person)) {
        Some(row) => {
            let checks = seats::of_visit(conn, visit.id).await?;
            match checks.is_for_check(row.id) {
                true => !checks.is_over(row.id, now),
                // Whoever is in a room when the delegation ends by itself leads there until they leave it.
                false => row.state.holds_a_place() || !delegates::ends_with(conn, row.id).await?,
            }
        }
        None => false,
    };
    if named || delegates::is_delegate(conn, (visit.clinician, person), (now, visit.starts_at)).await? {
        relations = relations.with(Relation::Deputy);
    }
    Ok(relations)
}

fn read_visit(row: &Row) -> Result<VisitRow, KeepError> {
    Ok(VisitRow {
        id: row.parsed("id", VisitId::parse)?,
        patient: row.parsed("patient", PatientId::parse)?,
        clinician: row.parsed("clinician", PersonId::parse)?,
        starts_at: row.time("starts_at")?,
        length_min: row.int("length_min")?,
        kind: row.parsed("kind", Kind::parse)?,
        state: row.parsed("state", VisitState::parse)?,
        reason: row.opt_blob("reason")?.map(<[u8]>::to_vec),
        locked: row.flag("locked")?,
        booked_by: row.opt_parsed("booked_by", PersonId::parse)?,
        version: row.int("version")?,
        created_at: row.time("created_at")?,
        started_at: row.opt_time("started_at")?,
        ended_at: row.opt_time("ended_at")?,
    })
}

fn read_participant(row: &Row) -> Result<ParticipantRow, KeepError> {
    Ok(ParticipantRow {
        id: row.parsed("id", ParticipantId::parse)?,
        visit: row.parsed("visit", VisitId::parse)?,
        part: row.parsed("role", Part::parse)?,
        person: row.opt_parsed("person", PersonId::parse)?,
        patient: row.opt_parsed("patient", PatientId::parse)?,
        state: row.parsed("state", ParticipantState::parse)?,
        arrived_at: row.opt_time("arrived_at")?,
        admitted_at: row.opt_time("admitted_at")?,
        left_at: row.opt_time("left_at")?,
        spoken: row.opt_parsed("spoken_code", SpokenCode::parse)?.zip(row.opt_time("spoken_at")?),
        version: row.int("version")?,
    })
}
