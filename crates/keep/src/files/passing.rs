//! Pieces that only pass through: sealed elsewhere by people who keep the key, and gone with their handle.
//!
//! Owns the folder `passing/`, which is empty whenever the practice opens: a crash leaves nothing behind.
//! Refuses more than a piece, more than its share of the disk, and to know what a piece says.

use crate::{Keep, KeepError};
use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One mebibyte and the tag of AES-GCM.
pub const PIECE_BYTES_AT_MOST: usize = 1024 * 1024 + 16;
/// Everything that passes through at one time.
pub const PASSING_BYTES_AT_MOST: usize = 4 * 1024 * 1024 * 1024;

pub(crate) struct Passing {
    folder: PathBuf,
    bytes: AtomicUsize,
}

/// A piece on the disk. Dropped, it is gone.
pub struct Piece {
    path: PathBuf,
    size: usize,
    passing: Arc<Passing>,
}

impl Keep {
    /// Puts a piece down until its handle is dropped. It is no record: no row names it and no entry is due.
    pub async fn pass_through(&self, bytes: Vec<u8>) -> Result<Piece, KeepError> {
        if bytes.len() > PIECE_BYTES_AT_MOST {
            return Err(KeepError::TooLarge("a piece holds at most one mebibyte and its tag"));
        }
        let mut name = [0; 16];
        self.entropy().fill(&mut name);
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let piece = self.passing().reserve(&name, bytes.len())?;
        let path = piece.path.clone();
        match tokio::task::spawn_blocking(move || write(&path, &bytes)).await {
            Ok(Ok(())) => Ok(piece),
            _ => Err(self.broken("a piece could not be written")),
        }
    }

    /// How much passes through now.
    pub fn passing_bytes(&self) -> usize {
        self.passing().bytes.load(Ordering::Relaxed)
    }
}

impl Piece {
    pub fn size(&self) -> usize {
        self.size
    }

    pub async fn bytes(&self) -> Result<Vec<u8>, KeepError> {
        let path = self.path.clone();
        let read = tokio::task::spawn_blocking(move || fs::read(path)).await;
        read.ok().and_then(Result::ok).ok_or(KeepError::NotFound)
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
        self.passing.bytes.fetch_sub(self.size, Ordering::Relaxed);
    }
}

impl Passing {
    /// Whatever a crash left here has no reader any more: its keys were in the pages of a visit that is over.
    pub fn open(folder: &Path) -> Result<Arc<Passing>, KeepError> {
        let folder = folder.join("passing");
        let failed = |error| KeepError::Setup(format!("cannot empty {}: {error}", folder.display()));
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        Ok(Arc::new(Passing { folder, bytes: AtomicUsize::new(0) }))
    }

    /// The handle first: what happens after it cannot leave bytes behind or be counted twice.
    fn reserve(self: &Arc<Passing>, name: &str, size: usize) -> Result<Piece, KeepError> {
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        let piece = Piece { path: self.folder.join(name), size, passing: self.clone() };
        if before.saturating_add(size) > PASSING_BYTES_AT_MOST {
            return Err(KeepError::Busy);
        }
        Ok(piece)
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    std::io::Write::write_all(&mut file, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use std::sync::atomic::Ordering::Relaxed;

    fn stored(keep: &Keep) -> usize {
        fs::read_dir(&keep.passing().folder).unwrap().count()
    }

    #[tokio::test]
    async fn a_piece_is_there_as_long_as_its_handle() {
        let (keep, _) = testing::keep(&[]).await;
        let piece = keep.pass_through(b"sealed".to_vec()).await.unwrap();
        assert_eq!((piece.bytes().await.unwrap(), piece.size(), stored(&keep)), (b"sealed".to_vec(), 6, 1));
        drop(piece);
        assert_eq!((stored(&keep), keep.passing_bytes()), (0, 0));
    }

    #[tokio::test]
    async fn more_than_the_bounds_is_refused_and_leaves_nothing() {
        let (keep, _) = testing::keep(&[]).await;
        let large = keep.pass_through(vec![0; PIECE_BYTES_AT_MOST + 1]).await;
        assert!(matches!(large, Err(KeepError::TooLarge(_))));
        keep.passing().bytes.store(PASSING_BYTES_AT_MOST, Relaxed);
        assert!(matches!(keep.pass_through(vec![0; 1]).await, Err(KeepError::Busy)));
        assert_eq!((stored(&keep), keep.passing_bytes()), (0, PASSING_BYTES_AT_MOST));
    }

    #[tokio::test]
    async fn what_a_crash_left_behind_is_swept_when_the_practice_opens() {
        let (keep, _) = testing::keep(&[]).await;
        let folder = keep.passing().folder.clone();
        fs::write(folder.join("left"), b"sealed").unwrap();
        let data = folder.parent().unwrap();
        let swept = Passing::open(data).unwrap();
        assert_eq!(fs::read_dir(&swept.folder).unwrap().count(), 0);
    }
}
