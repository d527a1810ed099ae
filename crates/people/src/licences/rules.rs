//! Which licence covers a state, when one is about to run out, and what a form about one must say. Pure.

use super::states::state_name;
use crate::representatives::rules::end_of;
use jiff::civil::Date;
use serde::Deserialize;
use vocabulary::{DAY_MS, LicenceId, UnixMillis};

/// The administrator hears of an end this long before it (R88).
pub const WARN_DAYS: i64 = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// None: it was named when the account was made, and nobody has entered its last day yet.
    pub id: Option<LicenceId>,
    /// Postal code of the state that issued it.
    pub state: String,
    pub compact: Option<&'static str>,
    /// The first moment it counts no more; none while nobody has entered it.
    pub ends_at: Option<UnixMillis>,
    /// Taken out of the register.
    pub ended: bool,
}

/// Whether somebody may treat a patient who is in one state now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// By a licence of the state itself, or under the compact with this code.
    Yes {
        compact: Option<&'static str>,
        ends_at: Option<UnixMillis>,
    },
    RunOut,
    No,
}

impl Cover {
    pub fn is_yes(self) -> bool {
        matches!(self, Cover::Yes { .. })
    }
}

impl Licence {
    pub fn counts(&self, now: UnixMillis) -> bool {
        !self.ended && self.ends_at.is_none_or(|ends| now < ends)
    }

    /// Runs out within `WARN_DAYS`, or has.
    pub fn ends_soon(&self, now: UnixMillis) -> bool {
        !self.ended && self.ends_at.is_some_and(|ends| ends <= now.plus_ms(WARN_DAYS * DAY_MS))
    }

    fn reaches(&self, state: &str) -> bool {
        let compact = self.compact.and_then(compact);
        // A privilege to practise starts from a home state that is a member itself.
        let through = |it: Compact| it.covers_all && it.has(&self.state) && it.has(state);
        self.state == state || compact.is_some_and(through)
    }
}

/// A state's own licence before one under a compact; the one that lasts longest.
pub fn cover(licences: &[Licence], state: &str, now: UnixMillis) -> Cover {
    let reaching = || licences.iter().filter(|one| !one.ended && one.reaches(state));
    let lasts = |one: &&Licence| (one.state == state, one.ends_at.is_none(), one.ends_at);
    match reaching().filter(|one| one.counts(now)).max_by_key(lasts) {
        Some(one) => {
            let compact = one.compact.filter(|_| one.state != state);
            Cover::Yes { compact, ends_at: one.ends_at }
        }
        None if reaching().next().is_some() => Cover::RunOut,
        None => Cover::No,
    }
}

/// One line of `compacts.tsv`.
#[derive(Clone, Copy, Debug)]
pub struct Compact {
    pub code: &'static str,
    /// One licence counts in every member state; otherwise each state is a line of its own.
    pub covers_all: bool,
    states: &'static str,
    /// YYYY-MM-DD.
    pub as_of: &'static str,
    pub source: &'static str,
}

impl Compact {
    pub fn has(&self, state: &str) -> bool {
        self.states().any(|one| one == state)
    }

    pub fn states(&self) -> impl Iterator<Item = &'static str> {
        self.states.split_whitespace()
    }
}

pub fn compacts() -> impl Iterator<Item = Compact> {
    include_str!("compacts.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Compact {
            code: cells.next()?,
            covers_all: cells.next()? == "all",
            states: cells.next()?,
            as_of: cells.next()?,
            source: cells.next()?,
        })
    })
}

pub fn compact(code: &str) -> Option<Compact> {
    compacts().find(|one| one.code == code)
}

/// As it came from the form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub state: String,
    pub compact: String,
    pub until: String,
}

/// What a row is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    pub state: &'static str,
    pub compact: Option<&'static str>,
    pub ends_at: UnixMillis,
}

/// A field of the form and the key of the sentence about it.
pub type Slip = (&'static str, &'static str);

impl Typed {
    /// All slips at once.
    pub fn check(&self, today: Date, zone: &str) -> Result<New, Vec<Slip>> {
        let mut slips = Vec::new();
        let state = super::STATES.iter().find(|(code, _)| *code == self.state).map(|(code, _)| *code);
        if state.is_none() {
            slips.push(("state", "licence-fault-state"));
        }
        let known = compact(&self.compact);
        if !self.compact.is_empty() && known.is_none() {
            slips.push(("compact", "licence-fault-compact"));
        }
        let outside = |it: Compact| it.covers_all && state.is_some_and(|state| !it.has(state));
        if known.is_some_and(outside) {
            slips.push(("compact", "licence-fault-not-member"));
        }
        let ends = end_of(&self.until, today, zone).inspect_err(|key| {
            let key =
                if *key == "rep-fault-until-past" { "licence-fault-past" } else { "licence-fault-until" };
            slips.push(("until", key));
        });
        match (state, ends) {
            (Some(state), Ok(ends_at)) if slips.is_empty() => {
                Ok(New { state, compact: known.map(|it| it.code), ends_at })
            }
            _ => Err(slips),
        }
    }
}

/// The names of these states in a list a person reads.
pub fn named(states: &str) -> Vec<&str> {
    states.split_whitespace().map(|code| state_name(code).unwrap_or(code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn licence(state: &str, compact: Option<&'static str>, days: Option<i64>) -> Licence {
        let ends_at = days.map(|days| NOW.plus_ms(days * DAY_MS));
        Licence { id: None, state: state.into(), compact, ends_at, ended: false }
    }

    #[test]
    fn a_licence_covers_its_state_until_its_last_day() {
        let all = [licence("MA", None, Some(1)), licence("NH", None, Some(0))];
        assert!(cover(&all, "MA", NOW).is_yes());
        assert_eq!(cover(&all, "NH", NOW), Cover::RunOut);
        assert_eq!(cover(&all, "ME", NOW), Cover::No);
        assert_eq!(cover(&all, "MA", NOW.plus_ms(DAY_MS)), Cover::RunOut);
        let taken_out = [Licence { ended: true, ..all[0].clone() }];
        assert_eq!(cover(&taken_out, "MA", NOW), Cover::No);
        assert_eq!(cover(&[], "MA", NOW), Cover::No, "nothing on record covers nothing");
    }

    #[test]
    fn a_compact_reaches_its_members_and_nobody_else() {
        let nurse = [licence("NH", Some("nlc"), Some(9))];
        let through = Cover::Yes { compact: Some("nlc"), ends_at: nurse[0].ends_at };
        assert_eq!(cover(&nurse, "ME", NOW), through);
        assert_eq!(cover(&nurse, "CA", NOW), Cover::No);
        assert_eq!(cover(&nurse, "NH", NOW), Cover::Yes { compact: None, ends_at: nurse[0].ends_at });
        // The home state is no member: its licence reaches nobody else.
        assert_eq!(cover(&[licence("CA", Some("nlc"), None)], "ME", NOW), Cover::No);
        // Under these, each state is issued alone.
        for code in ["imlc", "pt"] {
            assert_eq!(cover(&[licence("NH", Some(code), None)], "ME", NOW), Cover::No, "{code}");
        }
    }

    #[test]
    fn the_list_of_compacts_names_states_a_date_and_a_source() {
        assert!(compacts().count() >= 7);
        for one in compacts() {
            assert!(one.states().all(|state| state_name(state).is_some()), "{one:?}");
            assert_eq!(one.covers_all, one.states().next().is_some(), "{one:?}");
            assert!(one.as_of.parse::<Date>().is_ok() && one.source.starts_with("https://"), "{one:?}");
        }
    }

    #[test]
    fn an_end_is_told_sixty_days_ahead() {
        assert!(licence("MA", None, Some(WARN_DAYS)).ends_soon(NOW));
        assert!(licence("MA", None, Some(-3)).ends_soon(NOW));
        assert!(!licence("MA", None, Some(WARN_DAYS + 1)).ends_soon(NOW));
        assert!(!licence("MA", None, None).ends_soon(NOW));
    }

    #[test]
    fn each_slip_stands_beside_its_field() {
        let today = Date::constant(2026, 11, 21);
        let typed = |state: &str, compact: &str, until: &str| {
            Typed { state: state.into(), compact: compact.into(), until: until.into() }
                .check(today, "America/New_York")
                .map_err(|slips| slips.into_iter().map(|slip| slip.0).collect::<Vec<_>>())
        };
        assert!(typed("MA", "", "2027-11-20").is_ok_and(|new| new.compact.is_none()));
        assert_eq!(typed("XX", "moon", ""), Err(vec!["state", "compact", "until"]));
        assert_eq!(typed("CA", "nlc", "2027-01-01"), Err(vec!["compact"]));
        assert_eq!(typed("MA", "", "2026-11-20"), Err(vec!["until"]));
    }
}
