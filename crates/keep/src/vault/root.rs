//! The root key's file: 64 hexadecimal digits, mode 0600, never inside the data folder. Whoever copies the
//! data without this file has noise.

use super::Key;
use crate::KeepError;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use vocabulary::Entropy;
use zeroize::Zeroizing;

/// The root key in memory, from its file or from two shares of the recovery kit. Never printed.
#[derive(Clone)]
pub struct RootKey(Key);

impl RootKey {
    /// Reads the file, after looking at who else could.
    pub fn read(path: &Path, data_folder: &Path) -> Result<RootKey, KeepError> {
        read_root(path, data_folder).map(RootKey)
    }

    /// The words of a root key's file.
    pub fn parse(text: &str) -> Option<RootKey> {
        from_hex(text.trim().as_bytes()).map(RootKey)
    }

    pub fn is(&self, other: &RootKey) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.0.bytes(), other.0.bytes()).is_ok()
    }

    pub(crate) fn of(key: Key) -> RootKey {
        RootKey(key)
    }

    pub(crate) fn key(&self) -> &Key {
        &self.0
    }
}

/// Writes a new root key. An existing file is never overwritten: that would be the end of the data.
pub fn create_root(path: &Path, entropy: &dyn Entropy) -> Result<(), KeepError> {
    write_root(path, &Key::new(entropy))
}

/// A new root key beside the one in use. A leftover of an earlier try has never been in use and goes.
pub(super) fn write_next(path: &Path, entropy: &dyn Entropy) -> Result<Key, KeepError> {
    let (key, next) = (Key::new(entropy), next(path));
    match fs::remove_file(&next) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(KeepError::Setup(format!("cannot remove {}: {error}", next.display())))
        }
        _ => write_root(&next, &key).map(|()| key),
    }
}

/// The new root key takes the place of the old, whose bytes are overwritten first where the disk allows it.
pub(super) fn put_next(path: &Path) -> Result<(), KeepError> {
    let work = || {
        let old = File::options().write(true).open(path)?;
        fs::rename(next(path), path)?;
        sync_folder(path)?;
        (&old).write_all(&[b'0'; HEX_DIGITS])?;
        old.sync_all()
    };
    work().map_err(|error| {
        KeepError::Setup(format!("cannot put the new root key in {}: {error}", path.display()))
    })
}

pub(super) fn write_root(path: &Path, key: &Key) -> Result<(), KeepError> {
    let mut text = Zeroizing::new(String::with_capacity(65));
    for byte in key.bytes() {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push('\n');
    let write = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync_folder(path)
    };
    write().map_err(|error| {
        KeepError::Setup(format!("cannot write a new root key to {}: {error}", path.display()))
    })
}

/// Reads it, after looking at who else could.
pub(crate) fn read_root(path: &Path, data_folder: &Path) -> Result<Key, KeepError> {
    let shown = path.display();
    let setup = |why: String| KeepError::Setup(why);
    let real = fs::canonicalize(path).map_err(|error| setup(format!("no root key at {shown}: {error}")))?;
    let data = fs::canonicalize(data_folder).unwrap_or_else(|_| data_folder.to_owned());
    if real.starts_with(&data) {
        return Err(setup(format!(
            "move the root key {shown} out of the data folder: they must not travel together"
        )));
    }
    let about = fs::metadata(&real).map_err(|error| setup(format!("root key {shown}: {error}")))?;
    if !about.is_file() || about.permissions().mode() & 0o077 != 0 {
        return Err(setup(format!("others can read the root key: run `chmod 600 {shown}`")));
    }
    let text =
        fs::read(&real).map(Zeroizing::new).map_err(|error| setup(format!("root key {shown}: {error}")))?;
    from_hex(text.trim_ascii())
        .ok_or_else(|| setup(format!("{shown} holds no root key: 64 hexadecimal digits")))
}

fn next(path: &Path) -> PathBuf {
    path.with_added_extension("next")
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn from_hex(text: &[u8]) -> Option<Key> {
    if text.len() != HEX_DIGITS {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
        let digit = |c: u8| (c as char).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Key::from_slice(&*bytes)
}

const HEX_DIGITS: usize = 64;
