//! Slice: a visit from booking to survey.
//!
//! `before` brings a patient from a booking to the lobby, `during` holds the live room, `after` gives the summary
//! and asks two questions. Owns visits, participants, consents, check-ins, summaries and surveys; refuses to own
//! people (`people`), findings (`practice`) and media packets (`media`).

pub mod after;
pub mod before;
pub mod during;

use keep::{Schema, Step};
use web::{Locale, Routes};

/// The tables of this slice, in the order they are made.
pub const SCHEMA: Schema = Schema {
    owner: "visit",
    steps: &[
        Step { number: 1, name: "before", sql: include_str!("before/schema.sql") },
        Step { number: 2, name: "after", sql: include_str!("after/schema.sql") },
    ],
};

/// The tables this slice needs, its own and those of the slices to its left.
pub fn schemas() -> Vec<Schema> {
    vec![SCHEMA]
}

/// The words of this slice.
pub const WORDS: Locale = Locale {
    owner: "visit",
    en: concat!(include_str!("../locales/en/before.ftl"), include_str!("../locales/en/after.ftl"),),
    es: concat!(include_str!("../locales/es/before.ftl"), include_str!("../locales/es/after.ftl"),),
};

/// All pages of this slice.
pub fn routes() -> Routes {
    Routes::new().merge(before::routes()).merge(after::routes())
}
