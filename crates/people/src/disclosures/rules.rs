//! Which purposes ask for a minimum-necessary decision. Pure.

/// Fewer letters are no decision.
pub const WORDS: std::ops::RangeInclusive<usize> = 10..=1_000;
pub const RECIPIENT: std::ops::RangeInclusive<usize> = 2..=200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Treatment,
    Patient,
    Authorization,
    Law,
    Payment,
    Operations,
    Other,
}

impl Purpose {
    pub const ALL: [Purpose; 7] = [
        Purpose::Treatment,
        Purpose::Patient,
        Purpose::Authorization,
        Purpose::Law,
        Purpose::Payment,
        Purpose::Operations,
        Purpose::Other,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Purpose::Treatment => "treatment",
            Purpose::Patient => "patient",
            Purpose::Authorization => "authorization",
            Purpose::Law => "law",
            Purpose::Payment => "payment",
            Purpose::Operations => "operations",
            Purpose::Other => "other",
        }
    }

    pub fn parse(code: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// 45 CFR 164.502(b)(2): not for treatment, the patient, an authorization, or what the law requires.
    pub fn asks_for_minimum(self) -> bool {
        matches!(self, Purpose::Payment | Purpose::Operations | Purpose::Other)
    }
}
