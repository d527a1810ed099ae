//! The calendar entry of a visit (iCalendar, RFC 5545): when, and with which practice. Nothing else.
//!
//! It is published, not a request that wants an answer (RFC 5546 section 3.2.1): a new time comes as the same
//! `UID` with a higher `SEQUENCE`, the end of it as `METHOD:CANCEL` (section 3.2.5).

use crate::Words;
use jiff::Timestamp;
use keep::Face;
use vocabulary::{MINUTE_MS, UnixMillis};

/// One visit as calendars see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stays the same when the visit moves, so that calendars replace the entry.
    pub id: String,
    pub start: UnixMillis,
    pub minutes: i64,
    /// Rises with each change of the visit.
    pub sequence: i64,
    pub cancelled: bool,
}

/// The object to attach. No link: a calendar is shown to colleagues and families.
pub fn calendar(event: &Event, now: UnixMillis, dress: (&Face, &Words)) -> String {
    let (face, words) = dress;
    let words = words.plain();
    let summary = words.with("mail-invitation-subject", &[("practice", face.name.as_str().into())]);
    let (method, status) = if event.cancelled { ("CANCEL", "CANCELLED") } else { ("PUBLISH", "CONFIRMED") };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Alcove//Visits//EN".to_owned(),
        format!("METHOD:{method}"),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@alcove", event.id),
        format!("SEQUENCE:{}", event.sequence),
        format!("ORGANIZER:mailto:visits@{}", host(&face.origin)),
        format!("DTSTAMP:{}", utc(now)),
        format!("DTSTART:{}", utc(event.start)),
        format!("DTEND:{}", utc(event.start.plus_ms(event.minutes * MINUTE_MS))),
        format!("SUMMARY:{}", escaped(&summary)),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

/// An entry of a calendar must name who changes it; nobody is asked to write there.
fn host(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split([':', '/']).next().unwrap_or_default()
}

fn utc(at: UnixMillis) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// RFC 5545 section 3.3.11.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// Lines of at most 75 octets (section 3.1).
fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > 74 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out + "\r\n"
}
