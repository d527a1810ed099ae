//! The messages of the sealed group: opaque payloads (RFC 9420 inside) and the order they stand in. The
//! server reads none of them; it checks that they are base64url and within their bound.

use super::{BLOB_BYTES, Flaw, MAX_SEQ, Role};
use serde::{Deserialize, Serialize};
use vocabulary::ParticipantId;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BlobBody {
    pub blob: String,
}

/// `to` is left out by whoever does not know yet who leads: then it goes to all who do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct DoorTo {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(as = "Option<String>"))]
    pub to: Option<ParticipantId>,
    pub blob: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Found {
    pub group: String,
}

/// `epoch` is the one that this commit closes: as many as the log has entries.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub epoch: u64,
    pub commit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome: Option<WelcomeFor>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct WelcomeFor {
    #[cfg_attr(test, ts(type = "string"))]
    pub to: ParticipantId,
    pub blob: String,
}

/// The entries behind this one; 0 asks for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub after: u64,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Knocked {
    #[cfg_attr(test, ts(type = "string"))]
    pub from: ParticipantId,
    pub name: String,
    pub role: Role,
    pub blob: String,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct BlobFrom {
    #[cfg_attr(test, ts(type = "string"))]
    pub from: ParticipantId,
    pub blob: String,
}

/// `epoch` is how many entries the log has.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Founded {
    pub group: String,
    pub epoch: u64,
}

/// `index` counts from 1 and is `epoch` + 1.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Sealed {
    pub index: u64,
    pub epoch: u64,
    #[cfg_attr(test, ts(type = "string"))]
    pub from: ParticipantId,
    pub commit: String,
}

#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WelcomeIn {
    pub blob: String,
    pub group: String,
}

impl BlobBody {
    pub(super) fn within_bounds(&self) -> Result<(), Flaw> {
        payload(&self.blob)
    }
}

impl DoorTo {
    pub(super) fn within_bounds(&self) -> Result<(), Flaw> {
        payload(&self.blob)
    }
}

impl Found {
    pub(super) fn within_bounds(&self) -> Result<(), Flaw> {
        payload(&self.group)
    }
}

impl Seal {
    pub(super) fn within_bounds(&self) -> Result<(), Flaw> {
        if self.epoch > MAX_SEQ {
            return Err(Flaw::Malformed);
        }
        payload(&self.commit)?;
        self.welcome.as_ref().map_or(Ok(()), |welcome| payload(&welcome.blob))
    }
}

/// base64url without padding (RFC 4648 section 5).
fn payload(text: &str) -> Result<(), Flaw> {
    if text.len() > BLOB_BYTES {
        return Err(Flaw::TooLong);
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.is_empty() || !text.bytes().all(fits) { Err(Flaw::Malformed) } else { Ok(()) }
}

macro_rules! silent {
    ($($name:ident)*) => {$(
        /// Names and payloads never reach a log.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
silent! { BlobBody DoorTo Found Seal WelcomeFor Knocked BlobFrom Founded Sealed WelcomeIn }
