//! Which line of the table is for a place, and what a line must say. Pure.

use crate::before::check_in::answers::state_name;
use people::patients::rules::tidy;
use serde::Deserialize;
use vocabulary::{EmergencyPlaceId, PersonId, UnixMillis};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    pub id: EmergencyPlaceId,
    pub state: String,
    /// First digits of the ZIP codes it is for; empty for the whole state.
    pub zip: String,
    pub area: String,
    pub emergency: String,
    pub care: String,
    pub crisis: String,
    pub checked_by: PersonId,
    pub checked_at: UnixMillis,
}

/// The line with the longest run of digits that the patient's ZIP code begins with; else the state's.
pub fn best<'a>(places: &'a [PlaceRow], state: &str, zip: &str) -> Option<&'a PlaceRow> {
    let for_it = |row: &&PlaceRow| row.state == state && zip.starts_with(&row.zip);
    places.iter().filter(for_it).max_by_key(|row| (row.zip.len(), row.checked_at))
}

/// As it came from the form.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub state: String,
    pub zip: String,
    pub area: String,
    pub emergency: String,
    pub care: String,
    pub crisis: String,
}

/// A field and the key of the sentence about it.
pub type Slip = (&'static str, &'static str);

impl Typed {
    /// Tidied, or all slips at once.
    pub fn check(&self) -> Result<Typed, Vec<Slip>> {
        let one = Typed {
            state: self.state.trim().to_owned(),
            zip: self.zip.trim().to_owned(),
            area: tidy(&self.area),
            emergency: tidy(&self.emergency),
            care: tidy(&self.care),
            crisis: tidy(&self.crisis),
        };
        let long = |text: &str, most: usize| text.chars().count() > most;
        let digits = one.emergency.chars().filter(char::is_ascii_digit).count();
        let checks = [
            (state_name(&one.state).is_none(), ("state", "emergency-fault-state")),
            (
                one.zip.len() > 5 || !one.zip.bytes().all(|b| b.is_ascii_digit()),
                ("zip", "emergency-fault-zip"),
            ),
            (one.area.is_empty() || long(&one.area, LINE_MAX), ("area", "emergency-fault-area")),
            (
                digits < NUMBER_DIGITS_MIN || long(&one.emergency, LINE_MAX),
                ("emergency", "emergency-fault-number"),
            ),
            (one.care.is_empty() || long(&one.care, WORDS_MAX), ("care", "emergency-fault-care")),
            (long(&one.crisis, WORDS_MAX), ("crisis", "emergency-fault-crisis")),
        ];
        let slips: Vec<Slip> = checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, slip)| slip).collect();
        if slips.is_empty() { Ok(one) } else { Err(slips) }
    }
}

/// A line that ends at 911 reaches the caller's own dispatchers, not the patient's: ten digits do.
const NUMBER_DIGITS_MIN: usize = 10;
const LINE_MAX: usize = 120;
pub const WORDS_MAX: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    fn row(byte: u8, state: &str, zip: &str) -> PlaceRow {
        PlaceRow {
            id: EmergencyPlaceId::from_bytes([byte; 16]),
            state: state.into(),
            zip: zip.into(),
            area: String::new(),
            emergency: String::new(),
            care: String::new(),
            crisis: String::new(),
            checked_by: PersonId::from_bytes([1; 16]),
            checked_at: UnixMillis(0),
        }
    }

    #[test]
    fn the_nearest_line_wins_and_another_state_never() {
        let all = [row(1, "MA", ""), row(2, "MA", "021"), row(3, "MA", "02139"), row(4, "NH", "")];
        let found = |state: &str, zip: &str| best(&all, state, zip).map(|row| row.id.bytes()[0]);
        assert_eq!(found("MA", "02139"), Some(3));
        assert_eq!(found("MA", "02118"), Some(2));
        assert_eq!(found("MA", "01002"), Some(1));
        assert_eq!(found("MA", ""), Some(1), "no ZIP code known");
        assert_eq!(found("NH", "02139"), Some(4));
        assert_eq!(found("CA", "94110"), None);
    }

    #[test]
    fn a_line_without_a_number_that_reaches_the_place_is_refused() {
        let good = Typed {
            state: "MA".into(),
            zip: "021".into(),
            area: "Boston".into(),
            emergency: "617-555-0190".into(),
            care: "Harbor Hospital, 617-555-0191".into(),
            crisis: String::new(),
        };
        assert!(good.check().is_ok());
        for (slip, field) in [
            (Typed { emergency: "911".into(), ..good.clone() }, "emergency"),
            (Typed { state: "XX".into(), ..good.clone() }, "state"),
            (Typed { zip: "02a".into(), ..good.clone() }, "zip"),
            (Typed { area: " ".into(), ..good.clone() }, "area"),
            (Typed { care: String::new(), ..good.clone() }, "care"),
            (Typed { crisis: "x".repeat(WORDS_MAX + 1), ..good.clone() }, "crisis"),
        ] {
            let fields: Vec<_> = slip.check().err().unwrap().into_iter().map(|slip| slip.0).collect();
            assert_eq!(fields, [field]);
        }
    }
}
