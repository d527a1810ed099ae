//! The practice's own side: what visits reveal about risks to privacy and care.
//!
//! Owns findings, the risk analysis, the set-up of the practice, the pages of the trail and its review.
//! Refuses to know visits: a slice to the right raises a finding by its kind, and this one counts.

pub mod facts;
pub mod findings;
pub mod risk;
pub mod set_up;
pub mod trail;
pub mod trail_reviews;

use keep::{Schema, Step};
use web::{Locale, Routes};

/// The tables of this slice.
pub const SCHEMA: Schema = Schema {
    owner: "practice",
    steps: &[
        Step { number: 1, name: "findings", sql: include_str!("findings/schema.sql") },
        Step { number: 2, name: "risk", sql: include_str!("risk/schema.sql") },
        Step { number: 3, name: "set_up", sql: include_str!("set_up/schema.sql") },
        Step { number: 4, name: "trail_reviews", sql: include_str!("trail_reviews/schema.sql") },
    ],
};

/// What the pages of this slice say.
pub const WORDS: Locale = Locale {
    owner: "practice",
    en: concat!(
        include_str!("../locales/en/practice.ftl"),
        "\n",
        include_str!("../locales/en/risk.ftl"),
        "\n",
        include_str!("../locales/en/facts.ftl"),
        "\n",
        include_str!("../locales/en/set_up.ftl"),
        "\n",
        include_str!("../locales/en/trail.ftl")
    ),
    es: concat!(
        include_str!("../locales/es/practice.ftl"),
        "\n",
        include_str!("../locales/es/risk.ftl"),
        "\n",
        include_str!("../locales/es/facts.ftl"),
        "\n",
        include_str!("../locales/es/set_up.ftl"),
        "\n",
        include_str!("../locales/es/trail.ftl")
    ),
};

pub fn routes() -> Routes {
    findings::routes()
        .merge(risk::routes())
        .merge(set_up::routes())
        .merge(trail::routes())
        .merge(trail_reviews::routes())
}
