//! What an operator asks of a practice from the machine's own shell: keys and the trail. A house that is open
//! hears it over a socket in its data folder; when none is open, the command opens the folder itself.
//!
//! Refuses everybody but the account the house runs under and root. Who asked stands in the trail by the
//! number of their account.

mod orders;
mod socket;
#[cfg(test)]
mod tests;

pub use orders::{Desk, Order};
pub use socket::{Hears, ask as tell, listen};

use crate::house::{Failure, Places};
use crate::{ambient, log};
use keep::vault::RootKey;
use std::path::Path;
use std::sync::Arc;

/// Has the order carried out, by the open house or here, and says what came of it.
pub async fn ask(folder: &Path, order: Order) -> Result<(), Failure> {
    ask_with(folder, order, None).await
}

/// The same with a root key at hand, for when its file is lost.
pub async fn ask_with(folder: &Path, order: Order, root: Option<&RootKey>) -> Result<(), Failure> {
    let places = Places::existing(folder)?;
    let said = match socket::ask(&places.control(), &order).await? {
        Some(said) => said,
        None => {
            let clock = Arc::new(ambient::SystemClock::default());
            let keep = match root {
                Some(root) => places.open_with(root, clock).await?,
                None => places.open(clock).await?,
            };
            let desk = Desk { keep: keep.clone(), names: None };
            let said = desk.carry_out(order, &by(socket::own_account())).await;
            keep.close().await;
            said?
        }
    };
    log::say(&said);
    Ok(())
}

fn by(account: u32) -> String {
    format!("account {account} of the machine")
}
