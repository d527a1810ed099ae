//! The calendar entry of a visit (iCalendar, RFC 5545): when, and with which practice. Nothing else.

use crate::Words;
use jiff::Timestamp;
use keep::Face;
use vocabulary::{MINUTE_MS, UnixMillis};

/// `id` must stay the same when a visit moves, so that calendars replace the entry. No link: a calendar is
/// shown to colleagues and families.
pub fn calendar(
    id: &str,
    start: UnixMillis,
    minutes: i64,
    now: UnixMillis,
    dress: (&Face, &Words),
) -> String {
    let (face, words) = dress;
    let summary = words.plain().with("mail-invitation-subject", &[("practice", face.name.as_str().into())]);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Alcove//Visits//EN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}@alcove"),
        format!("DTSTAMP:{}", utc(now)),
        format!("DTSTART:{}", utc(start)),
        format!("DTEND:{}", utc(start.plus_ms(minutes * MINUTE_MS))),
        format!("SUMMARY:{}", escaped(&summary)),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
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
