//! `alcove trail verify`: recomputes the whole trail and says whether it is what was signed; with `--deep`
//! also whether every sealed value is the one its newest act wrote.

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
        /// Also hold every sealed value against the trail: edited, put back or put in behind its back.
        #[arg(long)]
        deep: bool,
    },
}

pub async fn run(command: Command) -> Result<(), house::Failure> {
    let Command::Verify { folder, deep } = command;
    let places = house::Places::existing(&folder)?;
    let keep = places.open(Arc::new(ambient::SystemClock::default())).await?;
    let verified = keep::trail::verify(&keep).await?;
    log::say(&format!("The trail is whole: {} entries, as signed.", verified.size));
    if deep { hold_values_against_it(&keep).await } else { Ok(()) }
}

async fn hold_values_against_it(keep: &keep::Keep) -> Result<(), house::Failure> {
    let deep = keep::trail::verify_deep(keep).await?;
    for (what, spots) in [("changed", &deep.altered), ("written by no act", &deep.unknown)] {
        for spot in spots.iter().take(SPOTS_SHOWN) {
            log::say(&format!("  {what}: {}.{} of {}", spot.table, spot.column, spot.row));
        }
    }
    let wrong = deep.altered.len() + deep.unknown.len();
    if wrong > 0 {
        let words = format!("{wrong} sealed values are not what the trail says: restore them from a backup");
        return Err(house::Failure::Other(words));
    }
    log::say(&format!(
        "{} sealed values are what their newest act wrote; {} more were written and are gone.",
        deep.whole,
        deep.gone.len()
    ));
    Ok(())
}

const SPOTS_SHOWN: usize = 100;
