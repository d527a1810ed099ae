//! `cargo xtask man-in-the-middle`: a server between two people who compare six digits, many times. Owns the
//! arguments; the tries are in client/tools.

use crate::client;
use crate::repository::Repository;
use crate::shell::{self, Outcome, command};
use crate::tools;

const USAGE: &str =
    "say how many tries, if not 100000: cargo xtask man-in-the-middle [--tries N]; N is at most 10000000";
const TRIES: u32 = 100_000;
const MOST_TRIES: u32 = 10_000_000;

pub fn run(args: &[String]) -> Outcome<()> {
    let tries = tries(args)?;
    let repository = Repository::find()?;
    tools::need_node(&repository)?;
    let scripts = repository.root.join("client");
    client::install(&scripts)?;
    let mut node = command("node", &scripts);
    node.args(["tools/run.mjs", "man-in-the-middle", &tries.to_string()]);
    shell::run(&mut node).map_err(|_| "the digits match more often than chance: see above".into())
}

fn tries(args: &[String]) -> Outcome<u32> {
    match args {
        [] => Ok(TRIES),
        [option, count] if option == "--tries" => {
            let count = count.parse().map_err(|_| USAGE)?;
            if (1..=MOST_TRIES).contains(&count) { Ok(count) } else { Err(USAGE.into()) }
        }
        _ => Err(USAGE.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_bounded_and_may_be_left_out() {
        let asked = |line: &str| tries(&line.split_whitespace().map(String::from).collect::<Vec<_>>());
        assert_eq!(asked(""), Ok(TRIES));
        assert_eq!(asked("--tries 7"), Ok(7));
        for wrong in ["--tries", "--tries 0", "--tries 10000001", "7", "--tries x"] {
            assert_eq!(asked(wrong), Err(USAGE.into()), "{wrong}");
        }
    }
}
