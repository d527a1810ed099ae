//! `alcove kit`: prints the recovery kit, tries it, and writes a lost root key again. The shares go to the
//! terminal, and to the open house over its own socket; they are in no file and no log.

use crate::house::{Failure, Places};
use crate::operator::{self, Order};
use crate::{ambient, log};
use keep::vault::{self, RootKey};
use std::io::Read;
use std::path::PathBuf;
use zeroize::Zeroizing;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Print a new kit for the root key of today. Kits printed before for the same key go on opening it.
    Print {
        /// The practice's folder: the one that holds `alcove.toml`.
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Type two shares, and the lost file of the root key is written again.
    Restore {
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
    /// Type two shares, and hear whether they open the practice.
    Try {
        #[arg(long, env = "ALCOVE_FOLDER")]
        folder: PathBuf,
    },
}

pub async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Print { folder } => {
            let root = Places::existing(&folder)?.root()?;
            operator::ask(&folder, Order::KitMade).await?;
            print(&root);
            Ok(())
        }
        Command::Restore { folder } => {
            let typed = read_shares()?;
            let root = vault::open_kit(&typed).map_err(|fault| Failure::Other(fault.to_string()))?;
            operator::ask_with(&folder, Order::RestoreRoot { with: typed.to_string() }, Some(&root)).await
        }
        Command::Try { folder } => {
            let places = Places::existing(&folder)?;
            let typed = read_shares()?;
            let opened = vault::open_kit(&typed).map_err(|fault| Failure::Other(fault.to_string()))?;
            if !opened.is(&places.root()?) {
                return Err(Failure::Other(
                    "the two shares fit together, and they are of another practice or of a root key that was \
                     replaced: print a new kit with `alcove kit print`, try it, and destroy this one"
                        .into(),
                ));
            }
            log::say("These two shares open the practice. Put the three in three places.");
            operator::ask(&folder, Order::KitTried).await
        }
    }
}

pub fn print(root: &RootKey) {
    log::say(
        "  RECOVERY KIT. Two of these three shares open the practice when the root key is lost.\n  \
         Write each on its own sheet and give them to three people or places. One alone is worth nothing.\n",
    );
    for (at, share) in vault::make_kit(root, &ambient::SystemEntropy).iter().enumerate() {
        log::say(&format!("  # Alcove recovery share {} of 3", at + 1));
        share.lines().for_each(|line| log::say(&format!("  {line}")));
        log::say("");
    }
}

/// Everything that is typed or piped in, up to a bound that no two shares reach.
pub fn read_shares() -> Result<Zeroizing<String>, Failure> {
    log::say_to_operator("Type the three lines of one share, then those of another; end with Ctrl+D.");
    let mut typed = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().take(TYPED_BYTES).read_to_string(&mut typed);
    read.map_err(Failure::system("cannot read the shares"))?;
    Ok(typed)
}

const TYPED_BYTES: u64 = 4096;
