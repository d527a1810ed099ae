//! Files: encrypted in pieces into a folder, each under a key of its own that stands sealed in the database.
//!
//! Owns the folders `files/` and `passing/`. Refuses names that mean something, more than 25 MiB, and a file
//! without a committed row: what a dropped transaction wrote is removed again.

mod passing;
mod pieces;

#[cfg(test)]
mod tests;

pub(crate) use passing::Passing;
pub use passing::{PASSING_BYTES_AT_MOST, PIECE_BYTES_AT_MOST, Piece};

use crate::store::Row;
use crate::vault::{Key, Owner, Place};
use crate::view::{Viewing, covers};
use crate::{KeepError, Tx, args};
use policy::Access;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use vocabulary::FileId;
use zeroize::Zeroizing;

/// Larger uploads belong to recordings, which are another kind of thing.
pub const FILE_BYTES_AT_MOST: usize = 25 * 1024 * 1024;

impl Tx {
    /// Encrypts the bytes into the folder. They are on the disk before the row that names them can commit.
    pub async fn put_file(
        &mut self,
        owner: Owner,
        kind: &'static str,
        bytes: Vec<u8>,
    ) -> Result<FileId, KeepError> {
        let bytes = Zeroizing::new(bytes);
        if bytes.len() > FILE_BYTES_AT_MOST {
            return Err(KeepError::TooLarge("a file holds at most 25 MiB"));
        }
        let keep = self.keep.clone();
        let id = FileId::new(self.now(), keep.entropy());
        let key = Key::new(keep.entropy());
        let mut name = [0; 16];
        keep.entropy().fill(&mut name);
        let name: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed_key = self.seal(&key_place(&id.text(), owner), key.bytes())?;
        let path = keep.files().path(&name);
        self.written.0.push(path.clone());
        let size = i64::try_from(bytes.len()).expect("at most 25 MiB");
        let context = context(id, kind);
        let work =
            tokio::task::spawn_blocking(move || write_whole(&path, &pieces::encrypt(&key, &context, &bytes)));
        match work.await {
            Ok(Ok(())) => {}
            _ => return Err(keep.broken("a file could not be written")),
        }
        self.run(
            "INSERT INTO file (id, owner, kind, name, bytes, file_key, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![id, owner.text(), kind, name, size, sealed_key, self.now()],
        )
        .await?;
        Ok(id)
    }
}

impl Viewing {
    /// The whole file, or an error and no byte of it.
    pub async fn file(&mut self, access: &Access, id: FileId) -> Result<Zeroizing<Vec<u8>>, KeepError> {
        let sql = "SELECT id, owner, kind, name, bytes, file_key FROM file WHERE id = $1";
        let row: Row = self.row(sql, args![id]).await?.ok_or(KeepError::NotFound)?;
        let owner = row.parsed("owner", Owner::parse)?;
        covers(access, owner)?;
        let key = self.unseal(access, &key_place(row.text("id")?, owner), row.blob("file_key")?)?;
        let key = Key::from_slice(&key).ok_or(KeepError::Sealed)?;
        let path = self.keep.files().path(row.text("name")?);
        let context = context(id, row.text("kind")?);
        let size = usize::try_from(row.int("bytes")?).map_err(|_| KeepError::Shape("bytes"))?;
        let work = tokio::task::spawn_blocking(move || {
            let stored = fs::read(path).map_err(|_| KeepError::NotFound)?;
            let bytes = pieces::decrypt(&key, &context, &stored)?;
            if bytes.len() == size { Ok(bytes) } else { Err(KeepError::Sealed) }
        });
        work.await.map_err(|_| self.keep.broken("reading a file panicked"))?
    }
}

pub(crate) struct Files(PathBuf);

impl Files {
    pub fn open(folder: &Path) -> Result<Files, KeepError> {
        let path = folder.join("files");
        fs::create_dir_all(&path)
            .map_err(|error| KeepError::Setup(format!("cannot make {}: {error}", path.display())))?;
        Ok(Files(path))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// Files of a transaction that has not committed: dropped, they go.
#[derive(Default)]
pub(crate) struct Written(pub Vec<PathBuf>);

impl Written {
    pub fn stays(mut self) {
        self.0.clear();
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        for path in &self.0 {
            fs::remove_file(path).ok();
        }
    }
}

fn key_place(row: &str, owner: Owner) -> Place<'_> {
    Place { table: "file", column: "file_key", row, version: 1, owner }
}

fn context(id: FileId, kind: &str) -> Vec<u8> {
    format!("{} {kind}", id.text()).into_bytes()
}

/// Whole or not at all, also after a power cut: write aside, sync, rename, sync the folder.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let aside = path.with_extension("part");
    let mut file = File::options().write(true).create_new(true).open(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    File::open(path.parent().expect("a stored file lies in the folder"))?.sync_all()
}
