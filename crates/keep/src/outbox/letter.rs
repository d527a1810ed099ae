//! A letter and whoever carries it.

use crate::BoxFuture;
use crate::vault::Owner;
use serde::{Deserialize, Serialize};
use vocabulary::{JobId, UnixMillis};

/// One message to one address. It must hold no health data: a first name at most, a link and the check
/// phrase. Not printable: an address is contact data.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// Whose key seals it while it waits: the patient it goes to, or the practice.
    #[serde(skip, default = "practice")]
    pub owner: Owner,
    pub channel: Channel,
    pub to: String,
    /// Empty for SMS.
    pub subject: String,
    pub text: String,
    /// An iCalendar object (RFC 5545) to attach to mail.
    #[serde(default)]
    pub calendar: Option<String>,
    /// The reader wants no name of the practice in front of the address it comes from.
    #[serde(default)]
    pub bare: bool,
    /// From then on it says nothing of use: a text that cannot go before is given up.
    #[serde(default)]
    pub until: Option<UnixMillis>,
    /// Answers a STOP, START or HELP of its reader: sent at any hour and beyond the limits.
    #[serde(default)]
    pub reply: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Mail,
    Sms,
}

/// Hands a letter to the world. Plugged in by the binary.
pub trait Carrier: Send + Sync {
    /// `job` is stable over retries: derive a Message-ID from it.
    fn carry<'a>(&'a self, job: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>>;
}

/// The word is a code of ours for the trail and the log, never a server's answer: that can quote the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarryError {
    /// Try again: no connection, greylisting, a full queue.
    Later(&'static str),
    /// Never: no such address, refused for good.
    Never(&'static str),
}

impl Letter {
    pub fn mail(to: impl Into<String>, subject: impl Into<String>, text: impl Into<String>) -> Letter {
        Letter {
            owner: Owner::Practice,
            channel: Channel::Mail,
            to: to.into(),
            subject: subject.into(),
            text: text.into(),
            calendar: None,
            bare: false,
            until: None,
            reply: false,
        }
    }

    pub fn sms(to: impl Into<String>, text: impl Into<String>) -> Letter {
        Letter { channel: Channel::Sms, ..Letter::mail(to, "", text) }
    }

    pub fn of(self, owner: Owner) -> Letter {
        Letter { owner, ..self }
    }
}

impl Channel {
    pub fn text(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Sms => "sms",
        }
    }

    pub fn parse(text: &str) -> Option<Channel> {
        [Channel::Mail, Channel::Sms].into_iter().find(|channel| channel.text() == text)
    }
}

fn practice() -> Owner {
    Owner::Practice
}
