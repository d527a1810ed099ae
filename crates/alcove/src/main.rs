//! Alcove: private telehealth for one practice, in one program.
//!
//! This crate owns configuration, wiring and commands. It holds no rule and no SQL: those live in the slices.

mod ambient;
mod demo;
mod door;
mod house;
mod keys;
mod log;
mod operator;
#[cfg(test)]
mod tests;
mod trail;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "alcove", version, about = "Private telehealth for one practice, in one program.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open a furnished practice on this machine alone, to look around and hold a visit.
    Demo(demo::Options),
    /// Put new keys in the place of old ones, or destroy a patient's.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Work with the trail, the record of every act.
    #[command(subcommand)]
    Trail(trail::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    log::start();
    let done = match Cli::parse().command {
        Command::Demo(options) => demo::run(options).await,
        Command::Keys(command) => keys::run(command).await,
        Command::Trail(command) => trail::run(command).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            log::say_to_operator(&format!("alcove: {failure}"));
            ExitCode::FAILURE
        }
    }
}
