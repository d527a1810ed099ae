//! What decides in a risk analysis: the five levels, the nine elements, what an answer, a risk and an
//! analysis may become, and which changes make answers stale. Pure.

use super::bank::Area;
use vocabulary::{DAY_MS, UnixMillis};

macro_rules! codes {
    ($($(#[$doc:meta])* $set:ident { $($name:ident = $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $set { $($name,)* }

        impl $set {
            pub const ALL: &'static [$set] = &[$($set::$name),*];

            /// Kept in the database, and the end of the key of its words.
            pub fn code(self) -> &'static str {
                match self { $($set::$name => $code,)* }
            }

            pub fn parse(code: &str) -> Option<$set> {
                $set::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    )*};
}

codes! {
    /// Likelihood, impact and risk share five levels, the lowest first.
    Level {
        VeryLow = "very-low", Low = "low", Moderate = "moderate", High = "high", VeryHigh = "very-high",
    }
    /// "Not sure" counts as the worst answer; "does not apply" needs a reason.
    Choice {
        Yes = "yes", Partly = "partly", No = "no", NotSure = "not-sure", NotApplicable = "not-applicable",
    }
    /// What the regulator expects of an analysis (45 CFR 164.308(a)(1)(ii)(A)).
    Element {
        Scope = "scope", Flows = "flows", Threats = "threats", Safeguards = "safeguards",
        Likelihood = "likelihood", Impact = "impact", Level = "level", Documentation = "documentation",
        Review = "review",
    }
    Treatment { Reduce = "reduce", Accept = "accept", Avoid = "avoid", Transfer = "transfer", }
    /// `open -> treated | accepted -> closed`, and back to open when something changes.
    RiskState { Open = "open", Treated = "treated", Accepted = "accepted", Closed = "closed", }
    /// `draft -> signed`, never back: a signed analysis is frozen.
    AnalysisState { Draft = "draft", Signed = "signed", }
    /// `answered -> reopened -> answered`.
    AnswerState { Answered = "answered", Reopened = "reopened", }
    /// What asks for a fresh look (45 CFR 164.316(b)(2)(iii)).
    Trigger {
        Year = "year", Incident = "incident", Vendor = "vendor", Feature = "feature", Policy = "policy",
        Turnover = "turnover", Move = "move", Law = "law",
    }
}

impl Level {
    pub fn rank(self) -> i64 {
        match self {
            Level::VeryLow => 1,
            Level::Low => 2,
            Level::Moderate => 3,
            Level::High => 4,
            Level::VeryHigh => 5,
        }
    }

    pub fn of_rank(rank: i64) -> Option<Level> {
        Level::ALL.iter().copied().find(|level| level.rank() == rank)
    }
}

/// NIST SP 800-30r1 table I-2.
pub fn risk_of(likelihood: Level, impact: Level) -> Level {
    use Level::{High as H, Low as L, Moderate as M, VeryHigh as VH, VeryLow as VL};
    let row = match likelihood {
        VH | H => [VL, L, M, H, VH],
        M => [VL, L, M, M, H],
        L => [VL, L, L, L, M],
        VL => [VL, VL, VL, L, L],
    };
    match impact {
        VL => row[0],
        L => row[1],
        M => row[2],
        H => row[3],
        VH => row[4],
    }
}

/// Above this a risk needs a plan: an owner, a treatment and a date.
pub const TOLERANCE: Level = Level::Low;

/// A rating as it stands in the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rating {
    pub likelihood: Option<Level>,
    pub impact: Option<Level>,
    /// Instead of the table's answer; only with a reason.
    pub level_override: Option<Level>,
}

impl Rating {
    pub fn level(self) -> Option<Level> {
        let computed = risk_of(self.likelihood?, self.impact?);
        Some(self.level_override.unwrap_or(computed))
    }

    /// An override that says the same as the table is none. Another one needs its reason.
    pub fn check(self, reason: &str) -> Result<Rating, Slip> {
        let (Some(likelihood), Some(impact)) = (self.likelihood, self.impact) else {
            return match self.level_override {
                Some(_) => Err(Slip::RateFirst),
                None => Ok(self),
            };
        };
        let differs = self.level_override.filter(|level| *level != risk_of(likelihood, impact));
        if differs.is_some() && reason.trim().is_empty() {
            return Err(Slip::OverrideNeedsReason);
        }
        Ok(Rating { level_override: differs, ..self })
    }
}

codes! {
    /// What a person can get wrong, each with its sentence: `risk-fault-` and the code.
    Slip {
        RateFirst = "rate-first", OverrideNeedsReason = "override-needs-reason", NoTreatment = "no-treatment",
        NoPlan = "no-plan", NoOwner = "no-owner", NoDue = "no-due", NoAcceptance = "no-acceptance",
        NoResidual = "no-residual", NoEvidence = "no-evidence", SelfVerified = "self-verified",
        NoReason = "no-reason", NoChoice = "no-choice", AlreadyClosed = "already-closed",
        TooLong = "too-long", BadDate = "bad-date", PastDate = "past-date", FutureDate = "future-date",
        NoColleague = "no-colleague", Changed = "changed",
    }
}

/// What closing looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Register {
    pub rating: Rating,
    pub treatment: Option<Treatment>,
    pub has_plan: bool,
    pub has_owner: bool,
    pub has_due: bool,
    pub has_evidence: bool,
    pub residual: Option<Level>,
    /// An official signed that the practice lives with it.
    pub accepted: bool,
    /// The person who closes is the one who did the work.
    pub closed_by_owner: bool,
}

/// Whether a risk may be closed, and everything that stands in the way (45 CFR 164.308(a)(1)(ii)(B)).
pub fn may_close(risk: &Register) -> Result<(), Vec<Slip>> {
    let Some(level) = risk.rating.level() else { return Err(vec![Slip::RateFirst]) };
    if risk.accepted || level <= TOLERANCE {
        return Ok(());
    }
    let mut slips = plan_gaps(risk);
    if risk.treatment == Some(Treatment::Accept) {
        slips.push(Slip::NoAcceptance);
    }
    if !risk.has_evidence {
        slips.push(Slip::NoEvidence);
    }
    match risk.residual {
        None => slips.push(Slip::NoResidual),
        // What is still high after the work is not done: somebody signs for it.
        Some(left) if left >= Level::High => slips.push(Slip::NoAcceptance),
        Some(_) => {}
    }
    if level >= Level::High && risk.closed_by_owner {
        slips.push(Slip::SelfVerified);
    }
    slips.sort_unstable();
    slips.dedup();
    if slips.is_empty() { Ok(()) } else { Err(slips) }
}

/// What is missing to call a risk above tolerance planned.
pub fn plan_gaps(risk: &Register) -> Vec<Slip> {
    let wanted = [
        (risk.treatment.is_some(), Slip::NoTreatment),
        (risk.has_plan, Slip::NoPlan),
        (risk.has_owner, Slip::NoOwner),
        (risk.has_due, Slip::NoDue),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, slip)| slip).collect()
}

/// Rated, and low enough, planned, or signed for.
pub fn is_settled(risk: &Register) -> bool {
    let Some(level) = risk.rating.level() else { return false };
    level <= TOLERANCE || risk.accepted || plan_gaps(risk).is_empty()
}

/// An analysis as far as finalising looks at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing {
    pub scope_said: bool,
    pub flows_said: bool,
    pub documentation_said: bool,
    pub review_due: Option<UnixMillis>,
    pub questions: usize,
    /// Answered and not reopened.
    pub answered: usize,
    /// In the register. Closed ones count: they were found, rated and dealt with.
    pub risks: usize,
    pub with_likelihood: usize,
    pub with_impact: usize,
    /// Closed, or with a level, and, above tolerance, a plan or a signed acceptance.
    pub settled: usize,
}

/// Looking again later than this is no periodic review.
pub const REVIEW_WITHIN_MS: i64 = 366 * DAY_MS;

pub fn is_filled(standing: &Standing, element: Element, now: UnixMillis) -> bool {
    let all = |count: usize| standing.risks > 0 && count == standing.risks;
    match element {
        Element::Scope => standing.scope_said,
        Element::Flows => standing.flows_said,
        Element::Threats => standing.risks > 0,
        Element::Safeguards => standing.questions > 0 && standing.answered == standing.questions,
        Element::Likelihood => all(standing.with_likelihood),
        Element::Impact => all(standing.with_impact),
        Element::Level => all(standing.settled),
        Element::Documentation => standing.documentation_said,
        Element::Review => {
            standing.review_due.is_some_and(|due| (1..=REVIEW_WITHIN_MS).contains(&due.since(now)))
        }
    }
}

/// The elements that are still empty; an analysis is finalised only when there is none.
pub fn gaps(standing: &Standing, now: UnixMillis) -> Vec<Element> {
    Element::ALL.iter().copied().filter(|element| !is_filled(standing, *element, now)).collect()
}

pub fn may_sign(state: AnalysisState, standing: &Standing, now: UnixMillis) -> Result<(), Vec<Element>> {
    let gaps = gaps(standing, now);
    if state == AnalysisState::Draft && gaps.is_empty() { Ok(()) } else { Err(gaps) }
}

/// What a choice says about its weak spots; `None` says nothing.
pub fn likelihood_of(choice: Choice) -> Option<Level> {
    match choice {
        Choice::Yes | Choice::NotApplicable => None,
        Choice::Partly => Some(Level::Moderate),
        Choice::No | Choice::NotSure => Some(Level::High),
    }
}

/// Which way an answer went from one analysis to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    Worse,
    /// Was not answered before, or does not apply on one side.
    Other,
    Better,
}

/// How an answer changed; `None` when it did not.
pub fn turn(before: Option<Choice>, after: Option<Choice>) -> Option<Turn> {
    let rank = |choice: Choice| match choice {
        Choice::Yes => Some(0),
        Choice::Partly => Some(1),
        Choice::No | Choice::NotSure => Some(2),
        Choice::NotApplicable => None,
    };
    if before == after {
        return None;
    }
    Some(match (before.and_then(rank), after.and_then(rank)) {
        (Some(before), Some(after)) if after < before => Turn::Better,
        (Some(before), Some(after)) if after > before => Turn::Worse,
        _ => Turn::Other,
    })
}

/// "Does not apply" without a reason is no answer.
pub fn check_choice(choice: Option<Choice>, note: &str) -> Result<Choice, Slip> {
    match choice {
        None => Err(Slip::NoChoice),
        Some(Choice::NotApplicable) if note.trim().is_empty() => Err(Slip::NoReason),
        Some(choice) => Ok(choice),
    }
}

/// The areas whose answers a change makes stale.
pub fn reopened_by(trigger: Trigger) -> &'static [Area] {
    use Area::{
        Continuity, Language, Monitoring, People, Place, Policies, Rights, Technology, Training, Vendors,
    };
    match trigger {
        Trigger::Year | Trigger::Law => Area::ALL,
        Trigger::Incident => &[Technology, Training, People, Rights],
        Trigger::Vendor => &[Vendors, Technology],
        Trigger::Feature => &[Technology, Monitoring, Language, Training],
        Trigger::Policy => &[Policies, Training],
        Trigger::Turnover => &[People, Training],
        Trigger::Move => &[Place, Continuity],
    }
}

#[cfg(test)]
mod tests;
