//! The form every entry must have before it is appended (R36): which fields, and what may stand in them. An
//! entry that does not fit stops its transaction, so no act is kept under a broken one.
//!
//! | asked of each entry | where it stands |
//! | --- | --- |
//! | event id, time recorded | the leaf's index and `at` |
//! | type and action | `act`, `action` |
//! | outcome and reason | `outcome`, `details.why` |
//! | actor, role, authentication level | `who.kind`, `who.id`, `who.standing`, `who.level` |
//! | on behalf of | `on_behalf_of` |
//! | client address and device | `who.address`, `who.device` |
//! | session, source component | `who.session`, `source` |
//! | patient, encounter | `patient`, `visit` |
//! | object type, id and version | `object`, `object_id`, `object_version` |
//! | purpose of use, policy relied on | `purpose`, `grounds` |
//! | query text | `query`, a keyed hash |
//! | previous hash | the Merkle tree, whose root covers every earlier leaf |

use super::entry::{Body, Outcome};
use policy::Act;
use std::net::IpAddr;

const KINDS: [&str; 6] = ["anonymous", "system", "staff", "guest", "patient", "representative"];
const LEVELS: [&str; 5] = ["none", "program", "link", "link_and_second_fact", "session"];
const PURPOSES: [&str; 5] = ["TREAT", "ETREAT", "PATRQT", "HCOMPL", "HSYSADMIN"];
const DETAILS_AT_MOST: usize = 32;
const DETAIL_CHARS: usize = 4_000;
const ID_CHARS: usize = 200;
pub(super) const DEVICE_CHARS: usize = 200;

/// What does not fit, by the name of the field.
pub(super) fn check(body: &Body) -> Result<(), &'static str> {
    let act = Act::parse(&body.act).ok_or("act")?;
    let none = |fits: bool, field: &'static str| if fits { Ok(()) } else { Err(field) };
    none(body.action == act.action().code(), "action")?;
    none(PURPOSES.contains(&body.purpose.as_str()), "purpose")?;
    none(!body.source.is_empty(), "source")?;
    none(is_word(&body.object), "object")?;
    none(is_line(&body.object_id, ID_CHARS), "object_id")?;
    none(body.outcome != Outcome::Done || !body.grounds.is_empty(), "grounds")?;
    let why = body.details.get("why").is_some_and(|why| !why.is_empty());
    none(body.outcome != Outcome::Refused || why, "details.why")?;
    none(body.details.len() <= DETAILS_AT_MOST, "details")?;
    let fits = |(key, value): (&String, &String)| is_word(key) && value.chars().count() <= DETAIL_CHARS;
    none(body.details.iter().all(fits), "details")?;
    let needs_patient = act.is_about_a_patient() && body.outcome != Outcome::Refused;
    none(!needs_patient || body.patient.is_some(), "patient")?;
    check_actor(body)
}

fn check_actor(body: &Body) -> Result<(), &'static str> {
    let who = &body.who;
    let named = !matches!(who.kind.as_str(), "anonymous" | "system");
    let fits = [
        (KINDS.contains(&who.kind.as_str()), "who.kind"),
        (named != who.id.is_empty(), "who.id"),
        (named != who.session.is_empty(), "who.session"),
        (LEVELS.contains(&who.level.as_str()), "who.level"),
        (who.address.is_empty() || who.address.parse::<IpAddr>().is_ok(), "who.address"),
        (is_line(&who.device, DEVICE_CHARS), "who.device"),
        (who.kind != "representative" || body.on_behalf_of.is_some(), "on_behalf_of"),
    ];
    fits.into_iter().find(|(fits, _)| !fits).map_or(Ok(()), |(_, field)| Err(field))
}

fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !text.is_empty() && text.len() <= 40 && text.chars().all(plain)
}

fn is_line(text: &str, chars: usize) -> bool {
    text.chars().count() <= chars && !text.chars().any(char::is_control)
}
