//! Which authority asks for which evidence, what it may cover and until when, and when a name is the name of
//! somebody who was refused. Pure.

use crate::patients::rules::{BirthDate, NAME_MAX, day_in, fold, tidy};
use jiff::{Span, civil::Date, tz::TimeZone};
use policy::{RecordClass, Scope};
use serde::Deserialize;
use std::collections::BTreeSet;
use vocabulary::{PersonId, UnixMillis};

/// An address or a telephone number in a line.
pub const CONTACT_MAX: usize = 254;
/// Fewer letters are no reason.
pub const REASON: std::ops::RangeInclusive<usize> = 10..=1_000;
/// The authority of a parent over a newborn ends at majority: 21 years at most in the United States.
const YEARS_MAX: i32 = 21;

macro_rules! codes {
    ($(#[$doc:meta])* $kind:ident { $($name:ident => $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($name),* }

        impl $kind {
            pub const ALL: &'static [$kind] = &[$($kind::$name),*];

            pub fn code(self) -> &'static str {
                match self { $($kind::$name => $code),* }
            }

            pub fn parse(code: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// By what right somebody acts for the patient.
    Authority {
        Parent => "parent",
        Guardian => "guardian",
        Agent => "agent",
        CourtOrder => "court_order",
        Executor => "executor",
        Supporter => "supporter",
    }
}

codes! {
    /// What was seen of it. The practice keeps no picture of the paper.
    Evidence {
        BirthRecord => "birth_record",
        CourtPaper => "court_paper",
        PowerOfAttorney => "power_of_attorney",
        Will => "will",
        PatientSigned => "patient_signed",
        PatientWord => "patient_word",
    }
}

codes! {
    /// How they showed who they are (R83: twice, who and by what right).
    Identity {
        PhotoId => "photo_id",
        Known => "known",
        CalledBack => "called_back",
    }
}

impl Authority {
    pub fn is_shown_by(self, evidence: Evidence) -> bool {
        use Evidence::{BirthRecord, CourtPaper, PatientSigned, PatientWord, PowerOfAttorney, Will};
        match self {
            Authority::Parent => matches!(evidence, BirthRecord | CourtPaper),
            Authority::Guardian | Authority::CourtOrder => evidence == CourtPaper,
            Authority::Agent => evidence == PowerOfAttorney,
            Authority::Executor => matches!(evidence, CourtPaper | Will),
            Authority::Supporter => matches!(evidence, PatientSigned | PatientWord),
        }
    }

    /// A supporter by the patient's word hears and helps; they decide nothing for the patient.
    pub fn may_cover(self, class: RecordClass) -> bool {
        self != Authority::Supporter || class != RecordClass::Consent
    }
}

/// The form as it was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub contact: String,
    pub authority: String,
    pub identity: String,
    pub evidence: String,
    pub demographics: String,
    pub reason: String,
    pub chart: String,
    pub consent: String,
    pub messages: String,
    pub from: String,
    pub until: String,
}

/// A form that holds what a representative needs. No `Debug`: it is health data.
pub struct New {
    pub name: String,
    pub contact: Option<String>,
    pub authority: Authority,
    pub identity: Identity,
    pub evidence: Evidence,
    pub scope: Scope,
    pub begins_at: UnixMillis,
    pub ends_at: UnixMillis,
}

/// A field, and the key of what is wrong with it.
pub type Slip = (&'static str, &'static str);

impl Typed {
    pub fn picks(&self, class: RecordClass) -> bool {
        let field = match class {
            RecordClass::Demographics => &self.demographics,
            RecordClass::Reason => &self.reason,
            RecordClass::Chart => &self.chart,
            RecordClass::Consent => &self.consent,
            RecordClass::Messages => &self.messages,
            RecordClass::Trail => return false,
        };
        !field.is_empty()
    }

    /// All slips at once, in the order of the fields.
    pub fn check(&self, today: Date, zone: &str) -> Result<New, Vec<Slip>> {
        let mut slips = Vec::new();
        let name = named(&self.name).inspect_err(|key| slips.push(("name", *key))).ok();
        let contact = contacted(&self.contact).inspect_err(|key| slips.push(("contact", *key))).ok();
        let authority = Authority::parse(&self.authority);
        let identity = Identity::parse(&self.identity);
        let evidence = Evidence::parse(&self.evidence);
        let scope =
            Scope::CLASSES.into_iter().filter(|class| self.picks(*class)).fold(Scope::NONE, Scope::with);
        let begins = day(&self.from).and_then(|day| start_of(day, zone));
        let ends = end_of(&self.until, today, zone);
        let mut check = |wrong: bool, field, key| wrong.then(|| slips.push((field, key)));
        check(authority.is_none(), "authority", "rep-fault-authority");
        check(identity.is_none(), "identity", "rep-fault-identity");
        let shown = authority.zip(evidence).is_some_and(|(of, seen)| of.is_shown_by(seen));
        check(evidence.is_none() || (authority.is_some() && !shown), "evidence", "rep-fault-evidence");
        check(scope == Scope::NONE, "scope", "rep-fault-scope");
        let too_much = authority.is_some_and(|of| scope.iter().any(|class| !of.may_cover(class)));
        check(too_much, "scope", "rep-fault-scope-supporter");
        check(begins.is_none(), "from", "rep-fault-from");
        if let Err(key) = ends {
            check(true, "until", key);
        }
        let order = begins.zip(ends.ok()).is_some_and(|(begins, ends)| begins >= ends);
        check(order, "until", "rep-fault-order");
        if !slips.is_empty() {
            return Err(slips);
        }
        let new = || {
            Some(New {
                name: name?,
                contact: contact?,
                authority: authority?,
                identity: identity?,
                evidence: evidence?,
                scope,
                begins_at: begins?,
                ends_at: ends.ok()?,
            })
        };
        new().ok_or(slips)
    }
}

/// The midnight after the last day, which is today or later.
pub fn end_of(typed: &str, today: Date, zone: &str) -> Result<UnixMillis, &'static str> {
    let last = day(typed).ok_or("rep-fault-until")?;
    if last < today {
        return Err("rep-fault-until-past");
    }
    if today.checked_add(Span::new().years(YEARS_MAX)).is_ok_and(|far| last > far) {
        return Err("rep-fault-until-far");
    }
    last.tomorrow().ok().and_then(|next| start_of(next, zone)).ok_or("rep-fault-until")
}

/// A parent acts for a child: on the last day the patient is not of age yet (R75, part: majority). Whoever
/// acts for an adult shows another paper.
pub fn outlasts_childhood(authority: Authority, ends_at: UnixMillis, born: &BirthDate, zone: &str) -> bool {
    authority == Authority::Parent && born.is_of_age(day_in(ends_at.plus_ms(-1), zone))
}

/// At the moment of its end an authority is over.
pub fn holds(begins_at: UnixMillis, ends_at: UnixMillis, now: UnixMillis) -> bool {
    begins_at <= now && now < ends_at
}

pub fn named(typed: &str) -> Result<String, &'static str> {
    let name = tidy(typed);
    match name.chars().count() {
        0 => Err("rep-fault-name"),
        count if count > NAME_MAX => Err("rep-fault-name-long"),
        _ if words(&name).is_empty() => Err("rep-fault-name"),
        _ => Ok(name),
    }
}

pub fn contacted(typed: &str) -> Result<Option<String>, &'static str> {
    let contact = tidy(typed);
    match contact.chars().count() {
        0 => Ok(None),
        count if count > CONTACT_MAX => Err("rep-fault-contact"),
        _ => Ok(Some(contact)),
    }
}

/// Whether somebody of this name and address may be the one who was refused. Errs to the safe side: a middle
/// name more, an accent less or another order of the words makes nobody a stranger.
pub fn may_be_same(one: (&str, Option<&str>), other: (&str, Option<&str>)) -> bool {
    let (a, b) = (words(one.0), words(other.0));
    let same_name = !a.is_empty() && !b.is_empty() && (a.is_subset(&b) || b.is_subset(&a));
    let reached = |contact: Option<&str>| contact.map(plain_contact).filter(|text| !text.is_empty());
    same_name || reached(one.1).is_some_and(|contact| reached(other.1) == Some(contact))
}

/// Whoever refused somebody, or an official, takes it back; a colleague asks them.
pub fn may_lift(refused_by: PersonId, by: PersonId, official: bool) -> bool {
    official || refused_by == by
}

fn words(name: &str) -> BTreeSet<String> {
    fold(name)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// An address in small letters, or the digits of a number without the country's 1.
fn plain_contact(contact: &str) -> String {
    if contact.contains('@') {
        return contact.to_lowercase();
    }
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

/// What `<input type="date">` sends.
fn day(typed: &str) -> Option<Date> {
    Date::strptime("%Y-%m-%d", typed.trim()).ok().filter(|day| (1900..2200).contains(&day.year()))
}

fn start_of(day: Date, zone: &str) -> Option<UnixMillis> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).ok().map(|at| UnixMillis(at.timestamp().as_millisecond()))
}
