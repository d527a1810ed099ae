//! `alcove trail verify`: recomputes the whole trail and says whether it is what was signed.

use crate::{ambient, house, log};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Recompute every entry and the signed checkpoint; exit 0 only when all of it fits.
    Verify {
        /// The practice's folder: the one that holds `data` and `root.key`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
}

pub async fn run(command: Command) -> Result<(), house::Failure> {
    let Command::Verify { folder } = command;
    let places = house::Places::existing(&folder)?;
    let keep = places.open(Arc::new(ambient::SystemClock::default())).await?;
    let verified = keep::trail::verify(&keep).await?;
    log::say(&format!("The trail is whole: {} entries, as signed.", verified.size));
    Ok(())
}
