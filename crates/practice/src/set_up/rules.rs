//! What a practice needs before it sees anybody, and which typed values can be. Pure.

use std::collections::BTreeMap;

/// A step of the set-up, in the order people take them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Practice,
    Law,
    Privacy,
    Security,
    Complaints,
    Site,
    Kit,
}

/// Which steps are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub practice: bool,
    pub law: bool,
    pub privacy: bool,
    pub security: bool,
    pub complaints: bool,
    pub site: bool,
    pub kit: bool,
}

impl Step {
    pub const ALL: [Step; 7] =
        [Step::Practice, Step::Law, Step::Privacy, Step::Security, Step::Complaints, Step::Site, Step::Kit];

    pub fn code(self) -> &'static str {
        match self {
            Step::Practice => "practice",
            Step::Law => "law",
            Step::Privacy => "privacy",
            Step::Security => "security",
            Step::Complaints => "complaints",
            Step::Site => "site",
            Step::Kit => "kit",
        }
    }

    /// The page it is done on; the kit is tried where it was printed.
    pub fn page(self) -> &'static str {
        match self {
            Step::Practice => "/set-up/practice",
            Step::Law => "/set-up/law",
            Step::Privacy | Step::Security | Step::Complaints => "/set-up/officials",
            Step::Site => "/set-up/sites",
            Step::Kit => "",
        }
    }
}

impl Standing {
    pub fn done(&self, step: Step) -> bool {
        match step {
            Step::Practice => self.practice,
            Step::Law => self.law,
            Step::Privacy => self.privacy,
            Step::Security => self.security,
            Step::Complaints => self.complaints,
            Step::Site => self.site,
            Step::Kit => self.kit,
        }
    }

    /// Nothing may be missing when the practice opens.
    pub fn whole(&self) -> bool {
        Step::ALL.iter().all(|step| self.done(*step))
    }
}

pub type Typed = BTreeMap<String, String>;
/// A field, and the key of the sentence that says what is wrong with it.
pub type Slips = Vec<(&'static str, &'static str)>;

/// A line of text that must be there.
pub fn line(typed: &Typed, field: &'static str, fault: &'static str, slips: &mut Slips) -> String {
    let text = typed.get(field).map(|text| text.trim().to_owned()).unwrap_or_default();
    if text.is_empty() || text.chars().count() > LINE_MAX || text.chars().any(char::is_control) {
        slips.push((field, fault));
    }
    text
}

/// A number that a person can call: digits and what people write between them.
pub fn phone(typed: &Typed, field: &'static str, slips: &mut Slips) -> String {
    let text = typed.get(field).map(|text| text.trim().to_owned()).unwrap_or_default();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let right = text.chars().all(|c| c.is_ascii_digit() || "+-(). ext".contains(c));
    if !(3..=20).contains(&digits) || !right || text.len() > 40 {
        slips.push((field, "set-up-fault-phone"));
    }
    text
}

pub fn answer(typed: &Typed, field: &'static str, slips: &mut Slips) -> String {
    let text = typed.get(field).map(String::as_str).unwrap_or_default();
    if !ANSWERS.contains(&text) {
        slips.push((field, "set-up-fault-answer"));
    }
    text.to_owned()
}

/// Two capital letters, as licences and sites name a state.
pub fn state(typed: &Typed, field: &'static str, slips: &mut Slips) -> String {
    let text = typed.get(field).map(|text| text.trim().to_uppercase()).unwrap_or_default();
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        slips.push((field, "set-up-fault-state"));
    }
    text
}

/// Empty is right.
pub fn email(typed: &Typed, field: &'static str, slips: &mut Slips) -> String {
    let text = typed.get(field).map(|text| text.trim().to_owned()).unwrap_or_default();
    if !text.is_empty() && !people::proofs::rules::is_email(&text) {
        slips.push((field, "staff-fault-email"));
    }
    text
}

pub const ANSWERS: [&str; 3] = ["yes", "no", "unsure"];
pub const LINE_MAX: usize = 200;
/// The zones of the states and of Puerto Rico.
pub const ZONES: [&str; 9] = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Pacific/Guam",
];
