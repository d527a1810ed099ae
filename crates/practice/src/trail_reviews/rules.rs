//! Which months wait, when they are overdue, what stands out in one, and when it may be closed. Pure.

use super::places::{Place, Places};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{DAY_MS, UnixMillis};

/// A month is to be read within this after its end; from then on it is overdue.
pub const DUE_MS: i64 = 14 * DAY_MS;
/// Older months than this are no longer asked for: who never began in two years begins with the newest.
pub const MONTHS_MAX: usize = 24;
/// Looks at records outside these hours of the practice's day stand out.
pub const HOURS: std::ops::Range<i8> = 6..21;
/// More records in one day than this, opened by one person, stand out.
pub const BULK: usize = 40;
pub const WORDS: std::ops::RangeInclusive<usize> = 10..=4_000;

/// A month of the practice's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not over yet.
    Running,
    Waiting,
    Overdue,
    Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NotOver,
    /// An emergency opening of this month or before waits for its own review.
    Unreviewed,
    Closed,
}

impl Month {
    pub fn of(at: UnixMillis, zone: &str) -> Month {
        Month(zoned(at, zone).date().first_of_month())
    }

    /// `2026-11`, in this spelling alone.
    pub fn parse(text: &str) -> Option<Month> {
        let date: Date = format!("{text}-01").parse().ok()?;
        Some(Month(date)).filter(|month| month.text() == text)
    }

    pub fn text(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    pub fn next(self) -> Month {
        Month(self.0.saturating_add(Span::new().months(1)))
    }

    pub fn begins(self, zone: &str) -> UnixMillis {
        let at = self.0.to_zoned(named(zone)).map(|at| at.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        UnixMillis(at.as_millisecond())
    }

    /// The first moment that no longer belongs to it.
    pub fn ends(self, zone: &str) -> UnixMillis {
        self.next().begins(zone)
    }

    pub fn due(self, zone: &str) -> UnixMillis {
        self.ends(zone).plus_ms(DUE_MS)
    }

    pub fn standing(self, zone: &str, closed: bool, now: UnixMillis) -> Standing {
        match (closed, now) {
            (true, _) => Standing::Closed,
            (_, now) if now < self.ends(zone) => Standing::Running,
            (_, now) if now < self.due(zone) => Standing::Waiting,
            _ => Standing::Overdue,
        }
    }

    /// From the month of `first` to the one that runs, newest first.
    pub fn since(first: UnixMillis, now: UnixMillis, zone: &str) -> Vec<Month> {
        let last = Month::of(now, zone);
        let mut months = Vec::new();
        let mut month = Month::of(first, zone);
        while month <= last {
            months.push(month);
            month = month.next();
        }
        months.reverse();
        months.truncate(MONTHS_MAX);
        months
    }
}

pub fn may_close(standing: Standing, unreviewed: usize) -> Result<(), Refused> {
    match (standing, unreviewed) {
        (Standing::Closed, _) => Err(Refused::Closed),
        (Standing::Running, _) => Err(Refused::NotOver),
        (_, 0) => Ok(()),
        _ => Err(Refused::Unreviewed),
    }
}

/// What stands out in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Emergency,
    FailedSignIn,
    OutOfHours,
    /// Somebody looked at the record of a person of their own family name.
    SameName,
    /// One person looked at very many records in a day.
    Bulk,
    /// One account was used in two places at once.
    TwoPlaces,
    Export,
    Refused,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Emergency,
        Kind::FailedSignIn,
        Kind::OutOfHours,
        Kind::SameName,
        Kind::Bulk,
        Kind::TwoPlaces,
        Kind::Export,
        Kind::Refused,
    ];

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Emergency => "review-emergency",
            Kind::FailedSignIn => "review-failed-sign-in",
            Kind::OutOfHours => "review-out-of-hours",
            Kind::SameName => "review-same-name",
            Kind::Bulk => "review-bulk",
            Kind::TwoPlaces => "review-two-places",
            Kind::Export => "review-export",
            Kind::Refused => "review-refused",
        }
    }
}

/// One entry, as far as the report needs it.
pub struct Seen<'a> {
    pub at: UnixMillis,
    pub act: &'a str,
    /// Nobody, for strangers and the program.
    pub staff: Option<&'a str>,
    pub patient: Option<&'a str>,
    pub refused: bool,
    pub same_name: bool,
    /// Where it was made from, of a member of staff.
    pub place: Option<Place>,
}

/// How often each kind was seen, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    counts: BTreeMap<Kind, BTreeMap<String, u64>>,
    /// Records by person and day, while counting.
    #[serde(skip)]
    days: BTreeMap<(String, Date), BTreeSet<String>>,
    #[serde(skip)]
    places: Places,
    /// Who was in two places at once on which day, while counting.
    #[serde(skip)]
    together: BTreeSet<(String, Date)>,
    pub entries: u64,
}

impl Report {
    pub fn add(&mut self, seen: &Seen<'_>, zone: &str) {
        self.entries += 1;
        let who = seen.staff.unwrap_or_default();
        let kind = match (seen.act, seen.refused) {
            ("session.sign_in", true) => Some(Kind::FailedSignIn),
            (_, true) if !who.is_empty() => Some(Kind::Refused),
            ("chart.break_glass", false) => Some(Kind::Emergency),
            ("trail.export" | "chart.export", false) => Some(Kind::Export),
            _ => None,
        };
        if let Some(kind) = kind {
            self.count(kind, who);
        }
        if let Some(place) = &seen.place
            && self.places.between(who, place, seen.at)
            && self.together.insert((who.to_owned(), zoned(seen.at, zone).date()))
        {
            self.count(Kind::TwoPlaces, who);
        }
        let Some(patient) = seen.patient.filter(|_| !who.is_empty() && !seen.refused) else { return };
        if !LOOKS.contains(&seen.act) {
            return;
        }
        let at = zoned(seen.at, zone);
        if !HOURS.contains(&at.hour()) {
            self.count(Kind::OutOfHours, who);
        }
        if seen.same_name {
            self.count(Kind::SameName, who);
        }
        let day = self.days.entry((who.to_owned(), at.date())).or_default();
        if day.insert(patient.to_owned()) && day.len() == BULK + 1 {
            self.count(Kind::Bulk, who);
        }
    }

    pub fn total(&self, kind: Kind) -> u64 {
        self.counts.get(&kind).map_or(0, |by| by.values().sum())
    }

    /// Whoever did it most first; strangers have an empty name.
    pub fn by_whom(&self, kind: Kind) -> Vec<(&str, u64)> {
        let by = self.counts.get(&kind).into_iter().flatten();
        let mut by: Vec<(&str, u64)> = by.map(|(who, count)| (who.as_str(), *count)).collect();
        by.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        by
    }

    fn count(&mut self, kind: Kind, who: &str) {
        *self.counts.entry(kind).or_default().entry(who.to_owned()).or_default() += 1;
    }
}

/// Acts by which a record is read.
const LOOKS: [&str; 5] = ["chart.open", "chart.break_glass", "visit.see", "visit.reason", "summary.read"];

/// The last word of both names, folded: "Dr. Ana Ruiz" and "ruiz". Names of one word have no family name.
pub fn same_family(one: &str, other: &str) -> bool {
    let family = |name: &str| {
        let folded = people::patients::rules::fold(name);
        let words: Vec<&str> = folded.split_whitespace().collect();
        (words.len() > 1).then(|| words[words.len() - 1].to_owned())
    };
    family(one).is_some_and(|name| Some(name) == family(other))
}

fn zoned(at: UnixMillis, zone: &str) -> jiff::Zoned {
    Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(named(zone))
}

fn named(zone: &str) -> TimeZone {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC)
}
