//! When a room may be used for visits, and what a check must hold. Pure.

use crate::before::check_in::answers::Verdict;
use vocabulary::{DAY_MS, UnixMillis};

/// A room is looked at once a year, and whenever it was rebuilt.
pub const LOOK_AGAIN_MS: i64 = 365 * DAY_MS;
/// A room that nobody has measured is looked at within this after it was added.
pub const FIRST_LOOK_MS: i64 = 14 * DAY_MS;
pub const NAME_MAX: usize = 60;
/// More are no rooms of one clinic.
pub const ROOMS_MAX: usize = 200;

/// What was measured and seen in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Mean luma of the picture, 0 to 255.
    pub luma: i64,
    /// RMS of five seconds of silence, dBFS.
    pub noise_db: i64,
    pub light: Verdict,
    pub noise: Verdict,
    pub closes: bool,
    /// Nobody outside hears what is said.
    pub unheard: bool,
    /// No smart speaker or other machine listens there.
    pub no_machines: bool,
}

/// How a room stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has measured it.
    Unknown,
    Fit,
    /// Too dark, too loud, or somebody can listen.
    Unfit,
    /// It was fit, too long ago.
    Overdue,
}

impl Measured {
    /// None: light or noise was not measured, or a number is none.
    pub fn read(field: impl Fn(&str) -> String) -> Option<Measured> {
        let number = |name: &str, from: i64, to: i64| {
            field(name).parse::<i64>().ok().filter(|number| (from..=to).contains(number))
        };
        let verdict = |name: &str| Verdict::parse(&field(name)).filter(|word| *word != Verdict::Unknown);
        let yes = |name: &str| field(name) == "yes";
        Some(Measured {
            luma: number("luma", 0, 255)?,
            noise_db: number("noise_db", -100, 0)?,
            light: verdict("light")?,
            noise: verdict("noise")?,
            closes: yes("closes"),
            unheard: yes("unheard"),
            no_machines: yes("no_machines"),
        })
    }

    pub fn is_fit(&self) -> bool {
        let usable = |verdict| matches!(verdict, Verdict::Good | Verdict::Fair);
        usable(self.light) && usable(self.noise) && self.closes && self.unheard && self.no_machines
    }
}

pub fn due_at(checked: UnixMillis) -> UnixMillis {
    checked.plus_ms(LOOK_AGAIN_MS)
}

/// By the newest check.
pub fn standing(newest: Option<(&Measured, UnixMillis)>, now: UnixMillis) -> Standing {
    match newest {
        None => Standing::Unknown,
        Some((measured, _)) if !measured.is_fit() => Standing::Unfit,
        Some((_, at)) if due_at(at) <= now => Standing::Overdue,
        Some(_) => Standing::Fit,
    }
}

/// The key of what is wrong with a name.
pub fn name_fault(name: &str, others: &[&str]) -> Option<&'static str> {
    let same = |other: &&str| other.to_lowercase() == name.to_lowercase();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.contains(char::is_control) {
        Some("rooms-fault-name")
    } else if others.iter().any(same) {
        Some("rooms-fault-twice")
    } else if others.len() >= ROOMS_MAX {
        Some("rooms-fault-many")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Measured = Measured {
        luma: 120,
        noise_db: -60,
        light: Verdict::Good,
        noise: Verdict::Good,
        closes: true,
        unheard: true,
        no_machines: true,
    };

    #[test]
    fn a_room_is_fit_for_a_year_when_nothing_speaks_against_it() {
        let (then, year) = (UnixMillis(5), UnixMillis(5 + LOOK_AGAIN_MS));
        assert_eq!(standing(None, then), Standing::Unknown);
        assert_eq!(standing(Some((&GOOD, then)), UnixMillis(year.0 - 1)), Standing::Fit);
        assert_eq!(standing(Some((&GOOD, then)), year), Standing::Overdue);
        for bad in [
            Measured { light: Verdict::Poor, ..GOOD },
            Measured { noise: Verdict::Poor, ..GOOD },
            Measured { closes: false, ..GOOD },
            Measured { unheard: false, ..GOOD },
            Measured { no_machines: false, ..GOOD },
        ] {
            assert_eq!(standing(Some((&bad, then)), then), Standing::Unfit, "{bad:?}");
        }
    }

    #[test]
    fn a_check_without_both_measurements_is_none() {
        let full = |name: &str| match name {
            "luma" => "131",
            "noise_db" => "-58",
            "light" | "noise" => "good",
            _ => "yes",
        };
        assert_eq!(
            Measured::read(|name| full(name).into()),
            Some(Measured { luma: 131, noise_db: -58, ..GOOD })
        );
        for (missing, wrong) in
            [("luma", ""), ("luma", "256"), ("noise_db", "3"), ("light", "none"), ("noise", "")]
        {
            let read = |name: &str| if name == missing { wrong } else { full(name) }.to_owned();
            assert_eq!(Measured::read(read), None, "{missing} {wrong}");
        }
    }

    #[test]
    fn names_are_short_and_single() {
        assert_eq!(name_fault("Room 2", &["Room 1"]), None);
        assert_eq!(name_fault("room 1", &["Room 1"]), Some("rooms-fault-twice"));
        assert_eq!(name_fault("", &[]), Some("rooms-fault-name"));
        assert_eq!(name_fault(&"x".repeat(61), &[]), Some("rooms-fault-name"));
    }
}
