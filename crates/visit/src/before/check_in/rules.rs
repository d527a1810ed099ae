//! The steps of a check-in, which of them is next, and when the lobby's door opens. Pure.
//!
//! Refuses to skip: a step opens once every step before it has its answer. Any answered step opens again.

use crate::before::rules::{Part, VisitState};
use policy::HouseRules;
use vocabulary::{MINUTE_MS, UnixMillis};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Welcome,
    /// Agreeing to sign on a screen, after the sample page (15 U.S.C. 7001(c)).
    ESign,
    /// The notice of privacy practices (45 CFR 164.520(c)(2)).
    Notice,
    Consent,
    /// Of supporters and interpreters: what they hear stays with them.
    Promise,
    Place,
    Readiness,
    Location,
}

/// The papers that are asked for once and not at each visit. Those answered on the way to this visit count,
/// too, so that the number of steps stays the same from the first to the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    pub e_sign: bool,
    pub notice: bool,
}

/// What has an answer. The welcome needs none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub papers: Papers,
    pub e_sign: bool,
    pub notice: bool,
    /// A telehealth consent is in force.
    pub consent: bool,
    pub promise: bool,
    pub place: bool,
    pub readiness: bool,
    pub location: bool,
    /// A licence covers where they are, or the host has decided to go on.
    pub licence: bool,
}

/// What is known of the checks of camera, light and sound without opening what they found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// The person went on from the step.
    pub answered: bool,
    pub ran: bool,
    /// Somebody of the staff lets them go on without.
    pub waived: bool,
}

/// Where the house says that the checks cannot be skipped, they ran or were waived. A poor result is a
/// result.
pub fn checks_done(house: &HouseRules, checks: &Checks) -> bool {
    checks.waived || checks.ran || (checks.answered && !house.checks_must_run)
}

/// Whether the lobby lets somebody in who is through with check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Open,
    NotYet {
        opens_at: UnixMillis,
    },
    /// The visit is over or was called off.
    Shut,
}

/// Where a step stands, for the line above its heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Counts from 1.
    pub number: usize,
    pub of: usize,
    pub minutes_left: i64,
}

impl Step {
    pub const ALL: [Step; 8] = [
        Step::Welcome,
        Step::ESign,
        Step::Notice,
        Step::Consent,
        Step::Promise,
        Step::Place,
        Step::Readiness,
        Step::Location,
    ];

    /// The last part of the step's address.
    pub fn code(self) -> &'static str {
        match self {
            Step::Welcome => "welcome",
            Step::ESign => "screen",
            Step::Notice => "notice",
            Step::Consent => "consent",
            Step::Promise => "promise",
            Step::Place => "place",
            Step::Readiness => "readiness",
            Step::Location => "location",
        }
    }

    pub fn parse(code: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// A careful guess for somebody who does it for the first time.
    fn seconds(self) -> i64 {
        match self {
            Step::Welcome | Step::ESign | Step::Notice => 30,
            Step::Consent => 90,
            Step::Promise | Step::Place => 30,
            Step::Readiness => 45,
            Step::Location => 45,
        }
    }

    fn is_done(self, done: &Done) -> bool {
        match self {
            Step::Welcome => true,
            Step::ESign => done.e_sign,
            Step::Notice => done.notice,
            Step::Consent => done.consent,
            Step::Promise => done.promise,
            Step::Place => done.place,
            Step::Readiness => done.readiness,
            Step::Location => done.location && done.licence,
        }
    }
}

/// The steps this house asks of this part. The patient's consent and location, and the promise of whoever
/// comes along, are never left out.
pub fn steps(house: &HouseRules, part: Part, papers: Papers) -> Vec<Step> {
    let asked = |step: &Step| match step {
        Step::Place => house.ask_place,
        Step::Readiness => house.ask_readiness,
        Step::Welcome => true,
        Step::ESign => papers.e_sign && !part.accompanies(),
        Step::Notice => papers.notice && !part.accompanies(),
        Step::Consent | Step::Location => !part.accompanies(),
        Step::Promise => part.accompanies(),
    };
    Step::ALL.into_iter().filter(asked).collect()
}

/// `None`: everything is answered.
pub fn first_missing(steps: &[Step], done: &Done) -> Option<Step> {
    steps.iter().copied().find(|step| !step.is_done(done))
}

/// Whether this step may be shown or answered now.
pub fn may_open(steps: &[Step], done: &Done, step: Step) -> bool {
    let Some(at) = steps.iter().position(|asked| *asked == step) else { return false };
    // A slip in the state can shut the consent before it: it can be mended from there.
    if step == Step::Location && done.location {
        return true;
    }
    steps[..at].iter().all(|before| before.is_done(done))
}

pub fn progress(steps: &[Step], step: Step) -> Progress {
    let at = steps.iter().position(|asked| *asked == step).unwrap_or(0);
    let seconds: i64 = steps[at..].iter().map(|step| step.seconds()).sum();
    Progress { number: at + 1, of: steps.len(), minutes_left: (seconds + 59) / 60 }
}

pub fn before(steps: &[Step], step: Step) -> Option<Step> {
    let at = steps.iter().position(|asked| *asked == step)?;
    at.checked_sub(1).map(|before| steps[before])
}

pub fn after(steps: &[Step], step: Step) -> Option<Step> {
    let at = steps.iter().position(|asked| *asked == step)?;
    steps.get(at + 1).copied()
}

pub fn lobby_door(state: VisitState, starts_at: UnixMillis, house: &HouseRules, now: UnixMillis) -> Door {
    if state.is_over() {
        return Door::Shut;
    }
    let opens_at = starts_at.plus_ms(-house.lobby_opens_before_min.max(0) * MINUTE_MS);
    // Who hosts early lets people in early.
    if now >= opens_at || state == VisitState::Live { Door::Open } else { Door::NotYet { opens_at } }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMillis = UnixMillis(1_795_289_400_000);
    const ALL_DONE: Done = Done {
        papers: FIRST,
        e_sign: true,
        notice: true,
        consent: true,
        promise: false,
        place: true,
        readiness: true,
        location: true,
        licence: true,
    };
    const FIRST: Papers = Papers { e_sign: true, notice: true };
    const KNOWN: Papers = Papers { e_sign: false, notice: false };

    #[test]
    fn the_house_leaves_out_what_it_does_not_ask() {
        let house = HouseRules { ask_place: false, ask_readiness: false, ..HouseRules::default() };
        assert_eq!(steps(&house, Part::Patient, KNOWN), [Step::Welcome, Step::Consent, Step::Location]);
        assert_eq!(steps(&house, Part::Supporter, FIRST), [Step::Welcome, Step::Promise]);
    }

    #[test]
    fn checks_that_must_run_ran_or_were_waived() {
        let skipped = Checks { answered: true, ..Checks::default() };
        let strict = HouseRules { checks_must_run: true, ..HouseRules::default() };
        for (house, checks, done) in [
            (&HouseRules::default(), skipped, true),
            (&HouseRules::default(), Checks::default(), false),
            (&strict, skipped, false),
            (&strict, Checks { ran: true, ..skipped }, true),
            (&strict, Checks { waived: true, ..Checks::default() }, true),
        ] {
            assert_eq!(checks_done(house, &checks), done, "{checks:?}");
        }
    }

    #[test]
    fn whoever_comes_along_is_asked_for_a_promise_and_neither_for_consent_nor_for_a_place_on_the_map() {
        let house = HouseRules::default();
        let patients = steps(&house, Part::Patient, KNOWN);
        assert!(!patients.contains(&Step::Promise) && patients.len() == 5);
        for part in [Part::Supporter, Part::Interpreter] {
            let theirs = steps(&house, part, FIRST);
            assert_eq!(theirs, [Step::Welcome, Step::Promise, Step::Place, Step::Readiness]);
            assert_eq!(first_missing(&theirs, &ALL_DONE), Some(Step::Promise));
        }
    }

    #[test]
    fn no_step_opens_before_the_ones_ahead_of_it_are_answered() {
        let steps = steps(&HouseRules::default(), Part::Patient, FIRST);
        let nothing = Done::default();
        assert_eq!(first_missing(&steps, &nothing), Some(Step::ESign));
        assert!(may_open(&steps, &nothing, Step::Welcome) && may_open(&steps, &nothing, Step::ESign));
        assert!(!may_open(&steps, &nothing, Step::Notice) && !may_open(&steps, &nothing, Step::Consent));
        assert!(!may_open(&steps, &nothing, Step::Place) && !may_open(&steps, &nothing, Step::Location));
        let some = Done { e_sign: true, notice: true, consent: true, place: true, ..nothing };
        assert_eq!(first_missing(&steps, &some), Some(Step::Readiness));
        assert!(may_open(&steps, &some, Step::Consent) && may_open(&steps, &some, Step::Readiness));
        assert_eq!(first_missing(&steps, &ALL_DONE), None);
        let elsewhere = Done { consent: false, ..ALL_DONE };
        assert!(may_open(&steps, &elsewhere, Step::Location) && !may_open(&steps, &elsewhere, Step::Place));
    }

    #[test]
    fn progress_counts_down_and_knows_its_neighbours() {
        let steps = steps(&HouseRules::default(), Part::Patient, FIRST);
        let told: Vec<_> = steps.iter().map(|step| progress(&steps, *step)).collect();
        assert_eq!(told[1], Progress { number: 2, of: 7, minutes_left: 5 });
        assert!(told.windows(2).all(|pair| pair[0].minutes_left >= pair[1].minutes_left));
        assert_eq!(before(&steps, Step::Welcome), None);
        assert_eq!(after(&steps, Step::Readiness), Some(Step::Location));
        assert_eq!(after(&steps, Step::Location), None);
    }

    #[test]
    fn the_lobby_opens_as_long_before_the_start_as_the_house_says() {
        let house = HouseRules { lobby_opens_before_min: 30, ..HouseRules::default() };
        let opens_at = AT.plus_ms(-30 * MINUTE_MS);
        let door = |state, now| lobby_door(state, AT, &house, now);
        assert_eq!(door(VisitState::Open, opens_at.plus_ms(-1)), Door::NotYet { opens_at });
        assert_eq!(door(VisitState::Open, opens_at), Door::Open);
        assert_eq!(door(VisitState::Live, opens_at.plus_ms(-1)), Door::Open);
        for over in [VisitState::Ended, VisitState::Closed, VisitState::Cancelled, VisitState::NoShow] {
            assert_eq!(door(over, opens_at), Door::Shut, "{over:?}");
        }
    }
}
