//! Which purposes ask for a minimum-necessary decision. Pure.

/// Fewer letters are no decision.
pub const WORDS: std::ops::RangeInclusive<usize> = 10..=1_000;
pub const RECIPIENT: std::ops::RangeInclusive<usize> = 2..=200;
pub const ADDRESS_MAX: usize = 200;

/// What was said of a copy. Each part is one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub recipient: String,
    /// Why so much and no more; may be empty where nobody asks.
    pub words: String,
    /// Where the recipient is, if known (45 CFR 164.528(b)(2)(ii)).
    pub address: String,
}

impl Said {
    /// As it is sealed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}", self.recipient, self.words, self.address)
    }

    /// Reads what `text` wrote.
    pub fn parse(text: &str) -> Said {
        let mut lines = text.split('\n').map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        Said { recipient: line(), words: line(), address: line() }
    }
}

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
    /// 45 CFR 164.528(a)(1): an accounting need not list copies for treatment, payment and operations, to the
    /// patient, or by an authorization. Here it lists them all and marks those it must.
    pub fn must_be_accounted(self) -> bool {
        matches!(self, Purpose::Law | Purpose::Other)
    }
}
