//! Recovery: two administrators let a colleague in again who lost every proof, and a day passes before the
//! link opens (D17). The colleague, the owner and every administrator see it and can stop it.
//!
//! Owns the table `recovery`. Refuses one person to be both of the two; nobody but the colleague ever holds
//! the link, which goes to their own address.

mod pages;
pub mod rules;
mod store;

pub use store::{Recovery, all, close, of};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .post("/staff/{id}/recovery/ask", Rule::Act(Act::AskRecovery), pages::ask)
        .post("/staff/{id}/recovery/approve", Rule::Act(Act::ApproveRecovery), pages::approve)
        .post("/staff/{id}/recovery/stop", Rule::Act(Act::WithdrawRecovery), pages::stop)
        .post("/me/recovery/stop", Rule::Act(Act::StopOwnRecovery), pages::stop_own)
}
