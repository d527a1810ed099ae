//! What a page is told when something was refused or went wrong: a stable code and its words.
//!
//! Owns the list of codes. Each has two sentences in `locales/*/during.ftl`, or `identity.ftl` where it is
//! about a check: `{code}` and `{code}-detail`.

use super::wire::{self, Flaw};
use vocabulary::IncidentId;
use web::Words;

macro_rules! troubles {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Trouble { $($(#[$doc])* $name,)* }

        impl Trouble {
            pub const ALL: &'static [Trouble] = &[$(Trouble::$name),*];

            /// Stable: pages act on some of them.
            pub fn code(self) -> &'static str {
                match self { $(Trouble::$name => $code,)* }
            }
        }
    };
}

troubles! {
    // The message
    TooLong = "message-too-long",
    Malformed = "message-malformed",
    Version = "message-version",
    Unknown = "message-unknown",
    TooFast = "message-too-fast",
    /// Ten in a row: the socket closes.
    TooMany = "message-too-many-mistakes",

    // The way in
    HelloFirst = "hello-first",
    /// Unknown, used or too old: the page cannot tell which.
    TicketOver = "ticket-over",
    ResumeOver = "resume-over",
    SignedOut = "signed-out",
    /// A newer page of the same person is here.
    Superseded = "superseded",
    /// This page read too slowly; it may come back.
    TooSlow = "too-slow",
    ServerFull = "server-full",

    // The visit
    NotYours = "not-yours",
    PersonNotHere = "person-not-here",
    NotAdmitted = "not-admitted",
    /// It lapsed or was taken back while they waited.
    ConsentMissing = "consent-missing",
    /// No licence covers where the patient is, and the host has not decided to go on.
    LicenceMissing = "licence-missing-here",
    /// Somebody looked, and they are not who they said; the host has not decided to go on.
    IdentityFailed = "identity-failed",
    RoomFull = "room-full",
    RoomLocked = "room-locked",
    /// Ahead of the host whoever checks is alone with one person.
    OneUntilHost = "one-until-host",
    /// Another deputy is in the room ahead of the host.
    OtherChecks = "other-checks",
    /// The half hour of whoever checks is over.
    CheckOver = "check-over",
    VisitOver = "visit-over",
    /// The host was not there yet.
    NotBegun = "visit-not-begun",
    /// Somebody else's commit came first.
    EpochTaken = "epoch-taken",
    /// No group was founded since this program started, or since everybody left.
    LogGone = "log-gone",
    LogFull = "log-full",
    /// Withdrawn, never finished, or of a visit that is over.
    FileGone = "file-gone",
    FileTooLarge = "file-too-large",
    FilesFull = "files-full",
    OfferRefused = "offer-refused",
    MediaFull = "media-full",
    /// Our fault; it carries an incident.
    TryAgain = "try-again",
}

impl Trouble {
    pub fn of(flaw: Flaw) -> Trouble {
        match flaw {
            Flaw::TooLong => Trouble::TooLong,
            Flaw::Malformed => Trouble::Malformed,
            Flaw::Version => Trouble::Version,
            Flaw::Unknown => Trouble::Unknown,
        }
    }

    /// RFC 9457 fields in the person's language.
    pub fn told(self, words: &Words, seq_of: Option<u64>, incident: Option<IncidentId>) -> wire::Problem {
        let code = self.code();
        wire::Problem {
            code: format!("urn:alcove:{code}"),
            title: words.t(code),
            detail: words.t(&format!("{code}-detail")),
            incident: incident.map(|incident| incident.short()),
            seq_of,
        }
    }
}

/// What the media server's refusal means to a person.
pub fn of_media(error: media::JoinError) -> Trouble {
    use media::JoinError as J;
    match error {
        J::NotSdp | J::TooLarge | J::NoMedia => Trouble::OfferRefused,
        J::RoomFull | J::Busy | J::Stopped => Trouble::MediaFull,
    }
}
