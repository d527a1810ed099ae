//! What is typed about a supporter, and how many people one visit takes. Pure.

use crate::before::rules::{PARTICIPANTS_MAX, Part, ParticipantState};
use people::patients::rules::{is_email, tidy};
use serde::Deserialize;
use vocabulary::Lang;

/// As it came from the form.
#[derive(Clone, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub part: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub lang: String,
    #[serde(default)]
    pub email: String,
}

/// Somebody to invite. Holds a name and an address: not printable.
pub struct Companion {
    pub part: Part,
    pub name: String,
    pub lang: Lang,
    pub email: Option<String>,
}

/// Fields that are wrong, each with the key of its sentence.
pub fn read(typed: &Typed) -> Result<Companion, Vec<(&'static str, &'static str)>> {
    let mut faults = Vec::new();
    let part = Part::parse(&typed.part).filter(|part| *part == Part::Supporter);
    let interprets = typed.part == Part::Interpreter.code();
    let lang = Lang::parse(&typed.lang);
    let (name, email) = (tidy(&typed.name), tidy(&typed.email));
    let mut check = |wrong: bool, field, key| {
        if wrong {
            faults.push((field, key));
        }
    };
    // Only the register says who may (R94, R95).
    check(interprets, "part", "companion-fault-interpreter");
    check(part.is_none() && !interprets, "part", "companion-fault-part");
    check(name.is_empty(), "name", "companion-fault-name");
    check(name.chars().count() > NAME_MAX, "name", "companion-fault-name-long");
    check(lang.is_none(), "lang", "companion-fault-lang");
    check(!email.is_empty() && !is_email(&email), "email", "companion-fault-email");
    match (part, lang) {
        (Some(part), Some(lang)) if faults.is_empty() => {
            Ok(Companion { part, name, lang, email: (!email.is_empty()).then_some(email) })
        }
        _ => Err(faults),
    }
}

/// Whether one more fits, given the states of all who were ever asked.
pub fn has_room(states: impl IntoIterator<Item = ParticipantState>) -> bool {
    let states: Vec<_> = states.into_iter().collect();
    let expected = states.iter().filter(|state| **state != ParticipantState::Removed).count();
    expected < EXPECTED_MAX && states.len() < PARTICIPANTS_MAX
}

/// As many as fit into one room.
pub const EXPECTED_MAX: usize = crate::during::rules::ROOM_PEOPLE;
const NAME_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            part: "supporter".into(),
            name: "  Elena\u{7}  Ruiz ".into(),
            lang: "es".into(),
            email: "elena@interpreters.example".into(),
        }
    }

    #[test]
    fn a_name_is_tidied_and_an_address_may_be_missing() {
        let Ok(read_whole) = read(&typed()) else { panic!("all is well") };
        assert_eq!(
            (read_whole.name.as_str(), read_whole.part, read_whole.lang),
            ("Elena Ruiz", Part::Supporter, Lang::Es)
        );
        let without = read(&Typed { email: " ".into(), ..typed() });
        assert!(without.is_ok_and(|one| one.email.is_none()));
    }

    #[test]
    fn each_slip_is_told_beside_its_field_and_nobody_becomes_a_host_by_a_form() {
        let slips = [
            (Typed { part: "clinician".into(), ..typed() }, "part"),
            (Typed { part: "patient".into(), ..typed() }, "part"),
            (Typed { part: "deputy".into(), ..typed() }, "part"),
            (Typed { part: "interpreter".into(), ..typed() }, "part"),
            (Typed { name: " \u{1} ".into(), ..typed() }, "name"),
            (Typed { name: "n".repeat(NAME_MAX + 1), ..typed() }, "name"),
            (Typed { lang: "xx".into(), ..typed() }, "lang"),
            (Typed { email: "elena@nowhere".into(), ..typed() }, "email"),
        ];
        for (slip, field) in slips {
            let Err(faults) = read(&slip) else { panic!("{field} was taken") };
            assert_eq!(faults.iter().map(|fault| fault.0).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn a_visit_takes_as_many_as_a_room_holds_and_whoever_was_taken_off_makes_room() {
        let mut states = vec![ParticipantState::Invited; EXPECTED_MAX - 1];
        assert!(has_room(states.clone()));
        states.push(ParticipantState::Left);
        assert!(!has_room(states.clone()));
        states[0] = ParticipantState::Removed;
        assert!(has_room(states));
    }
}
