//! Proving the trail: every leaf is hashed again, the tree is built again, and its root must be the signed
//! one.

use super::append::{Head, Leaf};
use super::tree::{Frontier, Hash};
use crate::store::Conn;
use crate::{Keep, KeepError, args};
use vocabulary::UnixMillis;

/// Leaves held in memory at once.
const BATCH: i64 = 500;

/// What holds: this many entries, under this root, signed by this installation's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub size: u64,
    pub root: Hash,
    pub at: UnixMillis,
    /// The checkpoint text and its Ed25519 signature: give both to somebody outside.
    pub checkpoint: String,
    pub signature: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrailError {
    /// An entry was changed after it was written.
    #[error("entry {0} was changed after it was written")]
    Altered(u64),
    /// An entry is missing here: it, or one before it, was deleted.
    #[error("entry {0} is missing")]
    Missing(u64),
    /// There are more entries than were signed for.
    #[error("entry {0} was put in without a signature")]
    Inserted(u64),
    /// Each entry looks whole, yet together they are not what was signed.
    #[error("the entries are not the ones that were signed")]
    Root,
    #[error("the checkpoint was not signed by this practice's key")]
    Signature,
    /// This running program has seen a longer or different trail.
    #[error("the trail was put back to an earlier state while the program ran")]
    RolledBack,
    #[error(transparent)]
    Keep(#[from] KeepError),
}

/// Reads the whole trail. What it cannot see alone is a whole older database put back while the program was
/// off: compare the checkpoint with one kept outside.
pub async fn verify(keep: &Keep) -> Result<Verified, TrailError> {
    let seen = keep.newest_trail();
    let mut conn = keep.snapshot().await?;
    let Some(head) = Head::load(&mut conn).await? else { return empty(&mut conn, seen).await };
    let sql = "SELECT root, signature FROM trail_head WHERE id = 'head'";
    let row = conn.row(sql, args![]).await?.ok_or(TrailError::Missing(0))?;
    let signature = row.blob("signature")?.to_vec();
    let checkpoint = head.text(keep.vault().installation());
    if !keep.vault().signed(checkpoint.as_bytes(), &signature) || row.blob("root")? != head.tree.root() {
        return Err(TrailError::Signature);
    }
    let mut tree = Frontier::default();
    loop {
        let from = i64::try_from(tree.size()).unwrap_or(i64::MAX);
        let sql = "SELECT idx, at, owner, body, touched, said, hash FROM trail_leaf WHERE idx >= $1
                   ORDER BY idx LIMIT $2";
        let rows = conn.rows(sql, args![from, BATCH]).await?;
        for row in &rows {
            let index = tree.size();
            if index >= head.tree.size() {
                return Err(TrailError::Inserted(index));
            }
            if u64::try_from(row.int("idx")?) != Ok(index) {
                return Err(TrailError::Missing(index));
            }
            let leaf = Leaf::read(row).map_err(|_| TrailError::Altered(index))?;
            let hash = leaf.hash(keep.vault().installation(), head.epoch);
            if row.blob("hash")? != hash || leaf.open(keep.vault(), head.epoch).is_err() {
                return Err(TrailError::Altered(index));
            }
            tree.push(hash);
            if seen.is_some_and(|(size, root)| size == tree.size() && root != tree.root()) {
                return Err(TrailError::RolledBack);
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    if tree.size() < head.tree.size() {
        return Err(TrailError::Missing(tree.size()));
    }
    if tree != head.tree {
        return Err(TrailError::Root);
    }
    if seen.is_some_and(|(size, _)| size > tree.size()) {
        return Err(TrailError::RolledBack);
    }
    Ok(Verified { size: tree.size(), root: tree.root(), at: head.at, checkpoint, signature })
}

/// No checkpoint is right only when nothing was ever written.
async fn empty(conn: &mut Conn, seen: Option<(u64, Hash)>) -> Result<Verified, TrailError> {
    if conn.row("SELECT idx FROM trail_leaf LIMIT 1", args![]).await?.is_some() {
        return Err(TrailError::Signature);
    }
    if seen.is_some() {
        return Err(TrailError::RolledBack);
    }
    let root = Frontier::default().root();
    Ok(Verified { size: 0, root, at: UnixMillis(0), checkpoint: String::new(), signature: Vec::new() })
}
