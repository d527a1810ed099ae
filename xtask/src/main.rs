//! Repository chores, run as `cargo xtask NAME`. Owns the order of the checks and what counts as proof;
//! refuses to skip anything silently. Not part of the program that a practice runs.

#![expect(clippy::print_stdout, reason = "a chore speaks on standard output")]
#![expect(clippy::print_stderr, reason = "and says what went wrong on standard error")]

mod claims;
mod client;
mod conformance;
mod crash;
mod demo;
mod differential;
mod junit;
mod man_in_the_middle;
mod measure;
mod participant;
mod postgres;
mod repository;
mod requirements;
mod results;
mod shell;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [ARGS]             build everything and start a furnished practice on this machine
cargo xtask test [--only PART] [--jobs N]
                                    every check there is; PART is rust, client or e2e (then nothing is proven)
cargo xtask requirements [--need LIST]
                                    what the last full run proved; LIST such as R7,R58-R64 must be proven
cargo xtask tidy                    the rules of the house that no compiler knows
cargo xtask build-client            bundle the scripts of the room into client/dist
cargo xtask crash --rounds N        kill the program N times in the middle of its work, on either database
cargo xtask conformance --mls FOLDER
                                    the vectors of the MLS working group against the room's encryption
cargo xtask differential --scripts N [--seed S]
                                    random scripts of the room's encryption against openmls
cargo xtask man-in-the-middle [--tries N]
                                    a server in the middle, N times: do the six digits match above chance?";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let chore = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match chore.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(&rest),
        "requirements" => requirements::run(&rest),
        "tidy" => tidy::run(),
        "build-client" => client::run(),
        "crash" => crash::run(&rest),
        "conformance" => conformance::run(&rest),
        "differential" => differential::run(&rest),
        "man-in-the-middle" => man_in_the_middle::run(&rest),
        _ => Err(format!("no chore is called '{chore}'. There are:\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
