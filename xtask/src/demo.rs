//! `cargo xtask demo`: one command from a fresh clone to a furnished practice. Builds, then hands over to it.

use crate::repository::Repository;
use crate::{client, shell, tools};

pub fn run(args: &[String]) -> shell::Outcome<()> {
    let repository = Repository::find()?;
    tools::need_node(&repository)?;
    client::build(&repository)?;
    shell::run(shell::command("cargo", &repository.root).args(["build", "--locked", "--package", "alcove"]))?;
    let alcove = repository.target.join("debug/alcove");
    shell::run(shell::command(&alcove.to_string_lossy(), &repository.root).arg("demo").args(args))
}
