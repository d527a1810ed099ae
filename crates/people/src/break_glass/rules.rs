//! How long an emergency lasts, what it asks for, who is told and who may review it. Pure.

use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, PersonId, Role, Roles, UnixMillis};

/// Longer, and it would be a second way onto the care team.
pub const OPEN_MS: i64 = 30 * MINUTE_MS;

/// A review that waits longer than this is overdue. Later, nobody remembers why.
pub const OVERDUE_MS: i64 = 72 * HOUR_MS;

/// Fewer letters are no reason.
pub const WORDS_MIN: usize = 10;
pub const WORDS_MAX: usize = 1_000;

/// Wrong names or birth dates in one hour before looking somebody up is closed to this person.
pub const FIND_TRIES: u32 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody's life or health is in danger now.
    Danger,
    /// The patient's clinician is away and this cannot wait.
    Covering,
    /// Another clinic or an emergency room asks now.
    Asked,
    Other,
}

impl Reason {
    pub const ALL: [Reason; 4] = [Reason::Danger, Reason::Covering, Reason::Asked, Reason::Other];

    pub fn code(self) -> &'static str {
        match self {
            Reason::Danger => "danger",
            Reason::Covering => "covering",
            Reason::Asked => "asked",
            Reason::Other => "other",
        }
    }

    pub fn parse(code: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Justified,
    NotJustified,
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Justified => "justified",
            Outcome::NotJustified => "not_justified",
        }
    }

    pub fn parse(code: &str) -> Option<Outcome> {
        [Outcome::Justified, Outcome::NotJustified].into_iter().find(|outcome| outcome.code() == code)
    }
}

/// When it was opened, and when it is or was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub opened: UnixMillis,
    pub ends: UnixMillis,
    pub closed: Option<UnixMillis>,
}

impl Span {
    /// At its end itself it is over.
    pub fn is_open(&self, now: UnixMillis) -> bool {
        self.closed.is_none() && now < self.ends
    }

    /// Begun minutes count whole: nobody reads that none is left while the page still opens.
    pub fn minutes_left(&self, now: UnixMillis) -> i64 {
        (self.ends.since(now).max(0) + MINUTE_MS - 1) / MINUTE_MS
    }

    pub fn over_at(&self) -> UnixMillis {
        self.closed.unwrap_or(self.ends)
    }

    pub fn is_overdue(&self, now: UnixMillis) -> bool {
        now.since(self.opened) >= OVERDUE_MS
    }

    pub fn days(&self, now: UnixMillis) -> i64 {
        now.since(self.opened).max(0) / DAY_MS
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody judges what they did themselves.
    Oneself,
    StillOpen,
    /// Somebody was quicker.
    Done,
}

/// `alone`: this practice has nobody else who could. Then a review of oneself is better than none for ever.
pub fn may_review(
    (person, span): (PersonId, &Span),
    by: PersonId,
    alone: bool,
    reviewed: bool,
    now: UnixMillis,
) -> Result<(), Refused> {
    if person == by && !alone {
        return Err(Refused::Oneself);
    }
    if reviewed {
        return Err(Refused::Done);
    }
    if span.is_open(now) { Err(Refused::StillOpen) } else { Ok(()) }
}

/// Who hears of it at once: the privacy officials; where the person is the only one, the security officials;
/// where they are both, the owners. Never the person alone.
pub fn to_tell(person: PersonId, active: &[(PersonId, Roles)]) -> Vec<PersonId> {
    let others = |role: Role| -> Vec<PersonId> {
        active.iter().filter(|(id, roles)| *id != person && roles.has(role)).map(|(id, _)| *id).collect()
    };
    let ladder = [Role::PrivacyOfficial, Role::SecurityOfficial, Role::Owner];
    ladder.into_iter().map(others).find(|found| !found.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn span() -> Span {
        Span { opened: NOW, ends: NOW.plus_ms(OPEN_MS), closed: None }
    }

    #[test]
    fn it_is_over_after_half_an_hour_and_not_before() {
        let end = NOW.plus_ms(OPEN_MS);
        assert!(span().is_open(NOW) && span().is_open(end.plus_ms(-1)));
        assert!(!span().is_open(end) && !span().is_open(end.plus_ms(1)));
        let closed = Span { closed: Some(NOW.plus_ms(5)), ..span() };
        assert!(!closed.is_open(NOW.plus_ms(5)), "closed is closed");
        let left = |ms| span().minutes_left(NOW.plus_ms(ms));
        assert_eq!((left(0), left(1), left(OPEN_MS - 1), left(OPEN_MS)), (30, 30, 1, 0));
    }

    #[test]
    fn a_review_is_overdue_after_72_hours() {
        assert!(!span().is_overdue(NOW.plus_ms(OVERDUE_MS - 1)));
        assert!(span().is_overdue(NOW.plus_ms(OVERDUE_MS)));
    }

    /// R19 (part: the reviewer is another person)
    #[test]
    fn nobody_reviews_what_they_did_nor_what_still_goes_on() {
        let later = NOW.plus_ms(OPEN_MS);
        let may = |by, reviewed, now| may_review((person(1), &span()), by, false, reviewed, now);
        assert_eq!(may(person(2), false, later), Ok(()));
        assert_eq!(may(person(1), false, later), Err(Refused::Oneself));
        assert_eq!(may(person(2), true, later), Err(Refused::Done));
        assert_eq!(may(person(2), false, NOW), Err(Refused::StillOpen));
        assert_eq!(may_review((person(1), &span()), person(1), true, false, later), Ok(()), "alone");
    }

    #[test]
    fn somebody_else_always_hears_of_it() {
        let with = |roles: &[Role]| roles.iter().copied().collect::<Roles>();
        let (privacy, security) = (with(&[Role::PrivacyOfficial]), with(&[Role::SecurityOfficial]));
        let all = [(person(1), with(&[Role::Clinician])), (person(2), privacy), (person(3), security)];
        assert_eq!(to_tell(person(1), &all), [person(2)]);
        let own = [(person(1), with(&[Role::Clinician, Role::PrivacyOfficial])), (person(3), security)];
        assert_eq!(to_tell(person(1), &own), [person(3)]);
        let solo = [(person(1), with(&[Role::PrivacyOfficial])), (person(4), with(&[Role::Owner]))];
        assert_eq!(to_tell(person(1), &solo), [person(4)]);
    }
}
