//! Alcove: private telehealth for one practice, in one program.
//!
//! This crate owns configuration, wiring and commands. It holds no rule and no SQL: those live in the slices.

mod ambient;
mod carriers;
mod config;
mod db;
mod demo;
#[cfg(test)]
mod edited_tests;
mod house;
mod init;
mod keys;
mod kit;
mod listen;
mod log;
#[cfg(test)]
mod one_person_tests;
mod operator;
#[cfg(feature = "pdf")]
mod print;
mod report;
mod sealed;
mod serve;
#[cfg(test)]
mod spoken_code;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod sweep_portal;
#[cfg(test)]
mod tests;
mod trail;
mod verify_page;
#[cfg(test)]
mod whole_tests;

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
    /// Make a new practice: its keys, its recovery kit, its configuration, and a link for its owner.
    Init(init::Options),
    /// Open the practice to its people, as its configuration says.
    Serve(serve::Options),
    /// Unlock a sealed practice: the root key's words, or two shares of the kit, on standard input.
    Unlock {
        /// The practice's folder: the one that holds `alcove.toml`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: std::path::PathBuf,
    },
    /// Print a recovery kit, try the one you have, or get the root key back from it.
    #[command(subcommand)]
    Kit(kit::Command),
    /// Print a new link for an owner who has never signed in.
    OwnerLink {
        /// The practice's folder: the one that holds `alcove.toml`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: std::path::PathBuf,
    },
    /// Put new keys in the place of old ones, or destroy a patient's.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Work with the trail, the record of every act.
    #[command(subcommand)]
    Trail(trail::Command),
    /// Check a signed report outside the practice.
    #[command(subcommand)]
    Report(report::Command),
    /// Move the records between the practice's folder and a Postgres server.
    #[command(subcommand)]
    Db(db::Command),
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
        Command::Init(options) => init::run(options).await,
        Command::Serve(options) => serve::run(options).await,
        Command::Unlock { folder } => sealed::unlock(&folder).await,
        Command::Kit(command) => kit::run(command).await,
        Command::OwnerLink { folder } => operator::ask(&folder, operator::Order::LinkOwner).await,
        Command::Keys(command) => keys::run(command).await,
        Command::Trail(command) => trail::run(command).await,
        Command::Report(command) => report::run(command),
        Command::Db(command) => db::run(command).await,
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
