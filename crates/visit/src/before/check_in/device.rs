//! The five questions about the device that somebody uses for a visit. Pure.

use serde::{Deserialize, Serialize};

/// The five questions about the device somebody uses (R29; 45 CFR 164.310(b) and (c)). False is also "I do
/// not know".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafeDevice {
    pub locks: bool,
    pub encrypted: bool,
    pub updated: bool,
    /// Has security software, or needs none.
    pub protected: bool,
    /// Not the network of a cafe or a hotel.
    pub own_network: bool,
}

impl SafeDevice {
    /// The names of the five boxes, in the order they are asked.
    pub const BOXES: [&str; 5] =
        ["device_lock", "device_encrypted", "device_updated", "device_protected", "device_network"];

    /// None where the page did not ask, and where nobody answered: whoever ticks nothing has said nothing. A
    /// box that is not ticked is not sent.
    pub fn read(field: impl Fn(&str) -> String) -> Option<SafeDevice> {
        let is = |name: &str| field(name) == "yes";
        let answered = is("device_asked") && SafeDevice::BOXES.iter().any(|name| is(name));
        answered.then(|| SafeDevice {
            locks: is("device_lock"),
            encrypted: is("device_encrypted"),
            updated: is("device_updated"),
            protected: is("device_protected"),
            own_network: is("device_network"),
        })
    }

    /// In the order of `BOXES`.
    pub fn answers(&self) -> [bool; 5] {
        [self.locks, self.encrypted, self.updated, self.protected, self.own_network]
    }

    pub fn is_safe(&self) -> bool {
        self.answers().iter().all(|yes| *yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_safe_when_all_five_are_so() {
        let ticked =
            |but: &'static str| move |name: &str| if name == but { String::new() } else { "yes".to_owned() };
        assert!(SafeDevice::read(ticked("")).unwrap().is_safe());
        for one in SafeDevice::BOXES {
            assert!(!SafeDevice::read(ticked(one)).unwrap().is_safe(), "{one}");
        }
        assert_eq!(SafeDevice::read(ticked("device_asked")), None, "nobody was asked");
        let passed_over = |name: &str| if name == "device_asked" { "yes".to_owned() } else { String::new() };
        assert_eq!(SafeDevice::read(passed_over), None, "nobody answered");
    }
}
