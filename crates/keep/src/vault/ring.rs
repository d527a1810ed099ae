//! The key ring: every key of the practice, wrapped in its own database file, unwrapped in memory while the
//! program runs. A key for a new patient is made by the first value sealed for them and stored before that
//! value.

use super::envelope::{Key, KeyId, Seal, derive, key_id};
use super::{Owner, Place};
use crate::store::{Around, Conn, Engine, Row};
use crate::{KeepError, Schema, Step, args};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

const KEYS: Schema =
    Schema { owner: "vault", steps: &[Step { number: 1, name: "first", sql: include_str!("keys.sql") }] };

/// What a key is for. A key never serves two purposes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Wrap,
    Blind,
    Sign,
    Data,
    Trail,
}

/// A key made inside a transaction that has not committed yet.
#[derive(Clone)]
pub(crate) struct Fresh {
    id: KeyId,
    purpose: Purpose,
    owner: Owner,
    key: Key,
}

pub(crate) struct Vault {
    installation: [u8; 16],
    wrap: (KeyId, Key),
    blind: Key,
    signer: Ed25519KeyPair,
    ring: RwLock<Ring>,
    engine: Engine,
    around: Arc<Around>,
}

#[derive(Default)]
struct Ring {
    by_id: HashMap<KeyId, Fresh>,
    newest: HashMap<(Purpose, Owner), KeyId>,
}

impl Vault {
    /// Opens `keys.db` in the folder, or makes it when there is no data either.
    pub async fn open(folder: &Path, root: &Key, around: Arc<Around>) -> Result<Vault, KeepError> {
        let file = folder.join("keys.db");
        if !file.exists() && folder.join("alcove.db").exists() {
            return Err(KeepError::Setup(format!(
                "{} is missing beside the data: restore it from the backup of the keys",
                file.display()
            )));
        }
        let engine = Engine::open(&file, &[KEYS], around.clone()).await?;
        let kept = engine.read().await?.row("SELECT installation FROM vault_installation", args![]).await?;
        let installation = match kept {
            Some(row) => {
                row.blob("installation")?.try_into().map_err(|_| KeepError::Shape("installation"))?
            }
            None => begin_practice(&engine, root, &around).await?,
        };
        load(engine, installation, root, around).await
    }

    pub fn installation(&self) -> &[u8; 16] {
        &self.installation
    }

    /// Seals under the owner's key, making it when this is the owner's first value.
    pub fn seal(&self, purpose: Purpose, place: &Place<'_>, plain: &[u8], fresh: &mut Vec<Fresh>) -> Vec<u8> {
        let held = self.key_for(purpose, place.owner, fresh);
        self.sealing(&held, place).close(plain, &*self.around.entropy)
    }

    pub fn open_sealed(
        &self,
        purpose: Purpose,
        place: &Place<'_>,
        sealed: &[u8],
        fresh: &[Fresh],
    ) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        let id = key_id(sealed)?;
        let kept = self.ring.read().unwrap_or_else(PoisonError::into_inner).by_id.get(&id).cloned();
        let held = kept.or_else(|| fresh.iter().find(|held| held.id == id).cloned());
        let held = held.filter(|held| held.purpose == purpose && held.owner == place.owner);
        self.sealing(&held.ok_or(KeepError::Sealed)?, place).open(sealed)
    }

    /// Whether this owner's trail can still be read: false once the key was shredded.
    pub fn holds(&self, purpose: Purpose, owner: Owner) -> bool {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).newest.contains_key(&(purpose, owner))
    }

    /// Stores what a transaction made. Called before that transaction commits: a key without a value is
    /// harmless, a value without its key is lost.
    pub async fn store(&self, fresh: &[Fresh]) -> Result<(), KeepError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let wrap = Wrapping { installation: &self.installation, id: self.wrap.0, key: &self.wrap.1 };
        let mut tx = self.engine.begin().await?;
        wrap.write(&mut tx, fresh, &self.around).await?;
        tx.commit().await?;
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        fresh.iter().cloned().for_each(|held| ring.add(held));
        Ok(())
    }

    /// HMAC-SHA256 under a key of this column alone: equal text gives equal bytes, and nothing else is
    /// learnt.
    pub fn blind(&self, table: &str, column: &str, normalised: &str) -> Vec<u8> {
        let mut key = Zeroizing::new([0; 32]);
        derive(&self.blind, &[], &[b"alcove/1 blind", table.as_bytes(), column.as_bytes()], &mut *key);
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &*key), normalised.as_bytes()).as_ref().to_vec()
    }

    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.signer.sign(text).as_ref().to_vec()
    }

    pub fn signed(&self, text: &[u8], signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.signer.public_key().as_ref());
        key.verify(text, signature).is_ok()
    }

    /// The Ed25519 key that checkpoints verify under; give it to whoever checks the trail from outside.
    pub fn public_key(&self) -> Vec<u8> {
        self.signer.public_key().as_ref().to_vec()
    }

    pub async fn close(&self) {
        self.engine.close().await;
    }

    fn key_for(&self, purpose: Purpose, owner: Owner, fresh: &mut Vec<Fresh>) -> Fresh {
        if let Some(held) = fresh.iter().find(|held| held.purpose == purpose && held.owner == owner) {
            return held.clone();
        }
        if let Some(held) = self.ring.read().unwrap_or_else(PoisonError::into_inner).newest(purpose, owner) {
            return held.clone();
        }
        let made = Fresh::new(purpose, owner, &self.around);
        fresh.push(made.clone());
        made
    }

    fn sealing<'a>(&'a self, held: &'a Fresh, place: &'a Place<'a>) -> Seal<'a> {
        Seal { installation: &self.installation, key_id: held.id, key: &held.key, place }
    }
}

impl Purpose {
    fn text(self) -> &'static str {
        match self {
            Purpose::Wrap => "wrap",
            Purpose::Blind => "blind",
            Purpose::Sign => "sign",
            Purpose::Data => "data",
            Purpose::Trail => "trail",
        }
    }

    fn parse(text: &str) -> Option<Purpose> {
        const ALL: [Purpose; 5] =
            [Purpose::Wrap, Purpose::Blind, Purpose::Sign, Purpose::Data, Purpose::Trail];
        ALL.into_iter().find(|purpose| purpose.text() == text)
    }
}

impl Fresh {
    fn new(purpose: Purpose, owner: Owner, around: &Around) -> Fresh {
        let mut id = [0; 16];
        around.entropy.fill(&mut id);
        Fresh { id, purpose, owner, key: Key::new(&*around.entropy) }
    }
}

impl Ring {
    fn add(&mut self, held: Fresh) {
        self.newest.insert((held.purpose, held.owner), held.id);
        self.by_id.insert(held.id, held);
    }

    fn newest(&self, purpose: Purpose, owner: Owner) -> Option<&Fresh> {
        self.newest.get(&(purpose, owner)).and_then(|id| self.by_id.get(id))
    }
}

/// All first keys or none, in one transaction.
async fn begin_practice(engine: &Engine, root: &Key, around: &Around) -> Result<[u8; 16], KeepError> {
    let mut installation = [0; 16];
    around.entropy.fill(&mut installation);
    let wrap = Fresh::new(Purpose::Wrap, Owner::Practice, around);
    let first = [Purpose::Blind, Purpose::Sign, Purpose::Data, Purpose::Trail]
        .map(|purpose| Fresh::new(purpose, Owner::Practice, around));
    let mut tx = engine.begin().await?;
    let under_root = Wrapping { installation: &installation, id: ROOT_ID, key: root };
    under_root.write(&mut tx, std::slice::from_ref(&wrap), around).await?;
    let under_wrap = Wrapping { installation: &installation, id: wrap.id, key: &wrap.key };
    under_wrap.write(&mut tx, &first, around).await?;
    tx.run(
        "INSERT INTO vault_installation (id, installation, made_at) VALUES ('this', $1, $2)",
        args![&installation[..], around.clock.now()],
    )
    .await?;
    tx.commit().await?;
    Ok(installation)
}

/// One key at work over others.
struct Wrapping<'a> {
    installation: &'a [u8; 16],
    id: KeyId,
    key: &'a Key,
}

impl Wrapping<'_> {
    async fn write(&self, tx: &mut Conn, keys: &[Fresh], around: &Around) -> Result<(), KeepError> {
        for held in keys {
            let id = hex(&held.id);
            let row = key_row(held.purpose, &id);
            let wrapped = self.seal(&key_place(&row, held.owner)).close(held.key.bytes(), &*around.entropy);
            tx.run(
                "INSERT INTO vault_key (id, purpose, owner, wrapped, made_at) VALUES ($1, $2, $3, $4, $5)",
                args![id, held.purpose.text(), held.owner.text(), wrapped, around.clock.now()],
            )
            .await?;
        }
        Ok(())
    }

    fn read(&self, row: &Row) -> Result<Fresh, KeepError> {
        let purpose = row.parsed("purpose", Purpose::parse)?;
        let owner = row.parsed("owner", Owner::parse)?;
        let name = key_row(purpose, row.text("id")?);
        let plain =
            self.seal(&key_place(&name, owner)).open(row.blob("wrapped")?).map_err(|_| wrong_root())?;
        let key = Key::from_slice(&plain).ok_or_else(wrong_root)?;
        Ok(Fresh { id: row.parsed("id", unhex)?, purpose, owner, key })
    }

    fn seal<'a>(&'a self, place: &'a Place<'a>) -> Seal<'a> {
        Seal { installation: self.installation, key_id: self.id, key: self.key, place }
    }
}

async fn load(
    engine: Engine,
    installation: [u8; 16],
    root: &Key,
    around: Arc<Around>,
) -> Result<Vault, KeepError> {
    let sql = "SELECT id, purpose, owner, wrapped FROM vault_key ORDER BY made_at, id";
    let rows = engine.read().await?.rows(sql, args![]).await?;
    let is_wrap = |row: &&Row| row.text("purpose").is_ok_and(|text| text == Purpose::Wrap.text());
    let root = Wrapping { installation: &installation, id: ROOT_ID, key: root };
    let wrap = root.read(rows.iter().find(is_wrap).ok_or_else(wrong_root)?)?;
    let under_wrap = Wrapping { installation: &installation, id: wrap.id, key: &wrap.key };
    let mut ring = Ring::default();
    for row in rows.iter().filter(|row| !is_wrap(row)) {
        ring.add(under_wrap.read(row)?);
    }
    let own = |purpose| ring.newest(purpose, Owner::Practice).map(|held| held.key.clone());
    let seed = own(Purpose::Sign).ok_or_else(wrong_root)?;
    let signer = Ed25519KeyPair::from_seed_unchecked(seed.bytes()).map_err(|_| wrong_root())?;
    let blind = own(Purpose::Blind).ok_or_else(wrong_root)?;
    let ring = RwLock::new(ring);
    Ok(Vault { installation, wrap: (wrap.id, wrap.key), blind, signer, ring, engine, around })
}

/// What a wrapped key's place is called. It names the purpose, so that one key cannot be passed off as
/// another.
fn key_row(purpose: Purpose, id: &str) -> String {
    format!("{} {id}", purpose.text())
}

/// Keys are never rewritten in place, so their version is always 1.
fn key_place(row: &str, owner: Owner) -> Place<'_> {
    Place { table: "vault_key", column: "wrapped", row, version: 1, owner }
}

fn wrong_root() -> KeepError {
    KeepError::Setup(
        "this root key does not open this practice's keys: use the one it was set up with".into(),
    )
}

fn hex(id: &KeyId) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<KeyId> {
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

/// The root key has no row, so it has no random id.
const ROOT_ID: KeyId = [0; 16];
