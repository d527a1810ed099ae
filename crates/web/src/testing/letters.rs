//! One message of each kind, for tests that speak of every kind.

use crate::mail::Mail;
use vocabulary::UnixMillis;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Patient,
    /// Patients and staff sign in, so both hear of it.
    Both,
    Companion,
    Staff,
}

impl Reader {
    pub fn is_patient(self) -> bool {
        matches!(self, Reader::Patient | Reader::Both)
    }
}

macro_rules! kinds {
    ($when:ident, $link:ident: $($reader:ident $kind:ident { $($field:ident),* },)*) => {
        /// Every kind there is, and who reads it.
        pub fn every_kind($when: UnixMillis, $link: &str) -> Vec<(Reader, Mail<'_>)> {
            vec![$((Reader::$reader, Mail::$kind { $($field: $field),* })),*]
        }

        /// A new kind does not build before it stands in the list.
        const _: fn(Mail<'_>) = |mail| match mail { $(Mail::$kind { .. } => {})* };
    };
}

kinds! { when, link:
    Patient Invitation { when, link },
    Patient Waiting { link },
    Patient Moved { when, link },
    Patient MovedKept { when },
    Patient Cancelled { when },
    Patient Restored { when },
    Patient Late { when },
    Patient Turn {},
    Patient ProxyKey { when },
    Both Enrol { link },
    Both ProofsChanged { when },
    Companion Joining { when, link },
    Companion JoiningMoved { when },
    Companion JoiningCancelled { when },
    Staff Recover { when, link },
    Staff NewDevice { when },
    Staff Attention { link },
    Staff Reminder { link },
    Staff WrongTries { when },
    Staff CodeTwice { when },
}
