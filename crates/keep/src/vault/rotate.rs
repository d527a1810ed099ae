//! New keys for old ones, and the end of a key. Every change is one transaction of `keys.db`; afterwards the
//! file's log is emptied, so that no free page and no old frame keeps what was taken out.

use super::envelope::{Key, KeyId};
use super::ring::{Held, Purpose, Vault};
use super::wrapping::{Wrapping, hex, wrong_root};
use super::{Owner, RootKey, root};
use crate::{KeepError, args};
use std::path::Path;
use std::sync::PoisonError;
use vocabulary::UnixMillis;

/// Keys wrapped before others may use the processor again.
const AT_ONCE: usize = 64;

impl Vault {
    /// A new root key in the place of the old: one key is wrapped anew. Whenever it is cut short, the root
    /// key that then lies in the file opens the practice.
    pub async fn rotate_root(&self, path: &Path, data_folder: &Path) -> Result<(), KeepError> {
        let _alone = self.writing.lock().await;
        self.check_root(&root::read_root(path, data_folder)?).await?;
        let next = root::write_next(path, &*self.around.entropy)?;
        let (under_root, wrap) = (Wrapping::root(&self.installation, &next), self.ring().wrap.clone());
        let mut tx = self.engine.begin().await?;
        under_root.write(&mut tx, std::slice::from_ref(&wrap), &self.around).await?;
        tx.commit().await?;
        root::put_next(path)?;
        self.forget_other_roots(&under_root.id).await
    }

    /// The root key's file, lost, written again.
    pub async fn restore_root(&self, root: &RootKey, path: &Path) -> Result<(), KeepError> {
        let _alone = self.writing.lock().await;
        self.check_root(root.key()).await?;
        if path.exists() {
            return Err(KeepError::Setup(format!(
                "{} exists: nothing was written. If it is not this practice's key, move it away first",
                path.display()
            )));
        }
        root::write_root(path, root.key())
    }

    /// A new practice key over all others. Gives how many keys it wraps.
    pub async fn rotate_wrap(&self, root: &Key) -> Result<u64, KeepError> {
        let _alone = self.writing.lock().await;
        self.check_root(root).await?;
        let old = self.ring().wrap.clone();
        let new = Held::new(Purpose::Wrap, Owner::Practice, old.nth + 1, &self.around);
        let under_new = Wrapping::of(&self.installation, &new);
        let under = args![hex(&old.id)];
        let sql = "SELECT id FROM vault_key WHERE under = $1";
        let rows = self.engine.read().await?.rows(sql, under).await?;
        let mut tx = self.engine.begin().await?;
        for (at, row) in rows.iter().enumerate() {
            let id = row.text("id")?;
            let held = row.parsed("id", |id| self.held(id))?;
            let wrapped = under_new.wrap(&held, &self.around);
            let sql = "UPDATE vault_key SET under = $2, wrapped = $3 WHERE id = $1 AND under = $4";
            if tx.run(sql, args![id, hex(&new.id), wrapped, hex(&old.id)]).await? != 1 {
                return Err(self.around.broken("a key was gone while the practice key was changed"));
            }
            if at % AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
        tx.run("DELETE FROM vault_key WHERE purpose = 'wrap'", args![]).await?;
        let under_root = Wrapping::root(&self.installation, root);
        under_root.write(&mut tx, std::slice::from_ref(&new), &self.around).await?;
        tx.commit().await?;
        self.ring.write().unwrap_or_else(PoisonError::into_inner).wrap = new;
        self.engine.empty_log().await?;
        Ok(rows.len() as u64)
    }

    /// A newer data key for this owner, to be stored with the transaction that begins to use it; `None` when
    /// the owner has none yet, or an older one is still being replaced.
    pub fn next_data_key(&self, owner: Owner) -> Option<Held> {
        let ring = self.ring();
        let newest = ring.newest(Purpose::Data, owner)?;
        let busy = ring.outdated().any(|held| held.owner == owner);
        (!busy).then(|| Held::new(Purpose::Data, owner, newest.nth + 1, &self.around))
    }

    /// Data keys that seal no more, with their owners.
    pub fn outdated(&self) -> Vec<(KeyId, Owner)> {
        self.ring().outdated().map(|held| (held.id, held.owner)).collect()
    }

    pub fn data_keys_of(&self, owner: Owner) -> Vec<KeyId> {
        self.ring().data_keys_of(owner)
    }

    /// Every owner that has a data key.
    pub fn owners(&self) -> Vec<Owner> {
        self.ring().data_owners()
    }

    pub fn is_shredded(&self, owner: Owner) -> bool {
        self.ring().shredded.contains(&owner)
    }

    /// Takes out keys under which nothing is sealed any more.
    pub async fn retire(&self, ids: &[KeyId]) -> Result<(), KeepError> {
        let _alone = self.writing.lock().await;
        let mut tx = self.engine.begin().await?;
        for id in ids {
            tx.run("DELETE FROM vault_key WHERE id = $1 AND purpose = 'data'", args![hex(id)]).await?;
        }
        tx.commit().await?;
        self.ring.write().unwrap_or_else(PoisonError::into_inner).remove(ids);
        self.engine.empty_log().await
    }

    /// The end of everything sealed for this owner. Doing it twice is doing it once.
    pub async fn shred(&self, owner: Owner) -> Result<(), KeepError> {
        let _alone = self.writing.lock().await;
        let mut tx = self.engine.begin().await?;
        tx.run("DELETE FROM vault_key WHERE owner = $1 AND purpose = 'data'", args![owner.text()]).await?;
        tx.run(
            "INSERT INTO vault_shredded (owner, at) VALUES ($1, $2) ON CONFLICT (owner) DO NOTHING",
            args![owner.text(), self.around.clock.now()],
        )
        .await?;
        tx.commit().await?;
        {
            let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
            let ids = ring.data_keys_of(owner);
            ring.remove(&ids);
            ring.shredded.insert(owner);
        }
        self.engine.empty_log().await
    }

    pub(super) async fn forget_other_roots(&self, root: &KeyId) -> Result<(), KeepError> {
        let mut tx = self.engine.begin().await?;
        tx.run("DELETE FROM vault_key WHERE purpose = 'wrap' AND under <> $1", args![hex(root)]).await?;
        tx.commit().await?;
        self.engine.empty_log().await
    }

    /// When the oldest data key was made that is still in use.
    pub async fn oldest_data_key(&self) -> Result<Option<UnixMillis>, KeepError> {
        let sql = "SELECT made_at FROM vault_key WHERE purpose = 'data' ORDER BY made_at LIMIT 1";
        let row = self.engine.read().await?.row(sql, args![]).await?;
        row.map(|row| row.time("made_at")).transpose()
    }

    /// For tests: the wrapped keys of an owner as they lie in the file.
    #[cfg(test)]
    pub async fn wrapped(&self, owner: &str, purpose: &str) -> Result<Vec<Vec<u8>>, KeepError> {
        let sql = "SELECT wrapped FROM vault_key WHERE owner = $1 AND purpose = $2 ORDER BY nth, under";
        let rows = self.engine.read().await?.rows(sql, args![owner, purpose]).await?;
        rows.iter().map(|row| Ok(row.blob("wrapped")?.to_vec())).collect()
    }

    /// For tests: a change of the root key that stops before the file takes its place.
    #[cfg(test)]
    pub async fn add_root_for_test(&self, next: &Path) {
        let path = next.with_extension("");
        let next = root::write_next(&path, &*self.around.entropy).unwrap();
        let (under_root, wrap) = (Wrapping::root(&self.installation, &next), self.ring().wrap.clone());
        let mut tx = self.engine.begin().await.unwrap();
        under_root.write(&mut tx, std::slice::from_ref(&wrap), &self.around).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn check_root(&self, root: &Key) -> Result<(), KeepError> {
        let under = hex(&Wrapping::root(&self.installation, root).id);
        let sql = "SELECT id FROM vault_key WHERE purpose = 'wrap' AND under = $1";
        let found = self.engine.read().await?.row(sql, args![under]).await?;
        found.map(|_| ()).ok_or_else(wrong_root)
    }

    fn held(&self, id: &str) -> Option<Held> {
        self.ring().get(&super::wrapping::unhex(id)?).cloned()
    }
}
