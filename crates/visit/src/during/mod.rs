//! During the visit: lobby and room over one socket per person.
//!
//! Owns the wire (`wire`), the rules of the live visit (`rules`, `view`: pure), the live visits in memory
//! (`live`), their sockets, tickets and resume tokens, the files people pass each other (`files`), and the
//! bridge to the media server. Refuses to let
//! anything of a room reach a lobby, to acknowledge an act before it is in the store with its entry, and to
//! act on the word of anybody but the person whose socket it is.

mod acts;
mod coming;
mod drawing;
mod entering;
mod files;
mod live;
mod lobby_words;
mod media_bridge;
mod pages;
pub mod problem;
pub mod rules;
mod seat;
mod socket;
mod store;
#[cfg(test)]
pub(crate) mod tests;
pub mod view;
mod visit_task;
mod way_in;
pub mod wire;

pub use live::{Live, Parts, SOCKETS_MAX, VISITS_LIVE_MAX};
pub use media_bridge::Media;
pub(crate) use pages::open_room;
pub use view::InQueue;

use policy::Act;
use web::{Routes, Rule};

/// They need a `Live` plugged into the site. `/room/` itself is `web`'s.
pub fn routes() -> Routes {
    Routes::new()
        .post("/visits/{id}/enter", Rule::Act(Act::OpenRoom), pages::host)
        .post("/g/{door}/enter", Rule::Act(Act::EnterLobby), pages::guest)
        .get(
            "/ws",
            Rule::Public("its first message says who it is, by a ticket or a resume token"),
            socket::open,
        )
        .post("/room/files", FILES, files::pages::begin)
        .get("/room/files/{place}/{at}", FILES, files::pages::take)
        .post("/room/files/{place}/{at}", FILES, files::pages::put)
        .post("/room/files/{place}/withdraw", FILES, files::pages::withdraw)
}

const FILES: Rule = Rule::Public("its header says whose open room asks; the visit decides visit.file");
