//! `cargo xtask differential`: random scripts of our encryption against openmls. Owns the arguments and the
//! build of the other side, which is in crates/participant; the scripts are in client/tools.

use crate::client;
use crate::participant;
use crate::repository::Repository;
use crate::shell::{self, Outcome, command};
use crate::tools;
use std::hash::{BuildHasher, RandomState};
use std::process::Command;

const USAGE: &str = "say how many scripts: cargo xtask differential --scripts N [--seed S]; \
                     N is at most 10000, S below 4294967296";
const MOST_SCRIPTS: u32 = 10_000;

#[derive(Debug, PartialEq, Eq)]
struct Wish {
    scripts: u32,
    seed: Option<u32>,
}

pub fn run(args: &[String]) -> Outcome<()> {
    let wish = wish(args)?;
    let seed = wish.seed.unwrap_or_else(any_seed);
    let repository = Repository::find()?;
    tools::need_node(&repository)?;
    participant::build(&repository)?;
    println!("{} scripts from seed {seed}", wish.scripts);
    play(&repository, wish.scripts, seed)
}

/// The scripts alone, when everything is built: in two halves side by side, for each is busy on one core.
pub fn play(repository: &Repository, scripts: u32, seed: u32) -> Outcome<()> {
    let folder = repository.root.join("client");
    client::install(&folder)?;
    let first = scripts / 2;
    let halves = [(first, seed), (scripts - first, seed.wrapping_add(first))];
    let ended = std::thread::scope(|scope| {
        let running = halves
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|&(count, from)| scope.spawn(move || shell::run(&mut player(repository, count, from))));
        let running: Vec<_> = running.collect();
        running.into_iter().all(|half| half.join().is_ok_and(|played| played.is_ok()))
    });
    if ended { Ok(()) } else { Err("the two implementations do not agree: see above".into()) }
}

fn player(repository: &Repository, scripts: u32, seed: u32) -> Command {
    let mut node = command("node", &repository.root.join("client"));
    node.args(["tools/run.mjs", "differential"])
        .arg(participant::program(repository, "differential"))
        .args([scripts.to_string(), seed.to_string()]);
    node
}

fn wish(args: &[String]) -> Outcome<Wish> {
    let (mut scripts, mut seed) = (None, None);
    for pair in args.chunks(2) {
        let [option, value] = pair else { return Err(USAGE.into()) };
        let value: u32 = value.parse().map_err(|_| USAGE)?;
        match option.as_str() {
            "--scripts" if (1..=MOST_SCRIPTS).contains(&value) => scripts = Some(value),
            "--seed" => seed = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    scripts.map(|scripts| Wish { scripts, seed }).ok_or_else(|| USAGE.into())
}

/// A different one each time; it is printed, so that the run can be had again.
pub fn any_seed() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one("seed").to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Outcome<Wish> {
        wish(&line.split_whitespace().map(String::from).collect::<Vec<_>>())
    }

    #[test]
    fn scripts_are_counted_and_a_seed_may_be_given() {
        assert_eq!(asked("--scripts 3"), Ok(Wish { scripts: 3, seed: None }));
        assert_eq!(asked("--seed 7 --scripts 1"), Ok(Wish { scripts: 1, seed: Some(7) }));
    }

    #[test]
    fn what_is_not_bounded_is_refused() {
        for wrong in ["", "--scripts", "--scripts 0", "--scripts 10001", "--seed 1", "--scripts 1 --seed x"] {
            assert_eq!(asked(wrong), Err(USAGE.into()), "{wrong}");
        }
    }
}
