//! Who may interpret without being in the register, and on which grounds. Pure.

use people::patients::rules::tidy;
use serde::{Deserialize, Serialize};

/// 45 CFR 92.201(e)(2)-(3), 84.77(c)(2)-(3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grounds {
    /// Somebody's safety or welfare is at stake at once and nobody qualified is at hand: until one arrives.
    Emergency,
    /// The patient asked for it in private, through a qualified interpreter; the adult agrees; it is
    /// suitable.
    PrivateRequest,
}

impl Grounds {
    const ALL: [Grounds; 2] = [Grounds::Emergency, Grounds::PrivateRequest];

    pub fn code(self) -> &'static str {
        match self {
            Grounds::Emergency => "emergency",
            Grounds::PrivateRequest => "private_request",
        }
    }

    /// The key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Grounds::Emergency => "interpreting-emergency",
            Grounds::PrivateRequest => "interpreting-private",
        }
    }

    pub fn parse(code: &str) -> Option<Grounds> {
        Grounds::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The form that books from the register, as it was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Booking {
    pub interpreter: String,
    pub tongue: String,
    pub reference: String,
    /// They are booked elsewhere at that time, and that is meant.
    pub anyway: String,
}

/// The form about an exception, as it was typed. Names somebody: no `Debug`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Exception {
    pub lay_name: String,
    pub lay_tongue: String,
    /// `adult` or `minor`.
    pub age: String,
    pub grounds: String,
    /// Id of the qualified interpreter through whom the patient asked.
    pub confirmed_by: String,
    pub agrees: String,
    pub suitable: String,
    pub lay_reason: String,
}

/// What is sealed of an exception.
#[derive(Clone, Serialize, Deserialize)]
pub struct Lay {
    pub name: String,
    pub reason: String,
}

/// An exception that may be made.
pub struct Granted {
    pub grounds: Grounds,
    pub is_minor: bool,
    pub lay: Lay,
}

/// Field and key of the sentence.
pub type Slip = (&'static str, &'static str);

/// `confirmed`: the one named as present is a qualified interpreter of the register into that language.
/// Answers all slips at once.
pub fn exception(typed: &Exception, confirmed: bool) -> Result<Granted, Vec<Slip>> {
    let grounds = Grounds::parse(&typed.grounds);
    let is_minor = typed.age == "minor";
    let private = grounds == Some(Grounds::PrivateRequest);
    let lay = Lay { name: tidy(&typed.lay_name), reason: typed.lay_reason.trim().to_owned() };
    let (name, reason) = (lay.name.chars().count(), lay.reason.chars().count());
    let checks = [
        (name == 0 || name > NAME_MAX, ("lay_name", "interpreting-fault-name")),
        (!matches!(typed.age.as_str(), "adult" | "minor"), ("age", "interpreting-fault-age")),
        (
            !people::needs::TONGUES.contains(&typed.lay_tongue.as_str()),
            ("lay_tongue", "interpreting-fault-tongue"),
        ),
        (grounds.is_none(), ("grounds", "interpreting-fault-grounds")),
        (is_minor && private, ("age", "interpreting-fault-minor")),
        (private && !confirmed, ("confirmed_by", "interpreting-fault-confirmed")),
        (private && typed.agrees != "yes", ("agrees", "interpreting-fault-agrees")),
        (private && typed.suitable != "yes", ("suitable", "interpreting-fault-suitable")),
        (reason == 0 || reason > REASON_MAX, ("lay_reason", "interpreting-fault-reason")),
    ];
    let slips: Vec<Slip> = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, slip)| slip).collect();
    match grounds {
        Some(grounds) if slips.is_empty() => Ok(Granted { grounds, is_minor, lay }),
        _ => Err(slips),
    }
}

const NAME_MAX: usize = 120;
const REASON_MAX: usize = 1_000;
/// The agency's number of a job.
pub const REFERENCE_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(age: &str, grounds: &str) -> Exception {
        Exception {
            lay_name: "Luz".into(),
            lay_tongue: "spa".into(),
            age: age.into(),
            grounds: grounds.into(),
            agrees: "yes".into(),
            suitable: "yes".into(),
            lay_reason: "Chest pain, nobody on the line".into(),
            ..Exception::default()
        }
    }

    #[test]
    fn a_minor_interprets_in_an_emergency_alone_and_an_adult_on_a_confirmed_request_too() {
        let fields = |typed: &Exception, confirmed| {
            exception(typed, confirmed)
                .err()
                .unwrap_or_default()
                .into_iter()
                .map(|it| it.0)
                .collect::<Vec<_>>()
        };
        assert!(exception(&typed("minor", "emergency"), false).is_ok());
        assert!(exception(&typed("adult", "emergency"), false).is_ok());
        assert_eq!(fields(&typed("minor", "private_request"), true), ["age"]);
        assert_eq!(fields(&typed("adult", "private_request"), false), ["confirmed_by"]);
        assert!(exception(&typed("adult", "private_request"), true).is_ok());
        let silent = Exception { agrees: String::new(), ..typed("adult", "private_request") };
        assert_eq!(fields(&silent, true), ["agrees"]);
        let unfit = Exception { suitable: String::new(), ..typed("adult", "private_request") };
        assert_eq!(fields(&unfit, true), ["suitable"]);
        for grounds in ["", "it is easier"] {
            assert_eq!(fields(&typed("adult", grounds), true), ["grounds"]);
        }
        let mute = Exception { lay_reason: " ".into(), ..typed("adult", "emergency") };
        assert_eq!(fields(&mute, false), ["lay_reason"]);
        assert_eq!(fields(&typed("", "emergency"), false), ["age"]);
    }
}
