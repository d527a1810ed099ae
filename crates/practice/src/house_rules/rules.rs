//! The fields of the house rules with their bounds, and what a change was. Pure.

use policy::HouseRules;
use std::collections::BTreeMap;

/// A number among the rules.
pub struct Number {
    pub field: &'static str,
    pub least: i64,
    /// R17 sets the ceilings of the sign-in times; the others are as far as the program was tried.
    pub most: i64,
    get: fn(&HouseRules) -> i64,
    set: fn(&mut HouseRules, i64),
}

/// Something the house does or leaves out.
pub struct Switch {
    pub field: &'static str,
    get: fn(&HouseRules) -> bool,
    set: fn(&mut HouseRules, bool),
}

/// States by their postal codes.
pub struct States {
    pub field: &'static str,
    /// What an empty list stands for, as the trail names it.
    empty: &'static str,
    get: fn(&HouseRules) -> &str,
    set: fn(&mut HouseRules, String),
}

macro_rules! numbers {
    ($($field:ident: $least:literal..=$most:literal,)*) => {
        &[$(Number {
            field: stringify!($field),
            least: $least,
            most: $most,
            get: |rules| rules.$field,
            set: |rules, value| rules.$field = value,
        }),*]
    };
}

macro_rules! switches {
    ($($field:ident,)*) => {
        &[$(Switch {
            field: stringify!($field),
            get: |rules| rules.$field,
            set: |rules, value| rules.$field = value,
        }),*]
    };
}

macro_rules! states {
    ($($field:ident: $empty:literal,)*) => {
        &[$(States {
            field: stringify!($field),
            empty: $empty,
            get: |rules| &rules.$field,
            set: |rules, value| rules.$field = value,
        }),*]
    };
}

pub const STATES: &[States] =
    states![states: "all", voice_consent_states: "none", paper_consent_states: "none",];

pub const CHECK_IN: &[Switch] =
    switches![ask_place, ask_readiness, checks_must_run, desk_may_waive, ask_survey,];

/// How the practice reaches people. Switching one on is a new feature to look at again (R47).
pub const CHANNELS: &[Switch] = switches![send_mail, send_sms, phone_fallback, audio_only,];

pub const VISITS: &[Number] = numbers![
    lobby_opens_before_min: 0..=240,
    drop_out_within_min: 1..=30,
    second_fact_tries: 1..=10,
    care_team_days: 1..=3_650,
];

pub const SIGN_IN: &[Number] = numbers![
    staff_idle_min: 1..=60,
    staff_overall_h: 1..=24,
    patient_idle_min: 5..=60,
];

pub const REMINDERS: &[Number] = numbers![remind_hour: 0..=23,];

fn all_numbers() -> impl Iterator<Item = &'static Number> {
    VISITS.iter().chain(SIGN_IN).chain(REMINDERS)
}

/// All states and territories with room to spare.
const STATES_MAX: usize = 240;

impl Number {
    pub fn of(&self, rules: &HouseRules) -> i64 {
        (self.get)(rules)
    }
}

impl Switch {
    pub fn of(&self, rules: &HouseRules) -> bool {
        (self.get)(rules)
    }
}

impl States {
    pub fn of<'a>(&self, rules: &'a HouseRules) -> &'a str {
        (self.get)(rules)
    }
}

pub type Typed = BTreeMap<String, String>;
/// A field, and the key of the sentence that says what is wrong with it.
pub type Slips = Vec<(&'static str, &'static str)>;

/// The rules as typed; what a form leaves out of the switches is off.
pub fn read(typed: &Typed) -> Result<HouseRules, Slips> {
    let mut rules = HouseRules::default();
    let mut slips = Slips::new();
    for switch in CHECK_IN.iter().chain(CHANNELS) {
        (switch.set)(&mut rules, typed.contains_key(switch.field));
    }
    for number in all_numbers() {
        match typed.get(number.field).and_then(|text| text.trim().parse().ok()) {
            Some(value) if (number.least..=number.most).contains(&value) => (number.set)(&mut rules, value),
            _ => slips.push((number.field, "house-fault-number")),
        }
    }
    let is_state = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    for one in STATES {
        let typed = typed.get(one.field).map(|text| text.to_uppercase().replace(',', " "));
        let codes = typed.unwrap_or_default();
        if codes.len() > STATES_MAX || !codes.split_whitespace().all(is_state) {
            slips.push((one.field, "house-fault-states"));
        }
        (one.set)(&mut rules, codes.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if slips.is_empty() { Ok(rules) } else { Err(slips) }
}

/// What differs, as field and "old -> new".
pub fn changes(old: &HouseRules, new: &HouseRules) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let mut differ = |field, old: String, new: String| {
        if old != new {
            all.push((field, format!("{old} -> {new}")));
        }
    };
    for one in CHECK_IN.iter().chain(CHANNELS) {
        differ(one.field, one.of(old).to_string(), one.of(new).to_string());
    }
    for one in all_numbers() {
        differ(one.field, one.of(old).to_string(), one.of(new).to_string());
    }
    for one in STATES {
        let named = |states: &str| if states.is_empty() { one.empty.to_owned() } else { states.to_owned() };
        differ(one.field, named(one.of(old)), named(one.of(new)));
    }
    all
}

/// The channels that were off and are on.
pub fn switched_on(old: &HouseRules, new: &HouseRules) -> Vec<&'static str> {
    let on = CHANNELS.iter().filter(|one| !one.of(old) && one.of(new));
    on.map(|one| one.field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(rules: &HouseRules) -> Typed {
        let on = CHECK_IN
            .iter()
            .chain(CHANNELS)
            .filter(|one| one.of(rules))
            .map(|one| (one.field.into(), "yes".into()));
        let numbers = all_numbers().map(|one| (one.field.into(), one.of(rules).to_string()));
        let states = STATES.iter().map(|one| (one.field.into(), one.of(rules).to_owned()));
        on.chain(numbers).chain(states).collect()
    }

    #[test]
    fn what_was_drawn_is_read_again_unchanged() {
        let rules = HouseRules { states: "MA NH".into(), ask_place: false, ..HouseRules::default() };
        assert_eq!(read(&typed(&rules)), Ok(rules.clone()));
        assert!(changes(&rules, &rules).is_empty());
    }

    /// Every field of the rules stands on the page: a new one that nobody can edit fails here.
    #[test]
    fn every_rule_can_be_edited() {
        let kept = serde_json::to_value(HouseRules::default()).unwrap();
        let mut fields: Vec<&str> = CHECK_IN.iter().chain(CHANNELS).map(|one| one.field).collect();
        fields.extend(all_numbers().map(|one| one.field));
        fields.extend(STATES.iter().map(|one| one.field));
        for field in kept.as_object().unwrap().keys() {
            assert!(fields.contains(&field.as_str()), "{field}");
        }
    }

    #[test]
    fn ceilings_hold_and_states_are_two_letters() {
        let with = |field: &str, value: &str| {
            let mut all = typed(&HouseRules::default());
            all.insert(field.into(), value.into());
            read(&all)
        };
        assert!(with("staff_idle_min", "60").is_ok());
        for (field, value) in [
            ("staff_idle_min", "61"),
            ("staff_overall_h", "25"),
            ("second_fact_tries", "0"),
            ("states", "M"),
            ("voice_consent_states", "MA N"),
        ] {
            let slips = with(field, value).unwrap_err();
            assert_eq!(slips.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [field]);
        }
        assert_eq!(with("states", "ma, nh").unwrap().states, "MA NH");
    }

    proptest! {
        #[test]
        fn anything_typed_is_read_within_its_bounds_or_refused(
            field in 0..7_usize, value in "\\PC{0,8}", states in "\\PC{0,12}"
        ) {
            let mut all = typed(&HouseRules::default());
            let numbers: Vec<_> = all_numbers().collect();
            all.insert(numbers[field].field.into(), value);
            all.insert("states".into(), states);
            if let Ok(rules) = read(&all) {
                let within = |one: &&Number| (one.least..=one.most).contains(&one.of(&rules));
                prop_assert!(numbers.iter().all(within));
            }
        }
    }
}
