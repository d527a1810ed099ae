//! What an invitation does when its link is opened and when a second fact is offered. Pure.
//!
//! The order of refusals is fixed: what the practice decided (withdrawn, locked) comes before what time did
//! (expired), and that before which device asks, so that nobody is sent to look for "the other phone" in
//! vain.

use vocabulary::UnixMillis;

/// How long check-in takes, minutes: with the papers of a first visit, and at later visits. Said before it is
/// known who comes, so the longest that `visit` counts for anybody.
pub const FIRST_TIME_MIN: i64 = 15;
pub const NEXT_TIME_MIN: i64 = 4;

/// Kept as text in the column `state`. Expiry is no state: time alone makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Issued,
    /// Bound to one device; the second fact is missing.
    Opened,
    /// The second fact was right once on this device.
    Proven,
    /// Too many wrong second facts. Only a new invitation helps.
    Locked,
    Withdrawn,
    /// The visit was cancelled. Given back with it, the same link opens again.
    Cancelled,
}

/// What the link brings a person to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Visit,
    Portal,
}

/// The part of an invitation that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    pub tries: i64,
    pub expires_at: UnixMillis,
}

/// Who presents the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// No cookie of this invitation.
    Unknown,
    /// The device it is bound to, and whether its session still lives.
    Bound { alive: bool, known: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Start a session on this device.
    Start,
    /// The session of this device goes on; `known` skips the second fact.
    GoOn { known: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Forged, mistyped or long gone: from outside all the same.
    Unknown,
    Withdrawn,
    Cancelled,
    Locked,
    Expired,
    OtherDevice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Right,
    Wrong {
        left: i64,
    },
    /// This was the last try.
    NowLocked,
}

impl State {
    pub const ALL: [State; 6] =
        [State::Issued, State::Opened, State::Proven, State::Locked, State::Withdrawn, State::Cancelled];

    pub fn code(self) -> &'static str {
        match self {
            State::Issued => "issued",
            State::Opened => "opened",
            State::Proven => "proven",
            State::Locked => "locked",
            State::Withdrawn => "withdrawn",
            State::Cancelled => "cancelled",
        }
    }

    pub fn parse(code: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Standing {
    /// Whether the link opens at all, whoever holds it.
    pub fn is_open(&self, now: UnixMillis) -> bool {
        stands(self, now).is_ok()
    }
}

impl Purpose {
    pub fn code(self) -> &'static str {
        match self {
            Purpose::Visit => "visit",
            Purpose::Portal => "portal",
        }
    }

    pub fn parse(code: &str) -> Option<Purpose> {
        [Purpose::Visit, Purpose::Portal].into_iter().find(|purpose| purpose.code() == code)
    }
}

impl Refused {
    /// Stable: the trail and the words of the pages use it.
    pub fn code(self) -> &'static str {
        match self {
            Refused::Unknown => "unknown",
            Refused::Withdrawn => "withdrawn",
            Refused::Cancelled => "cancelled",
            Refused::Locked => "locked",
            Refused::Expired => "expired",
            Refused::OtherDevice => "other-device",
        }
    }
}

/// Whether the link opens at all, whoever holds it. At `expires_at` itself it does not.
pub fn stands(standing: &Standing, now: UnixMillis) -> Result<(), Refused> {
    match standing.state {
        State::Withdrawn => Err(Refused::Withdrawn),
        State::Cancelled => Err(Refused::Cancelled),
        State::Locked => Err(Refused::Locked),
        _ if now >= standing.expires_at => Err(Refused::Expired),
        State::Issued | State::Opened | State::Proven => Ok(()),
    }
}

/// The button on the invitation page was pressed.
pub fn open(standing: &Standing, device: Device, now: UnixMillis) -> Result<Opening, Refused> {
    stands(standing, now)?;
    match (standing.state, device) {
        (State::Issued, _) | (_, Device::Bound { alive: false, .. }) => Ok(Opening::Start),
        (_, Device::Bound { alive: true, known }) => Ok(Opening::GoOn { known }),
        (_, Device::Unknown) => Err(Refused::OtherDevice),
    }
}

/// A second fact was offered. `limit` is the house rule; below one it counts as one.
pub fn prove(standing: &Standing, right: bool, limit: i64, now: UnixMillis) -> Result<Proof, Refused> {
    stands(standing, now)?;
    let left = limit.max(1) - standing.tries - 1;
    match (right, left) {
        (true, _) => Ok(Proof::Right),
        (false, 1..) => Ok(Proof::Wrong { left }),
        (false, _) => Ok(Proof::NowLocked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);
    const HERE: Device = Device::Bound { alive: true, known: false };
    const KNOWN_HERE: Device = Device::Bound { alive: true, known: true };
    const SLEPT: Device = Device::Bound { alive: false, known: true };

    fn standing(state: State) -> Standing {
        Standing { state, tries: 0, expires_at: NOW.plus_ms(1) }
    }

    #[test]
    fn a_link_opens_on_one_device() {
        let table = [
            (State::Issued, Device::Unknown, Ok(Opening::Start)),
            (State::Issued, SLEPT, Ok(Opening::Start)),
            (State::Opened, HERE, Ok(Opening::GoOn { known: false })),
            (State::Opened, SLEPT, Ok(Opening::Start)),
            (State::Opened, Device::Unknown, Err(Refused::OtherDevice)),
            (State::Proven, KNOWN_HERE, Ok(Opening::GoOn { known: true })),
            (State::Proven, SLEPT, Ok(Opening::Start)),
            (State::Proven, Device::Unknown, Err(Refused::OtherDevice)),
            (State::Locked, HERE, Err(Refused::Locked)),
            (State::Locked, Device::Unknown, Err(Refused::Locked)),
            (State::Withdrawn, KNOWN_HERE, Err(Refused::Withdrawn)),
            (State::Cancelled, KNOWN_HERE, Err(Refused::Cancelled)),
        ];
        for (state, device, expected) in table {
            assert_eq!(open(&standing(state), device, NOW), expected, "{state:?} {device:?}");
        }
    }

    #[test]
    fn a_link_is_over_at_its_end_and_not_before() {
        let at_end = NOW.plus_ms(1);
        for state in [State::Issued, State::Opened, State::Proven] {
            assert!(stands(&standing(state), NOW).is_ok(), "{state:?} just before");
            assert_eq!(stands(&standing(state), at_end), Err(Refused::Expired), "{state:?} at the end");
            assert_eq!(stands(&standing(state), at_end.plus_ms(1)), Err(Refused::Expired), "{state:?} after");
        }
        assert_eq!(stands(&standing(State::Withdrawn), at_end), Err(Refused::Withdrawn));
    }

    #[test]
    fn the_fifth_wrong_second_fact_locks() {
        let after = |tries| Standing { tries, ..standing(State::Opened) };
        for (tries, expected) in [
            (0, Proof::Wrong { left: 4 }),
            (3, Proof::Wrong { left: 1 }),
            (4, Proof::NowLocked),
            (99, Proof::NowLocked),
        ] {
            assert_eq!(prove(&after(tries), false, 5, NOW), Ok(expected), "{tries} tries before");
        }
        assert_eq!(prove(&after(4), true, 5, NOW), Ok(Proof::Right));
        assert_eq!(prove(&after(0), false, 0, NOW), Ok(Proof::NowLocked));
    }

    #[test]
    fn a_locked_link_takes_no_second_fact_not_even_a_right_one() {
        for (state, why) in [(State::Locked, Refused::Locked), (State::Withdrawn, Refused::Withdrawn)] {
            assert_eq!(prove(&standing(state), true, 5, NOW), Err(why));
        }
        let late = Standing { expires_at: NOW, ..standing(State::Opened) };
        assert_eq!(prove(&late, true, 5, NOW), Err(Refused::Expired));
    }

    #[test]
    fn states_and_purposes_survive_the_database() {
        for state in State::ALL {
            assert_eq!(State::parse(state.code()), Some(state));
        }
        for purpose in [Purpose::Visit, Purpose::Portal] {
            assert_eq!(Purpose::parse(purpose.code()), Some(purpose));
        }
        assert_eq!(State::parse("expired"), None);
    }
}
