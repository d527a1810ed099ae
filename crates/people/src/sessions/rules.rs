//! How long a session lives. Pure: the clock is an argument.
//!
//! Refuses limits above the ceilings of R17 even when the house rules ask for them.

use policy::HouseRules;
use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, UnixMillis};

/// More sessions of one account than this end the oldest.
pub const SESSIONS_MAX: usize = 5;

/// `last_seen_at` is written at most this often. Rarer writes would end sessions early after a restart, more
/// frequent ones would only fill the trail.
pub const SEEN_EVERY_MS: i64 = MINUTE_MS;

/// A proof of who it is counts as fresh for this long: longer, and an open browser could change who comes in.
pub const FRESH_MS: i64 = 5 * MINUTE_MS;

/// R17: no house rule makes a session idle longer than this.
pub const IDLE_CEILING_MS: i64 = HOUR_MS;

/// R17: no house rule makes a session last longer than this.
pub const OVERALL_CEILING_MS: i64 = DAY_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Staff,
    Guest,
    Patient,
    /// Somebody who acts for a patient, in that patient's portal.
    Representative,
}

/// By which proof a session began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Passkey,
    /// Password and the code of an app, never one alone.
    Password,
    /// An account elsewhere: whenever it was that they were asked there, it is no fresh proof here.
    Provider,
    /// The way in was just set up by a one-time link.
    Enrolment,
    /// The demo's one press, and tests.
    Link,
    /// A guest or patient, by the link of a letter.
    Invitation,
}

/// The four moments that decide whether a session is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub last_seen: UnixMillis,
    pub ends: UnixMillis,
    pub ended: Option<UnixMillis>,
    /// Somebody asked for more time (R101).
    pub longer: bool,
}

impl Life {
    /// How long it may be quiet: twice as long for whoever asked for more time, never beyond the ceiling.
    fn idle_ms(&self, kind: Kind, house: &HouseRules) -> i64 {
        let usual = kind.idle_ms(house);
        if self.longer { (usual * 2).min(IDLE_CEILING_MS) } else { usual }
    }
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Staff, Kind::Guest, Kind::Patient, Kind::Representative];

    pub fn code(self) -> &'static str {
        match self {
            Kind::Staff => "staff",
            Kind::Guest => "guest",
            Kind::Patient => "patient",
            Kind::Representative => "representative",
        }
    }

    pub fn parse(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Without activity for this long, a session is over.
    pub fn idle_ms(self, house: &HouseRules) -> i64 {
        let minutes = match self {
            Kind::Staff => house.staff_idle_min,
            Kind::Guest | Kind::Patient | Kind::Representative => house.patient_idle_min,
        };
        minutes.saturating_mul(MINUTE_MS).clamp(MINUTE_MS, IDLE_CEILING_MS)
    }

    /// When a session that starts now is over in any case.
    pub fn ends_at(self, house: &HouseRules, now: UnixMillis) -> UnixMillis {
        let ms = match self {
            Kind::Staff => house.staff_overall_h.saturating_mul(HOUR_MS),
            Kind::Guest | Kind::Patient | Kind::Representative => OVERALL_CEILING_MS,
        };
        now.plus_ms(ms.clamp(HOUR_MS, OVERALL_CEILING_MS))
    }
}

impl How {
    pub const ALL: [How; 6] =
        [How::Passkey, How::Password, How::Provider, How::Enrolment, How::Link, How::Invitation];

    pub fn code(self) -> &'static str {
        match self {
            How::Passkey => "passkey",
            How::Password => "password",
            How::Provider => "provider",
            How::Enrolment => "enrolment",
            How::Link => "link",
            How::Invitation => "invitation",
        }
    }

    pub fn parse(code: &str) -> Option<How> {
        How::ALL.into_iter().find(|how| how.code() == code)
    }
}

/// Whether acts that ask for a fresh proof are allowed now. At the limit itself they are not.
pub fn is_fresh(proved: Option<UnixMillis>, now: UnixMillis) -> bool {
    proved.is_some_and(|at| (0..FRESH_MS).contains(&now.since(at)))
}

/// At the limit itself a session is over.
pub fn is_alive(kind: Kind, life: &Life, house: &HouseRules, now: UnixMillis) -> bool {
    life.ended.is_none() && now < life.ends && now.since(life.last_seen) < life.idle_ms(kind, house)
}

/// How long the session goes on when nothing more is heard of it.
pub fn left_ms(kind: Kind, life: &Life, house: &HouseRules, now: UnixMillis) -> i64 {
    life.ends.since(now).min(life.idle_ms(kind, house) - now.since(life.last_seen)).max(0)
}

/// Where the house's limit is short, marks are closer: or activity would end a session early.
pub fn wants_mark(kind: Kind, life: &Life, house: &HouseRules, now: UnixMillis) -> bool {
    now.since(life.last_seen) >= SEEN_EVERY_MS.min(life.idle_ms(kind, house) / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_795_289_400_000);

    fn alive(kind: Kind, house: &HouseRules, idle_ms: i64, age_ms: i64) -> bool {
        let now = START.plus_ms(age_ms);
        let life = Life {
            last_seen: now.plus_ms(-idle_ms),
            ends: kind.ends_at(house, START),
            ended: None,
            longer: false,
        };
        is_alive(kind, &life, house, now)
    }

    /// R17 (part: the idle limits, at three points each)
    #[test]
    fn an_idle_session_is_over_at_the_limit_and_not_before() {
        let house = HouseRules::default();
        for (kind, minutes) in
            [(Kind::Staff, 15), (Kind::Guest, 30), (Kind::Patient, 30), (Kind::Representative, 30)]
        {
            let limit = minutes * MINUTE_MS;
            assert!(alive(kind, &house, limit - 1, HOUR_MS), "{kind:?} just before");
            assert!(!alive(kind, &house, limit, HOUR_MS), "{kind:?} at the limit");
            assert!(!alive(kind, &house, limit + 1, HOUR_MS), "{kind:?} after");
        }
    }

    /// R101 (part: extra time, in rules) and R17 (part: the ceiling holds for it too)
    #[test]
    fn whoever_asked_for_more_time_may_be_quiet_twice_as_long() {
        for (minutes, limit) in [(10, 20), (30, 60), (45, 60)] {
            let house = HouseRules { patient_idle_min: minutes, ..HouseRules::default() };
            let limit = limit * MINUTE_MS;
            let ends = START.plus_ms(2 * HOUR_MS);
            let life = Life { last_seen: START, ends, ended: None, longer: true };
            assert!(is_alive(Kind::Guest, &life, &house, START.plus_ms(limit - 1)), "{minutes}");
            assert!(!is_alive(Kind::Guest, &life, &house, START.plus_ms(limit)), "{minutes}");
            assert_eq!(left_ms(Kind::Guest, &life, &house, START), limit);
        }
    }

    /// R17 (part: the overall limits, at three points each)
    #[test]
    fn a_busy_session_is_over_at_its_end_and_not_before() {
        let house = HouseRules::default();
        for (kind, hours) in [(Kind::Staff, 12), (Kind::Guest, 24), (Kind::Patient, 24)] {
            let limit = hours * HOUR_MS;
            assert!(alive(kind, &house, 0, limit - 1), "{kind:?} just before");
            assert!(!alive(kind, &house, 0, limit), "{kind:?} at the end");
            assert!(!alive(kind, &house, 0, limit + 1), "{kind:?} after");
        }
    }

    /// R17 (part: the ceilings hold against the house rules)
    #[test]
    fn house_rules_cannot_pass_the_ceilings() {
        let lax = HouseRules {
            staff_idle_min: i64::MAX,
            staff_overall_h: i64::MAX,
            patient_idle_min: 61,
            ..HouseRules::default()
        };
        for kind in Kind::ALL {
            assert_eq!(kind.idle_ms(&lax), IDLE_CEILING_MS);
            assert_eq!(kind.ends_at(&lax, START), START.plus_ms(OVERALL_CEILING_MS));
        }
        let careless = HouseRules { staff_idle_min: -3, staff_overall_h: 0, ..HouseRules::default() };
        assert_eq!(Kind::Staff.idle_ms(&careless), MINUTE_MS);
        assert_eq!(Kind::Staff.ends_at(&careless, START), START.plus_ms(HOUR_MS));
    }

    #[test]
    fn an_ended_session_stays_ended() {
        let house = HouseRules::default();
        let life = Life { last_seen: START, ends: START.plus_ms(HOUR_MS), ended: Some(START), longer: false };
        assert!(!is_alive(Kind::Staff, &life, &house, START));
    }

    #[test]
    fn a_proof_is_fresh_for_five_minutes() {
        let age = |ms: i64| is_fresh(Some(START), START.plus_ms(ms));
        assert!(age(0) && age(FRESH_MS - 1));
        assert!(!age(FRESH_MS) && !age(FRESH_MS + 1));
        assert!(!age(-1), "a clock that went back proves nothing");
        assert!(!is_fresh(None, START));
    }

    #[test]
    fn a_session_is_marked_as_seen_once_a_minute() {
        let life = Life { last_seen: START, ends: START.plus_ms(HOUR_MS), ended: None, longer: false };
        let marked = |house: &HouseRules, ms| wants_mark(Kind::Staff, &life, house, START.plus_ms(ms));
        let house = HouseRules::default();
        assert!(!marked(&house, MINUTE_MS - 1) && marked(&house, MINUTE_MS));
        let short = HouseRules { staff_idle_min: 1, ..HouseRules::default() };
        assert!(!marked(&short, MINUTE_MS / 4 - 1) && marked(&short, MINUTE_MS / 4));
    }
}
