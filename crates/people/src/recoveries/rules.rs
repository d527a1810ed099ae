//! Two let a colleague in again, and everybody has a day to object. Pure.

use vocabulary::{DAY_MS, PersonId, UnixMillis};

/// From the second yes until the link opens (D17). Shorter, and an owner asleep could not object.
pub const DELAY_MS: i64 = DAY_MS;

/// How long the link opens after that.
pub const OPEN_MS: i64 = 7 * DAY_MS;

/// Unanswered for this long, a first yes counts no more.
pub const ASKED_MS: i64 = 7 * DAY_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub person: PersonId,
    pub asked_by: PersonId,
    pub asked_at: UnixMillis,
    pub approved: Option<PersonId>,
    pub opens_at: Option<UnixMillis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody lets themselves in.
    Oneself,
    /// The second yes must come from somebody else.
    SamePerson,
    /// There is one under way, or none to say yes to.
    NotNow,
}

/// The first yes.
pub fn may_ask(person: PersonId, by: PersonId, under_way: bool) -> Result<(), Refused> {
    match (person == by, under_way) {
        (true, _) => Err(Refused::Oneself),
        (_, true) => Err(Refused::NotNow),
        _ => Ok(()),
    }
}

/// The second yes. Tells when the link opens and when it is over.
pub fn may_approve(
    standing: &Standing,
    by: PersonId,
    now: UnixMillis,
) -> Result<(UnixMillis, UnixMillis), Refused> {
    if by == standing.person {
        return Err(Refused::Oneself);
    }
    if by == standing.asked_by {
        return Err(Refused::SamePerson);
    }
    if standing.approved.is_some() || is_stale(standing, now) {
        return Err(Refused::NotNow);
    }
    let opens_at = now.plus_ms(DELAY_MS);
    Ok((opens_at, opens_at.plus_ms(OPEN_MS)))
}

/// Nobody said the second yes in time, or nobody used the link.
pub fn is_stale(standing: &Standing, now: UnixMillis) -> bool {
    match standing.opens_at {
        Some(opens_at) => now >= opens_at.plus_ms(OPEN_MS),
        None => now.since(standing.asked_at) >= ASKED_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn lost() -> PersonId {
        PersonId::from_bytes([1; 16])
    }

    fn first() -> PersonId {
        PersonId::from_bytes([2; 16])
    }

    fn second() -> PersonId {
        PersonId::from_bytes([3; 16])
    }

    fn asked() -> Standing {
        Standing { person: lost(), asked_by: first(), asked_at: NOW, approved: None, opens_at: None }
    }

    #[test]
    fn nobody_lets_themselves_in_and_nobody_is_both_of_the_two() {
        assert_eq!(may_ask(lost(), first(), false), Ok(()));
        assert_eq!(may_ask(lost(), lost(), false), Err(Refused::Oneself));
        assert_eq!(may_ask(lost(), first(), true), Err(Refused::NotNow));
        assert_eq!(may_approve(&asked(), lost(), NOW), Err(Refused::Oneself));
        assert_eq!(may_approve(&asked(), first(), NOW), Err(Refused::SamePerson));
        let twice = Standing { approved: Some(second()), ..asked() };
        assert_eq!(may_approve(&twice, second(), NOW), Err(Refused::NotNow));
    }

    #[test]
    fn the_link_opens_a_day_after_the_second_yes() {
        let (opens_at, over_at) = may_approve(&asked(), second(), NOW).unwrap();
        assert_eq!((opens_at.since(NOW), over_at.since(opens_at)), (DELAY_MS, OPEN_MS));
        let late = NOW.plus_ms(ASKED_MS);
        assert!(may_approve(&asked(), second(), late.plus_ms(-1)).is_ok());
        assert_eq!(may_approve(&asked(), second(), late), Err(Refused::NotNow));
        let unused = Standing { approved: Some(second()), opens_at: Some(opens_at), ..asked() };
        assert!(!is_stale(&unused, over_at.plus_ms(-1)));
        assert!(is_stale(&unused, over_at));
    }
}
