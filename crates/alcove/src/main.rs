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
mod spoken_code;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod tests;
mod trail;
mod verify_page;

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
    /// Compare the room's page that a practice serves with the one this program carries. Run it elsewhere.
    VerifyPage(verify_page::Options),
    /// Print the version and the digest of the room's page.
    Version {
        /// Print the whole manifest of the page instead, as it is published with a release.
        #[arg(long)]
        manifest: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    log::start();
    let done = match Cli::parse().command {
        Command::Demo(options) => demo::run(options).await,
        Command::Keys(command) => keys::run(command).await,
        Command::Trail(command) => trail::run(command).await,
        Command::VerifyPage(options) => verify_page::run(options).await,
        Command::Version { manifest } => {
            verify_page::version(manifest);
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            log::say_to_operator(&format!("alcove: {failure}"));
            ExitCode::FAILURE
        }
    }
}
