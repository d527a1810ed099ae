//! `cargo xtask crash --rounds N`: kills the program N times in the middle of its work, keys being replaced
//! all the while, and holds what it had acknowledged against what is there afterwards.

use crate::repository::Repository;
use crate::shell::{self, Outcome, command};

const USAGE: &str = "cargo xtask crash --rounds N";

pub fn run(args: &[String]) -> Outcome<()> {
    let [name, rounds] = args else { return Err(USAGE.into()) };
    let rounds: u32 = rounds.parse().map_err(|_| USAGE)?;
    if name != "--rounds" || rounds == 0 {
        return Err(USAGE.into());
    }
    let repository = Repository::find()?;
    let mut cargo = command("cargo", &repository.root);
    cargo.args(["test", "-p", "keep", "crash_tests::what_was_acknowledged_survives_a_kill"]);
    cargo.env("ALCOVE_CRASH_ROUNDS", rounds.to_string());
    let lost = "something acknowledged was lost, doubled or damaged: see above";
    shell::run(&mut cargo).map_err(|_| lost)?;
    println!("{rounds} kills: nothing acknowledged was lost, nothing doubled.");
    Ok(())
}
