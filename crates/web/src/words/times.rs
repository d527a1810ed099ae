//! Days and hours the way a person says them, in the practice's time zone.
//!
//! English counts to twelve with AM and PM; Spanish as written in the United States: "2:30 p. m.".

use super::Words;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use vocabulary::{Lang, UnixMillis};

const WEEKDAYS_ES: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// The zones of the states and islands, and the key of what people call each.
const ZONES: [(&str, &str); 9] = [
    ("America/New_York", "zone-eastern"),
    ("America/Chicago", "zone-central"),
    ("America/Denver", "zone-mountain"),
    ("America/Phoenix", "zone-arizona"),
    ("America/Los_Angeles", "zone-pacific"),
    ("America/Anchorage", "zone-alaska"),
    ("Pacific/Honolulu", "zone-hawaii"),
    ("America/Puerto_Rico", "zone-puerto-rico"),
    ("Pacific/Guam", "zone-guam"),
];

impl Words {
    /// "2:30 PM", "2:30 p. m."
    pub fn time(&self, at: UnixMillis, zone: &str) -> String {
        let at = zoned(at, zone);
        let half = match (self.lang, at.hour() < 12) {
            (Lang::En, true) => "AM",
            (Lang::En, false) => "PM",
            (Lang::Es, true) => "a.\u{a0}m.",
            (Lang::Es, false) => "p.\u{a0}m.",
        };
        format!("{}\u{a0}{half}", clock_face(&at))
    }

    /// "2:30", where the half of the day is plain from the list it stands in.
    pub fn clock(&self, at: UnixMillis, zone: &str) -> String {
        clock_face(&zoned(at, zone))
    }

    /// "Saturday, November 21", "sábado, 21 de noviembre"
    pub fn day(&self, at: UnixMillis, zone: &str) -> String {
        let at = zoned(at, zone);
        match self.lang {
            Lang::En => at.strftime("%A, %B %-d").to_string(),
            Lang::Es => {
                let weekday = WEEKDAYS_ES[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs())];
                format!("{weekday}, {} de {}", at.day(), month_es(&at))
            }
        }
    }

    /// "November 21, 2026", "21 de noviembre de 2026"
    pub fn date(&self, at: UnixMillis, zone: &str) -> String {
        let at = zoned(at, zone);
        match self.lang {
            Lang::En => at.strftime("%B %-d, %Y").to_string(),
            Lang::Es => format!("{} de {} de {}", at.day(), month_es(&at), at.year()),
        }
    }

    /// "November 2026", "noviembre de 2026"
    pub fn month(&self, at: UnixMillis, zone: &str) -> String {
        let at = zoned(at, zone);
        match self.lang {
            Lang::En => at.strftime("%B %Y").to_string(),
            Lang::Es => format!("{} de {}", month_es(&at), at.year()),
        }
    }

    /// "Nov 21 2:30 PM", "21 nov 2:30 p. m.", where there is little room.
    pub fn brief(&self, at: UnixMillis, zone: &str) -> String {
        let day = zoned(at, zone);
        let day = match self.lang {
            Lang::En => day.strftime("%b %-d").to_string(),
            Lang::Es => format!("{} {}", day.day(), month_es(&day).get(..3).unwrap_or_default()),
        };
        format!("{day} {}", self.time(at, zone))
    }

    /// "Saturday, November 21, 2:30 PM"
    pub fn day_and_time(&self, at: UnixMillis, zone: &str) -> String {
        format!("{}, {}", self.day(at, zone), self.time(at, zone))
    }

    /// "Saturday, November 21, 2026, 2:30 PM (Eastern time)", for paper: it is read in another year, and in
    /// another place.
    pub fn on_paper(&self, at: UnixMillis, zone: &str) -> String {
        let joined = if self.lang == Lang::Es { " de" } else { "," };
        let (day, year, time) = (self.day(at, zone), zoned(at, zone).year(), self.time(at, zone));
        format!("{day}{joined} {year}, {time} ({})", self.zone(at, zone))
    }

    /// "Eastern time", as people say it; the short name where a zone has no other.
    fn zone(&self, at: UnixMillis, zone: &str) -> String {
        let known = ZONES.iter().find(|(name, _)| *name == zone);
        known.map_or_else(|| zoned(at, zone).strftime("%Z").to_string(), |(_, key)| self.t(key))
    }
}

/// An unknown zone is read as UTC: `keep` refuses to save one, so this is the last resort, not a path.
fn zone_named(zone: &str) -> TimeZone {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}

/// RFC 3339 with the zone's offset, for `<time datetime>`.
pub(crate) fn iso(at: UnixMillis, zone: &str) -> String {
    zoned(at, zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn zoned(at: UnixMillis, zone: &str) -> Zoned {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone_named(zone))
}

fn clock_face(at: &Zoned) -> String {
    let hour = (at.hour() + 11) % 12 + 1;
    format!("{hour}:{:02}", at.minute())
}

fn month_es(at: &Zoned) -> &'static str {
    MONTHS_ES[usize::from(at.month().unsigned_abs()) - 1]
}
