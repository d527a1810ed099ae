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

/// Words a minute. Adults read English aloud at 183 and silently at 238, and Spanish no slower (Brysbaert
/// 2019, doi:10.1016/j.jml.2019.104047); a text that one signs is read more slowly.
const READ_PER_MIN: i64 = 150;

/// No text of ours is longer, in either language.
const E_SIGN_WORDS: i64 = 200;
const NOTICE_WORDS: i64 = 550;
const CONSENT_WORDS: i64 = 600;

/// In seconds.
fn reading(words: i64) -> i64 {
    words * 60 / READ_PER_MIN
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

    /// Reading every word and answering, on a phone, with nothing known by heart: rather too long than too
    /// short, as somebody plans by it.
    fn seconds(self) -> i64 {
        match self {
            // When, with whom, the check phrase, one button.
            Step::Welcome => 45,
            // The sample page is opened and closed.
            Step::ESign => reading(E_SIGN_WORDS) + 30,
            Step::Notice => reading(NOTICE_WORDS) + 10,
            // A question about the text, and a full name typed or drawn.
            Step::Consent => reading(CONSENT_WORDS) + 90,
            Step::Promise | Step::Place => 30,
            // Two prompts of the browser, and the measurements.
            Step::Readiness => 60,
            // A street and a number, typed.
            Step::Location => 60,
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

/// The minutes are those of this step and of what still waits for an answer after it.
pub fn progress(steps: &[Step], done: &Done, step: Step) -> Progress {
    let at = steps.iter().position(|asked| *asked == step).unwrap_or(0);
    let waits = |later: &&Step| **later == step || !later.is_done(done);
    let seconds: i64 = steps[at..].iter().filter(waits).map(|step| step.seconds()).sum();
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
        let told: Vec<_> = steps.iter().map(|step| progress(&steps, &Done::default(), *step)).collect();
        assert_eq!(told[1], Progress { number: 2, of: 7, minutes_left: 14 });
        assert!(told.windows(2).all(|pair| pair[0].minutes_left >= pair[1].minutes_left));
        assert_eq!(before(&steps, Step::Welcome), None);
        assert_eq!(after(&steps, Step::Readiness), Some(Step::Location));
        assert_eq!(after(&steps, Step::Location), None);
    }

    /// What is said at the door, before anybody knows who comes, holds for whoever comes.
    #[test]
    fn the_minutes_that_are_told_are_enough_to_read_and_answer_everything() {
        let house = HouseRules::default();
        let minutes = |part, papers, done: &Done| {
            progress(&steps(&house, part, papers), done, Step::Welcome).minutes_left
        };
        let signed = Done { e_sign: true, notice: true, consent: true, ..Done::default() };
        assert_eq!(minutes(Part::Patient, FIRST, &Done::default()), people::invitations::FIRST_TIME_MIN);
        assert_eq!(minutes(Part::Patient, KNOWN, &signed), people::invitations::NEXT_TIME_MIN);
        assert!(minutes(Part::Supporter, FIRST, &Done::default()) <= people::invitations::NEXT_TIME_MIN);
        // A consent that ran out is read and signed once more.
        assert!(minutes(Part::Patient, KNOWN, &Done { consent: false, ..signed }) > 8);
    }

    #[test]
    fn no_paper_is_longer_than_the_time_to_read_it_is_counted_for() {
        use crate::before::{consent::Scope, consent::texts, privacy_notice::texts as notice};
        let words = |html: &str| {
            let read = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, read)| read));
            read.flat_map(str::split_whitespace).count() as i64
        };
        for (scope, counted) in [(Scope::Telehealth, CONSENT_WORDS), (Scope::ESign, E_SIGN_WORDS)] {
            for text in texts::of(scope) {
                let long = words(text.html);
                assert!((counted / 2..=counted).contains(&long), "{} has {long} words", scope.code());
            }
        }
        for lang in vocabulary::Lang::ALL {
            let long = words(notice::shown(lang, true).source());
            assert!((NOTICE_WORDS / 2..=NOTICE_WORDS).contains(&long), "the notice has {long} words");
        }
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
