//! The entry code: the second fact of a guest whose birth date is on no file, told by phone to whoever got
//! the link.
//!
//! Six digits stand up to guessing because five wrong ones lock the link. Kept as a keyed hash with the
//! invitation's own id, so that equal codes do not look alike. Cannot be printed by accident.

use vocabulary::{Entropy, InvitationId};

/// Six digits, shown once to whoever invites.
pub struct EntryCode(String);

impl EntryCode {
    /// Each of the million is equally likely: what does not divide evenly is drawn again.
    pub(super) fn new(entropy: &dyn Entropy) -> EntryCode {
        loop {
            let mut bytes = [0; 4];
            entropy.fill(&mut bytes);
            let drawn = u32::from_be_bytes(bytes);
            if drawn < u32::MAX / CODES * CODES {
                return EntryCode(format!("{:06}", drawn % CODES));
            }
        }
    }

    /// As people type it: with spaces, dashes or neither. None when it is not six digits.
    pub(super) fn read(typed: &str) -> Option<EntryCode> {
        if typed.len() > TYPED_MAX {
            return None;
        }
        let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let fits = digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit());
        fits.then_some(EntryCode(digits))
    }

    /// In two groups, as it is read aloud.
    pub fn spoken(&self) -> String {
        format!("{} {}", &self.0[..DIGITS / 2], &self.0[DIGITS / 2..])
    }

    /// What is hashed: nothing of it is kept.
    pub(super) fn with(&self, invitation: InvitationId) -> String {
        format!("{} {}", invitation.text(), self.0)
    }
}

pub(super) const CODE_INDEX: (&str, &str) = ("invitation", "entry_code");
const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
/// Longer input is no code with spaces in it.
const TYPED_MAX: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::testing::TestEntropy;

    #[test]
    fn a_code_is_six_digits_and_read_as_it_is_spoken() {
        let entropy = TestEntropy::seeded(7);
        let codes: Vec<EntryCode> = (0..200).map(|_| EntryCode::new(&entropy)).collect();
        for code in &codes {
            assert_eq!(EntryCode::read(&code.spoken()).unwrap().0, code.0);
            assert_eq!(EntryCode::read(&format!(" {} ", code.0)).unwrap().0, code.0);
        }
        assert!(codes.iter().any(|code| code.0 != codes[0].0));
        for wrong in ["", "12345", "1234567", "12345a", "１２３４５６", &" ".repeat(41)] {
            assert!(EntryCode::read(wrong).is_none(), "{wrong}");
        }
    }
}
