//! When a consent is in force, and which way of giving it counts where. Pure.
//!
//! The newest answer counts and no older one: a "no" today ends a "yes" of last month.

use super::scopes::Scope;
use policy::HouseRules;
use vocabulary::{DAY_MS, PersonId, UnixMillis};

/// A consent is asked again after this. Longer would outlive the yearly review that state rules expect.
pub const CONSENT_DAYS: i64 = 365;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $item:ident => $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$each])* $item,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$item),*];

            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code,)* }
            }

            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    )*};
}

codes! {
    Outcome {
        Given => "given",
        Refused => "refused",
        Withdrawn => "withdrawn",
        /// The program ended it: the patient came of age.
        Ended => "ended",
    }
    /// How it was given.
    Method {
        Electronic => "electronic",
        /// Read aloud by staff, answered aloud, heard by a witness.
        Voice => "voice",
        Paper => "paper",
    }
    /// What came of the short question about the text.
    TeachBack {
        /// Right the first time.
        First => "first",
        /// Right after the part was read again.
        Later => "later",
    }
}

/// What the newest answer says, without who and how.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub outcome: Outcome,
    pub scope: Scope,
    pub clinician: Option<PersonId>,
    pub template_version: &'a str,
    pub method: Method,
    /// Where the patient was; none before it is known.
    pub state: Option<&'a str>,
    pub at: UnixMillis,
}

/// What a consent is looked up for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Who will see the patient, for a telehealth consent.
    pub clinician: Option<PersonId>,
    /// Where the patient is now, as far as it is known.
    pub state: Option<&'a str>,
    pub house: &'a HouseRules,
    pub now: UnixMillis,
}

/// Why a consent is not in force (R64).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    Missing,
    Refused,
    Withdrawn,
    OfAge,
    NewClinician,
    NewText,
    Year,
    NewState,
    /// The state wants ink on paper, or does not take a spoken yes.
    Method,
}

impl Lapse {
    /// The key of its sentence on the page that asks again.
    pub fn word(self) -> &'static str {
        match self {
            Lapse::Missing | Lapse::Refused | Lapse::Withdrawn => "",
            Lapse::NewClinician => "lapse-new-clinician",
            Lapse::OfAge => "lapse-of-age",
            Lapse::NewText => "lapse-new-text",
            Lapse::Year => "lapse-year",
            Lapse::NewState => "lapse-new-state",
            Lapse::Method => "lapse-method",
        }
    }
}

/// `newest` is the newest answer in this scope, to this clinician where it is given to one. `None`: in force.
pub fn lapse(newest: Option<&Standing>, asked: &Asked<'_>) -> Option<Lapse> {
    let Some(answer) = newest else { return Some(Lapse::Missing) };
    match answer.outcome {
        Outcome::Given => {}
        Outcome::Refused => return Some(Lapse::Refused),
        Outcome::Withdrawn => return Some(Lapse::Withdrawn),
        Outcome::Ended => return Some(Lapse::OfAge),
    }
    if answer.scope.is_to_a_clinician() && answer.clinician != asked.clinician {
        return Some(Lapse::NewClinician);
    }
    if answer.template_version != answer.scope.version() {
        return Some(Lapse::NewText);
    }
    if answer.scope.has_term() && asked.now >= ends(answer.at) {
        return Some(Lapse::Year);
    }
    if !answer.scope.is_to_a_clinician() {
        return None;
    }
    match (answer.state, asked.state) {
        (Some(then), Some(here)) if then != here => Some(Lapse::NewState),
        (_, Some(here)) if accepts(asked.house, here, answer.method) == Accepts::No => Some(Lapse::Method),
        _ => None,
    }
}

/// Whether a way of giving a telehealth consent counts in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    Yes,
    No,
    /// Nobody has written down the rule of this state: a named human decides, with a reason.
    Unsettled,
}

/// The lists are the practice's own, on the page of the house rules: state law is data.
pub fn accepts(house: &HouseRules, state: &str, method: Method) -> Accepts {
    let on_paper = lists(&house.paper_consent_states, state);
    match method {
        Method::Paper => Accepts::Yes,
        Method::Electronic | Method::Voice if on_paper => Accepts::No,
        Method::Electronic => Accepts::Yes,
        Method::Voice if lists(&house.voice_consent_states, state) => Accepts::Yes,
        Method::Voice => Accepts::Unsettled,
    }
}

/// What the answer to the short question says (R79); `None` while it is missing or wrong. `again`: it came
/// after a wrong one.
pub fn teach_back(means: &str, again: &str) -> Option<TeachBack> {
    (means == RIGHT_ANSWER).then_some(if again == "yes" { TeachBack::Later } else { TeachBack::First })
}

/// Whoever agreed can stop at any time, and nothing else changes: the same for every scope.
const RIGHT_ANSWER: &str = "stop";

/// The moment a consent of `at` stops counting.
pub fn ends(at: UnixMillis) -> UnixMillis {
    at.plus_ms(CONSENT_DAYS * DAY_MS)
}

fn lists(states: &str, state: &str) -> bool {
    states.split_whitespace().any(|one| one == state)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_795_289_400_000);

    fn person(byte: u8) -> PersonId {
        PersonId::from_bytes([byte; 16])
    }

    fn given() -> Standing<'static> {
        Standing {
            outcome: Outcome::Given,
            scope: Scope::Telehealth,
            clinician: Some(person(1)),
            template_version: Scope::Telehealth.version(),
            method: Method::Electronic,
            state: Some("MA"),
            at: NOW,
        }
    }

    fn asked(house: &HouseRules) -> Asked<'_> {
        Asked { clinician: Some(person(1)), state: Some("MA"), house, now: NOW }
    }

    #[test]
    fn each_change_ends_a_consent_and_says_why() {
        let house = HouseRules::default();
        let now = asked(&house);
        assert_eq!(lapse(Some(&given()), &now), None);
        assert_eq!(lapse(Some(&given()), &Asked { state: None, ..now }), None, "not asked yet");
        assert_eq!(lapse(None, &now), Some(Lapse::Missing));
        let other = Asked { clinician: Some(person(2)), ..now };
        assert_eq!(lapse(Some(&given()), &other), Some(Lapse::NewClinician));
        let old_text = Standing { template_version: "2025-9", ..given() };
        assert_eq!(lapse(Some(&old_text), &now), Some(Lapse::NewText));
        assert_eq!(lapse(Some(&given()), &Asked { now: ends(NOW).plus_ms(-1), ..now }), None);
        assert_eq!(lapse(Some(&given()), &Asked { now: ends(NOW), ..now }), Some(Lapse::Year));
        assert_eq!(lapse(Some(&given()), &Asked { state: Some("NH"), ..now }), Some(Lapse::NewState));
        let ended = Standing { outcome: Outcome::Ended, ..given() };
        assert_eq!(lapse(Some(&ended), &now), Some(Lapse::OfAge));
    }

    #[test]
    fn no_means_no() {
        let house = HouseRules::default();
        for outcome in [Outcome::Refused, Outcome::Withdrawn] {
            assert!(lapse(Some(&Standing { outcome, ..given() }), &asked(&house)).is_some());
            assert_eq!(Outcome::parse(outcome.code()), Some(outcome));
        }
    }

    #[test]
    fn signing_on_a_screen_holds_until_it_is_taken_back() {
        let house = HouseRules::default();
        let e_sign = Standing { scope: Scope::ESign, clinician: None, state: None, ..given() };
        let later = Asked { clinician: None, state: None, now: ends(ends(NOW)), house: &house };
        assert_eq!(lapse(Some(&e_sign), &later), None);
    }

    #[test]
    fn the_rule_of_a_state_says_which_way_counts() {
        let house = HouseRules {
            voice_consent_states: "MA NH".into(),
            paper_consent_states: "DE NH".into(),
            ..HouseRules::default()
        };
        use Accepts::{No, Unsettled, Yes};
        for (state, electronic, voice) in
            [("MA", Yes, Yes), ("DE", No, No), ("NH", No, No), ("TX", Yes, Unsettled)]
        {
            assert_eq!(accepts(&house, state, Method::Electronic), electronic, "{state}");
            assert_eq!(accepts(&house, state, Method::Voice), voice, "{state}");
            assert_eq!(accepts(&house, state, Method::Paper), Yes, "{state}");
        }
        let in_delaware = Standing { state: None, ..given() };
        let asked = Asked { state: Some("DE"), ..asked(&house) };
        assert_eq!(lapse(Some(&in_delaware), &asked), Some(Lapse::Method));
    }
}
