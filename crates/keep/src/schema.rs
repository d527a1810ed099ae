//! What a slice hands over at start: its numbered steps of SQL. Steps are never edited once released.

/// All tables of one slice. Schemas are applied in the order given, which is the order of the crate arrows.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    pub owner: &'static str,
    pub steps: &'static [Step],
}

#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Counts from 1 without gaps.
    pub number: u32,
    pub name: &'static str,
    pub sql: &'static str,
}

/// The tables of this crate in the main database.
pub(crate) const OWN: [Schema; 2] = [KEEP, TEXTS];

const KEEP: Schema =
    Schema { owner: "keep", steps: &[Step { number: 1, name: "first", sql: include_str!("schema.sql") }] };

/// The outbox's count of text messages.
const TEXTS: Schema = Schema {
    owner: "texts",
    steps: &[Step { number: 1, name: "first", sql: include_str!("outbox/texts.sql") }],
};
