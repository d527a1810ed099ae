//! `alcove keys`: new keys for old ones, and the end of a patient's. Works while the house is open.

use crate::house::Failure;
use crate::operator::{self, Order};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Put new keys in the place of old ones; nothing is lost by it.
    Rotate {
        #[command(flatten)]
        which: Which,
        /// For --data: this patient alone.
        #[arg(long, requires = "data")]
        patient: Option<String>,
        /// Stands in the trail.
        #[arg(long)]
        why: String,
        /// The practice's folder: the one that holds `data` and `root.key`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Destroy a patient's keys for good: nothing of theirs opens any more. Writes a signed certificate.
    Shred {
        #[arg(long)]
        patient: String,
        #[arg(long)]
        why: String,
        /// Where the certificate goes; the file must not exist.
        #[arg(long)]
        out: PathBuf,
        /// There is no way back: say that you mean it.
        #[arg(long, required = true)]
        for_good: bool,
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Write the certificate of an earlier shredding again.
    Certificate {
        #[arg(long)]
        patient: String,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// The key in the file outside the data folder.
    #[arg(long)]
    root: bool,
    /// The key that wraps all others.
    #[arg(long)]
    practice: bool,
    /// The keys of patients and of the practice's own data: every value is sealed anew.
    #[arg(long)]
    data: bool,
}

pub async fn run(command: Command) -> Result<(), Failure> {
    let (folder, order) = match command {
        Command::Rotate { which: Which { root: true, .. }, why, folder, .. } => {
            (folder, Order::RotateRoot { why })
        }
        Command::Rotate { which: Which { practice: true, .. }, why, folder, .. } => {
            (folder, Order::RotatePractice { why })
        }
        Command::Rotate { patient, why, folder, .. } => (folder, Order::RotateData { patient, why }),
        Command::Shred { patient, why, out, folder, .. } => {
            (folder, Order::Shred { patient, why, out: absolute(out)? })
        }
        Command::Certificate { patient, out, folder } => {
            (folder, Order::Certificate { patient, out: absolute(out)? })
        }
    };
    operator::ask(&folder, order).await
}

/// The house that writes the file works in another folder than the command.
pub fn absolute(path: PathBuf) -> Result<PathBuf, Failure> {
    std::path::absolute(&path).map_err(Failure::system(format!("cannot find {}", path.display())))
}
