//! Letters that say nothing: something is waiting, here is the door, this is how you know it is us.
//!
//! Owns the few kinds of mail and texts, the linter that keeps health out of their words (R102: no
//! specialty, reason, result or kind of clinician; 45 CFR 164.502(b)), the calendar entry, and two ways to
//! deliver. Refuses any variable but the practice's name and phone, a time, a link and the reader's own
//! check phrase.

mod calendar;
mod carriers;
mod gateway;
mod lint;
#[cfg(test)]
mod tests;
pub mod text;

pub use calendar::{Event, calendar};
pub use carriers::{FolderCarrier, SmtpCarrier, SmtpConfig, SmtpError};
pub use gateway::{GatewayCarrier, GatewayConfig};
pub use lint::lint;

use crate::Words;
use keep::{Face, Letter};
use vocabulary::{Health, UnixMillis};

/// Where a letter goes, and what its reader asked for. `people::contact` alone makes one, after it has read
/// that: no letter is written without it, and a test there reads the sources for a second maker.
pub struct Reach<'a> {
    to: &'a str,
    /// The reader's own words, from what they told the practice (R105).
    phrase: Option<&'a str>,
    /// Short and for this message alone: whoever doubts it asks at `/is-it-us`.
    code: &'a str,
    /// Neither the practice nor a time is named.
    bare: bool,
}

impl<'a> Reach<'a> {
    pub fn asked_for(to: &'a str, phrase: Option<&'a str>, code: &'a str, bare: bool) -> Reach<'a> {
        Reach { to, phrase, code, bare }
    }
}

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
    /// The practice is ready: come back to the page of the visit.
    Turn,
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
    /// To a patient: somebody who acts for them has a key to their portal now.
    ProxyKey {
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
    /// To staff: a code of your app came a second time.
    CodeTwice {
        when: UnixMillis,
    },
}

impl Mail<'_> {
    /// Put the letter under the reader's key with `.of(Owner::Patient(..))`, and post it in the transaction
    /// of the act it tells of.
    pub fn letter(&self, reach: &Reach<'_>, face: &Face, words: &Words) -> Letter {
        let (kind, when, link) = self.parts();
        let said = Said::new(reach, face, words, when);
        let (subject, about) = match (reach.bare, link) {
            (true, Some(_)) => ("mail-bare-subject".into(), "mail-bare-text".into()),
            (true, None) => ("mail-bare-subject".into(), "mail-bare-call".into()),
            (false, _) => (format!("mail-{kind}-subject"), format!("mail-{kind}-text")),
        };
        let mut text = vec![said.say("mail-hello"), said.say(&about)];
        text.extend(link.map(str::to_owned));
        said.letter(&subject, text)
    }

    /// What kind it is, as lists of the desk name it: the end of a word's key.
    pub fn kind(&self) -> &'static str {
        self.parts().0
    }

    /// The moment after which it says nothing of use.
    pub fn when(&self) -> Option<UnixMillis> {
        match self {
            Mail::Invitation { when, .. } | Mail::Joining { when, .. } => Some(*when),
            Mail::Moved { when, .. } | Mail::Cancelled { when } | Mail::Late { when } => Some(*when),
            Mail::MovedKept { when } | Mail::Restored { when } => Some(*when),
            Mail::JoiningMoved { when } | Mail::JoiningCancelled { when } => Some(*when),
            _ => None,
        }
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
            Mail::Turn => ("turn", None, None),
            Mail::Joining { when, link } => ("joining", Some(when), Some(link)),
            Mail::JoiningMoved { when } => ("joining-moved", Some(when), None),
            Mail::JoiningCancelled { when } => ("joining-cancelled", Some(when), None),
            Mail::Enrol { link } => ("enrol", None, Some(link)),
            Mail::Recover { when, link } => ("recover", Some(when), Some(link)),
            Mail::Attention { link } => ("attention", None, Some(link)),
            Mail::Reminder { link } => ("reminder", None, Some(link)),
            Mail::NewDevice { when } => ("new-device", Some(when), None),
            Mail::ProofsChanged { when } => ("proofs-changed", Some(when), None),
            Mail::ProxyKey { when } => ("proxy-key", Some(when), None),
            Mail::WrongTries { when } => ("wrong-tries", Some(when), None),
            Mail::CodeTwice { when } => ("code-twice", Some(when), None),
        }
    }
}

/// A copy of something in the portal, for whoever chose plain mail: the only letter that says anything about
/// health. `people::contact::plain` alone asks for it (R103).
pub fn copy(reach: &Reach<'_>, copy: &Health, face: &Face, words: &Words) -> Letter {
    let said = Said::new(reach, face, words, None);
    let about = if reach.bare { "mail-bare-copy" } else { "mail-copy-text" };
    let subject = if reach.bare { "mail-bare-subject" } else { "mail-copy-subject" };
    said.letter(subject, vec![said.say("mail-hello"), said.say(about), copy.reveal().to_owned()])
}

/// What every letter says, whatever it is about.
struct Said<'a> {
    reach: &'a Reach<'a>,
    face: &'a Face,
    words: Words,
    when: String,
    door: String,
}

impl<'a> Said<'a> {
    fn new(reach: &'a Reach<'a>, face: &'a Face, words: &Words, when: Option<UnixMillis>) -> Said<'a> {
        let words = words.plain();
        let when = when.map(|at| words.day_and_time(at, &face.zone)).unwrap_or_default();
        Said { reach, face, words, when, door: format!("{}/is-it-us", face.origin) }
    }

    fn say(&self, key: &str) -> String {
        let given = [
            ("practice", self.face.name.as_str().into()),
            ("phone", self.face.phone.as_str().into()),
            ("phrase", self.reach.phrase.unwrap_or_default().into()),
            ("when", self.when.as_str().into()),
            ("code", self.reach.code.into()),
            ("door", self.door.as_str().into()),
        ];
        self.words.with(key, &given)
    }

    /// Ends with how the reader knows that it is from us (R105).
    fn letter(&self, subject: &str, mut text: Vec<String>) -> Letter {
        let trust = if self.reach.phrase.is_some() { "mail-phrase" } else { "mail-no-phrase" };
        text.extend([trust, "mail-never-ask", "mail-check"].map(|key| self.say(key)));
        if !self.face.phone.is_empty() {
            text.push(self.say(if self.reach.bare { "mail-bare-phone" } else { "mail-phone" }));
        }
        let letter = Letter::mail(self.reach.to, self.say(subject), text.join("\n\n") + "\n");
        Letter { bare: self.reach.bare, ..letter }
    }
}
