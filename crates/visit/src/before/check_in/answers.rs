//! What a participant answers: words from fixed lists and one address, read from forms, kept as sealed JSON.
//! Pure. Refuses words it does not know. Of picture and sound only verdicts come here, of the network
//! numbers.

use super::device::SafeDevice;
use super::network::Network;
pub use people::licences::{STATES, state_name};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vocabulary::UnixMillis;

/// Longer is no postal address.
pub const ADDRESS_MAX: usize = 200;
/// Shorter helps no ambulance.
const ADDRESS_MIN: usize = 5;
/// Name and number of one person.
pub const CONTACT_MAX: usize = 120;
const ZIP_DIGITS: usize = 5;
/// E.164 allows 15 digits; formatting and an extension need a little more.
pub const CALL_BACK_MAX: usize = 30;
const CALL_BACK_DIGITS: std::ops::RangeInclusive<usize> = 7..=20;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $item:ident => $code:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $code)] $item,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$item),*];

            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code,)* }
            }

            pub fn parse(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|item| item.code() == code)
            }
        }
    )*};
}

words! {
    /// Who is near.
    Near {
        Alone => "alone",
        /// Somebody who may hear it.
        Welcome => "welcome",
        /// Somebody who should not hear it.
        Others => "others",
    }
    DoorIs {
        Closed => "closed",
        Open => "open",
        NoDoor => "no_door",
    }
    Headphones {
        Yes => "yes",
        No => "no",
    }
    /// A smart speaker or another machine that listens in the room.
    Listening {
        /// There is none, or it is switched off.
        Nothing => "none",
        On => "on",
        NotSure => "not_sure",
    }
    /// A camera or microphone.
    Device {
        Ok => "ok",
        Missing => "none",
        /// The person or the browser said no.
        Refused => "refused",
        /// Another program holds it.
        InUse => "in_use",
    }
    /// What a measurement said.
    Verdict {
        Good => "good",
        Fair => "ok",
        Poor => "poor",
        /// Not measured.
        Unknown => "none",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub near: Near,
    pub door: DoorIs,
    pub headphones: Headphones,
    /// None: nobody asked.
    #[serde(default)]
    pub listening: Option<Listening>,
}

/// What was found out about somebody's devices before a visit. Numbers are those of the network alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    pub camera: Device,
    pub microphone: Device,
    pub light: Verdict,
    pub voice: Verdict,
    pub noise: Verdict,
    /// Of a phone: the camera on its back. Missing: there is none, or nobody tried it.
    #[serde(default = "Device::missing")]
    pub back_camera: Device,
    /// A sound was played: good, the person heard it; poor, they did not.
    #[serde(default = "Verdict::unknown")]
    pub speaker: Verdict,
    /// Whether a visit can be held in this browser at all.
    #[serde(default = "Verdict::unknown")]
    pub browser: Verdict,
    #[serde(default)]
    pub network: Option<Network>,
    #[serde(default)]
    pub device: Option<SafeDevice>,
    /// When all this was said.
    #[serde(default)]
    pub at: Option<UnixMillis>,
}

/// Where the person is now. Holds an address, so it has no `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    pub address: String,
    /// Postal code of the state, such as `MA`.
    pub state: String,
    /// Finds the emergency number of the place; may be empty.
    pub zip: String,
    pub call_back: String,
    /// Whom to tell in an emergency: name and number; may be empty.
    pub contact: String,
    /// The practice calls back within this when the visit is cut off, minutes; 0 before it was agreed (R91).
    pub within_min: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationFault {
    Address,
    State,
    Zip,
    CallBack,
    Contact,
}

impl Device {
    fn missing() -> Device {
        Device::Missing
    }
}

impl Verdict {
    fn unknown() -> Verdict {
        Verdict::Unknown
    }
}

impl Place {
    /// Nobody who should not hear is likely to, and no machine listens as far as the person knows.
    pub fn is_private(&self) -> bool {
        self.near != Near::Others
            && (self.door != DoorIs::Open || self.headphones == Headphones::Yes)
            && self.listening != Some(Listening::On)
    }
}

impl Readiness {
    /// The fields that the page's element writes.
    pub const FIELDS: [&str; 13] = [
        "camera",
        "microphone",
        "light",
        "voice",
        "noise",
        "back_camera",
        "speaker",
        "browser",
        "way",
        "round_trip",
        "lost",
        "up",
        "down",
    ];

    /// What the form sends. A field that is missing was not measured; a word that is unknown is refused.
    pub fn read(field: impl Fn(&str) -> String, now: UnixMillis) -> Option<Readiness> {
        let device = |name: &str| match field(name).as_str() {
            "" => Some(Device::Missing),
            word => Device::parse(word),
        };
        let verdict = |name: &str| match field(name).as_str() {
            "" => Some(Verdict::Unknown),
            word => Verdict::parse(word),
        };
        Some(Readiness {
            camera: device("camera")?,
            microphone: device("microphone")?,
            light: verdict("light")?,
            voice: verdict("voice")?,
            noise: verdict("noise")?,
            back_camera: device("back_camera")?,
            speaker: verdict("speaker")?,
            browser: verdict("browser")?,
            network: Network::read(&field)?,
            device: SafeDevice::read(&field),
            at: Some(now),
        })
    }

    /// The fields that `read` reads this from.
    pub fn fields(&self) -> HashMap<String, String> {
        let number = |number: Option<u32>| number.map(|it| it.to_string()).unwrap_or_default();
        let network = self.network;
        let words = [
            ("camera", self.camera.code().to_owned()),
            ("microphone", self.microphone.code().to_owned()),
            ("light", self.light.code().to_owned()),
            ("voice", self.voice.code().to_owned()),
            ("noise", self.noise.code().to_owned()),
            ("back_camera", self.back_camera.code().to_owned()),
            ("speaker", self.speaker.code().to_owned()),
            ("browser", self.browser.code().to_owned()),
            ("way", network.map(|it| it.way.code().to_owned()).unwrap_or_default()),
            ("round_trip", number(network.and_then(|it| it.round_trip_ms))),
            ("lost", number(network.and_then(|it| it.lost_per_mille))),
            ("up", number(network.and_then(|it| it.up_kbps))),
            ("down", number(network.and_then(|it| it.down_kbps))),
        ];
        let answers = self.device.map(|device| device.answers()).unwrap_or_default();
        let ticked = SafeDevice::BOXES.iter().zip(answers).filter(|(_, yes)| *yes);
        let ticked = ticked.map(|(name, _)| (*name, "yes".to_owned()));
        words.into_iter().chain(ticked).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The connection to the media server, as a verdict like the others.
    pub fn connection(&self) -> Verdict {
        self.network.map_or(Verdict::Unknown, |network| network.verdict())
    }

    /// The page had no script, or the person pressed on before anything was measured.
    pub fn is_unmeasured(&self) -> bool {
        let verdicts = [self.light, self.voice, self.noise];
        self.camera == Device::Missing && verdicts.iter().all(|verdict| *verdict == Verdict::Unknown)
    }
}

impl Location {
    /// All that is wrong, so that the page can say it at once.
    pub fn faults(&self) -> Vec<LocationFault> {
        let mut faults = Vec::new();
        let length = self.address.trim().chars().count();
        if !(ADDRESS_MIN..=ADDRESS_MAX).contains(&length) || self.address.contains(char::is_control) {
            faults.push(LocationFault::Address);
        }
        if state_name(&self.state).is_none() {
            faults.push(LocationFault::State);
        }
        let digit = |c: char| c.is_ascii_digit() || c == '-';
        if !self.zip.is_empty() && (self.zip.len() < ZIP_DIGITS || !self.zip.chars().all(digit)) {
            faults.push(LocationFault::Zip);
        }
        let digits = self.call_back.chars().filter(char::is_ascii_digit).count();
        let known = |c: char| c.is_ascii_digit() || " +-().,x#".contains(c);
        if self.call_back.len() > CALL_BACK_MAX
            || !CALL_BACK_DIGITS.contains(&digits)
            || !self.call_back.chars().all(known)
        {
            faults.push(LocationFault::CallBack);
        }
        if self.contact.chars().count() > CONTACT_MAX || self.contact.contains(char::is_control) {
            faults.push(LocationFault::Contact);
        }
        faults
    }

    pub fn trimmed(self) -> Location {
        Location {
            address: self.address.trim().to_owned(),
            state: self.state.trim().to_owned(),
            zip: self.zip.trim().to_owned(),
            call_back: self.call_back.trim().to_owned(),
            contact: self.contact.trim().to_owned(),
            within_min: self.within_min,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(address: &str, state: &str, call_back: &str) -> Location {
        Location {
            address: address.into(),
            state: state.into(),
            call_back: call_back.into(),
            ..Location::default()
        }
    }

    #[test]
    fn a_location_is_an_address_a_state_and_a_number() {
        assert!(location("12 Elm St, Boston", "MA", "(617) 555-0199").faults().is_empty());
        assert_eq!(
            location("", "Mass", "call me").faults(),
            [LocationFault::Address, LocationFault::State, LocationFault::CallBack]
        );
        assert_eq!(location("12 Elm St", "MA", "555").faults(), [LocationFault::CallBack]);
        let with = |zip: &str, contact: String| {
            Location { zip: zip.into(), contact, ..location("12 Elm St", "MA", "617-555-0199") }.faults()
        };
        assert!(with("02118-1234", "Rosa, sister, 617-555-0111".into()).is_empty());
        assert_eq!(with("0211", String::new()), [LocationFault::Zip]);
        assert_eq!(with("", "x".repeat(CONTACT_MAX + 1)), [LocationFault::Contact]);
        assert_eq!(location(&"x".repeat(201), "MA", "555-0199").faults(), [LocationFault::Address]);
    }

    #[test]
    fn of_picture_and_sound_there_are_words_alone() {
        let all_good = |name: &str| match name {
            "camera" | "microphone" => "ok".to_owned(),
            "light" | "voice" | "noise" => "good".to_owned(),
            _ => String::new(),
        };
        let now = UnixMillis(7);
        let good = Readiness::read(all_good, now).unwrap();
        assert_eq!((good.light, good.at, good.device), (Verdict::Good, Some(now), None));
        assert!(Readiness::read(|_| String::new(), now).is_some_and(|it| it.is_unmeasured()));
        assert_eq!(Readiness::read(|_| "172.4".into(), now), None);
    }

    #[test]
    fn what_was_read_writes_the_fields_it_was_read_from() {
        let sent = |name: &str| {
            let word = match name {
                "camera" => "in_use",
                "light" => "poor",
                "speaker" => "good",
                "way" => "tcp",
                "round_trip" | "up" => "210",
                "device_asked" | "device_lock" | "device_network" => "yes",
                _ => "",
            };
            word.to_owned()
        };
        let read = Readiness::read(sent, UnixMillis(7)).unwrap();
        let fields = read.fields();
        assert!(Readiness::FIELDS.iter().all(|name| fields.contains_key(*name)), "{fields:?}");
        let again = |name: &str| match name {
            "device_asked" => "yes".to_owned(),
            _ => fields.get(name).cloned().unwrap_or_default(),
        };
        assert_eq!(Readiness::read(again, UnixMillis(7)), Some(read));
    }

    #[test]
    fn what_was_kept_before_a_question_was_asked_still_reads() {
        let before = r#"{"camera":"ok","microphone":"ok","light":"good","voice":"good","noise":"ok"}"#;
        let kept: Readiness = serde_json::from_str(before).unwrap();
        assert_eq!((kept.speaker, kept.network, kept.device), (Verdict::Unknown, None, None));
        let place = r#"{"near":"alone","door":"closed","headphones":"yes"}"#;
        assert_eq!(serde_json::from_str::<Place>(place).unwrap().listening, None);
    }

    #[test]
    fn a_place_is_private_when_nobody_is_likely_to_hear() {
        let place = |near, door, headphones| Place { near, door, headphones, listening: None }.is_private();
        assert!(place(Near::Alone, DoorIs::Closed, Headphones::No));
        assert!(place(Near::Welcome, DoorIs::Open, Headphones::Yes));
        assert!(!place(Near::Alone, DoorIs::Open, Headphones::No));
        assert!(!place(Near::Others, DoorIs::Closed, Headphones::Yes));
        let heard = |listening| {
            let (near, door, headphones) = (Near::Alone, DoorIs::Closed, Headphones::Yes);
            Place { near, door, headphones, listening: Some(listening) }.is_private()
        };
        assert_eq!(Listening::ALL.iter().map(|it| heard(*it)).collect::<Vec<_>>(), [true, false, true]);
    }
}
