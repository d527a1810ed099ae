//! The key ring: every key of the practice, wrapped in its own database file, unwrapped in memory while the
//! program runs. A key for a new patient is made by the first value sealed for them and stored before that
//! value.

use super::envelope::{Key, KeyId, Seal, derive, key_id};
use super::wrapping::{KEYS, Wrapping, begin_practice, load};
use super::{Owner, Place};
use crate::store::{Around, At, Engine, Watch};
use crate::{KeepError, args};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use zeroize::Zeroizing;

/// The database of keys alone.
pub(crate) const KEYS_DB: &str = "keys.db";

/// What a key is for. A key never serves two purposes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Wrap,
    Blind,
    Sign,
    Data,
    Trail,
}

/// An unwrapped key, or one made inside a transaction that has not committed yet.
#[derive(Clone)]
pub(crate) struct Held {
    pub(super) id: KeyId,
    pub(super) purpose: Purpose,
    pub(super) owner: Owner,
    pub(super) nth: i64,
    pub(super) key: Key,
}

pub(crate) struct Vault {
    pub(super) installation: [u8; 16],
    pub(super) blind: Key,
    pub(super) signer: Ed25519KeyPair,
    pub(super) ring: RwLock<Ring>,
    pub(super) engine: Engine,
    pub(super) around: Arc<Around>,
    /// Held by whoever writes keys, from before the transaction until the ring says the same as the file.
    pub(super) writing: tokio::sync::Mutex<()>,
}

pub(super) struct Ring {
    pub wrap: Held,
    by_id: HashMap<KeyId, Held>,
    newest: HashMap<(Purpose, Owner), KeyId>,
    pub shredded: HashSet<Owner>,
}

impl Vault {
    /// Opens `keys.db` in the folder, or makes it when there is no data either: `first` is the oldest sealed
    /// value, whose key must be among these.
    pub async fn open(
        folder: &Path,
        root: &Key,
        first: Option<&[u8]>,
        around: Arc<Around>,
    ) -> Result<Vault, KeepError> {
        let file = folder.join(KEYS_DB);
        if !file.exists() && first.is_some() {
            return Err(KeepError::Setup(format!(
                "{} is missing beside the data: restore it from the backup of the keys",
                file.display()
            )));
        }
        let engine = Engine::open(&At::File(file.clone()), &[KEYS], Watch::Nothing, around.clone()).await?;
        let kept = engine.read().await?.row("SELECT installation FROM vault_installation", args![]).await?;
        let installation = match kept {
            Some(row) => {
                row.blob("installation")?.try_into().map_err(|_| KeepError::Shape("installation"))?
            }
            None => begin_practice(&engine, root, &around).await?,
        };
        let vault = load(engine, installation, root, around).await?;
        let knows = |key: KeyId| vault.ring().by_id.contains_key(&key);
        if first.is_some_and(|first| key_id(first).is_ok_and(|key| !knows(key))) {
            return Err(KeepError::Setup(format!(
                "{} holds the keys of another practice than the database: look at `data` and `database`",
                file.display()
            )));
        }
        Ok(vault)
    }

    pub fn installation(&self) -> &[u8; 16] {
        &self.installation
    }

    /// Seals under the owner's key, making it when this is the owner's first value.
    pub fn seal(
        &self,
        purpose: Purpose,
        place: &Place<'_>,
        plain: &[u8],
        fresh: &mut Vec<Held>,
    ) -> Result<Vec<u8>, KeepError> {
        if purpose == Purpose::Data && self.ring().shredded.contains(&place.owner) {
            return Err(KeepError::Shredded);
        }
        let held = self.key_for(purpose, place.owner, fresh);
        Ok(self.sealing(&held, place).close(plain, &*self.around.entropy))
    }

    pub fn open_sealed(
        &self,
        purpose: Purpose,
        place: &Place<'_>,
        sealed: &[u8],
        fresh: &[Held],
    ) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        let id = key_id(sealed)?;
        let kept = self.ring().by_id.get(&id).cloned();
        if kept.is_none() && purpose == Purpose::Data && self.ring().shredded.contains(&place.owner) {
            return Err(KeepError::Shredded);
        }
        let held = kept.or_else(|| fresh.iter().find(|held| held.id == id).cloned());
        let held = held.filter(|held| held.purpose == purpose && held.owner == place.owner);
        self.sealing(&held.ok_or(KeepError::Sealed)?, place).open(sealed)
    }

    /// Whether this owner's trail can still be read: false once the key was shredded.
    pub fn holds(&self, purpose: Purpose, owner: Owner) -> bool {
        self.ring().newest.contains_key(&(purpose, owner))
    }

    /// Stores what a transaction made. Called before that transaction commits: a key without a value is
    /// harmless, a value without its key is lost.
    pub async fn store(&self, fresh: &[Held]) -> Result<(), KeepError> {
        if fresh.is_empty() {
            return Ok(());
        }
        let _alone = self.writing.lock().await;
        let wrap = self.ring().wrap.clone();
        let mut tx = self.engine.begin().await?;
        Wrapping::of(&self.installation, &wrap).write(&mut tx, fresh, &self.around).await?;
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

    pub fn random16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.around.entropy.fill(&mut bytes);
        bytes
    }

    /// The Ed25519 key that checkpoints verify under; give it to whoever checks the trail from outside.
    pub fn public_key(&self) -> Vec<u8> {
        self.signer.public_key().as_ref().to_vec()
    }

    pub async fn close(&self) {
        self.engine.close().await;
    }

    fn key_for(&self, purpose: Purpose, owner: Owner, fresh: &mut Vec<Held>) -> Held {
        if let Some(held) = fresh.iter().find(|held| held.purpose == purpose && held.owner == owner) {
            return held.clone();
        }
        if let Some(held) = self.ring().newest(purpose, owner) {
            return held.clone();
        }
        let made = Held::new(purpose, owner, FIRST, &self.around);
        fresh.push(made.clone());
        made
    }

    pub(super) fn ring(&self) -> std::sync::RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn sealing<'a>(&'a self, held: &'a Held, place: &'a Place<'a>) -> Seal<'a> {
        Seal { installation: &self.installation, key_id: held.id, key: &held.key, place }
    }
}

impl Purpose {
    pub(super) fn text(self) -> &'static str {
        match self {
            Purpose::Wrap => "wrap",
            Purpose::Blind => "blind",
            Purpose::Sign => "sign",
            Purpose::Data => "data",
            Purpose::Trail => "trail",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Purpose> {
        const ALL: [Purpose; 5] =
            [Purpose::Wrap, Purpose::Blind, Purpose::Sign, Purpose::Data, Purpose::Trail];
        ALL.into_iter().find(|purpose| purpose.text() == text)
    }
}

impl Held {
    pub(super) fn new(purpose: Purpose, owner: Owner, nth: i64, around: &Around) -> Held {
        let mut id = [0; 16];
        around.entropy.fill(&mut id);
        Held { id, purpose, owner, nth, key: Key::new(&*around.entropy) }
    }
}

impl Ring {
    pub fn new(wrap: Held) -> Ring {
        Ring { wrap, by_id: HashMap::new(), newest: HashMap::new(), shredded: HashSet::new() }
    }

    pub fn add(&mut self, held: Held) {
        let newest = self.newest(held.purpose, held.owner).is_none_or(|before| before.nth < held.nth);
        if newest {
            self.newest.insert((held.purpose, held.owner), held.id);
        }
        self.by_id.insert(held.id, held);
    }

    pub fn newest(&self, purpose: Purpose, owner: Owner) -> Option<&Held> {
        self.newest.get(&(purpose, owner)).and_then(|id| self.by_id.get(id))
    }

    pub fn get(&self, id: &KeyId) -> Option<&Held> {
        self.by_id.get(id)
    }

    /// Data keys that seal no more: a re-encryption is under way for their owners.
    pub fn outdated(&self) -> impl Iterator<Item = &Held> {
        let data = self.by_id.values().filter(|held| held.purpose == Purpose::Data);
        data.filter(|held| self.newest.get(&(Purpose::Data, held.owner)) != Some(&held.id))
    }

    pub fn data_owners(&self) -> Vec<Owner> {
        let data = self.newest.keys().filter(|(purpose, _)| *purpose == Purpose::Data);
        let mut owners: Vec<Owner> = data.map(|(_, owner)| *owner).collect();
        owners.sort();
        owners
    }

    pub fn data_keys_of(&self, owner: Owner) -> Vec<KeyId> {
        let of = |held: &&Held| held.purpose == Purpose::Data && held.owner == owner;
        self.by_id.values().filter(of).map(|held| held.id).collect()
    }

    pub fn remove(&mut self, ids: &[KeyId]) {
        ids.iter().for_each(|id| drop(self.by_id.remove(id)));
        let by_id = &self.by_id;
        self.newest.retain(|_, id| by_id.contains_key(id));
    }
}

pub(super) const FIRST: i64 = 1;
