//! The repository as the chores see it: its root, its target folder, its files, and one digest over all of
//! them.

use crate::shell::{Outcome, command, read};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

pub struct Repository {
    pub root: PathBuf,
    pub target: PathBuf,
}

/// One file that belongs to the repository, with its text when it is text.
pub struct Source {
    /// Relative to the root, with `/`.
    pub path: String,
    pub text: String,
}

impl Repository {
    pub fn find() -> Outcome<Self> {
        let manifest =
            std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().ok_or("xtask has no folder above it")?.to_path_buf();
        let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), PathBuf::from);
        let target = if target.is_absolute() { target } else { root.join(target) };
        Ok(Self { root, target })
    }

    /// Every tracked file, and every new one that is not ignored, so that a file forgotten in a commit still
    /// counts.
    pub fn paths(&self) -> Outcome<Vec<String>> {
        let listed = read(command("git", &self.root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let mut paths: Vec<String> = listed
            .split('\0')
            .filter(|path| !path.is_empty() && self.root.join(path).is_file())
            .map(String::from)
            .collect();
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// Every file that is text, read whole.
    pub fn sources(&self) -> Outcome<Vec<Source>> {
        let mut sources = Vec::new();
        for path in self.paths()? {
            let bytes = std::fs::read(self.root.join(&path)).map_err(|why| format!("{path}: {why}"))?;
            if let Ok(text) = String::from_utf8(bytes) {
                sources.push(Source { path, text });
            }
        }
        Ok(sources)
    }

    /// SHA-256 over names, lengths and contents: two trees with one digest are one tree.
    pub fn digest(&self) -> Outcome<String> {
        let mut stream = Vec::new();
        for path in self.paths()? {
            let bytes = std::fs::read(self.root.join(&path)).map_err(|why| format!("{path}: {why}"))?;
            stream.extend_from_slice(format!("{path}\0{}\0", bytes.len()).as_bytes());
            stream.extend_from_slice(&bytes);
        }
        sha256(&stream)
    }

    /// The commit that is checked out, or "none" before the first one.
    pub fn commit(&self) -> String {
        read(command("git", &self.root).args(["rev-parse", "HEAD"]))
            .map_or_else(|_| "none".into(), |text| text.trim().into())
    }
}

/// SHA-256 in hex by coreutils, so that the chores need no crypto crate of their own.
pub fn sha256(bytes: &[u8]) -> Outcome<String> {
    let mut child = command("sha256sum", Path::new("."))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("sha256sum: {why}"))?;
    child
        .stdin
        .take()
        .ok_or("sha256sum takes no input")?
        .write_all(bytes)
        .map_err(|why| format!("sha256sum: {why}"))?;
    let output = child.wait_with_output().map_err(|why| format!("sha256sum: {why}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().next().map(String::from).ok_or_else(|| "sha256sum said nothing".into())
}
