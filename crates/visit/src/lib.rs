//! Slice: a visit from booking to survey.
//!
//! `before` brings a patient from a booking to the lobby, `during` holds the live room, `after` gives the
//! summary and asks two questions, `privacy` says in plain words how private all this is. Owns visits,
//! participants, consents, check-ins, summaries and surveys; refuses to own people (`people`), findings
//! (`practice`) and media packets (`media`).

pub mod after;
pub mod before;
#[cfg(test)]
mod crash_tests;
pub mod during;
pub mod facts;
pub mod privacy;
#[cfg(test)]
mod test_house;
#[cfg(test)]
mod test_interpreters;

use keep::{Schema, Step};
use web::{Locale, Routes};

/// The tables of this slice, in the order they are made. They stand on those of `people` and `practice`.
pub const SCHEMA: Schema = Schema {
    owner: "visit",
    steps: &[
        Step { number: 1, name: "before", sql: include_str!("before/schema.sql") },
        Step { number: 2, name: "after", sql: include_str!("after/schema.sql") },
        Step { number: 3, name: "during", sql: include_str!("during/schema.sql") },
        Step { number: 4, name: "acting", sql: include_str!("before/companions/schema.sql") },
        Step { number: 5, name: "licence", sql: include_str!("before/licence/schema.sql") },
        Step { number: 6, name: "emergency", sql: include_str!("before/emergency/schema.sql") },
    ],
};

/// The tables of the desk, which stand on those above.
pub const DESK: Schema = Schema {
    owner: "desk",
    steps: &[
        Step { number: 1, name: "desk", sql: include_str!("before/schedule/schema.sql") },
        Step { number: 2, name: "said", sql: include_str!("before/lobby_messages/schema.sql") },
    ],
};

/// The tables of readiness: the practice's own rooms, what staff check of themselves, and simple mode.
pub const READINESS: Schema = Schema {
    owner: "readiness",
    steps: &[
        Step { number: 1, name: "rooms", sql: include_str!("before/rooms/schema.sql") },
        Step { number: 2, name: "own", sql: include_str!("before/staff_readiness/schema.sql") },
        Step { number: 3, name: "simple", sql: include_str!("before/practice_room/schema.sql") },
    ],
};

/// The tables of languages: who interprets, by which right, and which translations somebody has approved.
pub const LANGUAGE: Schema = Schema {
    owner: "language",
    steps: &[
        Step { number: 1, name: "interpreting", sql: include_str!("before/interpreting/schema.sql") },
        Step { number: 2, name: "translations", sql: include_str!("before/translations/schema.sql") },
    ],
};

/// Who signed for a patient, and which papers the practice keeps.
pub const SIGNERS: Schema = Schema {
    owner: "signers",
    steps: &[
        Step { number: 1, name: "signer", sql: include_str!("before/consent/signer.sql") },
        Step { number: 2, name: "paper", sql: include_str!("before/consent/paper.sql") },
    ],
};

/// The tables of identity checks.
pub const IDENTITY: Schema = Schema {
    owner: "identity",
    steps: &[
        Step { number: 1, name: "checks", sql: include_str!("before/identity/schema.sql") },
        Step { number: 2, name: "seats", sql: include_str!("before/identity/seats.sql") },
    ],
};

/// The tables of standing delegates.
pub const DELEGATES: Schema = Schema {
    owner: "delegates",
    steps: &[Step { number: 1, name: "delegates", sql: include_str!("before/delegates/schema.sql") }],
};

/// The words of this slice.
pub const WORDS: Locale = Locale {
    owner: "visit",
    en: concat!(
        include_str!("../locales/en/before.ftl"),
        include_str!("../locales/en/acting.ftl"),
        include_str!("../locales/en/desk.ftl"),
        include_str!("../locales/en/interpreting.ftl"),
        include_str!("../locales/en/translations.ftl"),
        include_str!("../locales/en/agreements.ftl"),
        include_str!("../locales/en/papers.ftl"),
        include_str!("../locales/en/channels.ftl"),
        include_str!("../locales/en/places.ftl"),
        include_str!("../locales/en/during.ftl"),
        include_str!("../locales/en/after.ftl"),
        include_str!("../locales/en/sheet.ftl"),
        include_str!("../locales/en/private.ftl"),
        include_str!("../locales/en/facts.ftl"),
        include_str!("../locales/en/ready.ftl"),
        include_str!("../locales/en/by_phone.ftl"),
        include_str!("../locales/en/identity.ftl"),
        include_str!("../locales/en/delegates.ftl"),
    ),
    es: concat!(
        include_str!("../locales/es/before.ftl"),
        include_str!("../locales/es/acting.ftl"),
        include_str!("../locales/es/desk.ftl"),
        include_str!("../locales/es/interpreting.ftl"),
        include_str!("../locales/es/translations.ftl"),
        include_str!("../locales/es/agreements.ftl"),
        include_str!("../locales/es/papers.ftl"),
        include_str!("../locales/es/channels.ftl"),
        include_str!("../locales/es/places.ftl"),
        include_str!("../locales/es/during.ftl"),
        include_str!("../locales/es/after.ftl"),
        include_str!("../locales/es/sheet.ftl"),
        include_str!("../locales/es/private.ftl"),
        include_str!("../locales/es/facts.ftl"),
        include_str!("../locales/es/ready.ftl"),
        include_str!("../locales/es/by_phone.ftl"),
        include_str!("../locales/es/identity.ftl"),
        include_str!("../locales/es/delegates.ftl"),
    ),
};

/// All pages of this slice.
pub fn routes() -> Routes {
    before::routes().merge(during::routes()).merge(after::routes()).merge(privacy::routes())
}
