//! SQL of the tables `portal_passkey` and `portal_link`. A passkey is sealed under its patient's own key, so
//! it ends with the chart.

use super::Elsewhere;
use super::rules::{CODE_BYTES, HELP_MS, LINK_MS, Standing, WAITING_MAX, Whose, code, spell_code};
use crate::{invitations, sessions};
use keep::{Conn, Keep, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{EnrolmentId, PasskeyId, PatientId, RepresentativeId, Secret, SessionId, UnixMillis};
use webauthn_rs::prelude::{CredentialID, Passkey};

/// A passkey with what verifies it.
pub(super) struct Found {
    pub id: PasskeyId,
    pub whose: Whose,
    pub passkey: Passkey,
    version: i64,
}

/// One line of the list.
pub(super) struct Listed {
    pub id: PasskeyId,
    pub made_at: UnixMillis,
    pub used_at: Option<UnixMillis>,
}

pub(super) struct Link {
    pub id: EnrolmentId,
    pub standing: Standing,
}

pub(super) async fn add(tx: &mut Tx, whose: Whose, passkey: &Passkey) -> Result<PasskeyId, KeepError> {
    let id = PasskeyId::new(tx.now(), tx.entropy());
    let index = tx.blind(CREDENTIAL.0, CREDENTIAL.1, &spell(passkey.cred_id().as_ref()));
    let Whose { patient, representative } = whose;
    let record = tx.seal(&place(&id.text(), patient, FIRST), &record_of(passkey)?)?;
    tx.run(
        "INSERT INTO portal_passkey (id, patient, credential_index, record, made_at, version, representative)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, patient, index, record, tx.now(), FIRST, representative],
    )
    .await?;
    Ok(id)
}

pub(super) async fn list(conn: &mut Conn, whose: Whose) -> Result<Vec<Listed>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, made_at, used_at FROM portal_passkey
             WHERE patient = $1 AND COALESCE(representative, '') = $2 AND removed_at IS NULL
             ORDER BY made_at, id",
            args![whose.patient, whose.spelled()],
        )
        .await?;
    let read = |row: &Row| {
        Ok(Listed {
            id: row.parsed("id", PasskeyId::parse)?,
            made_at: row.time("made_at")?,
            used_at: row.opt_time("used_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The passkey with this credential id, if it was not removed.
pub(super) async fn find(
    open: &mut Viewing,
    access: &Access,
    credential: &[u8],
    keep: &Keep,
) -> Result<Option<Found>, KeepError> {
    let index = keep.blind(CREDENTIAL.0, CREDENTIAL.1, &spell(credential));
    let row = open
        .row(
            "SELECT id, patient, representative, record, version FROM portal_passkey
             WHERE credential_index = $1 AND removed_at IS NULL",
            args![index],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let passkey = opened(open, access, &row)?;
    Ok(Some(Found {
        id: row.parsed("id", PasskeyId::parse)?,
        whose: Whose {
            patient: row.parsed("patient", PatientId::parse)?,
            representative: row.opt_parsed("representative", RepresentativeId::parse)?,
        },
        passkey,
        version: row.int("version")?,
    }))
}

/// The credential ids of somebody's passkeys, so that one device is not asked for a second.
pub(super) async fn credentials(
    open: &mut Viewing,
    access: &Access,
    whose: Whose,
) -> Result<Vec<CredentialID>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, patient, record, version FROM portal_passkey
             WHERE patient = $1 AND COALESCE(representative, '') = $2 AND removed_at IS NULL ORDER BY id",
            args![whose.patient, whose.spelled()],
        )
        .await?;
    rows.iter().map(|row| Ok(opened(open, access, row)?.cred_id().clone())).collect()
}

/// Keeps the counter of a passkey that just signed in.
pub(super) async fn used(tx: &mut Tx, found: &Found) -> Result<(), KeepError> {
    let next = found.version + 1;
    let record = tx.seal(&place(&found.id.text(), found.whose.patient, next), &record_of(&found.passkey)?)?;
    tx.run_one(
        "UPDATE portal_passkey SET record = $3, used_at = $4, version = version + 1
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
        args![found.id, found.version, record, tx.now()],
    )
    .await
}

pub(super) async fn remove(tx: &mut Tx, whose: Whose, id: PasskeyId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE portal_passkey SET removed_at = $4 WHERE id = $1 AND patient = $2
             AND COALESCE(representative, '') = $3 AND removed_at IS NULL",
        args![id, whose.patient, whose.spelled(), tx.now()],
    )
    .await
}

/// Whatever let this person into the portal until now no longer does. Gives how many passkeys ended.
async fn end_all(tx: &mut Tx, whose: Whose) -> Result<u64, KeepError> {
    let ended = tx
        .run(
            "UPDATE portal_passkey SET removed_at = $3
             WHERE patient = $1 AND COALESCE(representative, '') = $2 AND removed_at IS NULL",
            args![whose.patient, whose.spelled(), tx.now()],
        )
        .await?;
    for row in &sessions::of_portal(tx, whose).await? {
        sessions::end(tx, row.parsed("id", SessionId::parse)?).await?;
    }
    withdraw(tx, whose).await?;
    Ok(ended)
}

/// The phone is lost: what is on it lets nobody in any more, an open visit and old links neither (R15). Gives
/// how many passkeys ended.
pub(super) async fn end_lost(tx: &mut Tx, elsewhere: &Elsewhere, whose: Whose) -> Result<u64, KeepError> {
    match whose.representative {
        Some(one) => elsewhere.end(tx, one).await?,
        None => invitations::withdraw_own(tx, whose.patient).await?,
    }
    end_all(tx, whose).await
}

/// Nothing leads into this patient's portal any more, for them and for whoever acts for them: the chart is
/// shredded, or became part of another.
pub(crate) async fn end(tx: &mut Tx, patient: PatientId) -> Result<(), KeepError> {
    end_all(tx, Whose::own(patient)).await?;
    let sql = "SELECT id FROM representative WHERE patient = $1 ORDER BY id";
    for row in &tx.rows(sql, args![patient]).await? {
        let representative = Some(row.parsed("id", RepresentativeId::parse)?);
        end_all(tx, Whose { patient, representative }).await?;
    }
    Ok(())
}

/// Those of whoever acted for the patient and whose authority is over: they have opened nothing since, and
/// now they are gone. Called with every change of an authority.
pub(crate) async fn end_over(tx: &mut Tx, patient: PatientId) -> Result<(), KeepError> {
    let sql = "SELECT DISTINCT r.id FROM representative r JOIN portal_passkey k ON k.representative = r.id
               WHERE r.patient = $1 AND r.ends_at <= $2 AND k.removed_at IS NULL ORDER BY r.id";
    let now = tx.now();
    for row in &tx.rows(sql, args![patient, now]).await? {
        let representative = Some(row.parsed("id", RepresentativeId::parse)?);
        end_all(tx, Whose { patient, representative }).await?;
    }
    Ok(())
}

/// A link for the address on file. Those from before lead nowhere.
pub(super) async fn issue(tx: &mut Tx, whose: Whose) -> Result<Secret, KeepError> {
    withdraw(tx, whose).await?;
    let (now, secret) = (tx.now(), Secret::new(tx.entropy()));
    insert(tx, Some(whose), (&secret, None), now.plus_ms(LINK_MS)).await?;
    Ok(secret)
}

/// A browser that waits for the desk: its secret, and what the patient reads out. `None` when too many wait.
pub(super) async fn ask_help(tx: &mut Tx) -> Result<Option<(Secret, String)>, KeepError> {
    let now = tx.now();
    tx.run("DELETE FROM portal_link WHERE patient IS NULL AND expires_at <= $1", args![now]).await?;
    let waiting = tx
        .row("SELECT CAST(count(*) AS BIGINT) AS n FROM portal_link WHERE patient IS NULL", args![])
        .await?
        .map_or(Ok(0), |row| row.int("n"))?;
    if waiting >= WAITING_MAX {
        return Ok(None);
    }
    let mut random = [0; CODE_BYTES];
    tx.entropy().fill(&mut random);
    let (code, secret) = (code(&random), Secret::new(tx.entropy()));
    insert(tx, None, (&secret, spell_code(&code)), now.plus_ms(HELP_MS)).await?;
    Ok(Some((secret, code)))
}

/// The desk says whose browser it is that waits. `NotFound` when none waits with this code.
pub(super) async fn approve(tx: &mut Tx, whose: Whose, spelled: &str) -> Result<EnrolmentId, KeepError> {
    let (index, now) = (tx.blind(CODE.0, CODE.1, spelled), tx.now());
    let row = tx
        .row(
            "SELECT id FROM portal_link
             WHERE code_index = $1 AND patient IS NULL AND over_at IS NULL AND expires_at > $2",
            args![index, now],
        )
        .await?;
    let id = row.ok_or(KeepError::NotFound)?.parsed("id", EnrolmentId::parse)?;
    tx.run_one(
        "UPDATE portal_link SET patient = $2, representative = $3, code_index = NULL
         WHERE id = $1 AND patient IS NULL",
        args![id, whose.patient, whose.representative],
    )
    .await?;
    Ok(id)
}

/// A secret that cannot be one is looked up all the same: forged, mistyped and absent cost alike.
pub(super) async fn by_secret(conn: &mut Conn, keep: &Keep, typed: &str) -> Result<Option<Link>, KeepError> {
    let spelled = Secret::parse(typed).map_or_else(String::new, |secret| secret.reveal());
    let row = conn
        .row(
            "SELECT id, patient, representative, tries, expires_at, over_at FROM portal_link
             WHERE secret_index = $1",
            args![keep.blind(SECRET.0, SECRET.1, &spelled)],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let representative = row.opt_parsed("representative", RepresentativeId::parse)?;
    let patient = row.opt_parsed("patient", PatientId::parse)?;
    let standing = Standing {
        whose: patient.map(|patient| Whose { patient, representative }),
        tries: row.int("tries")?,
        expires_at: row.time("expires_at")?,
        over_at: row.opt_time("over_at")?,
    };
    Ok(Some(Link { id: row.parsed("id", EnrolmentId::parse)?, standing }))
}

pub(super) async fn count_wrong(tx: &mut Tx, link: &Link) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE portal_link SET tries = tries + 1 WHERE id = $1 AND tries = $2 AND over_at IS NULL",
        args![link.id, link.standing.tries],
    )
    .await
}

/// `Conflict` when it was used, tried, or given to somebody else meanwhile.
pub(super) async fn use_up(tx: &mut Tx, link: &Link) -> Result<(), KeepError> {
    let Standing { whose, tries, .. } = link.standing;
    let patient = whose.map(|whose| whose.patient);
    tx.run_one(
        "UPDATE portal_link SET over_at = $2
         WHERE id = $1 AND over_at IS NULL AND expires_at > $2 AND tries = $3 AND patient = $4",
        args![link.id, tx.now(), tries, patient],
    )
    .await
}

async fn withdraw(tx: &mut Tx, whose: Whose) -> Result<(), KeepError> {
    tx.run(
        "UPDATE portal_link SET over_at = $3
         WHERE patient = $1 AND COALESCE(representative, '') = $2 AND over_at IS NULL",
        args![whose.patient, whose.spelled(), tx.now()],
    )
    .await?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    whose: Option<Whose>,
    (secret, code): (&Secret, Option<String>),
    expires_at: UnixMillis,
) -> Result<(), KeepError> {
    let (now, id) = (tx.now(), EnrolmentId::new(tx.now(), tx.entropy()));
    let index = tx.blind(SECRET.0, SECRET.1, &secret.reveal());
    let code = code.map(|code| tx.blind(CODE.0, CODE.1, &code));
    tx.run(
        "INSERT INTO portal_link (id, patient, secret_index, code_index, tries, issued_at, expires_at,
             representative) VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
        args![
            id,
            whose.map(|whose| whose.patient),
            index,
            code,
            now,
            expires_at,
            whose.and_then(|whose| whose.representative),
        ],
    )
    .await?;
    Ok(())
}

fn opened(open: &Viewing, access: &Access, row: &Row) -> Result<Passkey, KeepError> {
    let place = place(row.text("id")?, row.parsed("patient", PatientId::parse)?, row.int("version")?);
    let record = open.unseal(access, &place, row.blob("record")?)?;
    serde_json::from_slice(&record).map_err(|_| KeepError::Shape("a passkey's record"))
}

fn record_of(passkey: &Passkey) -> Result<Vec<u8>, KeepError> {
    serde_json::to_vec(passkey).map_err(|_| KeepError::Shape("a passkey that JSON cannot hold"))
}

fn spell(credential: &[u8]) -> String {
    credential.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place(row: &str, patient: PatientId, version: i64) -> Place<'_> {
    Place { table: "portal_passkey", column: "record", row, version, owner: Owner::Patient(patient) }
}

const CREDENTIAL: (&str, &str) = ("portal_passkey", "credential_index");
const SECRET: (&str, &str) = ("portal_link", "secret_index");
const CODE: (&str, &str) = ("portal_link", "code_index");
const FIRST: i64 = 1;
