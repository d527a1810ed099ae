//! What makes a vendor active, and how its agreement stands. Pure.

use vocabulary::UnixMillis;

pub const SERVICES: [&str; 8] =
    ["hosting", "backup", "mail", "sms", "interpreting", "records", "support", "other"];
pub const STATES: [&str; 3] = ["wanted", "active", "ended"];
pub const LINE_MAX: usize = 200;
pub const WORDS_MAX: usize = 2_000;

pub fn known(set: &[&'static str], code: &str) -> Option<&'static str> {
    set.iter().copied().find(|one| *one == code)
}

/// A vendor as the rules look at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    pub active: bool,
    pub signed: Option<UnixMillis>,
    pub ends: Option<UnixMillis>,
    /// Why it is no business associate.
    pub has_reason: bool,
}

/// How the agreement stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    InForce,
    RunOut,
    /// None is needed, and somebody wrote why.
    NotNeeded,
    Missing,
}

impl Agreement {
    pub fn code(self) -> &'static str {
        match self {
            Agreement::InForce => "in-force",
            Agreement::RunOut => "run-out",
            Agreement::NotNeeded => "not-needed",
            Agreement::Missing => "missing",
        }
    }

    pub fn covers(self) -> bool {
        matches!(self, Agreement::InForce | Agreement::NotNeeded)
    }
}

pub fn agreement(vendor: &Standing, now: UnixMillis) -> Agreement {
    match (vendor.signed, vendor.ends) {
        (Some(signed), _) if signed > now => Agreement::Missing,
        (Some(_), Some(ends)) if ends <= now => Agreement::RunOut,
        (Some(_), _) => Agreement::InForce,
        (None, _) if vendor.has_reason => Agreement::NotNeeded,
        (None, _) => Agreement::Missing,
    }
}

/// Whether the form may be saved: the field and the key of the sentence.
pub fn check(vendor: &Standing, now: UnixMillis) -> Result<(), (&'static str, &'static str)> {
    if vendor.ends.is_some_and(|ends| vendor.signed.is_none_or(|signed| ends <= signed)) {
        return Err(("ends", "vendor-fault-ends"));
    }
    if vendor.active && !agreement(vendor, now).covers() {
        return Err(("state", "vendor-fault-uncovered"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000);

    fn of(signed: Option<i64>, ends: Option<i64>, has_reason: bool) -> Standing {
        Standing { active: true, signed: signed.map(UnixMillis), ends: ends.map(UnixMillis), has_reason }
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
        ] {
            assert_eq!(agreement(&vendor, NOW), standing, "{vendor:?}");
            assert_eq!(check(&vendor, NOW).is_ok(), ok, "{vendor:?}");
            let wanted = Standing { active: false, ..vendor };
            assert_eq!(check(&wanted, NOW).is_ok(), vendor.ends != Some(UnixMillis(4)));
        }
    }
}
