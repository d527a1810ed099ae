//! Before the visit: booking, invitation, check-in and consent, up to the lobby's door.
//!
//! Owns the tables of visits and participants and their states (`rules`), which `during` and `after` use too.
//! Refuses the lobby without a telehealth consent and a location, or, to
//! whoever comes along, without a promise.

pub(crate) mod asked;
pub mod availability;
pub mod badges;
pub mod booking;
pub(crate) mod by_phone;
#[cfg(test)]
mod channels_tests;
pub mod check_in;
pub mod companions;
pub mod consent;
pub mod delegates;
pub mod emergency;
pub mod handing_over;
pub mod identity;
pub mod interpreting;
pub mod lateness;
pub mod licence;
pub mod lobby_messages;
pub mod merging;
#[cfg(test)]
mod merging_tests;
pub(crate) mod papers;
pub mod practice_room;
pub mod privacy_notice;
#[cfg(test)]
mod reading_tests;
pub mod rooms;
pub mod rules;
pub mod schedule;
pub mod spoken;
pub mod staff_readiness;
pub mod store;
pub mod translations;
pub mod visit_types;
pub(crate) mod waiving;
pub mod walk_in;
mod wishes;

use web::Routes;

pub fn routes() -> Routes {
    booking::routes()
        .merge(check_in::routes())
        .merge(companions::routes())
        .merge(emergency::routes())
        .merge(interpreting::routes())
        .merge(licence::routes())
        .merge(waiving::routes())
        .merge(by_phone::routes())
        .merge(practice_room::routes())
        .merge(rooms::routes())
        .merge(staff_readiness::routes())
        .merge(consent::routes())
        .merge(papers::routes())
        .merge(privacy_notice::routes())
        .merge(translations::routes())
        .merge(schedule::routes())
        .merge(availability::routes())
        .merge(visit_types::routes())
        .merge(wishes::routes())
        .merge(walk_in::routes())
        .merge(lateness::routes())
        .merge(handing_over::routes())
        .merge(identity::routes())
        .merge(delegates::routes())
        .merge(lobby_messages::routes())
}
