//! What can be found, and how small groups are shown. Pure.

use vocabulary::VisitId;

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
    /// The patient was not alone, or the door was open.
    PlaceNotPrivate = "place-not-private",
    ConsentRefused = "consent-refused",
    /// Too many wrong second facts.
    LinkLocked = "link-locked",
    /// The survey: not comfortable in the visit.
    NotComfortable = "not-comfortable",
    /// The survey: it did not feel private.
    NotPrivate = "not-private",
}

/// Where it showed. A survey names no visit, so that an honest answer stays without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Visit(VisitId),
    Survey,
}

impl Source {
    pub fn code(self) -> &'static str {
        match self {
            Source::Visit(_) => "visit",
            Source::Survey => "survey",
        }
    }

    pub fn visit(self) -> Option<VisitId> {
        match self {
            Source::Visit(visit) => Some(visit),
            Source::Survey => None,
        }
    }
}

/// A smaller group could be one person somebody remembers.
pub const SMALLEST_COUNTED: i64 = 3;

/// The number a page may show; `None` is "fewer than three".
pub fn shown(count: i64) -> Option<i64> {
    (count >= SMALLEST_COUNTED).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_group_is_not_counted_out() {
        assert_eq!([1, 2, 3, 40].map(shown), [None, None, Some(3), Some(40)]);
    }

    #[test]
    fn kinds_survive_the_database() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(*kind));
        }
        assert_eq!(Kind::parse("weather"), None);
    }
}
