//! What a patient may ask for when we reach them, and what follows for one message. Pure.
//!
//! There is no field for a reason: a request to be reached elsewhere is granted as it is made (45 CFR
//! 164.522(b)(2)(iii)).

use crate::patients::rules::{CHECK_PHRASE_MAX, EMAIL_MAX, PHONE_MAX, is_email, is_phone, tidy};
use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use vocabulary::UnixMillis;

/// A name to be called by.
pub const CALL_ME_MAX: usize = 60;
/// Who may be there, and a postal address.
pub const LINE_MAX: usize = 200;
/// A shorter window leaves no time to reach anybody.
const WINDOW_MIN_H: u8 = 2;
/// Looked ahead for a moment that suits: a week holds one of every weekday.
const DAYS_AHEAD: i64 = 8;

/// How somebody wants to hear from the practice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    #[default]
    Mail,
    Text,
    Call,
    Post,
}

impl Channel {
    pub const ALL: [Channel; 4] = [Channel::Mail, Channel::Text, Channel::Call, Channel::Post];

    pub fn code(self) -> &'static str {
        match self {
            Channel::Mail => "mail",
            Channel::Text => "text",
            Channel::Call => "call",
            Channel::Post => "post",
        }
    }

    pub fn parse(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What the camera shows at the start of a visit.
pub const CAMERAS: [&str; 3] = ["on", "blurred", "off"];

/// Everything one patient asked for. No `Debug`: it is health data.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The name to use, when it is not the one on file.
    pub call_me: String,
    pub channel: Channel,
    /// Hours of the practice's day, `from` until before `until`; 0 and 24 are any time.
    pub from: u8,
    pub until: u8,
    pub weekdays: bool,
    pub voicemail: bool,
    /// Who may be there when we call or meet.
    pub present: String,
    /// Messages name neither the practice nor a time.
    pub bare: bool,
    /// One of `CAMERAS`; empty when nothing was said.
    pub camera: String,
    /// Words of their own on every message; empty leaves those on file.
    pub phrase: String,
    /// Agreed to text messages (47 CFR 64.1200).
    pub texts: bool,
    /// Confidential communications: once one of these three is there, none on file is used any more.
    pub email: String,
    pub phone: String,
    pub post: String,
}

impl Preferences {
    pub fn is_confidential(&self) -> bool {
        [&self.email, &self.phone, &self.post].iter().any(|one| !one.is_empty())
    }

    pub(super) fn any_hour(&self) -> bool {
        self.until == 0 || (self.from == 0 && self.until == 24)
    }
}

/// The form as it was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub call_me: String,
    pub channel: String,
    pub from: String,
    pub until: String,
    pub weekdays: String,
    pub voicemail: String,
    pub present: String,
    pub bare: String,
    pub camera: String,
    pub phrase: String,
    pub texts: String,
    pub email: String,
    pub phone: String,
    pub post: String,
    /// The row that was on the page: somebody who saved in between is not written over unseen.
    pub base: String,
    /// When the STOP was said that the page knew of, Unix milliseconds; empty: of none.
    pub stopped: String,
}

/// Which addresses are on file beside what is typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnFile {
    pub email: bool,
    pub phone: bool,
}

impl Typed {
    pub fn of(asked: &Preferences, base: String) -> Typed {
        let yes = |set: bool| if set { "yes".to_owned() } else { String::new() };
        let hour = |h: u8| if asked.any_hour() { String::new() } else { h.to_string() };
        Typed {
            call_me: asked.call_me.clone(),
            channel: asked.channel.code().into(),
            from: hour(asked.from),
            until: hour(asked.until),
            weekdays: yes(asked.weekdays),
            voicemail: yes(asked.voicemail),
            present: asked.present.clone(),
            bare: yes(asked.bare),
            camera: asked.camera.clone(),
            phrase: asked.phrase.clone(),
            texts: yes(asked.texts),
            email: asked.email.clone(),
            phone: asked.phone.clone(),
            post: asked.post.clone(),
            base,
            stopped: String::new(),
        }
    }

    /// All faults at once: the field, and the end of its sentence's key behind `contact-fault-`.
    pub fn check(&self, on_file: OnFile) -> Result<Preferences, Vec<(&'static str, &'static str)>> {
        let mut faults = Vec::new();
        let (email, phone, post) = (tidy(&self.email), tidy(&self.phone), tidy(&self.post));
        let (call_me, present, phrase) = (tidy(&self.call_me), tidy(&self.present), tidy(&self.phrase));
        let length = |text: &str| text.chars().count();
        if !email.is_empty() && (email.len() > EMAIL_MAX || !is_email(&email)) {
            faults.push(("email", "email"));
        }
        if !phone.is_empty() && (phone.len() > PHONE_MAX || !is_phone(&phone)) {
            faults.push(("phone", "phone"));
        }
        let lines = [("call_me", &call_me, CALL_ME_MAX), ("present", &present, LINE_MAX)];
        let more = [("post", &post, LINE_MAX), ("phrase", &phrase, CHECK_PHRASE_MAX)];
        let long = lines.iter().chain(&more).filter(|(_, text, max)| length(text) > *max);
        faults.extend(long.map(|(field, ..)| (*field, "long")));
        let channel = Channel::parse(&self.channel);
        if channel.is_none() {
            faults.push(("channel", "channel"));
        }
        let channel = channel.unwrap_or_default();
        let confidential = [&email, &phone, &post].iter().any(|one| !one.is_empty());
        let has = |own: &str, filed: bool| !own.is_empty() || (filed && !confidential);
        match channel {
            Channel::Mail if confidential && email.is_empty() => faults.push(("channel", "no-email")),
            Channel::Text | Channel::Call if !has(&phone, on_file.phone) => {
                faults.push(("channel", "no-phone"))
            }
            Channel::Text if self.texts.is_empty() => faults.push(("texts", "texts")),
            Channel::Text if !self.bare.is_empty() => faults.push(("bare", "texts-bare")),
            Channel::Post if post.is_empty() => faults.push(("post", "no-post")),
            _ => {}
        }
        let hours = hours(&self.from, &self.until);
        if hours.is_none() {
            faults.push(("from", "hours"));
        }
        if !self.camera.is_empty() && !CAMERAS.contains(&self.camera.as_str()) {
            faults.push(("camera", "camera"));
        }
        let (true, Some((from, until))) = (faults.is_empty(), hours) else { return Err(faults) };
        Ok(Preferences {
            call_me,
            channel,
            from,
            until,
            weekdays: !self.weekdays.is_empty(),
            voicemail: !self.voicemail.is_empty(),
            present,
            bare: !self.bare.is_empty(),
            camera: self.camera.clone(),
            phrase,
            texts: !self.texts.is_empty(),
            email,
            phone,
            post,
        })
    }
}

/// Both empty: any time.
fn hours(from: &str, until: &str) -> Option<(u8, u8)> {
    if from.is_empty() && until.is_empty() {
        return Some((0, 24));
    }
    let (from, until): (u8, u8) = (from.parse().ok()?, until.parse().ok()?);
    (until <= 24 && from + WINDOW_MIN_H <= until).then_some((from, until))
}

/// The first moment from `now` on that suits this person, in the practice's zone.
pub fn safe_from(asked: &Preferences, now: UnixMillis, zone: &str) -> UnixMillis {
    let window = if asked.any_hour() { (0, 24) } else { (asked.from, asked.until) };
    next_within(window, asked.weekdays, now, zone)
}

/// The first moment from `now` on inside these hours of the day, and on a weekday if so asked.
pub fn next_within((from, until): (u8, u8), weekdays: bool, now: UnixMillis, zone: &str) -> UnixMillis {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let here = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone());
    for ahead in 0..DAYS_AHEAD {
        let Ok(day) = here.date().checked_add(ahead.days()) else { break };
        if weekdays && matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            continue;
        }
        let hour = i8::try_from(from).unwrap_or(0);
        let Ok(opens) = day.at(hour, 0, 0, 0).to_zoned(zone.clone()) else { continue };
        if ahead > 0 || here < opens {
            return UnixMillis(opens.timestamp().as_millisecond());
        }
        if here.hour() < i8::try_from(until).unwrap_or(24) {
            return now;
        }
    }
    now
}

/// What becomes of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Mail,
    Text,
    /// Somebody calls.
    Call,
    /// A letter on paper.
    Post,
    /// No address at all: it is handed over.
    Hand,
}

impl Way {
    pub fn code(self) -> &'static str {
        match self {
            Way::Mail => "mail",
            Way::Text => "text",
            Way::Call => "call",
            Way::Post => "post",
            Way::Hand => "hand",
        }
    }

    pub fn parse(code: &str) -> Option<Way> {
        [Way::Mail, Way::Text, Way::Call, Way::Post, Way::Hand].into_iter().find(|way| way.code() == code)
    }
}

/// Which channels the house has open.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    pub mail: bool,
    pub texts: bool,
}

/// `has`: a mail address and a number that may be used. Nobody is written to by a channel they did not
/// choose, and a message that would come after its hour is not sent but told.
pub fn way(asked: &Preferences, has: OnFile, open: Open, in_time: bool) -> Way {
    let by_voice = if has.phone { Way::Call } else { Way::Hand };
    match asked.channel {
        Channel::Post => Way::Post,
        Channel::Mail if open.mail && has.email && in_time => Way::Mail,
        Channel::Text if open.texts && asked.texts && has.phone && in_time => Way::Text,
        Channel::Mail | Channel::Text | Channel::Call => by_voice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: &str = "America/New_York";
    /// Saturday, 21 November 2026, 14:30 in New York.
    const SATURDAY: UnixMillis = UnixMillis(1_795_289_400_000);
    const HOUR: i64 = 3_600_000;
    const BOTH: OnFile = OnFile { email: true, phone: true };
    const OPEN: Open = Open { mail: true, texts: true };

    fn form(channel: &str) -> Typed {
        Typed { channel: channel.into(), ..Typed::default() }
    }

    #[test]
    fn every_slip_has_its_sentence() {
        type Spoil = fn(&mut Typed);
        let table: [(Spoil, (&str, &str)); 11] = [
            (|it| it.email = "maria@".into(), ("email", "email")),
            (|it| it.phone = "call me".into(), ("phone", "phone")),
            (|it| it.channel = "pigeon".into(), ("channel", "channel")),
            (|it| it.phone = "555-010-0199".into(), ("channel", "no-email")),
            (|it| it.channel = "post".into(), ("post", "no-post")),
            (|it| it.channel = "text".into(), ("texts", "texts")),
            (|it| it.from = "9".into(), ("from", "hours")),
            (|it| (it.from, it.until) = ("9".into(), "10".into()), ("from", "hours")),
            (|it| (it.from, it.until) = ("9".into(), "25".into()), ("from", "hours")),
            (|it| it.phrase = "x".repeat(CHECK_PHRASE_MAX + 1), ("phrase", "long")),
            (|it| it.camera = "upside down".into(), ("camera", "camera")),
        ];
        for (spoil, fault) in table {
            let mut typed = form("mail");
            spoil(&mut typed);
            assert_eq!(typed.check(BOTH).err().unwrap_or_default().first(), Some(&fault));
        }
        assert_eq!(form("call").check(OnFile::default()).err(), Some(vec![("channel", "no-phone")]));
        let whole = form("mail").check(BOTH).ok().unwrap();
        assert!(Typed::of(&whole, String::new()).check(BOTH).ok() == Some(whole));
    }

    #[test]
    fn messages_wait_for_the_hours_that_are_safe() {
        let asked = |from, until, weekdays| Preferences { from, until, weekdays, ..Preferences::default() };
        let at = |asked: &Preferences| safe_from(asked, SATURDAY, ZONE).since(SATURDAY);
        assert_eq!(at(&Preferences::default()), 0);
        assert_eq!(at(&asked(9, 17, false)), 0);
        assert_eq!(at(&asked(15, 17, false)), HOUR / 2, "later today");
        assert_eq!(at(&asked(9, 14, false)), 18 * HOUR + HOUR / 2, "tomorrow at nine");
        assert_eq!(at(&asked(9, 17, true)), 42 * HOUR + HOUR / 2, "Monday at nine");
        assert_eq!(at(&asked(0, 24, true)), 33 * HOUR + HOUR / 2, "Monday at midnight");
    }

    #[test]
    fn nobody_is_written_to_by_a_channel_they_did_not_choose() {
        let by = |channel| Preferences { channel, texts: true, ..Preferences::default() };
        let none = OnFile::default();
        for (asked, has, open, in_time, expected) in [
            (by(Channel::Mail), BOTH, OPEN, true, Way::Mail),
            (by(Channel::Mail), BOTH, OPEN, false, Way::Call),
            (by(Channel::Mail), OnFile { email: false, phone: true }, OPEN, true, Way::Call),
            (by(Channel::Mail), none, OPEN, true, Way::Hand),
            (by(Channel::Mail), BOTH, Open { mail: false, texts: true }, true, Way::Call),
            (by(Channel::Text), BOTH, OPEN, true, Way::Text),
            (by(Channel::Text), BOTH, Open { mail: true, texts: false }, true, Way::Call),
            (Preferences { texts: false, ..by(Channel::Text) }, BOTH, OPEN, true, Way::Call),
            (by(Channel::Call), BOTH, OPEN, true, Way::Call),
            (by(Channel::Post), BOTH, OPEN, true, Way::Post),
        ] {
            assert_eq!(way(&asked, has, open, in_time), expected);
        }
    }
}
