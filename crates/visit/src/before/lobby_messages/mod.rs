//! Words to and from the lobby: the desk's, the clinician's, and those of whoever waits.
//!
//! Owns the table `lobby_message`, the card on the visit page and `/g/{door}/word`. Refuses words from
//! somebody whose visit is over, and more of them than anybody can read.

mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use pages::{Card, card};
pub(crate) use store::{From, said_count, say, to_lobby, unanswered};

use policy::Act;
use web::{Routes, Rule};

pub fn routes() -> Routes {
    Routes::new()
        .post("/visits/{id}/say", Rule::Act(Act::MessageLobby), pages::say_it)
        .get("/g/{door}/word", Rule::Act(Act::WriteToDesk), pages::page)
        .post("/g/{door}/word", Rule::Act(Act::WriteToDesk), pages::write)
}
