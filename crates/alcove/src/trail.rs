//! `alcove trail`: recomputes the whole trail and says whether it is what was signed, and makes the files
//! that people outside check with `docs/verify_trail.py`. Works while the house is open.

use crate::house::Failure;
use crate::keys::absolute;
use crate::operator::{self, Order};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Recompute every entry and the signed checkpoint; exit 0 only when all of it fits.
    Verify {
        /// The practice's folder: the one that holds `data` and `root.key`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
        /// Also hold every sealed value and row against the trail: edited, put back, put in or taken out.
        #[arg(long)]
        deep: bool,
    },
    /// Print the newest checkpoint: give it to somebody outside, who can ask for its growth later.
    Checkpoint {
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Print the key that checkpoints, proofs and certificates verify under.
    Key {
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Prove to people outside that an entry is in the trail, and what it says.
    Prove {
        /// Its number, counted from 0.
        entry: u64,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Prove that the first entries are unchanged since an older checkpoint.
    Growth {
        /// How many entries the older checkpoint has: its second line.
        older: u64,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Write every entry to a file that can be checked without this program.
    Export {
        /// Also what the entries say: health data, for whoever may read it.
        #[arg(long)]
        opened: bool,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
}

pub async fn run(command: Command) -> Result<(), Failure> {
    let (folder, order) = match command {
        Command::Verify { folder, deep } => (folder, Order::Verify { deep }),
        Command::Checkpoint { folder } => (folder, Order::Checkpoint),
        Command::Key { folder } => (folder, Order::Key),
        Command::Prove { entry, out, folder } => (folder, Order::Prove { entry, out: absolute(out)? }),
        Command::Growth { older, out, folder } => (folder, Order::Growth { older, out: absolute(out)? }),
        Command::Export { opened, out, folder } => (folder, Order::Export { opened, out: absolute(out)? }),
    };
    operator::ask(&folder, order).await
}
