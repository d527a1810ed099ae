//! The other implementation of a person in a visit, crates/participant: built in a workspace and a target
//! folder of its own, so that nothing of it gets near the program.

use crate::repository::Repository;
use crate::shell::{self, Outcome, command};
use std::path::PathBuf;

/// Its programs: the participant itself, and the group member that the random scripts drive.
pub fn program(repository: &Repository, name: &str) -> PathBuf {
    repository.target.join("participant/debug").join(name)
}

pub fn build(repository: &Repository) -> Outcome<()> {
    cargo(repository, &["build", "--bins"])
}

pub fn test(repository: &Repository) -> Outcome<()> {
    cargo(repository, &["fmt", "--check"])?;
    cargo(repository, &["test", "--quiet", "--lib"])
}

fn cargo(repository: &Repository, args: &[&str]) -> Outcome<()> {
    let folder = repository.root.join("crates/participant");
    let mut cargo = command("cargo", &folder);
    cargo.args(args).env("CARGO_TARGET_DIR", repository.target.join("participant"));
    if args[0] != "fmt" {
        cargo.args(["--locked", "--jobs", "2"]);
    }
    shell::run(&mut cargo)
}
