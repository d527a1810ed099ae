//! The practice's own side: what visits reveal about risks to privacy and care.
//!
//! Owns findings, insights, house rules, incidents, vendors, the inventory, safeguard decisions, the risk
//! analysis with its signed reports and what asks for a fresh look at it, evaluations, twelve months of
//! proof, the set-up of the practice, the pages of the trail and its review.
//! Refuses to know visits: a slice to the right raises a finding by its kind, and this one counts.

mod csv;
pub mod duties;
pub mod evaluations;
pub mod evidence;
pub mod facts;
pub mod findings;
pub mod house_rules;
pub mod ids;
pub mod incidents;
pub mod insights;
pub mod interpreters;
pub mod inventory;
pub mod print;
pub mod reminders;
pub mod review_requests;
pub mod risk;
pub mod safeguards;
mod sealed_words;
pub mod set_up;
pub mod signed_reports;
pub mod trail;
pub mod trail_reviews;
pub mod vendors;

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
        Step { number: 5, name: "insights", sql: include_str!("insights/schema.sql") },
        Step { number: 6, name: "review_requests", sql: include_str!("review_requests/schema.sql") },
        Step { number: 7, name: "incidents", sql: include_str!("incidents/schema.sql") },
        Step { number: 8, name: "vendors", sql: include_str!("vendors/schema.sql") },
        Step { number: 9, name: "inventory", sql: include_str!("inventory/schema.sql") },
        Step { number: 10, name: "safeguards", sql: include_str!("safeguards/schema.sql") },
        Step { number: 11, name: "signed_reports", sql: include_str!("signed_reports/schema.sql") },
        Step { number: 12, name: "evaluations", sql: include_str!("evaluations/schema.sql") },
        Step { number: 13, name: "reminders", sql: include_str!("reminders/schema.sql") },
        Step { number: 14, name: "renewal", sql: include_str!("signed_reports/renewal.sql") },
    ],
};

/// The register of interpreters, which stands on the tables above.
pub const INTERPRETERS: Schema = Schema {
    owner: "interpreters",
    steps: &[Step { number: 1, name: "interpreters", sql: include_str!("interpreters/schema.sql") }],
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
        include_str!("../locales/en/trail.ftl"),
        "\n",
        include_str!("../locales/en/house.ftl"),
        "\n",
        include_str!("../locales/en/records.ftl"),
        "\n",
        include_str!("../locales/en/interpreters.ftl"),
        "\n",
        include_str!("../locales/en/safeguards.ftl"),
        "\n",
        include_str!("../locales/en/reports.ftl"),
        "\n",
        include_str!("../locales/en/outside.ftl")
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
        include_str!("../locales/es/trail.ftl"),
        "\n",
        include_str!("../locales/es/house.ftl"),
        "\n",
        include_str!("../locales/es/records.ftl"),
        "\n",
        include_str!("../locales/es/interpreters.ftl"),
        "\n",
        include_str!("../locales/es/safeguards.ftl"),
        "\n",
        include_str!("../locales/es/reports.ftl"),
        "\n",
        include_str!("../locales/es/outside.ftl")
    ),
};

pub fn routes() -> Routes {
    findings::routes()
        .merge(evaluations::routes())
        .merge(evidence::routes())
        .merge(house_rules::routes())
        .merge(incidents::routes())
        .merge(insights::routes())
        .merge(interpreters::routes())
        .merge(inventory::routes())
        .merge(risk::routes())
        .merge(safeguards::routes())
        .merge(set_up::routes())
        .merge(signed_reports::routes())
        .merge(trail::routes())
        .merge(trail_reviews::routes())
        .merge(vendors::routes())
}
