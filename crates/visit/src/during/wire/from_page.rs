//! What a page may send. Nothing here is trusted: identity comes from the socket, never from a field.

use super::seal::{BlobBody, DoorTo, Found, Log, Seal};
use super::{DRAWN_SIZES, Flaw, Nothing, SAY_CHARS, SDP_BYTES, SDP_MEDIA_LINES, TOKEN_CHARS, messages};
use crate::before::rules::SpokenCode;
use serde::{Deserialize, Serialize};
use vocabulary::{Lang, ParticipantId};

messages! {
    /// From the page to the server.
    FromPage {
        /// The first message: by what right this page is here.
        Hello(Hello) = "hello",
        /// The session description of this page's one connection for media. Answered by `answer`.
        Offer(Offer) = "offer",
        /// What this page sends now; shown to the others.
        Media(MediaState) = "media",
        /// How large the pictures of the others are drawn.
        Draw(Draw) = "draw",
        /// Let one person in.
        Admit(Whom) = "admit",
        /// Put one person out, for good.
        Remove(Whom) = "remove",
        /// Ask one person to wait outside again.
        BackToLobby(Whom) = "back_to_lobby",
        /// Let nobody else in, or open again.
        Lock(Lock) = "lock",
        /// The visit is over for everyone.
        End(Nothing) = "end",
        /// Words for everyone who waits.
        Say(Say) = "say",
        /// What was said of somebody's six digits.
        Compared(Compared) = "compared",
        /// From now on my page speaks this language.
        Language(Language) = "language",
        /// Let me into the sealed group: shown to host and deputies in the room.
        Knock(BlobBody) = "knock",
        /// Between host or deputy and somebody who wants into the group.
        Door(DoorTo) = "door",
        /// Starts the sealed group, or starts it again from nothing.
        Found(Found) = "found",
        /// The next entry of the group's log, if nobody was faster.
        Seal(Seal) = "seal",
        /// A sealed payload for all others in the room.
        Note(BlobBody) = "note",
        /// What of the group's log did I miss?
        Log(Log) = "log",
        /// I go.
        Leave(Nothing) = "leave",
        /// I am still here. Answered by the same.
        Alive(Nothing) = "alive",
    }
}

/// Exactly one of `ticket` and `resume`. `after` is the highest number this page has seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Hello {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub sdp: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MediaState {
    pub mic: bool,
    pub camera: bool,
}

/// In the order of the video slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Draw {
    pub sizes: Vec<Size>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Size {
    Small,
    Medium,
    Large,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Whom {
    #[cfg_attr(test, ts(type = "string"))]
    pub participant: ParticipantId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Lock {
    pub locked: bool,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Say {
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Compared {
    #[cfg_attr(test, ts(type = "string"))]
    pub participant: ParticipantId,
    pub outcome: Heard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    Matches,
    Mismatch,
    Skipped,
    KnownDevice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Language {
    #[cfg_attr(test, ts(type = "Lang"))]
    pub lang: Lang,
}

impl From<Heard> for SpokenCode {
    fn from(heard: Heard) -> SpokenCode {
        match heard {
            Heard::Matches => SpokenCode::Matches,
            Heard::Mismatch => SpokenCode::Mismatch,
            Heard::Skipped => SpokenCode::Skipped,
            Heard::KnownDevice => SpokenCode::KnownDevice,
        }
    }
}

impl FromPage {
    pub(super) fn within_bounds(&self) -> Result<(), Flaw> {
        let fits = match self {
            FromPage::Hello(hello) => return hello.within_bounds(),
            FromPage::Offer(Offer { sdp }) => sdp.len() <= SDP_BYTES && media_lines(sdp) <= SDP_MEDIA_LINES,
            FromPage::Draw(Draw { sizes }) => sizes.len() <= DRAWN_SIZES,
            FromPage::Say(Say { text }) => {
                if text.trim().is_empty() {
                    return Err(Flaw::Malformed);
                }
                text.chars().count() <= SAY_CHARS
            }
            FromPage::Knock(body) | FromPage::Note(body) => return body.within_bounds(),
            FromPage::Door(door) => return door.within_bounds(),
            FromPage::Found(found) => return found.within_bounds(),
            FromPage::Seal(seal) => return seal.within_bounds(),
            _ => true,
        };
        if fits { Ok(()) } else { Err(Flaw::TooLong) }
    }
}

impl Hello {
    fn within_bounds(&self) -> Result<(), Flaw> {
        let ((Some(token), None) | (None, Some(token))) = (&self.ticket, &self.resume) else {
            return Err(Flaw::Malformed);
        };
        if token.len() > TOKEN_CHARS { Err(Flaw::TooLong) } else { Ok(()) }
    }
}

macro_rules! silent {
    ($($name:ident)*) => {$(
        /// Tokens, words, addresses and payloads never reach a log.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
silent! { Hello Offer Say }

fn media_lines(sdp: &str) -> usize {
    sdp.lines().filter(|line| line.starts_with("m=")).count()
}
