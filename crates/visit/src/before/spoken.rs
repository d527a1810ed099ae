//! The words for what came of comparing somebody's six digits, wherever the record of a visit is shown.
//!
//! Owns nothing: the outcome stands in the participant's row, the live visit writes it. Refuses to say
//! "checked" of anybody of whom nobody has said so.

use super::rules::{Part, SpokenCode};
use super::store::ParticipantRow;
use web::Words;

#[derive(Clone)]
pub struct Said {
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
}

/// `None` for the host, whose digits are everybody's, and for people who were never in the room.
pub fn said(row: &ParticipantRow, words: &Words, zone: &str) -> Option<Said> {
    let (code, time) = match row.spoken {
        Some((code, at)) => (Some(code), words.time(at, zone)),
        None if row.part == Part::Clinician || row.admitted_at.is_none() => return None,
        None => (None, String::new()),
    };
    let (tone, icon, key) = match code {
        Some(SpokenCode::Matches) => ("ok", "shield-check", "visit-code-matches"),
        Some(SpokenCode::KnownDevice) => ("ok", "shield-check", "visit-code-known-device"),
        Some(SpokenCode::Mismatch) => ("bad", "triangle-alert", "visit-code-mismatch"),
        Some(SpokenCode::Skipped) => ("warn", "circle-alert", "visit-code-skipped"),
        None => ("warn", "circle-alert", "visit-code-none"),
    };
    Some(Said { tone, icon, text: words.with(key, &[("time", time.into())]) })
}
