//! `alcove db`: the records of a closed practice from its folder to a Postgres server, or back.
//!
//! Refuses an open practice and a target that holds anything. The source is left as it is; the configuration
//! says which of the two is opened from then on.

use crate::ambient::{SystemClock, SystemEntropy};
use crate::config;
use crate::house::{self, Failure, Places};
use crate::log;
use keep::{Copied, Entry, Object, Server, trail};
use policy::{Act, Facts, decide};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::Principal;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Copy every record, compare counts and digests of each table, and verify the trail of the copy.
    Copy {
        /// The practice's folder (the one that holds `alcove.toml`), or postgres://USER@HOST/DATABASE.
        #[arg(long)]
        from: String,
        /// The other of the two. A database must be empty; a folder must have no `data/alcove.db`.
        #[arg(long)]
        to: String,
        /// The file with the server's password; or ALCOVE_DATABASE_PASSWORD.
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
}

pub async fn run(command: Command) -> Result<(), Failure> {
    let Command::Copy { from, to, password_file } = command;
    let server = |address: &str| -> Result<Server, Failure> {
        let server = Server::parse(address)?;
        config::with_password(server, password_file.as_deref(), &|name| std::env::var(name).ok())
    };
    let (folder, source, target) = match (is_address(&from), is_address(&to)) {
        (false, true) => (from.as_str(), None, Some(server(&to)?)),
        (true, false) => (to.as_str(), Some(server(&from)?), None),
        _ => return Err(Failure::Other(ONE_OF_EACH.into())),
    };
    let places = Places { database: source, ..Places::existing(Path::new(folder))? };
    let copied = copy(&places, target.clone()).await?;
    log::say(&table(&copied));
    let there = Places { database: target.clone(), ..places };
    if !there.root_key.exists() {
        log::say("The root key is not here: `alcove trail verify --deep` checks the copy once it is open.");
    } else {
        let size = verify(&there, &copied).await?;
        log::say(&format!(
            "The trail of the copy verifies: {size} entries, every value and every row in its place."
        ));
    }
    log::say(&onward(&Path::new(folder).join(config::FILE), &there.data.join("alcove.db"), target.as_ref()));
    Ok(())
}

async fn copy(places: &Places, to: Option<Server>) -> Result<Vec<Copied>, Failure> {
    let (clock, entropy) = (Arc::new(SystemClock::default()), Arc::new(SystemEntropy));
    Ok(keep::transfer(&places.keeping(), to, &house::schemas(), clock, entropy).await?)
}

/// Opens the copy as `serve` will, holds every value and row against its trail, and writes the move into it.
async fn verify(there: &Places, copied: &[Copied]) -> Result<u64, Failure> {
    let keep = there.open(Arc::new(SystemClock::default())).await?;
    let deep = trail::verify_deep(&keep).await?;
    if !deep.is_whole() {
        return Err(Failure::Other(
            "the copy is what the source is, but that does not fit its own trail: `alcove trail verify \
             --deep` names the places"
                .into(),
        ));
    }
    let access = decide(&Principal::System, &Facts::default(), Act::FollowConfig)
        .map_err(|_| Failure::Other("the program may not note the move in the trail".into()))?;
    let to = if there.database.is_some() { "server" } else { "folder" };
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    let entry = Entry::new(Object::of("practice", "")).detail("what", "records").detail("to", to);
    keep.begin().await?.commit(&access, entry.detail("rows", rows.to_string())).await?;
    keep.close().await;
    Ok(deep.trail.size)
}

fn table(copied: &[Copied]) -> String {
    let mut lines =
        vec![format!("{:>10}  {:<24}  SHA-256 of every value, the same on both sides", "rows", "table")];
    for Copied { table, rows, sha256 } in copied {
        let hex: String = sha256.iter().take(DIGEST_SHOWN).map(|byte| format!("{byte:02x}")).collect();
        lines.push(format!("{rows:>10}  {table:<24}  {hex}"));
    }
    lines.join("\n")
}

fn onward(file: &Path, old: &Path, target: Option<&Server>) -> String {
    match target {
        Some(server) => format!(
            "Now write into {}:\n\n    database = \"{}\"\n\nand start `alcove serve`. Keys and files stay in \
             the folder. {} and its -wal are no longer used: take them away.",
            file.display(),
            server.address(),
            old.display()
        ),
        None => format!(
            "Now take the line `database` out of {}, and start `alcove serve`. The database on the server is \
             no longer used: take it away.",
            file.display()
        ),
    }
}

fn is_address(text: &str) -> bool {
    text.contains("://")
}

const ONE_OF_EACH: &str = "one of --from and --to is the practice's folder, the other postgres://..: keys \
    and files stay in the folder, only records move";
const DIGEST_SHOWN: usize = 16;
