//! What makes a vendor active, and how its agreement stands. Pure.

use vocabulary::{DAY_MS, UnixMillis};

pub const SERVICES: [&str; 8] =
    ["hosting", "backup", "mail", "sms", "interpreting", "records", "support", "other"];
pub const STATES: [&str; 3] = ["wanted", "active", "ended"];
pub const LINE_MAX: usize = 200;
pub const WORDS_MAX: usize = 2_000;
/// A day is kept as its noon; what is agreed for a day holds from its beginning.
pub const HALF_DAY_MS: i64 = DAY_MS / 2;

pub fn known(set: &[&'static str], code: &str) -> Option<&'static str> {
    set.iter().copied().find(|one| *one == code)
}

/// A vendor as the rules look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    pub active: bool,
    pub signed: Option<UnixMillis>,
    /// The day it begins to count; none for that of signing.
    pub effective: Option<UnixMillis>,
    pub ends: Option<UnixMillis>,
    /// The signed paper is kept here.
    pub filed: bool,
    /// Why it is no business associate.
    pub has_reason: bool,
}

/// How the agreement stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    InForce,
    RunOut,
    /// Signed, for a day to come.
    NotYet,
    /// Signed, as somebody says; nobody has filed the paper.
    Unfiled,
    /// None is needed, and somebody wrote why.
    NotNeeded,
    Missing,
}

impl Agreement {
    pub fn code(self) -> &'static str {
        match self {
            Agreement::InForce => "in-force",
            Agreement::RunOut => "run-out",
            Agreement::NotYet => "not-yet",
            Agreement::Unfiled => "unfiled",
            Agreement::NotNeeded => "not-needed",
            Agreement::Missing => "missing",
        }
    }

    pub fn covers(self) -> bool {
        matches!(self, Agreement::InForce | Agreement::NotNeeded)
    }
}

/// Whether the newest paper that was filed is one of the agreement of that day, and not of an older one.
pub fn is_filed(signed: Option<UnixMillis>, newest: Option<UnixMillis>) -> bool {
    newest.is_some_and(|at| signed.is_none_or(|day| at >= begins(day)))
}

fn begins(noon: UnixMillis) -> UnixMillis {
    UnixMillis(noon.0 - HALF_DAY_MS)
}

pub fn agreement(vendor: &Standing, now: UnixMillis) -> Agreement {
    match (vendor.signed, vendor.ends) {
        (Some(signed), _) if begins(signed) > now => Agreement::Missing,
        (Some(_), Some(ends)) if ends <= now => Agreement::RunOut,
        (Some(_), _) if vendor.effective.is_some_and(|from| begins(from) > now) => Agreement::NotYet,
        (Some(_), _) if !vendor.filed => Agreement::Unfiled,
        (Some(_), _) => Agreement::InForce,
        (None, _) if vendor.has_reason => Agreement::NotNeeded,
        (None, _) => Agreement::Missing,
    }
}

/// The state as it is today: an active vendor ends by itself with its agreement.
pub fn state_today(state: &'static str, vendor: &Standing, now: UnixMillis) -> &'static str {
    if vendor.active && agreement(vendor, now) == Agreement::RunOut { "ended" } else { state }
}

/// Whether the form may be saved: the field and the key of the sentence.
pub fn check(vendor: &Standing, now: UnixMillis) -> Result<(), (&'static str, &'static str)> {
    if vendor.ends.is_some_and(|ends| vendor.signed.is_none_or(|signed| ends <= signed)) {
        return Err(("ends", "vendor-fault-ends"));
    }
    if vendor.effective.is_some_and(|from| vendor.ends.is_some_and(|ends| ends <= from)) {
        return Err(("ends", "vendor-fault-ends"));
    }
    if vendor.active && agreement(vendor, now) == Agreement::Unfiled {
        return Err(("state", "vendor-fault-unfiled"));
    }
    if vendor.active && !agreement(vendor, now).covers() {
        return Err(("state", "vendor-fault-uncovered"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = day(1_000);

    const fn day(number: i64) -> UnixMillis {
        UnixMillis(number * DAY_MS)
    }

    fn of(signed: Option<i64>, ends: Option<i64>, has_reason: bool) -> Standing {
        let (signed, ends) = (signed.map(day), ends.map(day));
        Standing { active: true, signed, effective: None, ends, filed: true, has_reason }
    }

    #[test]
    fn only_a_covered_vendor_is_active() {
        for (vendor, standing, ok) in [
            (of(Some(1), None, false), Agreement::InForce, true),
            (of(Some(1), Some(2_000), false), Agreement::InForce, true),
            (of(Some(1), Some(900), false), Agreement::RunOut, false),
            (of(Some(5_000), None, false), Agreement::Missing, false),
            (of(None, None, true), Agreement::NotNeeded, true),
            (of(None, None, false), Agreement::Missing, false),
            (of(Some(5), Some(4), false), Agreement::RunOut, false),
            (Standing { filed: false, ..of(Some(1), None, false) }, Agreement::Unfiled, false),
            (Standing { filed: false, ..of(None, None, true) }, Agreement::NotNeeded, true),
            (Standing { effective: Some(day(1_001)), ..of(Some(1), None, false) }, Agreement::NotYet, false),
            (Standing { effective: Some(NOW), ..of(Some(1), None, false) }, Agreement::InForce, true),
        ] {
            assert_eq!(agreement(&vendor, NOW), standing, "{vendor:?}");
            assert_eq!(check(&vendor, NOW).is_ok(), ok, "{vendor:?}");
            let wanted = Standing { active: false, ..vendor };
            assert_eq!(check(&wanted, NOW).is_ok(), vendor.ends != Some(day(4)));
        }
    }

    #[test]
    fn an_agreement_and_its_paper_count_from_the_beginning_of_their_day() {
        let (first, before) = (UnixMillis(NOW.0 - HALF_DAY_MS), UnixMillis(NOW.0 - HALF_DAY_MS - 1));
        let vendor = of(Some(1_000), None, false);
        assert_eq!(agreement(&vendor, first), Agreement::InForce);
        assert_eq!(agreement(&vendor, before), Agreement::Missing);
        let later = Standing { effective: Some(NOW), ..of(Some(1), None, false) };
        assert_eq!(agreement(&later, first), Agreement::InForce);
        assert_eq!(agreement(&later, before), Agreement::NotYet);
        assert!(is_filed(Some(NOW), Some(first)) && !is_filed(Some(NOW), Some(before)));
        assert!(is_filed(None, Some(before)) && !is_filed(None, None) && !is_filed(Some(NOW), None));
    }

    #[test]
    fn an_active_vendor_ends_with_its_agreement() {
        let vendor = of(Some(1), Some(2_000), false);
        assert_eq!(state_today("active", &vendor, day(1_999)), "active");
        assert_eq!(state_today("active", &vendor, day(2_000)), "ended");
        assert_eq!(state_today("active", &of(None, None, true), day(2_000)), "active");
    }
}
