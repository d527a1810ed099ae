//! People: staff and their roles, sessions, patients, care teams, invitations and notices.
//!
//! Owns who somebody is and how they come in. Refuses to know visits: an invitation carries the ids of its
//! visit and participant as it was given them, and the pages behind it belong to the slices to the right.

pub mod account;
pub mod break_glass;
pub mod care_team;
pub mod contact;
pub mod counts;
pub mod disclosures;
pub mod enrolments;
pub mod grants;
pub mod imports;
pub mod invitations;
pub mod licences;
pub mod merges;
pub mod needs;
pub mod notices;
pub mod patients;
pub mod portal_keys;
pub mod proofs;
pub mod provider;
pub mod recoveries;
pub mod representatives;
pub mod second_device;
pub mod sessions;
pub mod sign_in;
pub mod staff;
pub mod standing;
#[cfg(test)]
mod testing;
mod waiting;

use keep::{Schema, Step};
use std::sync::Arc;
use web::{Locale, Routes, Site};

/// The tables of this slice. Their order is the order of the foreign keys.
pub const SCHEMA: Schema = Schema {
    owner: "people",
    steps: &[
        Step { number: 1, name: "staff", sql: include_str!("staff/schema.sql") },
        Step { number: 2, name: "patients", sql: include_str!("patients/schema.sql") },
        Step { number: 3, name: "care_team", sql: include_str!("care_team/schema.sql") },
        Step { number: 4, name: "invitations", sql: include_str!("invitations/schema.sql") },
        Step { number: 5, name: "sessions", sql: include_str!("sessions/schema.sql") },
        Step { number: 6, name: "proofs", sql: include_str!("proofs/schema.sql") },
        Step { number: 7, name: "enrolments", sql: include_str!("enrolments/schema.sql") },
        Step { number: 8, name: "recoveries", sql: include_str!("recoveries/schema.sql") },
        Step { number: 9, name: "break_glass", sql: include_str!("break_glass/schema.sql") },
        Step { number: 10, name: "disclosures", sql: include_str!("disclosures/schema.sql") },
        Step { number: 11, name: "representatives", sql: include_str!("representatives/schema.sql") },
        Step { number: 12, name: "imports", sql: include_str!("imports/schema.sql") },
        Step { number: 13, name: "provider", sql: include_str!("provider/schema.sql") },
        Step { number: 14, name: "portal_keys", sql: include_str!("portal_keys/schema.sql") },
        Step { number: 15, name: "merges", sql: include_str!("merges/schema.sql") },
        Step { number: 16, name: "contact", sql: include_str!("contact/schema.sql") },
        Step { number: 17, name: "join", sql: include_str!("invitations/join.sql") },
        Step { number: 18, name: "grants", sql: include_str!("grants/schema.sql") },
        Step { number: 19, name: "licences", sql: include_str!("licences/schema.sql") },
        Step { number: 20, name: "acting", sql: include_str!("portal_keys/representatives.sql") },
        Step { number: 21, name: "origin", sql: include_str!("sessions/origin.sql") },
        Step { number: 22, name: "second_device", sql: include_str!("second_device/schema.sql") },
        Step { number: 23, name: "pace", sql: include_str!("sessions/pace.sql") },
    ],
};

/// What patients need to understand and be understood; stands on the tables above.
pub const NEEDS: Schema = Schema {
    owner: "needs",
    steps: &[Step { number: 1, name: "needs", sql: include_str!("needs/schema.sql") }],
};

/// What the pages of this slice say.
pub const WORDS: Locale = Locale {
    owner: "people",
    en: concat!(
        include_str!("../locales/en/people.ftl"),
        "\n",
        include_str!("../locales/en/watch.ftl"),
        "\n",
        include_str!("../locales/en/representatives.ftl"),
        "\n",
        include_str!("../locales/en/register.ftl"),
        "\n",
        include_str!("../locales/en/portal_keys.ftl"),
        "\n",
        include_str!("../locales/en/merges.ftl"),
        "\n",
        include_str!("../locales/en/acts.ftl"),
        "\n",
        include_str!("../locales/en/provider.ftl"),
        "\n",
        include_str!("../locales/en/contact.ftl"),
        "\n",
        include_str!("../locales/en/grants.ftl"),
        "\n",
        include_str!("../locales/en/needs.ftl"),
        "\n",
        include_str!("../locales/en/second_device.ftl"),
        "\n",
        include_str!("../locales/en/licences.ftl")
    ),
    es: concat!(
        include_str!("../locales/es/people.ftl"),
        "\n",
        include_str!("../locales/es/watch.ftl"),
        "\n",
        include_str!("../locales/es/representatives.ftl"),
        "\n",
        include_str!("../locales/es/register.ftl"),
        "\n",
        include_str!("../locales/es/portal_keys.ftl"),
        "\n",
        include_str!("../locales/es/merges.ftl"),
        "\n",
        include_str!("../locales/es/acts.ftl"),
        "\n",
        include_str!("../locales/es/provider.ftl"),
        "\n",
        include_str!("../locales/es/contact.ftl"),
        "\n",
        include_str!("../locales/es/grants.ftl"),
        "\n",
        include_str!("../locales/es/needs.ftl"),
        "\n",
        include_str!("../locales/es/second_device.ftl"),
        "\n",
        include_str!("../locales/es/licences.ftl")
    ),
};

/// What the doors of the staff keep in memory.
pub fn plug_doors(site: Site) -> Site {
    let hasher = proofs::Hasher::new(site.keep.entropy());
    site.plug(Arc::new(hasher))
        .plug(Arc::new(proofs::Ceremonies::default()))
        .plug(Arc::new(sign_in::Slow::default()))
        .plug(Arc::new(break_glass::Tries::default()))
        .plug(Arc::new(provider::Provider::default()))
        .plug(Arc::new(contact::texting::Texting::default()))
        .plug(Arc::new(staff::CertificateEnd::default()))
        .plug(Arc::new(portal_keys::Elsewhere::default()))
}

/// All pages of this slice. They need `patients::Names`, `invitations::Limits` and `plug_doors` plugged into
/// the site.
pub fn routes() -> Routes {
    Routes::new()
        .merge(sessions::routes())
        .merge(sign_in::routes())
        .merge(provider::routes())
        .merge(account::routes())
        .merge(portal_keys::routes())
        .merge(second_device::routes())
        .merge(enrolments::routes())
        .merge(staff::routes())
        .merge(grants::routes())
        .merge(licences::routes())
        .merge(recoveries::routes())
        .merge(patients::routes())
        .merge(imports::routes())
        .merge(merges::routes())
        .merge(break_glass::routes())
        .merge(care_team::routes())
        .merge(contact::routes())
        .merge(needs::routes())
        .merge(representatives::routes())
        .merge(disclosures::routes())
        .merge(invitations::routes())
        .merge(notices::routes())
}

/// What the trail's code of an act is called on a page; an act of an older program keeps its code.
pub fn act_word(ctx: &web::Ctx, code: &str) -> String {
    let key = format!("act-{}", code.replace(['.', '_'], "-"));
    if ctx.words.has(&key) { ctx.words.t(&key) } else { code.to_owned() }
}

#[cfg(test)]
#[test]
fn every_act_has_its_word() {
    let catalog = web::Catalog::new(&[WORDS]).unwrap();
    for act in policy::Act::ALL {
        let key = format!("act-{}", act.code().replace(['.', '_'], "-"));
        assert!(catalog.has(&key), "{key}");
    }
}
