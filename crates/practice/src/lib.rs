//! The practice's own side: what visits reveal about risks to privacy and care.
//!
//! Owns findings. Refuses to know visits: a slice to the right raises a finding by its kind, and this one
//! counts.

pub mod findings;

use keep::{Schema, Step};
use web::{Locale, Routes};

/// The tables of this slice.
pub const SCHEMA: Schema = Schema {
    owner: "practice",
    steps: &[Step { number: 1, name: "findings", sql: include_str!("findings/schema.sql") }],
};

/// What the pages of this slice say.
pub const WORDS: Locale = Locale {
    owner: "practice",
    en: include_str!("../locales/en/practice.ftl"),
    es: include_str!("../locales/es/practice.ftl"),
};

pub fn routes() -> Routes {
    findings::routes()
}
