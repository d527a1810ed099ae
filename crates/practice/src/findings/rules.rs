//! What can be found, and how small groups are shown. Pure.

use vocabulary::{UnixMillis, VisitId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What was found. Each has its words: `finding-` and the code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// Kept in the database.
            pub fn code(self) -> &'static str {
                match self { $(Kind::$name => $code,)* }
            }

            pub fn parse(code: &str) -> Option<Kind> {
                Kind::ALL.iter().copied().find(|kind| kind.code() == code)
            }
        }
    };
}

kinds! {
    /// No camera, or not allowed to use it.
    NoCamera = "no-camera",
    NoMicrophone = "no-microphone",
    /// Too dark or too bright.
    PoorLight = "poor-light",
    /// Loud around the patient.
    PoorNoise = "poor-noise",
    /// The voice was too quiet to hear.
    PoorVoice = "poor-voice",
    PoorConnection = "poor-connection",
    /// The video did not work, and the visit went on by phone.
    MovedToPhone = "moved-to-phone",
    /// The test sound was not heard.
    NoSpeaker = "no-speaker",
    /// No visit can be held in this browser.
    OldBrowser = "old-browser",
    /// One of the five things that keep a device safe is not so, or the person does not know (R29).
    UnsafeDevice = "unsafe-device",
    /// The patient was not alone, or the door was open.
    PlaceNotPrivate = "place-not-private",
    ConsentRefused = "consent-refused",
    /// The host went on without a consent, in an emergency.
    ConsentOverridden = "consent-overridden",
    /// Checked in without the checks having run.
    ChecksSkipped = "checks-skipped",
    /// The house asks for the checks, and somebody let the patient go on without.
    ChecksWaived = "checks-waived",
    /// The patient is in a state the house does not serve.
    OutsideStates = "outside-states",
    /// The clinician has no licence that covers the state the patient is in.
    NoLicence = "no-licence",
    /// The host went on all the same, with a reason.
    LicenceOverridden = "licence-overridden",
    /// Somebody was not who they said, or had no authority to be there.
    IdentityFailed = "identity-failed",
    /// The host went on without knowing who it was, with a reason.
    IdentityWaived = "identity-waived",
    /// Nobody has entered whom to call at the place where the patient was.
    NoEmergencyNumber = "no-emergency-number",
    /// The six digits were not the same on both ends.
    CodeMismatch = "code-mismatch",
    /// Nobody compared them.
    CodeSkipped = "code-skipped",
    /// Somebody came in, and nobody looked who it was.
    NotIdentified = "not-identified",
    /// Shown, and not confirmed on the way to this visit.
    NoticeDeclined = "notice-declined",
    /// How to reach the patient, or what they need to understand and be understood, was never asked.
    NotAsked = "not-asked",
    /// Whoever held the visit had not checked their own place and device that day.
    HostUnchecked = "host-unchecked",
    /// They had, and camera, sound or line of the practice's own side was poor.
    HostTechnique = "host-technique",
    /// One was needed, and nobody of the register came.
    InterpreterMissing = "interpreter-missing",
    /// Somebody who is not in the register interpreted.
    InterpreterException = "interpreter-exception",
    /// Any other step of a visit that nobody did.
    StepMissing = "step-missing",
    /// Too many wrong second facts.
    LinkLocked = "link-locked",
    /// The survey: not comfortable in the visit.
    NotComfortable = "not-comfortable",
    /// The survey: it did not feel private.
    NotPrivate = "not-private",
    /// Staff: not at ease with the platform.
    StaffUneasy = "staff-uneasy",
    /// Staff: the policies do not say what to do.
    StaffUnclear = "staff-unclear",
    StaffVideoDrops = "staff-video-drops",
    StaffWhoIsThere = "staff-who-is-there",
    StaffOwnRoom = "staff-own-room",
    StaffConsent = "staff-consent",
    StaffLanguage = "staff-language",
}

impl Kind {
    /// The weak spot of the bank it points at first.
    pub fn weak_spot(self) -> &'static str {
        match self {
            Kind::NoCamera
            | Kind::NoMicrophone
            | Kind::PoorConnection
            | Kind::NoSpeaker
            | Kind::OldBrowser
            | Kind::MovedToPhone
            | Kind::PoorVoice
            | Kind::ChecksSkipped
            | Kind::ChecksWaived
            | Kind::HostTechnique
            | Kind::StaffVideoDrops => "no-fallback",
            Kind::PoorLight
            | Kind::PoorNoise
            | Kind::PlaceNotPrivate
            | Kind::NotPrivate
            | Kind::HostUnchecked
            | Kind::StaffOwnRoom => "overheard-room",
            Kind::ConsentRefused | Kind::ConsentOverridden | Kind::StaffConsent => "no-consent-gate",
            Kind::UnsafeDevice => "no-device-lock",
            Kind::OutsideStates | Kind::NoLicence | Kind::LicenceOverridden => "unlicensed-state",
            Kind::NoEmergencyNumber => "no-location",
            Kind::LinkLocked => "guessable-link",
            Kind::NotComfortable | Kind::StaffUneasy => "no-training",
            Kind::StaffUnclear | Kind::StepMissing => "no-written-policy",
            Kind::NoticeDeclined | Kind::NotAsked => "no-rights-process",
            Kind::IdentityFailed
            | Kind::IdentityWaived
            | Kind::NotIdentified
            | Kind::CodeMismatch
            | Kind::CodeSkipped
            | Kind::StaffWhoIsThere => "unverified-proxy",
            Kind::InterpreterMissing | Kind::InterpreterException | Kind::StaffLanguage => {
                "unreviewed-translation"
            }
        }
    }

    /// The field of the house rules that could answer it.
    pub fn house_rule(self) -> Option<&'static str> {
        match self {
            Kind::NoCamera | Kind::NoMicrophone | Kind::PoorLight | Kind::PoorNoise | Kind::PoorVoice => {
                Some("checks_must_run")
            }
            Kind::ChecksSkipped => Some("checks_must_run"),
            Kind::ChecksWaived => Some("desk_may_waive"),
            Kind::PlaceNotPrivate | Kind::NotPrivate => Some("ask_place"),
            Kind::OutsideStates => Some("states"),
            Kind::LinkLocked => Some("second_fact_tries"),
            _ => None,
        }
    }
}

/// Where it showed. A survey names no visit and an insight no colleague, so that an honest answer stays
/// without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Visit(VisitId),
    Survey,
    Insight,
}

impl Source {
    pub fn code(self) -> &'static str {
        match self {
            Source::Visit(_) => "visit",
            Source::Survey => "survey",
            Source::Insight => "insight",
        }
    }

    pub fn visit(self) -> Option<VisitId> {
        match self {
            Source::Visit(visit) => Some(visit),
            Source::Survey | Source::Insight => None,
        }
    }
}

/// A smaller group could be one person somebody remembers.
pub const SMALLEST_COUNTED: i64 = 3;

/// The number a page may show; `None` is "fewer than three".
pub fn shown(count: i64) -> Option<i64> {
    (count >= SMALLEST_COUNTED).then_some(count)
}

/// All findings of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub kind: Kind,
    pub count: i64,
    pub newest: UnixMillis,
}

/// The large groups as they stand, then the small ones in the order of their kinds: a place in a list tells
/// as much as a count or a day.
pub fn small_ones_last(groups: Vec<Group>) -> Vec<Group> {
    let (mut large, mut small): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| shown(group.count).is_some());
    small.sort_by_key(|group| Kind::ALL.iter().position(|kind| *kind == group.kind));
    large.append(&mut small);
    large
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small(ordered: Vec<Group>) -> Vec<Kind> {
        let first = ordered.iter().position(|group| shown(group.count).is_none()).unwrap_or(ordered.len());
        assert!(ordered[first..].iter().all(|group| shown(group.count).is_none()), "no large one behind");
        ordered[first..].iter().map(|group| group.kind).collect()
    }

    proptest! {
        #[test]
        fn where_small_groups_stand_depends_on_their_kinds_alone(
            counts in proptest::collection::vec((0..Kind::ALL.len(), 1..9_i64, 0..99_i64), 1..12),
            turn in 0..12_usize,
        ) {
            let mut groups: Vec<Group> = Vec::new();
            for (kind, count, at) in counts {
                let kind = Kind::ALL[kind];
                if groups.iter().all(|group| group.kind != kind) {
                    groups.push(Group { kind, count, newest: UnixMillis(at) });
                }
            }
            let mut other = groups.clone();
            other.rotate_left(turn % groups.len());
            prop_assert_eq!(small(small_ones_last(groups)), small(small_ones_last(other)));
        }
    }

    #[test]
    fn a_small_group_is_not_counted_out() {
        assert_eq!([1, 2, 3, 40].map(shown), [None, None, Some(3), Some(40)]);
    }

    #[test]
    fn every_kind_points_at_a_weak_spot_of_the_bank() {
        for kind in Kind::ALL {
            assert!(crate::risk::bank::bank().vulnerability(kind.weak_spot()).is_some(), "{kind:?}");
        }
    }

    #[test]
    fn kinds_survive_the_database() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::parse("weather"), None);
    }
}
