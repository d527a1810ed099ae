//! During the visit: lobby and room over one socket per person.
//!
//! Owns the wire (`wire`), the rules of the live visit (`rules`, `view`: pure), the live visits in memory
//! (`live`), their sockets, tickets and resume tokens, and the bridge to the media server. Refuses to let anything
//! of a room reach a lobby, to acknowledge an act before it is in the store with its entry, and to act on the
//! word of anybody but the person whose socket it is.

pub mod problem;
pub mod rules;
#[cfg(test)]
mod rules_tests;
pub mod view;
pub mod wire;
