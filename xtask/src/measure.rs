//! Figures a run prints: lines per crate, and the memory of a program that does nothing. Nothing fails by
//! them.

use crate::repository::{Repository, Source};
use crate::shell::{Outcome, command};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

/// Long enough for a furnished practice to have sent its first letters and gone quiet.
const QUIET: Duration = Duration::from_secs(5);

/// Lines that are not blank, tests included, per crate and per folder of scripts.
pub fn lines(sources: &[Source]) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    for source in sources {
        let code = [".rs", ".sql", ".ts", ".mjs"].iter().any(|ending| source.path.ends_with(ending));
        let Some((first, rest)) = source.path.split_once('/').filter(|_| code) else { continue };
        let owner = if first == "crates" { rest.split('/').next().unwrap_or(rest) } else { first };
        *lines.entry(owner.to_string()).or_default() +=
            source.text.lines().filter(|line| !line.trim().is_empty()).count();
    }
    lines
}

/// Resident memory in KiB of a demo that nobody uses.
pub fn idle_memory(repository: &Repository) -> Outcome<u64> {
    let alcove = repository.target.join("debug/alcove");
    let folder = repository.target.join("idle-demo");
    let _ = std::fs::remove_dir_all(&folder);
    let mut demo = command(&alcove.to_string_lossy(), &repository.root)
        .args(["demo", "--port", "0", "--json", "--folder"])
        .arg(&folder)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|why| format!("{}: {why}", alcove.display()))?;
    let measured = resident(&mut demo);
    let ended = demo.kill().and_then(|()| demo.wait());
    let _ = std::fs::remove_dir_all(&folder);
    ended.map_err(|why| why.to_string())?;
    measured
}

/// Waits for the line that says the demo is open, then for quiet, then reads what the kernel says.
fn resident(demo: &mut Child) -> Outcome<u64> {
    let stdout = demo.stdout.take().ok_or("the demo has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).map_err(|why| why.to_string())?;
    if !line.starts_with('{') {
        return Err("the demo did not open".into());
    }
    std::thread::sleep(QUIET);
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", demo.id())).map_err(|why| why.to_string())?;
    let field = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    field.split_whitespace().next().and_then(|kib| kib.parse().ok()).ok_or_else(|| "VmRSS is missing".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_crate() {
        let source = |path: &str| Source { path: path.into(), text: "a\n\n  \nb\n".into() };
        let counted = lines(&[
            source("crates/keep/src/a.rs"),
            source("crates/keep/b.sql"),
            source("client/c.ts"),
            source("x.rs"),
        ]);
        assert_eq!(counted, BTreeMap::from([("client".into(), 2), ("keep".into(), 4)]));
    }
}
