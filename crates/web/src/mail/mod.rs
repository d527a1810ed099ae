//! Letters that say nothing: something is waiting, here is the door, this is how you know it is us.
//!
//! Owns the few kinds of mail, the linter that keeps health out of their words (R102: no specialty, reason,
//! result or kind of clinician; 45 CFR 164.502(b)), the calendar entry, and two ways to deliver. Refuses any
//! variable but the practice's name and phone, a time, a link and the reader's own check phrase.

mod calendar;
mod carriers;
mod lint;
#[cfg(test)]
mod tests;

pub use calendar::calendar;
pub use carriers::{FolderCarrier, SmtpCarrier, SmtpConfig, SmtpError};
pub use lint::lint;

use crate::Words;
use keep::{Face, Letter};
use vocabulary::UnixMillis;

/// Everything we ever write. A link is an address of this practice with its secret.
#[derive(Clone, Copy)]
pub enum Mail<'a> {
    Invitation {
        when: UnixMillis,
        link: &'a str,
    },
    /// Something is waiting in the portal.
    Waiting {
        link: &'a str,
    },
    Moved {
        when: UnixMillis,
        link: &'a str,
    },
    /// At another time, with the link that the reader has.
    MovedKept {
        when: UnixMillis,
    },
    Cancelled {
        when: UnixMillis,
    },
    /// It was cancelled by mistake: it takes place, with the link that the reader has.
    Restored {
        when: UnixMillis,
    },
    /// It gets later today: the hour that is expected now.
    Late {
        when: UnixMillis,
    },
    /// To somebody who comes along to another person's visit; the code that goes with it is told by phone.
    Joining {
        when: UnixMillis,
        link: &'a str,
    },
    JoiningMoved {
        when: UnixMillis,
    },
    JoiningCancelled {
        when: UnixMillis,
    },
    /// To staff: set up how you sign in.
    Enrol {
        link: &'a str,
    },
    /// To staff: two administrators let you in again, from then on.
    Recover {
        when: UnixMillis,
        link: &'a str,
    },
    /// To staff: somebody signed in as you on a device that was never seen before.
    NewDevice {
        when: UnixMillis,
    },
    /// To staff: how you sign in is no longer what it was.
    ProofsChanged {
        when: UnixMillis,
    },
    /// To an official: something needs looking at now. What it is stands behind the sign-in.
    Attention {
        link: &'a str,
    },
    /// To staff: something that waits for them is due. What it is stands behind the sign-in.
    Reminder {
        link: &'a str,
    },
    /// To staff: somebody tried to sign in as you again and again.
    WrongTries {
        when: UnixMillis,
    },
}

impl Mail<'_> {
    /// `phrase`: the reader's own words, from what they told the practice (R105). Put the letter under the
    /// reader's key with `.of(Owner::Patient(..))`, and post it in the transaction of the act it tells of.
    pub fn letter(&self, to: &str, phrase: Option<&str>, face: &Face, words: &Words) -> Letter {
        let words = words.plain();
        let (kind, when, link) = self.parts();
        let when = when.map(|at| words.day_and_time(at, &face.zone)).unwrap_or_default();
        let say = |key: &str| {
            let given = [
                ("practice", face.name.as_str().into()),
                ("phone", face.phone.as_str().into()),
                ("phrase", phrase.unwrap_or_default().into()),
                ("when", when.as_str().into()),
            ];
            words.with(key, &given)
        };
        let trust = if phrase.is_some() { "mail-phrase" } else { "mail-no-phrase" };
        let mut text = vec![say("mail-hello"), say(&format!("mail-{kind}-text"))];
        text.extend(link.map(str::to_owned));
        text.extend([trust, "mail-never-ask"].map(say));
        if !face.phone.is_empty() {
            text.push(say("mail-phone"));
        }
        Letter::mail(to, say(&format!("mail-{kind}-subject")), text.join("\n\n") + "\n")
    }

    fn parts(&self) -> (&'static str, Option<UnixMillis>, Option<&str>) {
        match *self {
            Mail::Invitation { when, link } => ("invitation", Some(when), Some(link)),
            Mail::Waiting { link } => ("notice", None, Some(link)),
            Mail::Moved { when, link } => ("moved", Some(when), Some(link)),
            Mail::MovedKept { when } => ("moved-kept", Some(when), None),
            Mail::Restored { when } => ("restored", Some(when), None),
            Mail::Cancelled { when } => ("cancelled", Some(when), None),
            Mail::Late { when } => ("late", Some(when), None),
            Mail::Joining { when, link } => ("joining", Some(when), Some(link)),
            Mail::JoiningMoved { when } => ("joining-moved", Some(when), None),
            Mail::JoiningCancelled { when } => ("joining-cancelled", Some(when), None),
            Mail::Enrol { link } => ("enrol", None, Some(link)),
            Mail::Recover { when, link } => ("recover", Some(when), Some(link)),
            Mail::Attention { link } => ("attention", None, Some(link)),
            Mail::Reminder { link } => ("reminder", None, Some(link)),
            Mail::NewDevice { when } => ("new-device", Some(when), None),
            Mail::ProofsChanged { when } => ("proofs-changed", Some(when), None),
            Mail::WrongTries { when } => ("wrong-tries", Some(when), None),
        }
    }
}
