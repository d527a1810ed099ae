//! SQL of the tables `login`, `passkey`, `saved_code` and `known_browser`.

use super::rules::{SAVED_CODE_CHARS, SAVED_CODES, saved_code, spell_name, spell_saved_code};
use keep::{Conn, Keep, KeepError, Owner, Place, Row, Tx, Viewing, args};
use policy::Access;
use vocabulary::{Health, PasskeyId, PersonId, Secret, UnixMillis};
use webauthn_rs::prelude::{CredentialID, Passkey};
use zeroize::Zeroizing;

/// More passkeys than this are more than anybody has devices.
pub const PASSKEYS_MAX: usize = 10;
/// Browsers take 64 credentials to look for in one request; with one's own ten these are fewer.
const REFUSED_MAX: i64 = 50;

/// What a person signs in with, opened. Not printable.
#[derive(Clone)]
pub struct Login {
    pub person: PersonId,
    pub email: Health,
    /// The PHC string of the password.
    pub password: Option<Zeroizing<String>>,
    pub code_key: Option<Zeroizing<Vec<u8>>>,
    pub code_step: i64,
    version: i64,
}

/// One line of the list of passkeys.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: PasskeyId,
    pub made_at: UnixMillis,
    pub used_at: Option<UnixMillis>,
}

/// A passkey with what verifies it.
pub struct Found {
    pub id: PasskeyId,
    pub person: PersonId,
    pub passkey: Passkey,
    version: i64,
}

/// Which proofs a person has, for the pages that offer more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Having {
    pub passkeys: usize,
    pub password: bool,
    pub saved_codes: usize,
}

impl Having {
    /// Enough to sign in with.
    pub fn any(&self) -> bool {
        self.passkeys > 0 || self.password
    }
}

/// Gives a person the mail address they sign in with. `Conflict` when it is somebody else's.
pub async fn give_name(tx: &mut Tx, person: PersonId, email: &str) -> Result<(), KeepError> {
    let index = tx.blind(NAME.0, NAME.1, &spell_name(email));
    let taken = tx
        .row("SELECT person FROM login WHERE name_index = $1 AND person <> $2", args![&index, person])
        .await?;
    if taken.is_some() {
        return Err(KeepError::Conflict);
    }
    let row = person.text();
    let sealed = tx.seal_text(&login_place("email", &row, FIRST), email.trim())?;
    tx.run(
        "INSERT INTO login (person, name_index, email, code_step, version) VALUES ($1, $2, $3, 0, $4)",
        args![person, index, sealed, FIRST],
    )
    .await?;
    Ok(())
}

/// The blind form of a typed name.
pub fn name_index(keep: &Keep, typed: &str) -> Vec<u8> {
    keep.blind(NAME.0, NAME.1, &spell_name(typed))
}

/// Whose name this is. Opens nothing.
pub async fn person_named(conn: &mut Conn, index: &[u8]) -> Result<Option<PersonId>, KeepError> {
    let row = conn.row("SELECT person FROM login WHERE name_index = $1", args![index]).await?;
    row.as_ref().map(|row| row.parsed("person", PersonId::parse)).transpose()
}

pub async fn login(
    open: &mut Viewing,
    access: &Access,
    person: PersonId,
) -> Result<Option<Login>, KeepError> {
    let row = open
        .row(
            "SELECT person, email, password, code_key, code_step, version FROM login WHERE person = $1",
            args![person],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, version) = (person.text(), row.int("version")?);
    let email = open.unseal_text(access, &login_place("email", &id, version), row.blob("email")?)?;
    let open = &*open;
    let sealed = |column: &'static str| -> Result<Option<Zeroizing<Vec<u8>>>, KeepError> {
        let Some(sealed) = row.opt_blob(column)? else { return Ok(None) };
        open.unseal(access, &login_place(column, &id, version), sealed).map(Some)
    };
    let password =
        sealed("password")?.map(|bytes| Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
    let code_key = sealed("code_key")?;
    Ok(Some(Login { person, email, password, code_key, code_step: row.int("code_step")?, version }))
}

/// Password and code app always come and go together: neither signs anybody in alone (R14).
pub async fn set_password(
    tx: &mut Tx,
    login: &Login,
    both: Option<(&str, &[u8])>,
    used_step: i64,
) -> Result<(), KeepError> {
    let (row, version) = (login.person.text(), login.version + 1);
    let email = tx.seal_text(&login_place("email", &row, version), login.email.reveal())?;
    let (password, key) = match both {
        None => (None, None),
        Some((password, key)) => (
            Some(tx.seal_text(&login_place("password", &row, version), password)?),
            Some(tx.seal(&login_place("code_key", &row, version), key)?),
        ),
    };
    tx.run_one(
        "UPDATE login SET email = $3, password = $4, code_key = $5, code_step = $6, version = version + 1
         WHERE person = $1 AND version = $2",
        args![login.person, login.version, email, password, key, used_step],
    )
    .await
}

/// `Conflict` when the same code, or a later one, was used meanwhile.
pub async fn use_step(tx: &mut Tx, person: PersonId, step: i64) -> Result<(), KeepError> {
    tx.run_one("UPDATE login SET code_step = $2 WHERE person = $1 AND code_step < $2", args![person, step])
        .await
}

/// `Conflict` when it is or was in an account already: one authenticator speaks for one person (R10).
pub async fn add_passkey(tx: &mut Tx, person: PersonId, passkey: &Passkey) -> Result<PasskeyId, KeepError> {
    let id = PasskeyId::new(tx.now(), tx.entropy());
    let index = tx.blind(CREDENTIAL.0, CREDENTIAL.1, &spell_bytes(passkey.cred_id().as_ref()));
    let known = "SELECT id FROM passkey WHERE credential_index = $1";
    if tx.row(known, args![&index]).await?.is_some() {
        return Err(KeepError::Conflict);
    }
    let record = tx.seal(&passkey_place(&id.text(), FIRST), &record_of(passkey)?)?;
    tx.run(
        "INSERT INTO passkey (id, person, credential_index, record, made_at, version)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, person, index, record, tx.now(), FIRST],
    )
    .await?;
    Ok(id)
}

pub async fn passkeys(conn: &mut Conn, person: PersonId) -> Result<Vec<Listed>, KeepError> {
    let rows = conn
        .rows(
            "SELECT id, made_at, used_at FROM passkey WHERE person = $1 AND removed_at IS NULL
             ORDER BY made_at, id",
            args![person],
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

/// The blind form of a credential's own id.
pub fn credential_index(keep: &Keep, credential: &[u8]) -> Vec<u8> {
    keep.blind(CREDENTIAL.0, CREDENTIAL.1, &spell_bytes(credential))
}

/// The passkey with this credential id, if it was not removed.
pub async fn passkey(
    open: &mut Viewing,
    access: &Access,
    index: Vec<u8>,
) -> Result<Option<Found>, KeepError> {
    let row = open
        .row(
            "SELECT id, person, record, version FROM passkey
             WHERE credential_index = $1 AND removed_at IS NULL",
            args![index],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, version) = (row.parsed("id", PasskeyId::parse)?, row.int("version")?);
    let record = open.unseal(access, &passkey_place(&id.text(), version), row.blob("record")?)?;
    let passkey = serde_json::from_slice(&record).map_err(|_| KeepError::Shape("a passkey's record"))?;
    Ok(Some(Found { id, person: row.parsed("person", PersonId::parse)?, passkey, version }))
}

/// The credential ids of a person's passkeys, so that one device is not asked for a second.
pub async fn credentials(
    open: &mut Viewing,
    access: &Access,
    person: PersonId,
) -> Result<Vec<CredentialID>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, record, version FROM passkey WHERE person = $1 AND removed_at IS NULL ORDER BY id",
            args![person],
        )
        .await?;
    rows.iter().map(|row| credential(open, access, row)).collect()
}

/// The credential ids of everybody else's passkeys, the newest first: a device that holds one of them makes
/// none for a second account (W3C Web Authentication Level 3, 6.3.2, step 3; R10).
pub async fn credentials_of_others(
    open: &mut Viewing,
    access: &Access,
    person: PersonId,
) -> Result<Vec<CredentialID>, KeepError> {
    let rows = open
        .rows(
            "SELECT id, record, version FROM passkey WHERE person <> $1 AND removed_at IS NULL
             ORDER BY made_at DESC, id LIMIT $2",
            args![person, REFUSED_MAX],
        )
        .await?;
    rows.iter().map(|row| credential(open, access, row)).collect()
}

fn credential(open: &Viewing, access: &Access, row: &Row) -> Result<CredentialID, KeepError> {
    let place = passkey_place(row.text("id")?, row.int("version")?);
    let record = open.unseal(access, &place, row.blob("record")?)?;
    let passkey: Passkey =
        serde_json::from_slice(&record).map_err(|_| KeepError::Shape("a passkey's record"))?;
    Ok(passkey.cred_id().clone())
}

/// Keeps the counter of a passkey that just signed in.
pub async fn used_passkey(tx: &mut Tx, found: &Found) -> Result<(), KeepError> {
    let record = tx.seal(&passkey_place(&found.id.text(), found.version + 1), &record_of(&found.passkey)?)?;
    tx.run_one(
        "UPDATE passkey SET record = $3, used_at = $4, version = version + 1 WHERE id = $1 AND version = $2",
        args![found.id, found.version, record, tx.now()],
    )
    .await
}

pub async fn remove_passkey(tx: &mut Tx, person: PersonId, id: PasskeyId) -> Result<(), KeepError> {
    tx.run_one(
        "UPDATE passkey SET removed_at = $3 WHERE id = $1 AND person = $2 AND removed_at IS NULL",
        args![id, person, tx.now()],
    )
    .await
}

/// Everything that let this person in until now no longer does.
pub async fn take_all_away(tx: &mut Tx, login: &Login) -> Result<(), KeepError> {
    tx.run(
        "UPDATE passkey SET removed_at = $2 WHERE person = $1 AND removed_at IS NULL",
        args![login.person, tx.now()],
    )
    .await?;
    tx.run("DELETE FROM saved_code WHERE person = $1", args![login.person]).await?;
    tx.run("DELETE FROM known_browser WHERE person = $1", args![login.person]).await?;
    crate::provider::forget(tx, login.person).await
}

pub async fn having(conn: &mut Conn, person: PersonId) -> Result<Having, KeepError> {
    let login = conn
        .row("SELECT code_step FROM login WHERE person = $1 AND password IS NOT NULL", args![person])
        .await?;
    let codes = conn
        .rows("SELECT made_at FROM saved_code WHERE person = $1 AND used_at IS NULL", args![person])
        .await?;
    let passkeys = passkeys(conn, person).await?.len();
    Ok(Having { passkeys, password: login.is_some(), saved_codes: codes.len() })
}

/// New saved codes instead of the old ones. This is the one moment they are known.
pub async fn save_codes(tx: &mut Tx, person: PersonId) -> Result<Vec<String>, KeepError> {
    tx.run("DELETE FROM saved_code WHERE person = $1", args![person]).await?;
    let mut codes = Vec::new();
    for _ in 0..SAVED_CODES {
        let mut random = [0; SAVED_CODE_CHARS * 5 / 8];
        tx.entropy().fill(&mut random);
        let code = saved_code(&random);
        let index = code_index(tx, person, &spell_saved_code(&code).unwrap_or_default());
        tx.run(
            "INSERT INTO saved_code (code_index, person, made_at) VALUES ($1, $2, $3)",
            args![index, person, tx.now()],
        )
        .await?;
        codes.push(code);
    }
    Ok(codes)
}

/// Spends a saved code. `false` when it is none of this person's, or spent.
pub async fn spend_code(tx: &mut Tx, person: PersonId, spelled: &str) -> Result<bool, KeepError> {
    let index = code_index(tx, person, spelled);
    let spent = tx
        .run(
            "UPDATE saved_code SET used_at = $3 WHERE code_index = $1 AND person = $2 AND used_at IS NULL",
            args![index, person, tx.now()],
        )
        .await?;
    Ok(spent == 1)
}

/// Whether this person signed in on this browser before.
pub async fn knows_browser(keep: &Keep, person: PersonId, token: &Secret) -> Result<bool, KeepError> {
    let index = keep.blind(BROWSER.0, BROWSER.1, &spell_browser(person, token));
    let mut conn = keep.read().await?;
    let row =
        conn.row("SELECT first_seen_at FROM known_browser WHERE browser_index = $1", args![index]).await?;
    Ok(row.is_some())
}

/// Remembers the browser. Tells whether others were known before it: then this one is news.
pub async fn remember_browser(tx: &mut Tx, person: PersonId, token: &Secret) -> Result<bool, KeepError> {
    let others =
        tx.row("SELECT first_seen_at FROM known_browser WHERE person = $1 LIMIT 1", args![person]).await?;
    let index = tx.blind(BROWSER.0, BROWSER.1, &spell_browser(person, token));
    tx.run(
        "INSERT INTO known_browser (browser_index, person, first_seen_at) VALUES ($1, $2, $3)",
        args![index, person, tx.now()],
    )
    .await?;
    Ok(others.is_some())
}

fn record_of(passkey: &Passkey) -> Result<Vec<u8>, KeepError> {
    serde_json::to_vec(passkey).map_err(|_| KeepError::Shape("a passkey that JSON cannot hold"))
}

fn spell_bytes(credential: &[u8]) -> String {
    credential.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn code_index(tx: &Tx, person: PersonId, spelled: &str) -> Vec<u8> {
    tx.blind("saved_code", "code_index", &format!("{} {spelled}", person.text()))
}

fn spell_browser(person: PersonId, token: &Secret) -> String {
    format!("{} {}", person.text(), token.reveal())
}

fn login_place<'a>(column: &'static str, row: &'a str, version: i64) -> Place<'a> {
    Place { table: "login", column, row, version, owner: Owner::Practice }
}

fn passkey_place(row: &str, version: i64) -> Place<'_> {
    Place { table: "passkey", column: "record", row, version, owner: Owner::Practice }
}

const NAME: (&str, &str) = ("login", "name_index");
const CREDENTIAL: (&str, &str) = ("passkey", "credential_index");
const BROWSER: (&str, &str) = ("known_browser", "browser_index");

const FIRST: i64 = 1;
