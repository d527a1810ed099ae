//! The wire between the room document and the server: every message as a type, and its bounds.
//!
//! Owns the shapes, their names and how text becomes a message. Refuses unknown types and fields, anything
//! over its bound, and to know what a message means. `docs/protocol.md` is the same in prose and
//! `client/src/wire/wire.ts` the same in TypeScript; tests tie both to these types.

mod from_page;
mod seal;
#[cfg(test)]
mod tests;
mod to_page;
#[cfg(test)]
mod typescript;

pub use from_page::{
    Compared, Draw, FromPage, Heard, Hello, Language, Lock, MediaState, Offer, Say, Size, Whom,
};
pub use seal::{
    BlobBody, BlobFrom, DoorTo, Found, Founded, Knocked, Log, Seal, Sealed, WelcomeFor, WelcomeIn,
};
pub use to_page::{
    Answer, Badge, Comer, Coming, Ended, Kind, Lobby, Person, Problem, Queue, Role, Room, Said, Slot, Stage,
    ToPage, Tone, VisitFacts, Waiting, Welcome,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One message, either way: the number is the sender's own, counted upwards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    pub v: u32,
    pub seq: u64,
    #[serde(rename = "type")]
    pub kind: String,
    pub body: Value,
}

/// A body without fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "Record<string, never>"))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What is wrong with a message, before anybody asks what it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Longer than a frame may be, or a part longer than that part may be.
    TooLong,
    /// Not JSON, not an envelope, or a body that does not fit its type.
    Malformed,
    /// Another version of the wire.
    Version,
    /// A type this version does not have.
    Unknown,
}

/// Reads one text frame. The number is there as soon as it could be read, so that the answer can name it.
pub fn read(text: &str) -> Result<(u64, FromPage), (Option<u64>, Flaw)> {
    if text.len() > FRAME_BYTES {
        return Err((None, Flaw::TooLong));
    }
    let envelope: Envelope = serde_json::from_str(text).map_err(|_| (None, Flaw::Malformed))?;
    // JavaScript counts exactly up to 2^53 - 1.
    let seq = envelope.seq.min(MAX_SEQ);
    if envelope.v != VERSION {
        return Err((Some(seq), Flaw::Version));
    }
    let message = FromPage::read(&envelope.kind, envelope.body).map_err(|flaw| (Some(seq), flaw))?;
    message.within_bounds().map_err(|flaw| (Some(seq), flaw))?;
    Ok((seq, message))
}

/// The frame for a message to the page.
pub fn write(seq: u64, message: &ToPage) -> String {
    let (kind, body) = message.parts();
    serde_json::json!({ "v": VERSION, "seq": seq, "type": kind, "body": body }).to_string()
}

/// Every message of one direction: the enum, its type names, and reading or writing by name.
macro_rules! messages {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $item:ident($body:ty) = $kind:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name { $($(#[$each])* $item($body),)* }

        impl $name {
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The `type` of this message on the wire.
            pub fn kind(&self) -> &'static str {
                match self { $($name::$item(_) => $kind,)* }
            }
        }

        /// Calls `$visit!(kind, body type)` for each message, for the TypeScript and the document.
        #[cfg(test)]
        pub(super) fn each(visitor: &mut impl super::typescript::Bodies) {
            $(visitor.body::<$body>($kind);)*
        }

        $crate::during::wire::messages!(@direction $name { $($item($body) = $kind,)* });
    };
    (@direction FromPage { $($item:ident($body:ty) = $kind:literal,)* }) => {
        impl FromPage {
            pub(in crate::during) fn read(kind: &str, body: serde_json::Value) -> Result<FromPage, Flaw> {
                match kind {
                    $($kind => serde_json::from_value::<$body>(body)
                        .map(FromPage::$item)
                        .map_err(|_| Flaw::Malformed),)*
                    _ => Err(Flaw::Unknown),
                }
            }
        }
    };
    (@direction ToPage { $($item:ident($body:ty) = $kind:literal,)* }) => {
        impl ToPage {
            pub(super) fn parts(&self) -> (&'static str, serde_json::Value) {
                match self { $(ToPage::$item(body) => ($kind, json(body)),)* }
            }
        }
    };
}
pub(super) use messages;

pub const VERSION: u32 = 1;
/// One frame. A longer one is answered with a problem; the socket lives.
pub const FRAME_BYTES: usize = 64 * 1024;
/// One session description (RFC 8866), and the media lines in it.
pub const SDP_BYTES: usize = 32 * 1024;
pub const SDP_MEDIA_LINES: usize = 32;
/// One for each of the others.
pub const DRAWN_SIZES: usize = 7;
/// What the host or desk says to the lobby at once.
pub const SAY_CHARS: usize = 280;
/// One sealed payload passed on unread, in characters of base64url. Two fit into one frame.
pub const BLOB_BYTES: usize = 30 * 1024;
/// A ticket or resume token is 43 characters of base64url.
pub const TOKEN_CHARS: usize = 43;
pub const MAX_SEQ: u64 = (1 << 53) - 1;
