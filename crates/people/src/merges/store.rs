//! SQL of the tables `patient_merge` and `patient_apart`, and the transaction that puts two charts together.

use super::rules::pair;
use super::{Followers, rules};
use crate::{care_team, contact, portal_keys, representatives};
use keep::{Conn, Handed, KeepError, Owner, Place, Row, Tx, Viewing, Which, args};
use policy::Access;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use vocabulary::{Health, MergeId, PatientId, PersonId, UnixMillis};

/// More merges than this are not listed: those that can be taken back come first.
const LIST_MAX: i64 = 50;
/// More merges than this into one chart are a mistake somewhere.
const FORMERLY_MAX: i64 = 20;
/// Pairs that were told apart, read at once.
const APART_MAX: i64 = 10_000;

/// What stays where it was: the patients themselves, and memberships, which are granted anew.
const STAYS: [&str; 2] = ["patient", "care_team"];

pub(super) struct Merge {
    pub id: MergeId,
    pub gone: PatientId,
    pub stays: PatientId,
    pub by: PersonId,
    pub at: UnixMillis,
    pub why: Health,
    said: Said,
}

/// What is kept of it, so that it can be taken back.
#[derive(Serialize, Deserialize)]
struct Said {
    why: String,
    rows: Vec<Handed>,
    team: Vec<Moved>,
}

/// What the trail says of it.
pub(super) struct Merged {
    pub id: MergeId,
    /// Authorities that ended with it.
    pub ended: u64,
}

#[derive(Serialize, Deserialize)]
struct Moved {
    person: String,
    ends_at: i64,
    /// Was on no team of the chart that stays.
    new: bool,
}

/// Puts `gone` into `stays`. `Conflict` when somebody waits or is in a room, or it was merged meanwhile.
pub(super) async fn merge(
    tx: &mut Tx,
    followers: &Followers,
    (gone, stays): (PatientId, PatientId),
    (by, why): (PersonId, &str),
) -> Result<Merged, KeepError> {
    if leads_to(tx, gone).await?.is_some() || leads_to(tx, stays).await?.is_some() {
        return Err(KeepError::Conflict);
    }
    prepare(tx, followers, (gone, stays)).await?;
    // A passkey or an open portal of the one must not become a way into the other by a mistake at the desk,
    // whichever entry stays.
    for one in [gone, stays] {
        portal_keys::end(tx, one).await?;
    }
    let ended = end_where_refused(tx, (gone, stays)).await?;
    let team = move_team(tx, (gone, stays), by).await?;
    contact::before_merge(tx, (gone, stays)).await?;
    let rows = tx.hand_over((gone, stays), Which::AllBut(&STAYS)).await?;
    let (id, now) = (MergeId::new(tx.now(), tx.entropy()), tx.now());
    let said = Said { why: why.to_owned(), rows, team };
    let text = serde_json::to_vec(&said).map_err(|_| KeepError::Shape("a merge that JSON cannot hold"))?;
    let words = tx.seal(&place(&id.text(), stays), &text)?;
    tx.run(
        "INSERT INTO patient_merge (id, gone, patient, words, merged_by, merged_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, gone, stays, words, by, now],
    )
    .await?;
    finish(tx, followers, (gone, stays)).await?;
    Ok(Merged { id, ended })
}

/// Two charts again: what moved goes back with what was written for it since, the rest stays. Nobody comes
/// into either portal by a key or a link from the time between. `Conflict` as for `merge`.
pub(super) async fn undo(
    tx: &mut Tx,
    followers: &Followers,
    merge: &Merge,
    by: PersonId,
) -> Result<(), KeepError> {
    let pair = (merge.stays, merge.gone);
    prepare(tx, followers, pair).await?;
    let mut rows = merge.said.rows.clone();
    for one in &followers.0 {
        rows.extend(one.written_since(tx, &merge.said.rows).await?);
    }
    for one in [merge.stays, merge.gone] {
        portal_keys::end(tx, one).await?;
    }
    tx.hand_over(pair, Which::These(&rows)).await?;
    let now = tx.now();
    for moved in &merge.said.team {
        let person = PersonId::parse(&moved.person).ok_or(KeepError::Shape("patient_merge.words"))?;
        if moved.ends_at > now.0 {
            care_team::put(tx, merge.gone, person, by, UnixMillis(moved.ends_at)).await?;
        }
        if moved.new && care_team::is_member(tx, merge.stays, person, now).await? {
            care_team::end(tx, merge.stays, person).await?;
        }
    }
    tx.run_one(
        "UPDATE patient_merge SET undone_by = $2, undone_at = $3 WHERE id = $1 AND undone_at IS NULL",
        args![merge.id, by, now],
    )
    .await?;
    finish(tx, followers, pair).await
}

/// Those in force, the newest first.
pub(super) async fn list(open: &mut Viewing, access: &Access) -> Result<Vec<Merge>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, gone, patient, words, merged_by, merged_at FROM patient_merge
             WHERE undone_at IS NULL ORDER BY merged_at DESC, id LIMIT $1",
            args![LIST_MAX],
        )
        .await?;
    let mut all = Vec::new();
    for row in &rows {
        match read(open, access, row) {
            Err(KeepError::Shredded) => {}
            merge => all.push(merge?),
        }
    }
    Ok(all)
}

pub(super) async fn load(open: &mut Viewing, access: &Access, id: MergeId) -> Result<Merge, KeepError> {
    let row = open
        .row(
            "SELECT id, gone, patient, words, merged_by, merged_at FROM patient_merge
             WHERE id = $1 AND undone_at IS NULL",
            args![id],
        )
        .await?;
    read(open, access, &row.ok_or(KeepError::NotFound)?)
}

/// The chart that this one became part of.
pub async fn leads_to(conn: &mut Conn, gone: PatientId) -> Result<Option<PatientId>, KeepError> {
    let row = conn
        .row("SELECT patient FROM patient_merge WHERE gone = $1 AND undone_at IS NULL", args![gone])
        .await?;
    row.map(|row| row.parsed("patient", PatientId::parse)).transpose()
}

/// Nothing is written into a chart that became part of another while the writer was busy: asked inside the
/// transaction that writes. `Conflict` when it did.
pub async fn must_stand(conn: &mut Conn, patient: PatientId) -> Result<(), KeepError> {
    if leads_to(conn, patient).await?.is_some() { Err(KeepError::Conflict) } else { Ok(()) }
}

/// Under which ids this chart was known before: what the trail says of them belongs to it.
pub async fn formerly(conn: &mut Conn, stays: PatientId) -> Result<Vec<PatientId>, KeepError> {
    let rows = conn
        .rows(
            "SELECT gone FROM patient_merge WHERE patient = $1 AND undone_at IS NULL
             ORDER BY merged_at LIMIT $2",
            args![stays, FORMERLY_MAX],
        )
        .await?;
    rows.iter().map(|row| row.parsed("gone", PatientId::parse)).collect()
}

/// Whether the two have one mail address, or neither has any. Compares keyed hashes: nothing is opened.
pub(super) async fn one_address(
    conn: &mut Conn,
    (one, other): (PatientId, PatientId),
) -> Result<bool, KeepError> {
    let sql = "SELECT a.email_index AS ours, b.email_index AS theirs FROM patient a, patient b
               WHERE a.id = $1 AND b.id = $2";
    let row = conn.row(sql, args![one, other]).await?.ok_or(KeepError::NotFound)?;
    Ok(row.opt_blob("ours")? == row.opt_blob("theirs")?)
}

/// Whether a chart with another address became part of this one a short while ago: nobody had time yet to
/// read the letters that told of it.
pub(crate) async fn is_lately_from_elsewhere(
    conn: &mut Conn,
    stays: PatientId,
    now: UnixMillis,
) -> Result<bool, KeepError> {
    let sql = "SELECT gone FROM patient_merge WHERE patient = $1 AND undone_at IS NULL AND merged_at > $2
               ORDER BY merged_at DESC LIMIT $3";
    let since = now.plus_ms(-rules::LATELY_MS);
    for row in &conn.rows(sql, args![stays, since, FORMERLY_MAX]).await? {
        if !one_address(conn, (stays, row.parsed("gone", PatientId::parse)?)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// These are two people.
pub(super) async fn put_apart(
    tx: &mut Tx,
    (one, other): (PatientId, PatientId),
    by: PersonId,
) -> Result<(), KeepError> {
    tx.run(
        "INSERT INTO patient_apart (id, said_by, said_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        args![pair(one, other), by, tx.now()],
    )
    .await?;
    Ok(())
}

pub(super) async fn apart(conn: &mut Conn) -> Result<HashSet<String>, KeepError> {
    let rows =
        conn.rows("SELECT id FROM patient_apart ORDER BY said_at DESC LIMIT $1", args![APART_MAX]).await?;
    rows.iter().map(|row| row.text("id").map(str::to_owned)).collect()
}

async fn prepare(tx: &mut Tx, followers: &Followers, pair: (PatientId, PatientId)) -> Result<(), KeepError> {
    for one in &followers.0 {
        if !one.may_move(tx, pair).await? {
            return Err(KeepError::Conflict);
        }
    }
    Ok(())
}

async fn finish(tx: &mut Tx, followers: &Followers, pair: (PatientId, PatientId)) -> Result<(), KeepError> {
    for one in &followers.0 {
        one.moved(tx, pair).await?;
    }
    Ok(())
}

/// A refusal counts for both charts (R76), and who is meant stands sealed: where somebody was refused in the
/// one, all who act for the patient in the other show their evidence anew, to a colleague who sees both.
async fn end_where_refused(tx: &mut Tx, (gone, stays): (PatientId, PatientId)) -> Result<u64, KeepError> {
    let mut ended = 0;
    for (refusing, other) in [(gone, stays), (stays, gone)] {
        if representatives::refuses_somebody(tx, refusing).await? {
            ended += representatives::end_all(tx, other).await?;
        }
    }
    Ok(ended)
}

/// Whoever may open the one chart may open both in one, for as long as the longer grant holds.
async fn move_team(
    tx: &mut Tx,
    (gone, stays): (PatientId, PatientId),
    by: PersonId,
) -> Result<Vec<Moved>, KeepError> {
    let now = tx.now();
    let there = care_team::members(tx, stays, now).await?;
    let mut moved = Vec::new();
    for member in care_team::members(tx, gone, now).await? {
        let known = there.iter().find(|one| one.person == member.person);
        if known.is_none_or(|known| known.ends_at < member.ends_at) {
            care_team::put(tx, stays, member.person, by, member.ends_at).await?;
        }
        care_team::end(tx, gone, member.person).await?;
        let person = member.person.text();
        moved.push(Moved { person, ends_at: member.ends_at.0, new: known.is_none() });
    }
    Ok(moved)
}

fn read(open: &Viewing, access: &Access, row: &Row) -> Result<Merge, KeepError> {
    let stays = row.parsed("patient", PatientId::parse)?;
    let words = open.unseal(access, &place(row.text("id")?, stays), row.blob("words")?)?;
    let said: Said = serde_json::from_slice(&words).map_err(|_| KeepError::Shape("patient_merge.words"))?;
    Ok(Merge {
        id: row.parsed("id", MergeId::parse)?,
        gone: row.parsed("gone", PatientId::parse)?,
        stays,
        by: row.parsed("merged_by", PersonId::parse)?,
        at: row.time("merged_at")?,
        why: Health::new(said.why.clone()),
        said,
    })
}

impl Merge {
    pub fn may_undo(&self, now: UnixMillis) -> bool {
        rules::may_undo(self.at, now)
    }
}

fn place(row: &str, stays: PatientId) -> Place<'_> {
    Place { table: "patient_merge", column: "words", row, version: 1, owner: Owner::Patient(stays) }
}
