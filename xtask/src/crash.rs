//! `cargo xtask crash --rounds N`: kills the program N times in the middle of its work, keys being replaced
//! all the while, and holds what it had acknowledged against what is there afterwards: the store by itself,
//! then sign-up, care team and consent; in files, then on a server.

use crate::postgres;
use crate::repository::Repository;
use crate::shell::{self, Outcome, command};

const USAGE: &str = "cargo xtask crash --rounds N";
/// Crates and their tests.
const TESTS: [(&str, &str); 2] = [
    ("keep", "crash_tests::what_was_acknowledged_survives_a_kill"),
    ("visit", "crash_tests::what_people_were_told_is_done_survives_a_kill_and_is_done_once"),
];

pub fn run(args: &[String]) -> Outcome<()> {
    let [name, rounds] = args else { return Err(USAGE.into()) };
    let rounds: u32 = rounds.parse().map_err(|_| USAGE)?;
    if name != "--rounds" || rounds == 0 {
        return Err(USAGE.into());
    }
    let repository = Repository::find()?;
    for server in [None, Some(postgres::Server::start()?)] {
        for (of, test) in TESTS {
            let mut cargo = command("cargo", &repository.root);
            cargo.args(["test", "-p", of, test]).env("ALCOVE_CRASH_ROUNDS", rounds.to_string());
            cargo.envs(server.as_ref().map(|server| ("ALCOVE_TEST_DATABASE", server.address())));
            let lost = "something acknowledged was lost, doubled or damaged: see above";
            shell::run(&mut cargo).map_err(|_| lost)?;
            let place = if server.is_some() { "on a server" } else { "in files" };
            println!("{of} {place}: {rounds} kills, nothing acknowledged was lost, nothing doubled.");
        }
    }
    Ok(())
}
